"""The composition root: the one place that knows every part and joins them."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import Engine

from skillpassport.clock import Clock, SystemClock, rfc3339
from skillpassport.credentials.achievements import DefineAchievement
from skillpassport.credentials.issuing import Issue
from skillpassport.credentials.lifecycle import ChangeStatus, Supersede, own
from skillpassport.credentials.model import Achievement, Award, IssuedCredential
from skillpassport.credentials.searching import CredentialFilter
from skillpassport.credentials.verifying import VerifyCredential
from skillpassport.custody.key_file import read_or_create_key_file
from skillpassport.custody.master import MasterKeys, parse_master_key
from skillpassport.custody.sealing import blind
from skillpassport.db.disclosures import disclose
from skillpassport.db.engine import create_database_engine
from skillpassport.db.erasure import finish_erasures
from skillpassport.db.file_lock import exclusively
from skillpassport.db.head_files import HeadFiles
from skillpassport.db.log import CLOCK_TOLERANCE, ClockBehindLog
from skillpassport.db.log_audit import verify_log
from skillpassport.db.log_proofs import SubtreeRoots, entry_at, position_of
from skillpassport.db.log_state import (
    LogAheadOfDatabase,
    LogStateBroken,
    latest_head,
    require_in_step,
)
from skillpassport.db.migrate import current_revision, head_revision, upgrade
from skillpassport.db.publications import OwnPublications, is_own_address
from skillpassport.db.recovery import accept_restore
from skillpassport.db.register import AwardRegister
from skillpassport.db.sequencer import Sequencer
from skillpassport.db.subject_keys import SubjectKeys
from skillpassport.db.unit_of_work import Database, UnitOfWork
from skillpassport.demonstration.story import Shown, set_up_demonstration
from skillpassport.equivalence.seeding import read_registry_seed
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.errors import SkillPassportError
from skillpassport.idempotency import Claim, RequestKey
from skillpassport.identifiers import new_id
from skillpassport.meaning import MeaningInCountry, RegistryLevels
from skillpassport.net.budget import BoundedResolvers
from skillpassport.net.client import GuardedClient
from skillpassport.net.resolvers import NetworkResolvers
from skillpassport.organisations.access import (
    ADMINISTRATOR_SCOPES,
    ApiKey,
    Principal,
    api_key_digest,
)
from skillpassport.organisations.accreditation import Accreditation
from skillpassport.organisations.accrediting import (
    Accredit,
    ApproveLateAward,
    WithdrawAccreditation,
)
from skillpassport.organisations.model import (
    SERVICE,
    Organisation,
    OrganisationUnknown,
    service_did,
)
from skillpassport.organisations.registering import (
    CreateApiKey,
    RegisterOrganisation,
    RevokeApiKey,
)
from skillpassport.organisations.signing_keys import NoSigningKey, SigningKey, SigningKeyUnknown
from skillpassport.settings import Settings
from skillpassport.transparency.audit import AuditReport
from skillpassport.transparency.checkpoint import Checkpoint, HeadInvalid, read_checkpoint
from skillpassport.transparency.entries import Entry
from skillpassport.transparency.proofs import ConsistencyProof, Disclosure, InclusionProof
from skillpassport.vc.keys import KeyRefused, PublicKey, Signer
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.verify import Policy

_logger = logging.getLogger(__name__)

LONGEST_MIGRATION_WAIT: Final = 60.0
ORPHANED_AFTER: Final = timedelta(hours=1)
"""A subject key without an award is swept when it is older: no transaction lasts as long."""

_LOG_STANDS_STILL = (LogAheadOfDatabase, LogStateBroken, HeadInvalid)
"""Nothing is written while the log cannot go on; what was issued can still be verified."""


class MigrationNeeded(SkillPassportError):
    """The database has another revision than this version of the program."""

    code = "migration-needed"

    def __init__(self, found: str | None) -> None:
        super().__init__(
            f"Expected a database at revision '{head_revision()}', found '{found or 'empty'}'; run "
            "`skillpassport db upgrade`, or set SKILLPASSPORT_AUTO_MIGRATE=1."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What opening an instance did to its database.

    demonstration: corridors that were made now, with their API keys
    """

    migrated: bool
    sentences: tuple[str, ...]
    demonstration: tuple[Shown, ...] = ()


def open_instance(settings: Settings, *, clock: Clock | None = None) -> "Instance":
    """Return an instance over the configured database, which is not touched yet.

    Raises: MasterKeyInvalid, MasterKeyFileExposed, DatabaseUrlInvalid, CertificatesUnreadable
    """
    clock = clock or SystemClock()
    # Keys and personal data lie here, sealed or not: nobody else on the machine may look.
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    master = _master_keys(settings)
    engine = create_database_engine(database_url(settings))
    keys_engine = create_database_engine(subject_keys_url(settings))
    subject_keys = SubjectKeys(keys_engine, master, clock)
    database = Database(
        engine,
        subject_keys=subject_keys,
        master=master,
        clock=clock,
        public_url=settings.public_url,
    )
    return Instance(
        settings=settings,
        clock=clock,
        database=database,
        subject_keys=subject_keys,
        engines=(engine, keys_engine),
    )


def database_url(settings: Settings) -> str:
    """Return the address of the main database: by default a SQLite file in the data folder."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return f"sqlite:///{settings.data_dir.resolve() / 'skillpassport.db'}"


def subject_keys_url(settings: Settings) -> str:
    """Return the address of the store of subject keys: beside SQLite, or in the same PostgreSQL."""
    if settings.subject_keys_url is not None:
        return settings.subject_keys_url.get_secret_value()
    if settings.database_url is not None:
        main = settings.database_url.get_secret_value()
        if not main.startswith("sqlite"):
            return main
    return f"sqlite:///{settings.data_dir.resolve() / 'subject-keys.db'}"


def _master_keys(settings: Settings) -> MasterKeys:
    if settings.master_key is not None:
        current = parse_master_key(settings.master_key.get_secret_value())
    else:
        current = read_or_create_key_file(settings.data_dir / "master.key")
    old = settings.old_master_key
    older = (parse_master_key(old.get_secret_value()),) if old is not None else ()
    return MasterKeys(current, older)


@dataclass(kw_only=True)
class Instance:
    """One running instance: its use cases, its publications and its background work."""

    settings: Settings
    clock: Clock
    database: Database
    subject_keys: SubjectKeys
    engines: tuple[Engine, ...]
    _subtrees: SubtreeRoots = field(default_factory=SubtreeRoots, init=False)
    _registry: RegistrySnapshot | None = field(default=None, init=False)
    _fingerprint_key: bytes | None = field(default=None, init=False)
    _stop: threading.Event = field(default_factory=threading.Event, init=False)
    _sequencing: threading.Thread | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Wire the use cases."""
        transaction = self._writing
        self._levels = levels = RegistryLevels(registry=self.registry)
        self.public_url = self.settings.public_url
        self.publications = OwnPublications(self.database, self.settings.public_bases, self.clock)
        self.client = GuardedClient(
            self.settings.fetch_allow,
            ca_file=self.settings.ssl_cert_file,
            is_own=self.is_own_address,
        )
        network = NetworkResolvers(self.client, self.publications)
        self.register_organisation = RegisterOrganisation(
            transaction=transaction, public_url=self.public_url
        )
        self.create_api_key = CreateApiKey(transaction=transaction)
        self.revoke_api_key = RevokeApiKey(transaction=transaction)
        self.accredit = Accredit(transaction=transaction)
        self.withdraw_accreditation = WithdrawAccreditation(transaction=transaction)
        self.approve_late_award = ApproveLateAward(transaction=transaction)
        self.define_achievement = DefineAchievement(transaction=transaction, levels=levels)
        self.issue = Issue(
            transaction=transaction, levels=levels, subject_key=self.subject_keys.create
        )
        self.change_status = ChangeStatus(transaction=transaction)
        self.supersede = Supersede(transaction=transaction, issue=self.issue)
        self.verify = VerifyCredential(
            register=self._register,
            resolvers=lambda: BoundedResolvers(network, self.publications),
            clock=self.clock,
            compare=MeaningInCountry(registry=self.registry, clock=self.clock),
            policy=Policy(contexts_folder=self.settings.contexts_dir),
        )

    # --- opening and closing --------------------------------------------------------------------

    def prepare(self) -> Prepared:
        """Migrate, make the instance's own keys, and apply the seed; safe to call at every start.

        On PostgreSQL nothing is migrated unless AUTO_MIGRATE is set: many workers share it.

        Raises: MigrationNeeded, DatabaseFailure and its kinds
        """
        with exclusively(
            self.settings.data_dir / "prepare.lock", wait_seconds=LONGEST_MIGRATION_WAIT
        ):
            migrated = self._migrate()
            self.subject_keys.prepare()
            self._make_own_keys()
            self._continue_log()
            finish_erasures(self.database)
            sentences, shown = self._apply_seed()
            self._continue_log()
            self._sweep()
        return Prepared(migrated=migrated, sentences=sentences, demonstration=shown)

    def is_empty(self) -> bool:
        """Return whether nothing was ever set up in the database."""
        return current_revision(self.database.engine) is None

    def _migrate(self) -> bool:
        found = current_revision(self.database.engine)
        if found == head_revision():
            return False
        embedded = self.database.engine.dialect.name == "sqlite"
        if not embedded and not self.settings.auto_migrate:
            raise MigrationNeeded(found)
        return self.migrate()

    def migrate(self) -> bool:
        """Bring the database to the newest revision; return whether anything had to be done."""
        return upgrade(self.database.engine, lock_file=self.settings.data_dir / "migrate.lock")

    def _make_own_keys(self) -> None:
        with self.database.transaction() as work:
            if not work.signing_keys.of(SERVICE):
                work.organisation_keys.create(SERVICE)
                work.signing_keys.create(SERVICE, service_did(self.public_url), work.now)
            wanted = self.settings.bootstrap_admin_key
            if wanted is not None and not work.api_keys.any_administrator():
                work.api_keys.add(
                    ApiKey(
                        id=new_id(),
                        digest=api_key_digest(wanted.get_secret_value()),
                        organisation=None,
                        scopes=frozenset(scope.value for scope in ADMINISTRATOR_SCOPES),
                        created_at=work.now,
                    )
                )

    def _apply_seed(self) -> tuple[tuple[str, ...], tuple[Shown, ...]]:
        if self.settings.seed == "none" or self._refusal() is not None:
            return (), ()
        seed = read_registry_seed()
        with self.database.transaction() as work:
            change = work.frameworks.apply_seed(seed, now=work.now)
        sentences = () if change is None else (f"Registry, {seed.origin}: {change}",)
        if self.settings.seed != "demo":
            return sentences, ()
        shown = set_up_demonstration(self)
        made = tuple(f"Demonstration: made '{each.provider.slug}'." for each in shown)
        return (*sentences, *made), shown

    def _continue_log(self) -> None:
        """Sequence what is waiting; where the log cannot go on, only reading does."""
        try:
            self.sequencer().sequence_once()
        except (*_LOG_STANDS_STILL, ClockBehindLog, NoSigningKey) as error:
            _logger.warning("%s", error.message)

    @contextmanager
    def _writing(self) -> Iterator[UnitOfWork]:
        """Begin a transaction, unless the log is ahead of the database or contradicts it.

        Asked for each time: a backup may be restored, or its restore accepted, beside a server.
        """
        with self.database.transaction() as work:
            require_in_step(work.connection, HeadFiles(self.heads_dir))
            yield work

    def _refusal(self) -> SkillPassportError | None:
        """Return why nothing is written now, if so."""
        try:
            with self.database.snapshot() as work:
                require_in_step(work.connection, HeadFiles(self.heads_dir))
        except _LOG_STANDS_STILL as error:
            return error
        return None

    def _sweep(self) -> None:
        """Delete subject keys without an award, unless the database lacks what was published.

        An older backup does not know the newest awards; their keys must outlive it.
        """
        if self._refusal() is not None:
            return
        with self.database.snapshot() as work:
            self.subject_keys.sweep(
                work.credentials.subject_exists, self.clock.now() - ORPHANED_AFTER
            )

    def sequencer(self) -> Sequencer:
        """Return what gives the log's entries their positions and signs its heads."""

        def active_signer(work: UnitOfWork) -> Signer:
            return work.signing_keys.active(SERVICE, self.clock.now()).signer

        return Sequencer(
            database=self.database,
            origin=f"{urlsplit(self.public_url).netloc}/log",
            active_signer=active_signer,
            heads_dir=self.heads_dir,
        )

    @property
    def heads_dir(self) -> Path:
        """Where heads of the log are kept outside the database."""
        return self.settings.data_dir / "heads"

    def start(self) -> None:
        """Begin background work; called once in each worker."""
        self._stop.clear()
        self._sequencing = threading.Thread(
            target=self.sequencer().run, args=(self._stop,), name="sequencer", daemon=True
        )
        self._sequencing.start()

    def stop(self) -> None:
        """End background work and release connections."""
        self._stop.set()
        if self._sequencing is not None:
            self._sequencing.join(timeout=10)
        self.close()

    def close(self) -> None:
        """Release connections."""
        for engine in self.engines:
            engine.dispose()

    # --- who is asking, and what was asked before -------------------------------------------------

    def authenticate(self, token: str) -> Principal | None:
        """Return who stands behind an API key, or None when it is not a valid one."""
        with self.database.snapshot() as work:
            key = work.api_keys.find(api_key_digest(token))
        if key is None or key.revoked_at is not None:
            return None
        return Principal(organisation=key.organisation, scopes=key.scopes, key_id=key.id)

    def fingerprint(self, data: bytes) -> str:
        """Return a keyed digest of a request."""
        if self._fingerprint_key is None:
            with self.database.snapshot() as work:
                key = work.organisation_keys.key_of(SERVICE)
            self._fingerprint_key = key.derive("request fingerprints")
        return blind(self._fingerprint_key, data.hex())

    def find_claim(self, request: RequestKey) -> Claim | None:
        """Return what an earlier request with this key created."""
        with self.database.snapshot() as work:
            return work.idempotency.find(request, self.clock.now())

    def claim_secret(self, request: RequestKey, claim: Claim) -> str:
        """Return the secret that was kept with a claim."""
        with self.database.snapshot() as work:
            return work.idempotency.secret_of(request, claim) or ""

    # --- looking things up ------------------------------------------------------------------------

    def organisation(self, reference: str) -> Organisation | None:
        """Return an organisation by id or slug."""
        with self.database.snapshot() as work:
            return work.organisations.get(reference)

    def organisations(self) -> Sequence[Organisation]:
        """Return every organisation, oldest first."""
        with self.database.snapshot() as work:
            return work.organisations.all()

    def own_organisation(self, who: Principal) -> Organisation:
        """Return the organisation that is asking.

        Raises: OrganisationUnknown for the administrator, who is none
        """
        found = self.organisation(who.organisation) if who.organisation is not None else None
        if found is None:
            raise OrganisationUnknown
        return found

    def api_keys_of(
        self, organisation: Organisation, *, limit: int, after: tuple[datetime, str] | None
    ) -> Sequence[ApiKey]:
        """Return the records of an organisation's API keys, oldest first."""
        with self.database.snapshot() as work:
            return work.api_keys.of(organisation.id, limit=limit, after=after)

    def accreditation(self, identifier: str) -> Accreditation | None:
        """Return an accreditation by id."""
        with self.database.snapshot() as work:
            return work.accreditations.get(identifier)

    def achievement_of(self, organisation: Organisation, reference: str) -> Achievement | None:
        """Return an achievement of an organisation by id or slug."""
        with self.database.snapshot() as work:
            return work.achievements.get(reference, organisation.id)

    def achievements_of(
        self, organisation: Organisation, *, limit: int, after: tuple[datetime, str] | None
    ) -> Sequence[Achievement]:
        """Return an organisation's achievements, oldest first."""
        with self.database.snapshot() as work:
            return work.achievements.of(organisation.id, limit=limit, after=after)

    def credential_of(self, organisation: Organisation, reference: str) -> IssuedCredential:
        """Return a credential that the organisation issued.

        Raises: CredentialUnknown
        """
        with self.database.snapshot() as work:
            return own(work.credentials.get(reference), organisation.id)

    def award_of(self, organisation: Organisation, reference: str) -> Award:
        """Return the award behind a credential that the organisation issued.

        Raises: CredentialUnknown
        """
        with self.database.snapshot() as work:
            credential = own(work.credentials.get(reference), organisation.id)
            achievement = work.achievements.by_id(credential.achievement)
            return work.credentials.award_of(credential.id, achievement)

    def credentials_of(
        self, organisation: Organisation, wanted: CredentialFilter, *, limit: int
    ) -> Sequence[IssuedCredential]:
        """Return an organisation's credentials, newest first."""
        with self.database.snapshot() as work:
            return work.credentials.of(organisation.id, wanted, limit=limit)

    def demonstration_codes(self) -> dict[str, str]:
        """Return the code of a demonstration award by country, of those that are there."""
        providers = [
            each for each in self.organisations() if each.demonstration and not each.is_authority
        ]
        with self.database.snapshot() as work:
            return {
                provider.country: credential.code
                for provider in providers
                for credential in work.credentials.of(provider.id, CredentialFilter(), limit=1)
            }

    def registry(self) -> RegistrySnapshot:
        """Return the registry as it stands now; a snapshot is kept by its revision."""
        with self.database.snapshot() as work:
            revision = str(work.frameworks.version())
            if self._registry is None or self._registry.revision != revision:
                self._registry = work.frameworks.load()
            return self._registry

    def known_levels(self, framework: str, levels: Sequence[str]) -> tuple[str, ...]:
        """Return levels of any edition of a framework as their edition writes them.

        An achievement's level is written so, and a scope must find it.

        Raises: FrameworkUnknown, LevelUnknown
        """
        return self._levels.notations(framework, levels)

    def known_framework(self, framework: str) -> str:
        """Return the id of a registered framework, given by id or alias.

        Raises: FrameworkUnknown
        """
        return self.registry().registry.framework(framework).id

    @contextmanager
    def _register(self) -> Iterator[AwardRegister]:
        with self.database.snapshot() as work:
            yield work.register

    # --- what is published ------------------------------------------------------------------------

    def organisation_did_document(self, slug: str) -> JsonObject | None:
        """Return the DID document of an organisation."""
        return self.publications.organisation_document(slug)

    def service_did_document(self) -> JsonObject | None:
        """Return the DID document of the instance."""
        return self.publications.service_document()

    def published_list(self, identifier: str) -> bytes | None:
        """Return a signed status list, up to date."""
        return self.publications.list_by_id(identifier)

    def is_own_address(self, url: str) -> bool:
        """Return whether a link leads to this instance."""
        return is_own_address(url, self.settings.public_bases)

    def fetch_document(self, url: str) -> str:
        """Return what a link leads to.

        Raises: FetchForbidden, FetchFailed, FetchTooLarge, FetchTimedOut
        """
        return self.client.get(url).body.decode("utf-8", "replace")

    def log_head(self) -> JsonObject:
        """Return size, root hash, time and the signed note of the newest head."""
        note = latest_head(self.database)
        if note is None:  # `prepare` has signed one, unless the log could not be continued
            raise self._refusal() or LogStateBroken
        checkpoint = read_checkpoint(note)
        return {
            "origin": checkpoint.origin,
            "size": checkpoint.size,
            "root": checkpoint.root.hex(),
            "time": rfc3339(checkpoint.time),
            "note": note,
        }

    def log_entry(self, position: int) -> Entry:
        """Return the line of the log at a position.

        Raises: EntryUnknown
        """
        with self.database.snapshot() as work:
            return entry_at(work.connection, position).entry

    def prove_inclusion(self, where: int | str, size: int | None = None) -> InclusionProof:
        """Return the proof that an entry is in the log.

        where: position of the entry, or the row that it is about, `credentials/<id>`
        Raises: EntryUnknown, TreeSizeUnknown, LogStateBroken
        """
        with self.database.snapshot() as work:
            found = where if isinstance(where, int) else position_of(work.connection, where)
            return self._subtrees.of(work.connection).inclusion(found, size)

    def prove_consistency(self, old_size: int, size: int | None = None) -> ConsistencyProof:
        """Return the proof that the log only grew since it had an older size.

        Raises: EntryUnknown, TreeSizeUnknown, LogStateBroken
        """
        with self.database.snapshot() as work:
            return self._subtrees.of(work.connection).consistency(old_size, size)

    def disclosure_of(self, credential: IssuedCredential) -> Disclosure:
        """Return what its owner needs to show that the log committed to a credential.

        Raises: SubjectKeyErased
        """
        with self.database.snapshot() as work:
            return disclose(work, credential.id)

    # --- keys, log and health ---------------------------------------------------------------------

    def rotate_key(self, owner: str | None) -> tuple[SigningKey, SigningKey | None]:
        """Make a new signing key and retire the one in use; return the new and the old one.

        owner: id or slug of an organisation; None for the instance itself
        Raises: OrganisationUnknown
        """
        with self._writing() as work:
            organisation = work.organisations.get(owner) if owner is not None else None
            if owner is not None and organisation is None:
                raise OrganisationUnknown
            identifier = organisation.id if organisation is not None else SERVICE
            now = work.now
            mine = work.signing_keys.of(identifier)
            # The service's DID too is fixed by its first key, whatever the public address is now.
            did = organisation.did if organisation is not None else mine[0].did
            old = [key for key in mine if key.did == did and key.signs_at(now)]
            created = work.signing_keys.create(identifier, did, now)
            for key in old:
                work.signing_keys.retire(key.id, now)
            return created.key, old[-1] if old else None

    def revoke_key(self, owner: str, fragment: str) -> tuple[SigningKey, SigningKey | None]:
        """Publish a signing key as compromised; return it, and the new key if it still signed.

        Whatever it ever signed is refused from then on, except here what had been recorded before.

        owner: id or slug of an organisation, or `service`
        fragment: the key's name in the DID document, or the whole DID URL
        Raises: OrganisationUnknown, SigningKeyUnknown
        """
        with self._writing() as work:
            # A slug may read `service` too; that organisation is named by its id.
            organisation = work.organisations.get(owner) if owner != SERVICE else None
            if organisation is None and owner != SERVICE:
                raise OrganisationUnknown
            identifier = organisation.id if organisation is not None else SERVICE
            now, wanted = work.now, fragment.rpartition("#")[2]
            mine = work.signing_keys.of(identifier)
            found = next((key for key in mine if key.fragment == wanted), None)
            if found is None:
                raise SigningKeyUnknown([key.fragment for key in mine])
            if found.revoked_at is None:
                work.signing_keys.revoke(found.id, now)
            others = [key for key in mine if key.id != found.id and key.signs_at(now)]
            if others:
                return found, None
            return found, work.signing_keys.create(identifier, found.did, now).key

    def rewrap_keys(self) -> int:
        """Wrap what older master keys wrapped under the one in use; return how many keys.

        Raises: MasterKeyUnknown
        """
        with self.database.transaction() as work:
            organisations = work.organisation_keys.rewrap()
        return organisations + self.subject_keys.rewrap()

    def verify_log(self, head_text: str | None = None) -> AuditReport:
        """Compare the database with its log, and the log with its heads."""
        with self.database.snapshot() as work:
            keys = work.signing_keys.multikeys_of(SERVICE)
        return verify_log(
            self.database,
            public_keys=[public for key in keys if (public := _readable(key)) is not None],
            head_text=head_text,
            heads_dir=self.heads_dir,
        )

    def accept_restore(self, reason: str) -> Checkpoint:
        """Go on from a restored database: new status lists are opened, and the log says so."""

        def start_anew(work: UnitOfWork) -> None:
            work.statuses.close_all(work.now)

        return accept_restore(self.sequencer(), reason=reason, start_anew=start_anew)

    def readiness(self) -> Sequence[tuple[str, bool, str]]:
        """Return name, whether it is ready, and a short detail, for each thing needed to serve."""
        checks = (
            ("database", self._check_database),
            ("migrations", self._check_migrations),
            ("signer", self._check_signer),
            ("clock", self._check_clock),
            ("log", self._check_log),
        )
        return [_ready(name, check) for name, check in checks]

    def _check_database(self) -> str:
        with self.database.snapshot() as work:
            return f"registry revision {work.frameworks.version()}"

    def _check_migrations(self) -> str:
        found = current_revision(self.database.engine)
        if found != head_revision():
            raise MigrationNeeded(found)
        return f"revision {found}"

    def _check_signer(self) -> str:
        with self.database.snapshot() as work:
            active = work.signing_keys.active(SERVICE, self.clock.now())
        return f"signs until {rfc3339(active.key.signs_until)}"

    def _check_clock(self) -> str:
        """Look at the clock, which must not lie behind the newest head of the log."""
        note, now = latest_head(self.database), self.clock.now()
        head = read_checkpoint(note) if note is not None else None
        if head is not None and now < head.time - CLOCK_TOLERANCE:
            raise ClockBehindLog(now, head.time)
        return rfc3339(now)

    def _check_log(self) -> str:
        refusal = self._refusal()
        if refusal is not None:
            raise refusal
        note = latest_head(self.database)
        return f"{read_checkpoint(note).size} entries" if note is not None else "no head yet"


def _readable(multikey: str) -> PublicKey | None:
    """Return a public key; None where the row was mangled, which the audit names."""
    try:
        return PublicKey.from_multikey(multikey)
    except KeyRefused:
        return None


def _ready(name: str, check: Callable[[], str]) -> tuple[str, bool, str]:
    try:
        return name, True, check()
    except SkillPassportError as error:
        return name, False, error.code
