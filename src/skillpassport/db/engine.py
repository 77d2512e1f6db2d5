"""Engines for the two databases, and transactions on them.

SQLite is the default of one machine, PostgreSQL (15 or newer) that of a service. Both promise the
same: a commit that returned is on the disk, writers wait at most five seconds, readers see one
state for as long as they read.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from skillpassport.db.failures import failures_translated
from skillpassport.db.group_commit import GroupCommit, begin_sqlite
from skillpassport.errors import SkillPassportError

if TYPE_CHECKING:
    import psycopg

LOCK_TIMEOUT_SECONDS: Final = 5
"""How long a write waits for others; then it is refused rather than piling up."""

STATEMENT_TIMEOUT_SECONDS: Final = 30

_MODE_RETRY_SECONDS: Final = 0.01

_COMMITS_WAIT: Final = (
    "SELECT set_config('synchronous_commit', 'on', false) "
    "WHERE current_setting('synchronous_commit') = 'off'"
)


class DatabaseUrlInvalid(SkillPassportError):
    """The address of the database is not one that is understood."""

    code = "database-url-invalid"

    def __init__(self, found: str) -> None:
        super().__init__(
            "Expected a database URL such as 'sqlite:////var/lib/skillpassport/skillpassport.db' "
            f"or 'postgresql://user@host/name', found {found}; set SKILLPASSPORT_DATABASE_URL."
        )


def create_database_engine(url: str) -> Engine:
    """Return an engine for a file of SQLite or a database of PostgreSQL.

    The folder of a SQLite file is made when absent. Nothing is connected to yet.

    Raises: DatabaseUrlInvalid
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(parsed)
    return _postgresql_engine(parsed)


class Transactions:
    """Opens transactions on one engine; foreign exceptions do not leave them."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        if engine.dialect.name == "sqlite":
            self._reader = engine
            self._groups: GroupCommit | None = GroupCommit(engine)
        else:
            self._reader = engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            self._groups = None

    @contextmanager
    def write(self, *, together: bool = False) -> Iterator[Connection]:
        """Begin a transaction that writes, commit it at the end, roll it back on any exception.

        On SQLite the write lock is taken at the beginning, so that what was read still holds
        when it is acted upon.

        together: for short ones, many of which come at the same time: on SQLite those that wait
            for each other are committed together, see `skillpassport.db.group_commit`
        Raises: DatabaseBusy, DatabaseFull, DatabaseUnavailable, ConstraintBroken
        """
        with failures_translated(), self._writing(together) as connection:
            yield connection

    def _writing(self, together: bool) -> AbstractContextManager[Connection]:  # noqa: FBT001
        if self._groups is None:
            return self.engine.begin()
        if together:
            return self._groups.write_together(LOCK_TIMEOUT_SECONDS)
        return self._groups.write_alone(LOCK_TIMEOUT_SECONDS)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Begin a transaction that sees one state of the database and writes nothing.

        Raises: DatabaseBusy, DatabaseUnavailable
        """
        with failures_translated(), self._reader.begin() as connection:
            yield connection


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        # The text itself may hold a password and is not repeated.
        raise DatabaseUrlInvalid("a text that is not a URL") from error
    if parsed.drivername == "postgres":
        parsed = parsed.set(drivername="postgresql")
    if parsed.drivername not in {"sqlite", "postgresql", "postgresql+psycopg"}:
        raise DatabaseUrlInvalid(f"the scheme '{parsed.drivername}'")
    if parsed.drivername == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise DatabaseUrlInvalid("a SQLite database in memory, which would not outlive a request")
    return parsed


def _sqlite_engine(url: URL) -> Engine:
    Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        connect_args={"timeout": LOCK_TIMEOUT_SECONDS},
        pool_size=8,
        max_overflow=40,  # a server has about forty threads
        pool_timeout=LOCK_TIMEOUT_SECONDS,
    )
    event.listen(engine, "connect", _set_up_sqlite)
    # An event of SQLAlchemy's would do, but costs something at each statement.
    engine.dialect.do_begin = begin_sqlite  # type: ignore[method-assign]
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transactions begin too late (at the first write, after reads that they
    # should protect): it is told to leave them to us.
    connection.isolation_level = None
    cursor = connection.cursor()
    _write_ahead(cursor)
    # FULL: in WAL mode NORMAL may lose the last commits when the machine loses power.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # What is deleted is overwritten: erased keys and documents do not linger in free pages.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.execute("PRAGMA trusted_schema = OFF")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    # The mode is a property of the file and is set once. SQLite does not wait for a lock here:
    # of two processes that open a new file at once, it refuses one at once.
    until = time.monotonic() + LOCK_TIMEOUT_SECONDS
    while True:
        try:
            if cursor.execute("PRAGMA journal_mode").fetchone() != ("wal",):
                cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_MODE_RETRY_SECONDS)
        else:
            return


def _postgresql_engine(url: URL) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={"options": _postgresql_options(), "connect_timeout": LOCK_TIMEOUT_SECONDS},
        pool_size=8,
        max_overflow=24,
        pool_timeout=LOCK_TIMEOUT_SECONDS,
        # A restart of the server would otherwise cost one failed request for each connection.
        pool_pre_ping=True,
    )
    event.listen(engine, "connect", _set_up_postgresql)
    return engine


def _postgresql_options() -> str:
    limits = {
        "lock_timeout": LOCK_TIMEOUT_SECONDS,
        "statement_timeout": STATEMENT_TIMEOUT_SECONDS,
        "idle_in_transaction_session_timeout": 2 * STATEMENT_TIMEOUT_SECONDS,
    }
    return " ".join(f"-c {name}={1000 * seconds}" for name, seconds in limits.items())


def _set_up_postgresql(connection: "psycopg.Connection[Any]", _record: object) -> None:
    # A server may be set to acknowledge commits before they are on the disk; after a crash,
    # awards that people hold would be unknown. Stricter settings than ours stay as they are.
    connection.autocommit = True
    connection.execute(_COMMITS_WAIT)
    connection.autocommit = False
