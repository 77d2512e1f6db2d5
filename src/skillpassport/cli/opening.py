"""Opening the configured instance, for commands that write and for those that only look."""

from skillpassport.bootstrap import Instance, open_instance
from skillpassport.settings import load_settings


def prepared_instance() -> Instance:
    """Return the configured instance, migrated and seeded.

    Raises: MigrationNeeded, DatabaseFailure and its kinds
    """
    instance = open_instance(load_settings())
    try:
        instance.prepare()
    except BaseException:
        instance.close()
        raise
    return instance


def readable_instance() -> Instance:
    """Return the configured instance as it is found; only an empty database is made first.

    What is examined must not be mended by looking at it.

    Raises: MigrationNeeded, DatabaseFailure and its kinds
    """
    instance = open_instance(load_settings())
    try:
        if instance.is_empty():
            instance.prepare()
    except BaseException:
        instance.close()
        raise
    return instance
