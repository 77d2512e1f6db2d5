"""Whether a database is still as it was: one cheap question instead of reading everything again.

A token stands for what a transaction that begins now would see. Two equal tokens of one database
mean that nobody, in this process or another, has committed anything between them.
"""

import sqlite3
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import Engine, text

from skillpassport.db.failures import failures_translated

Token = object
"""To be compared with other tokens of the same database, and for nothing else."""


class StateUnknown(Exception):
    """It could not be told now; whoever asked reads the database itself."""


class DatabaseState(Protocol):
    """Tells the state of one database."""

    @property
    def immediate(self) -> bool:
        """Whether the answer comes without a network and without waiting."""
        ...

    def token(self) -> Token:
        """Return what stands for the present state.

        Raises: StateUnknown, DatabaseFailure and its kinds
        """
        ...

    def close(self) -> None:
        """Release what was opened; the next question opens it again, with other tokens."""
        ...


def states_of(engines: Iterable[Engine]) -> tuple[DatabaseState, ...]:
    """Return what tells the states of the engines' databases, each database once."""
    by_address = {engine.url: engine for engine in engines}
    return tuple(_state_of(engine) for engine in by_address.values())


def _state_of(engine: Engine) -> DatabaseState:
    if engine.dialect.name == "sqlite":
        return SqliteState(Path(str(engine.url.database)))
    return PostgresqlState(engine)


class SqliteState:
    """Counts the commits of others as one connection sees them that itself never writes.

    Source: SQLite, PRAGMA data_version: the number changes when any other connection has committed,
    in this process or another. It lies in memory that all connections share, so that asking costs
    some microseconds.
    """

    immediate: Final = True

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._openings = 0

    def token(self) -> Token:
        """Return the number, with that of the opening: another connection counts from elsewhere.

        Raises: StateUnknown
        """
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = self._open()
                    self._openings += 1
                (version,) = self._connection.execute("PRAGMA data_version").fetchone()
            except sqlite3.Error as error:
                self._close()
                raise StateUnknown from error
            return self._openings, version

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._close()

    def _open(self) -> sqlite3.Connection:
        # Never waits: it is asked where others wait for the answer.
        connection = sqlite3.connect(
            f"{self._file.resolve().as_uri()}?mode=rw",
            uri=True,
            timeout=0,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.execute("PRAGMA query_only = ON")
        return connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class PostgresqlState:
    """The snapshot that a transaction would take: equal snapshots see equal data.

    Every transaction that writes has a number, and its end changes the snapshot; one that only reads
    has none, so that asking changes nothing.
    Source: PostgreSQL 15, section 9.27.10 (pg_current_snapshot)
    """

    immediate: Final = False

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    def token(self) -> Token:
        """Return the snapshot as a text.

        Raises: DatabaseUnavailable, DatabaseBusy
        """
        with failures_translated(), self._engine.connect() as connection:
            return str(connection.scalar(_SNAPSHOT))

    def close(self) -> None:
        """Do nothing: connections belong to the engine."""


_SNAPSHOT = text("SELECT pg_current_snapshot()::text")
