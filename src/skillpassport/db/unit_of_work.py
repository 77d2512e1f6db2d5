"""The database as the use cases see it: transactions that offer stores, and nothing of SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, Engine

from skillpassport.clock import Clock
from skillpassport.custody.master import MasterKeys
from skillpassport.db.engine import Transactions
from skillpassport.db.log import LogStore
from skillpassport.db.organisation_keys import OrganisationKeys
from skillpassport.db.subject_keys import SubjectKeys


class UnitOfWork:
    """One transaction: all its stores see and change the same state.

    Each store is one attribute, made from the connection and the stores that it needs.
    """

    def __init__(self, connection: Connection, *, clock: Clock, master: MasterKeys) -> None:
        self.connection = connection
        self._clock = clock
        self._started: datetime | None = None
        self.log = LogStore(connection, self._now, clock)
        self.organisation_keys = OrganisationKeys(connection, master, self._now)

    @property
    def now(self) -> datetime:
        """The one instant of this transaction: that of the first time it was asked for.

        Ask after locks are held; then times stand in the order in which the locks were taken.
        """
        return self._now()

    def _now(self) -> datetime:
        if self._started is None:
            self._started = self._clock.now()
        return self._started


class Database:
    """The main database, with the store of subject keys beside it."""

    def __init__(
        self, engine: Engine, *, subject_keys: SubjectKeys, master: MasterKeys, clock: Clock
    ) -> None:
        self.engine = engine
        self.subject_keys = subject_keys
        self.clock = clock
        self._master = master
        self._transactions = Transactions(engine)

    @contextmanager
    def transaction(self) -> Iterator[UnitOfWork]:
        """Begin a transaction that writes; commit it with its log entries at the end.

        Any exception rolls everything back, log entries included. Transactions do not nest.

        Raises: DatabaseBusy, DatabaseFull, DatabaseUnavailable, ConstraintBroken, ClockBehindLog,
            TransactionTooLong
        """
        with self._transactions.write() as connection:
            work = UnitOfWork(connection, clock=self.clock, master=self._master)
            yield work
            work.log.flush()

    @contextmanager
    def snapshot(self) -> Iterator[UnitOfWork]:
        """Begin a transaction that reads one state of the database and writes nothing.

        Raises: DatabaseBusy, DatabaseUnavailable
        """
        with self._transactions.read() as connection:
            yield UnitOfWork(connection, clock=self.clock, master=self._master)
