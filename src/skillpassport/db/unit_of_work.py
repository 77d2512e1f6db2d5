"""The database as the use cases see it: transactions that offer stores, and nothing of SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Final

from sqlalchemy import Connection, Engine

from skillpassport.clock import Clock
from skillpassport.custody.master import MasterKeys
from skillpassport.custody.organisations import OrganisationKey
from skillpassport.db.accreditations import AccreditationStore
from skillpassport.db.achievements import AchievementStore
from skillpassport.db.credentials import CredentialStore
from skillpassport.db.engine import Transactions
from skillpassport.db.frameworks import FrameworkStore
from skillpassport.db.idempotency import IdempotencyStore
from skillpassport.db.log import LogStore
from skillpassport.db.opened_secrets import OpenedSecrets
from skillpassport.db.organisation_keys import OrganisationKeys
from skillpassport.db.organisations import ApiKeyStore, OrganisationStore, SigningKeyStore
from skillpassport.db.profiles import ProfileCredentialStore, ProfileStore
from skillpassport.db.qualifications import QualificationStore
from skillpassport.db.register import AwardRegister
from skillpassport.db.search_tokens import SearchTokens
from skillpassport.db.statements import StatementStore
from skillpassport.db.statuses import StatusStore
from skillpassport.db.subject_keys import SubjectKeys
from skillpassport.db.taxonomies import TaxonomyStore
from skillpassport.equivalence.answer import Answer
from skillpassport.equivalence.asking import Question, answer_to
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.idempotency import RequestKey
from skillpassport.meaning import RegistryLevels
from skillpassport.organisations.model import SERVICE
from skillpassport.vc.keys import LocalSigner

DEFAULT_PUBLIC_URL: Final = "http://localhost:8000"


class _Opened:
    """What earlier transactions on the same database opened or loaded."""

    def __init__(self) -> None:
        self.keys: OpenedSecrets[OrganisationKey] = OpenedSecrets()
        self.signers: OpenedSecrets[LocalSigner] = OpenedSecrets()
        self.registry: RegistrySnapshot | None = None


class UnitOfWork:
    """One transaction: all its stores see and change the same state.

    Each store is one attribute, made from the connection and the stores that it needs.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        clock: Clock,
        master: MasterKeys,
        subject_keys: SubjectKeys,
        public_url: str,
        opened: "_Opened | None" = None,
    ) -> None:
        opened = opened or _Opened()
        self._opened = opened
        self.connection = connection
        self._clock = clock
        self._started: datetime | None = None
        self._subject_keys = subject_keys
        self._public_url = public_url
        self.organisation_keys = OrganisationKeys(connection, master, self._now, opened.keys)
        self.log = LogStore(connection, self._now, clock, self.organisation_keys)

    @cached_property
    def organisations(self) -> OrganisationStore:
        """Organisations."""
        return OrganisationStore(self.connection, self.log, self.organisation_keys)

    @cached_property
    def api_keys(self) -> ApiKeyStore:
        """API keys."""
        return ApiKeyStore(self.connection, self.log)

    @cached_property
    def signing_keys(self) -> SigningKeyStore:
        """Signing keys."""
        return SigningKeyStore(
            self.connection, self.log, self.organisation_keys, self._opened.signers
        )

    @cached_property
    def accreditations(self) -> AccreditationStore:
        """Accreditations."""
        return AccreditationStore(self.connection, self.log, self.organisation_keys)

    @cached_property
    def achievements(self) -> AchievementStore:
        """Achievements."""
        return AchievementStore(self.connection, self.log)

    @cached_property
    def credentials(self) -> CredentialStore:
        """Issued credentials."""
        tag_key = self._service_key.derive("look-up tags")
        return CredentialStore(
            self.connection, self.log, self._subject_keys, tag_key, self.search_tokens
        )

    @cached_property
    def search_tokens(self) -> SearchTokens:
        """Tokens by which credentials are found by name."""
        return SearchTokens(self.connection, self.organisation_keys)

    @cached_property
    def statuses(self) -> StatusStore:
        """Status lists and their entries."""
        return StatusStore(self.connection, self.log, self.organisation_keys, self._public_url)

    @cached_property
    def profiles(self) -> ProfileStore:
        """Signing profiles."""
        return ProfileStore(self.connection, self.log)

    @cached_property
    def profile_credentials(self) -> ProfileCredentialStore:
        """Credentials with a status that were signed under profiles."""
        tag_key = self._service_key.derive("profile credential tags")
        return ProfileCredentialStore(self.connection, self.log, tag_key)

    @cached_property
    def frameworks(self) -> FrameworkStore:
        """The registry of qualification frameworks."""
        return FrameworkStore(self.connection, self.log.record)

    @cached_property
    def taxonomies(self) -> TaxonomyStore:
        """Classifications of occupations, skills and fields of education."""
        return TaxonomyStore(self.connection, self.log.record)

    @cached_property
    def qualifications(self) -> QualificationStore:
        """Qualifications."""
        return QualificationStore(self.connection, self.log.record)

    @cached_property
    def statements(self) -> StatementStore:
        """Comparability statements."""
        return StatementStore(self.connection, self.log)

    def answer(self, question: Question) -> Answer:
        """Return what the registry answers to a question, as this transaction sees it.

        Raises: FrameworkUnknown, EditionUnknown, LevelUnknown
        """
        return answer_to(question, self.registry(), self.qualifications)

    def registry_version(self) -> int:
        """Return the number of the registry's last change."""
        return self.frameworks.version()

    def registry(self) -> RegistrySnapshot:
        """Return the registry as this transaction sees it; it is loaded once for a revision."""
        known, revision = self._opened.registry, str(self.frameworks.version())
        if known is not None and known.revision == revision:
            return known
        loaded = self.frameworks.load()
        if not self.log.has_recorded:  # what is not committed yet may never be
            self._opened.registry = loaded
        return loaded

    @property
    def levels(self) -> RegistryLevels:
        """The registry's levels, as this transaction sees them."""
        return RegistryLevels(registry=self.registry)

    @cached_property
    def idempotency(self) -> IdempotencyStore:
        """Idempotency keys."""
        return IdempotencyStore(self.connection, self._service_key)

    @property
    def register(self) -> AwardRegister:
        """The award register, as verification reads it."""
        return AwardRegister(
            self.organisations,
            self.accreditations,
            self.achievements,
            self.credentials,
            self.signing_keys,
            self.statements,
        )

    def claim(self, request: RequestKey | None, resource: str, secret: str | None = None) -> None:
        """Tie a request's idempotency key, if it has one, to what is being created.

        Called before anything else is written, so that a concurrent repeat waits here.

        secret: what cannot be told again from the resource
        Raises: AlreadyDone, RequestInProgress
        """
        if request is not None:
            # Not `self.now`, which would fix the transaction's instant before its locks are held.
            self.idempotency.claim(request, resource, secret, self._clock.now())

    @property
    def _service_key(self) -> OrganisationKey:
        return self.organisation_keys.key_of(SERVICE)

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
        self,
        engine: Engine,
        *,
        subject_keys: SubjectKeys,
        master: MasterKeys,
        clock: Clock,
        public_url: str = DEFAULT_PUBLIC_URL,
    ) -> None:
        self.engine = engine
        self.subject_keys = subject_keys
        self.clock = clock
        self._master = master
        self._public_url = public_url
        self._opened = _Opened()
        self._transactions = Transactions(engine)

    @property
    def has_one_writer(self) -> bool:
        """Whether nobody else writes while a transaction that writes is open."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self, *, together: bool = False) -> Iterator[UnitOfWork]:
        """Begin a transaction that writes; commit it with its log entries at the end.

        Any exception rolls everything back, log entries included. Transactions do not nest.

        together: for short ones, many of which come at the same time; see `Transactions.write`
        Raises: DatabaseBusy, DatabaseFull, DatabaseUnavailable, ConstraintBroken, ClockBehindLog,
            TransactionTooLong
        """
        with self._transactions.write(together=together) as connection:
            work = self._work(connection)
            yield work
            work.log.flush()

    @contextmanager
    def snapshot(self) -> Iterator[UnitOfWork]:
        """Begin a transaction that reads one state of the database and writes nothing.

        Raises: DatabaseBusy, DatabaseUnavailable
        """
        with self._transactions.read() as connection:
            yield self._work(connection)

    def _work(self, connection: Connection) -> UnitOfWork:
        return UnitOfWork(
            connection,
            clock=self.clock,
            master=self._master,
            subject_keys=self.subject_keys,
            public_url=self._public_url,
            opened=self._opened,
        )
