"""The composition root: the one place that knows every part and joins them."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from skillpassport.clock import Clock, FixedClock, SystemClock
from skillpassport.credentials.achievements import DefineAchievement
from skillpassport.credentials.issuing import Issue
from skillpassport.credentials.lifecycle import ChangeStatus, Supersede
from skillpassport.credentials.reissuing import Reissue
from skillpassport.credentials.status_publication import PublishedList
from skillpassport.credentials.verifying import Findings, Sources, VerifyCredential
from skillpassport.custody.key_file import read_or_create_key_file
from skillpassport.custody.master import MasterKeys, parse_master_key
from skillpassport.db.bulk_imports import BulkImports
from skillpassport.db.engine import create_database_engine
from skillpassport.db.erasure import finish_erasures
from skillpassport.db.facts import Facts
from skillpassport.db.file_lock import exclusively
from skillpassport.db.kept_artefacts import KeptArtefacts
from skillpassport.db.key_blocks import KeyBlocks
from skillpassport.db.key_keeping import KeyKeeping
from skillpassport.db.log_proofs import SubtreeRoots
from skillpassport.db.lookups import Lookups
from skillpassport.db.migrate import current_revision, head_revision, upgrade
from skillpassport.db.programmes import RegisteredProgrammes
from skillpassport.db.publications import OwnPublications, is_own_address
from skillpassport.db.readiness import MigrationNeeded, ReadinessChecks
from skillpassport.db.recollection import OnlyAtHand, Recollection, only_at_hand, recollecting
from skillpassport.db.registry_exchange import RegistryExchange
from skillpassport.db.registry_exports import RegistryExports
from skillpassport.db.registry_imports import RegistryImports
from skillpassport.db.states import states_of
from skillpassport.db.subject_keys import SubjectKeys
from skillpassport.db.unit_of_work import Database
from skillpassport.demonstration.story import Shown, set_up_demonstration
from skillpassport.equivalence.seeding import read_registry_seed
from skillpassport.equivalence.statements.stating import State, review
from skillpassport.identifiers import new_id
from skillpassport.meaning import MeaningInCountry, RegistryLevels
from skillpassport.net.budget import BoundedResolvers
from skillpassport.net.client import GuardedClient
from skillpassport.net.resolvers import NetworkResolvers
from skillpassport.organisations.access import (
    ADMINISTRATOR_SCOPES,
    ApiKey,
    api_key_digest,
)
from skillpassport.organisations.accrediting import (
    Accredit,
    ApproveLateAward,
    WithdrawAccreditation,
)
from skillpassport.organisations.model import (
    SERVICE,
    service_did,
)
from skillpassport.organisations.registering import (
    CreateApiKey,
    RegisterOrganisation,
    RevokeApiKey,
)
from skillpassport.profiles.composing import Compose
from skillpassport.profiles.creating import CreateProfile
from skillpassport.profiles.issuing import IssueUnderProfile
from skillpassport.profiles.securing import Secure
from skillpassport.profiles.statuses import ChangeProfileStatus
from skillpassport.settings import Settings
from skillpassport.vc.certificates import read_anchors
from skillpassport.vc.foreign import ALL_FOREIGN
from skillpassport.vc.jose import FOREIGN_ALGORITHMS, OWN_ALGORITHMS
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.verify import Policy
from skillpassport.verification import VerifyDocuments

_logger = logging.getLogger(__name__)

LONGEST_MIGRATION_WAIT: Final = 60.0
ORPHANED_AFTER: Final = timedelta(hours=1)
"""A subject key without an award is swept when it is older: no transaction lasts as long."""


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


def _trust_anchors(file: Path | None) -> tuple[bytes, ...]:
    """Return the certificates of authorities that may vouch for issuers.

    Raises: CertificateRefused, for a file that holds none
    """
    return read_anchors(file.read_bytes()) if file else ()


def _master_keys(settings: Settings) -> MasterKeys:
    if settings.master_key is not None:
        current = parse_master_key(settings.master_key.get_secret_value())
    else:
        current = read_or_create_key_file(settings.data_dir / "master.key")
    old = settings.old_master_key
    older = (parse_master_key(old.get_secret_value()),) if old is not None else ()
    return MasterKeys(current, older)


@dataclass(kw_only=True)
class Instance(
    Lookups,
    KeyKeeping,
    ReadinessChecks,
    RegistryImports,
    BulkImports,
    RegistryExchange,
    RegistryExports,
):
    """One running instance: its use cases, its publications and its background work."""

    settings: Settings
    clock: Clock
    database: Database
    subject_keys: SubjectKeys
    engines: tuple[Engine, ...]
    facts: Facts = field(init=False)
    _subtrees: SubtreeRoots = field(default_factory=SubtreeRoots, init=False)
    _artefacts: KeptArtefacts = field(default_factory=KeptArtefacts, init=False)
    _stop: threading.Event = field(default_factory=threading.Event, init=False)
    _sequencing: threading.Thread | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Wire the use cases."""
        transaction = self._writing
        together = partial(self._writing, together=True)
        levels = RegistryLevels(registry=self.registry)
        self.public_url = self.settings.public_url
        self.data_dir = self.settings.data_dir
        self.publications = OwnPublications(self.database, self.settings.public_bases, self.clock)
        self.client = GuardedClient(
            self.settings.fetch_allow,
            ca_file=self.settings.ssl_cert_file,
            is_own=self.is_own_address,
        )
        self.facts = Facts(states_of(self.engines))
        self.programmes = RegisteredProgrammes(self.database)
        self.state_comparability = State(transaction=transaction)
        self.network = NetworkResolvers(self.client)
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
            transaction=together,
            subject_keys=KeyBlocks(self.subject_keys, self.clock).take_many,
            one_writer=self.database.has_one_writer,
        )
        self.change_status = ChangeStatus(transaction=together)
        self.supersede = Supersede(transaction=together, issue=self.issue)
        self.reissue = Reissue(reading=self.database.snapshot, transaction=transaction)
        self.policy = Policy(
            contexts_folder=self.settings.contexts_dir,
            jws_algorithms=OWN_ALGORITHMS | FOREIGN_ALGORITHMS,
            trust_anchors=_trust_anchors(self.settings.trust_anchors),
        )
        self.verify = VerifyCredential(
            sources=self._sources,
            clock=self.clock,
            compare=MeaningInCountry(
                registry=self.registry,
                clock=self.clock,
                catalogue=self.remembered_qualifications,
            ),
            # Earlier standards are for readers alone: the VC-API judges by the current ones.
            policy=replace(self.policy, foreign=ALL_FOREIGN),
        )
        self._verify_at_hand = self._verifying_at_hand(self.clock)
        self.verify_at_once = only_at_hand(self.facts, self._found_at_hand)
        self._wire_documents()
        self._wire_profiles()

    def _wire_documents(self) -> None:
        documents = VerifyDocuments(sources=self._sources, clock=self.clock, policy=self.policy)
        self.verify_credential = documents.credential
        self.verify_credential_at_once = only_at_hand(
            self.facts,
            replace(documents, sources=partial(self._sources_at_hand, self.clock)).credential,
        )
        self.verify_presentation = documents.presentation
        self.trusted_bundle = documents.bundle

    def _wire_profiles(self) -> None:
        contexts = self.settings.contexts_dir
        self.create_profile = CreateProfile(transaction=self._writing, public_url=self.public_url)
        self.issue_under_profile = IssueUnderProfile(
            transaction=partial(self._writing, together=True),
            clock=self.clock,
            compose=Compose(contexts),
            secure=Secure(contexts),
        )
        self.change_profile_status = ChangeProfileStatus(
            transaction=partial(self._writing, together=True)
        )

    # --- what verifications ask ------------------------------------------------------------------

    @contextmanager
    def _sources(self) -> Iterator[Sources]:
        with recollecting(
            self.facts, self.clock, register=self._register, publications=self.publications
        ) as known:
            yield Sources(BoundedResolvers(self.network, known), known)

    def _found_at_hand(self, document: JsonObject | str, *, at: datetime | None = None) -> Findings:
        """Return what memory alone shows of a document, now or for another instant.

        Raises: NotAtHand
        """
        verifying = self._verifying_at_hand(FixedClock(at)) if at else self._verify_at_hand
        return verifying.document(document)

    def _verifying_at_hand(self, clock: Clock) -> VerifyCredential:
        return replace(self.verify, sources=partial(self._sources_at_hand, clock), clock=clock)

    @contextmanager
    def _sources_at_hand(self, clock: Clock) -> Iterator[Sources]:
        known = Recollection(self.facts.page(), clock)
        yield Sources(OnlyAtHand(known), known)

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
            if change is not None and change.total:
                review(work)
        sentences = () if change is None else (f"Registry, {seed.origin}: {change}",)
        if self.settings.seed != "demo":
            return sentences, ()
        shown = set_up_demonstration(self)
        made = tuple(f"Demonstration: made '{each.provider.slug}'." for each in shown)
        return (*sentences, *made), shown

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
        self.facts.close()
        for engine in self.engines:
            engine.dispose()

    # --- what is published ------------------------------------------------------------------------

    def organisation_did_document(self, slug: str) -> JsonObject | None:
        """Return the DID document of an organisation."""
        return self.publications.organisation_document(slug)

    def profile_did_document(self, organisation_slug: str, slug: str) -> JsonObject | None:
        """Return the DID document of a signing profile that has a did:web."""
        return self.publications.profile_document(organisation_slug, slug)

    def service_did_document(self) -> JsonObject | None:
        """Return the DID document of the instance."""
        return self.publications.service_document()

    def published_list(self, identifier: str, *, as_cwt: bool = False) -> PublishedList | None:
        """Return a signed status list, at most half a second old."""
        return self.publications.list_by_id(identifier, as_cwt=as_cwt)

    def is_own_address(self, url: str) -> bool:
        """Return whether a link leads to this instance."""
        return is_own_address(url, self.settings.public_bases)

    def fetch_document(self, url: str) -> str:
        """Return what a link leads to.

        Raises: FetchForbidden, FetchFailed, FetchTooLarge, FetchTimedOut
        """
        return self.client.get(url).body.decode("utf-8", "replace")
