"""What can go wrong with a database, in our words.

SQLAlchemy's and the drivers' exceptions end at the border of `skillpassport.db`. Nothing that was
acknowledged is lost by any of these: the transaction in hand was rolled back.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from sqlalchemy import exc

from skillpassport.errors import SkillPassportError

_BUSY_STATES = {
    "55P03",  # lock_not_available: lock_timeout
    "57014",  # query_canceled: statement_timeout
    "40001",  # serialization_failure
    "40P01",  # deadlock_detected
    "53300",  # too_many_connections
}
_FULL_STATES = {
    "53100",  # disk_full
    "53200",  # out_of_memory
}
# A quota or a limit on the size of files is no full disk to SQLite (`unixWrite` tells ENOSPC alone
# apart), but a failed write or a failed growth of the shared index; the remedy is the same.
_SQLITE_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}
_SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_PRIMARY_CODE = 0xFF  # the low octet of an extended result code


class DatabaseFailure(SkillPassportError):
    """The database cannot serve now; the same request may succeed later."""

    code = "database-failure"
    retry_after_seconds: ClassVar[int] = 5


class DatabaseBusy(DatabaseFailure):
    """Others hold what this transaction needs."""

    code = "database-busy"
    retry_after_seconds = 1

    def __init__(self) -> None:
        super().__init__(
            "Expected the database within 5 seconds, found it busy with other writers; "
            "send the request again."
        )


class DatabaseFull(DatabaseFailure):
    """What the database writes to takes no more: a full disk, a quota, a limit, full memory."""

    code = "storage-full"
    retry_after_seconds = 60

    def __init__(self) -> None:
        super().__init__(
            "Expected room to write, found the database's storage full or not writable; free some "
            "space, or lift the quota. Nothing that was acknowledged is lost."
        )


class DatabaseUnavailable(DatabaseFailure):
    """The database cannot be reached or read."""

    code = "database-unavailable"

    def __init__(self) -> None:
        super().__init__(
            "Expected a database that answers, found none; see `skillpassport doctor`, "
            "and send the request again."
        )


class ConstraintBroken(SkillPassportError):
    """A row would contradict the others, and no store said more exactly how."""

    code = "constraint-broken"

    def __init__(self) -> None:
        super().__init__(
            "Expected a change that fits what is stored, found one that contradicts it; "
            "read the present state and try again."
        )


@contextmanager
def failures_translated() -> Iterator[None]:
    """Turn exceptions of SQLAlchemy and the drivers into ours.

    Raises: DatabaseBusy, DatabaseFull, DatabaseUnavailable, ConstraintBroken
    """
    try:
        yield
    except exc.IntegrityError as error:
        raise ConstraintBroken from error
    except exc.TimeoutError as error:  # no connection of the pool came free
        raise DatabaseBusy from error
    except (exc.OperationalError, exc.InterfaceError, exc.InternalError) as error:
        raise _failure(error) from error
    except (exc.ProgrammingError, exc.DataError, exc.NotSupportedError):
        raise  # faults of the program: not to be disguised as faults of the database
    except exc.DatabaseError as error:  # a file that is no database, or a broken one
        raise DatabaseUnavailable from error


def _failure(error: exc.DBAPIError) -> DatabaseFailure:
    if isinstance(error.orig, sqlite3.Error):
        return _sqlite_failure(error.orig)
    state = getattr(error.orig, "sqlstate", None)
    if state in _BUSY_STATES:
        return DatabaseBusy()
    return DatabaseFull() if state in _FULL_STATES else DatabaseUnavailable()


def _sqlite_failure(error: sqlite3.Error) -> DatabaseFailure:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if code & _PRIMARY_CODE in _SQLITE_BUSY:
        return DatabaseBusy()
    return DatabaseFull() if code in _SQLITE_FULL else DatabaseUnavailable()
