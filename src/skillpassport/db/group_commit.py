"""Group commit on SQLite: writes that wait for each other wait for the disk together.

SQLite has one writer at a time, and a commit that is to outlive a power cut waits for the disk.
Where a write ends while the next one waits for its turn, the transaction is left open and passed
on; the last in the row commits for all. Each write but the first stands under a savepoint, so that
one that fails takes nothing of its neighbours with it.

Nobody is told anything before the commit, not even a refusal: it may rest on what a neighbour
wrote a moment earlier. PostgreSQL does the same by itself, within its server.

Source: SQLite, "Savepoints" and "Write-Ahead Logging"; DeWitt and others, "Implementation
Techniques for Main Memory Database Systems", 1984, section 5.2 (group commit)
"""

import sqlite3
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final

from sqlalchemy import Connection, Engine, PoolProxiedConnection, RootTransaction

from skillpassport.db.failures import (
    DatabaseBusy,
    DatabaseFailure,
    DatabaseFull,
    DatabaseUnavailable,
    failures_translated,
)

MAX_TOGETHER: Final = 64
MAX_SECONDS: Final = 0.1
"""From the first write of a group on; the first one's answer waits for the last one's work."""


_WRITES: Final = "skillpassport-writes"


def begin_writing(connection: Connection) -> RootTransaction:
    """Begin a transaction that takes the write lock at its beginning.

    What was read in it still holds when it is acted upon.
    """
    connection.info[_WRITES] = True
    return connection.begin()


def begin_sqlite(dbapi_connection: PoolProxiedConnection) -> None:
    """Begin a transaction on SQLite; put in the place of `Dialect.do_begin`."""
    raw = dbapi_connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)  # noqa: S101 - narrows
    raw.execute("BEGIN IMMEDIATE" if dbapi_connection.info.pop(_WRITES, False) else "BEGIN")


class Turns:
    """Turns at writing, in the order of asking; waited for as long as a lock would be.

    SQLite's own waiting polls, and starves some threads under load.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[_Waiting] = deque()

    def take(self, wait_seconds: float, *, together: bool = False) -> None:
        """Return when it is the caller's turn.

        together: the caller can go on in a transaction that another has begun
        Raises: DatabaseBusy
        """
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            mine = _Waiting(together=together)
            self._waiting.append(mine)
        if mine.called.acquire(timeout=wait_seconds):
            return
        with self._lock:
            if mine in self._waiting:
                self._waiting.remove(mine)
                raise DatabaseBusy
        # Called in the very moment in which the waiting ended: the turn is the caller's.

    def pass_on(self) -> bool:
        """Give the turn to the next in line if that one goes on in the same transaction."""
        with self._lock:
            if not self._waiting or not self._waiting[0].together:
                return False
            self._waiting.popleft().called.release()
            return True

    def give_up(self) -> None:
        """Let the next in line begin."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().called.release()
            else:
                self._taken = False


class _Waiting:
    """One who waits for a turn; `called` is released when it has come."""

    def __init__(self, *, together: bool) -> None:
        self.together = together
        self.called = threading.Lock()
        self.called.acquire()


class GroupCommit:
    """Writes to one SQLite database, several in a transaction where they wait for each other."""

    def __init__(self, engine: Engine) -> None:
        """Begin with none under way.

        engine: one whose transactions begin with `begin_sqlite`
        """
        self._engine = engine
        self._turns = Turns()
        self._group: _Group | None = None  # under way; belongs to whoever has the turn

    @contextmanager
    def write_alone(self, wait_seconds: float) -> Iterator[Connection]:
        """Begin a transaction of one's own; see `Transactions.write`.

        Raises: DatabaseBusy, and SQLAlchemy's exceptions
        """
        self._turns.take(wait_seconds)
        try:
            with self._engine.connect() as connection, begin_writing(connection):
                yield connection
        finally:
            self._turns.give_up()

    @contextmanager
    def write_together(self, wait_seconds: float) -> Iterator[Connection]:
        """Begin a transaction, or go on in the one of those who went before.

        Returns at the end when all is committed. An exception undoes what was written here alone.

        Raises: DatabaseBusy, SQLAlchemy's exceptions; DatabaseFailure, when the commit of the group
            failed and everything in it was undone
        """
        self._turns.take(wait_seconds, together=True)
        group = self._group_under_way()
        refusal: BaseException | None = None
        try:
            group.begin_part()
            yield group.connection
            group.end_part()
        except BaseException as error:  # noqa: BLE001 - raised again below, after the commit
            refusal = error
            group.undo_part(error)
        self._end_turn(group)
        if group.failure is not None:
            raise type(group.failure) from group.failure  # each thread raises its own
        if refusal is not None:
            raise refusal

    def _group_under_way(self) -> "_Group":
        """Return the group that was passed on, or a new one."""
        if self._group is None:
            try:
                self._group = _Group(self._engine)
            except BaseException:
                self._turns.give_up()
                raise
        return self._group

    def _end_turn(self, group: "_Group") -> None:
        """Leave the commit to the next in line, or commit for all."""
        if group.has_room and self._turns.pass_on():
            group.ended.wait()
            return
        self._group = None
        try:
            group.commit()
        finally:
            self._turns.give_up()


class _Group:
    """One transaction, and the writes in it.

    failure: why nothing of it was kept; None when all was
    ended: set once that is known
    """

    def __init__(self, engine: Engine) -> None:
        self._parts = 0
        self._is_open = True
        self._since = monotonic()
        self.failure: DatabaseFailure | None = None
        self.ended = threading.Event()
        self.connection = engine.connect()
        try:
            self._transaction = begin_writing(self.connection)
        except BaseException:
            self.connection.close()
            raise

    @property
    def has_room(self) -> bool:
        """Whether another write may go on in it."""
        young = monotonic() - self._since < MAX_SECONDS
        return self._is_open and young and self._parts < MAX_TOGETHER

    def begin_part(self) -> None:
        """Begin a write that can be undone alone; the first one is undone with the whole."""
        if self._parts:
            self.connection.exec_driver_sql("SAVEPOINT part")

    def end_part(self) -> None:
        """Keep a write for the commit."""
        if self._parts:
            self.connection.exec_driver_sql("RELEASE part")
        self._parts += 1

    def undo_part(self, cause: BaseException) -> None:
        """Undo a write and nothing else.

        cause: what became of it. A full disk makes SQLite undo the whole transaction by itself;
            then it is the failure of all.
        """
        if not self._parts:
            self._is_open = False  # closing the connection rolls it back
            return
        try:
            self.connection.exec_driver_sql("ROLLBACK TO part")
            self.connection.exec_driver_sql("RELEASE part")
        except Exception:  # noqa: BLE001 - whatever it is, the savepoint cannot be relied on
            self._is_open = False
            self.failure = _failure_of(cause)

    def commit(self) -> None:
        """Commit what is kept, and let everybody know how it went."""
        try:
            if self._is_open:
                # Until the commit has returned, nothing is certain.
                self.failure = DatabaseUnavailable()
                self._transaction.commit()
                self.failure = None
        except Exception as error:  # noqa: BLE001 - told to each of the group
            self.failure = _failure_of(error)
            # A commit that failed leaves the transaction open; without its connection it is gone.
            self.connection.invalidate()
        finally:
            self._is_open = False
            self.ended.set()
            self.connection.close()


def _failure_of(cause: BaseException) -> DatabaseFailure:
    """Return what to tell those whose writes were undone by another's misfortune."""
    try:
        with failures_translated():
            raise cause
    except (DatabaseBusy, DatabaseFull) as failure:
        return failure
    except BaseException:  # noqa: BLE001 - a neighbour's fault is not theirs to be told
        return DatabaseUnavailable()
