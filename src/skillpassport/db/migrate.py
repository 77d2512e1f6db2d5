"""Bringing the main database to the shape that this version of the program expects.

Alembic is driven from here, without a settings file; its scripts are found by package, so it works
from any working directory. Several workers may start at once: one migrates, the others wait.

Alembic is imported where it has something to do: whether there is anything to do is asked at every
start and by every readiness check, and its import takes longer than the rest of a start.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, Engine, text

from skillpassport.bundled import bundled
from skillpassport.db.engine import LOCK_TIMEOUT_SECONDS
from skillpassport.db.failures import DatabaseFailure, failures_translated
from skillpassport.db.file_lock import exclusively
from skillpassport.db.group_commit import begin_writing
from skillpassport.db.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATION_WAIT_SECONDS: Final = 120
"""How long a worker waits for another one's migration."""

_REVISION: Final = re.compile(r"^revision = [\"'](\w+)[\"']", re.MULTILINE)
_DOWN_REVISION: Final = re.compile(r"^down_revision = [\"'](\w+)[\"']", re.MULTILINE)

_MIGRATION_LOCK: Final = 0x4D16A7E  # any number, the same in every process


class DatabaseTooNew(DatabaseFailure):
    """A newer version of the program has migrated the database."""

    code = "database-too-new"

    def __init__(self, found: str) -> None:
        super().__init__(
            f"Expected a database of revision '{head_revision()}' or before, found '{found}', "
            "which this version does not know; start the newer version again."
        )
        self.found = found


def head_revision() -> str | None:
    """Return the newest revision that this version brings; None when it brings none."""
    return _newest_in(bundled("migrations") / "versions")


def current_revision(engine: Engine) -> str | None:
    """Return the revision that the database is at; None when it is empty.

    Raises: DatabaseUnavailable, DatabaseBusy
    """
    with failures_translated(), engine.connect() as connection:
        if not engine.dialect.has_table(connection, "alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def upgrade(engine: Engine, *, lock_file: Path) -> bool:
    """Bring the database to the newest revision; return whether anything had to be done.

    lock_file: held meanwhile on SQLite, `DATA_DIR/migrate.lock`; PostgreSQL has a lock of its own
    Raises: DatabaseTooNew, DatabaseBusy, DatabaseUnavailable
    """
    if current_revision(engine) == head_revision():
        return False
    if engine.dialect.name == "sqlite":
        with exclusively(lock_file, wait_seconds=MIGRATION_WAIT_SECONDS):
            return _upgrade(engine)
    with failures_translated(), engine.connect() as guard, _advisory_lock(guard):
        return _upgrade(engine)


def differences(engine: Engine) -> list[Any]:
    """Return what the database lacks or has beyond the tables that the program declares."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415
    from alembic.migration import MigrationContext  # noqa: PLC0415

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[Any] = compare_metadata(context, metadata)
    return found


def migration_config(connection: Connection | None = None) -> "Config":
    """Return Alembic's settings, for the commands of development (`make migrations`)."""
    config = _config()
    if connection is not None:
        config.attributes["connection"] = connection
    return config


@cache
def _newest_in(versions: Path) -> str | None:
    """Return the revision that no other builds upon, as the scripts themselves say."""
    texts = [script.read_text("utf-8") for script in versions.glob("*.py")]
    revisions = {found[1] for each in texts if (found := _REVISION.search(each))}
    built_upon = {found[1] for each in texts if (found := _DOWN_REVISION.search(each))}
    (newest,) = revisions - built_upon or {None}
    return newest


def _upgrade(engine: Engine) -> bool:
    from alembic import command  # noqa: PLC0415

    before = current_revision(engine)
    if before == head_revision():
        return False
    if before is not None and not _knows(before):
        raise DatabaseTooNew(before)
    with failures_translated(), engine.connect() as connection:
        _relax(connection)
        try:
            # SQLite waits for another writer here alone: what has read is refused at once.
            begin_writing(connection)
            command.upgrade(migration_config(connection), "head")
            connection.commit()
        finally:
            # The next user of the pool must not inherit what was relaxed.
            connection.invalidate()
    return True


def _config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    # The ini reader would take a per cent sign in the path for an interpolation.
    config.set_main_option("script_location", str(bundled("migrations")).replace("%", "%%"))
    return config


def _knows(revision: str) -> bool:
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    script = ScriptDirectory.from_config(_config())
    return revision in {each.revision for each in script.walk_revisions()}


def _relax(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        # Batch mode rebuilds tables: dropping the old one must not reach its children. The
        # setting is ignored inside a transaction, so it comes before the first.
        driver.execute("PRAGMA foreign_keys = OFF")
        return
    with connection.begin():
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT_SECONDS}s'"))
        connection.execute(text("SET statement_timeout = 0"))


@contextmanager
def _advisory_lock(connection: Connection) -> Iterator[None]:
    connection.execute(text(f"SET lock_timeout = '{MIGRATION_WAIT_SECONDS}s'"))
    connection.execute(text(f"SET statement_timeout = '{MIGRATION_WAIT_SECONDS}s'"))
    connection.execute(text("SET idle_in_transaction_session_timeout = 0"))
    connection.execute(text(f"SELECT pg_advisory_lock({_MIGRATION_LOCK})"))
    connection.commit()
    try:
        yield
    finally:
        # Closing the session lets go of its locks, whatever state it is in.
        connection.invalidate()
