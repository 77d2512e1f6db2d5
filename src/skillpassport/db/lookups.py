"""Looking things up: one short transaction for each question that an edge asks."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final, TypeVar, cast

from skillpassport.clock import Clock
from skillpassport.credentials.achievements import AchievementUnknown
from skillpassport.credentials.lifecycle import own
from skillpassport.credentials.model import Achievement, Award, AwardRecord, IssuedCredential
from skillpassport.credentials.searching import CredentialFilter
from skillpassport.custody.sealing import blind
from skillpassport.db.facts import Fact, Facts
from skillpassport.db.register import AwardRegister
from skillpassport.db.unit_of_work import Database
from skillpassport.equivalence.catalogue import KnownQualification, QualificationCatalogue
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.equivalence.statements.model import ComparabilityStatement, StatementUnknown
from skillpassport.frameworks.qualifications import Qualifications
from skillpassport.frameworks.taxonomies.catalogue import TaxonomyCatalogue
from skillpassport.idempotency import Claim, RequestKey
from skillpassport.meaning import RegistryLevels
from skillpassport.organisations.access import (
    ApiKey,
    Principal,
    api_key_digest,
)
from skillpassport.organisations.accreditation import Accreditation
from skillpassport.organisations.model import (
    SERVICE,
    Organisation,
    OrganisationId,
    OrganisationUnknown,
)
from skillpassport.organisations.signing_keys import ActiveSigner
from skillpassport.profiles.model import ProfileUnknown, SigningProfile

Found = TypeVar("Found")

SigningAtHand = tuple[Principal, SigningProfile, ActiveSigner]

_REGISTRY: Final[Fact] = ("registry",)


class Lookups:
    """What the edges ask of the store. Each question is a snapshot of its own."""

    database: Database
    clock: Clock
    facts: Facts
    _fingerprint_key: bytes | None = None

    def authenticate(self, token: str) -> Principal | None:
        """Return who stands behind an API key, or None when it is not a valid one.

        Known ones are answered from memory until the next commit, which may be a revocation.
        """
        page, fact = self.facts.page(), ("principal", api_key_digest(token))
        known = page.facts.get(fact)
        if isinstance(known, Principal):
            return known
        with self.database.snapshot() as work:
            key = work.api_keys.find(fact[1])
        if key is None or key.revoked_at is not None:
            return None
        found = Principal(organisation=key.organisation, scopes=key.scopes, key_id=key.id)
        self.facts.keep(page, {fact: found})
        return found

    def signing_at_hand(self, token: str, reference: str) -> SigningAtHand | None:
        """Return who stands behind an API key, and a signing profile of theirs by id or slug.

        None says nothing but that not all of it lies in memory.
        """
        if not self.facts.immediate:
            return None
        facts = self.facts.page().facts
        who = facts.get(("principal", api_key_digest(token)))
        if not isinstance(who, Principal) or who.organisation is None:
            return None
        ready = facts.get(_ready(who.organisation, reference))
        return (who, *cast("tuple[SigningProfile, ActiveSigner]", ready)) if ready else None

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

    def signing_profile(self, owner: OrganisationId, reference: str) -> SigningProfile:
        """Return an organisation's signing profile, by id or slug.

        Raises: ProfileUnknown
        """
        with self.database.snapshot() as work:
            found = work.profiles.get(owner, reference)
        if found is None:
            raise ProfileUnknown
        return found

    def signing_profiles_of(
        self, owner: OrganisationId, *, limit: int, after: tuple[datetime, str] | None
    ) -> Sequence[SigningProfile]:
        """Return an organisation's signing profiles, oldest first."""
        with self.database.snapshot() as work:
            return work.profiles.of(owner, limit=limit, after=after)

    def ready_profile(
        self, owner: OrganisationId, reference: str
    ) -> tuple[SigningProfile, ActiveSigner]:
        """Return a signing profile with its key, from memory while nothing was committed.

        Raises: ProfileUnknown, NoSigningKey
        """
        page, fact = self.facts.page(), _ready(owner, reference)
        known = page.facts.get(fact)
        if known is not None:
            return cast("tuple[SigningProfile, ActiveSigner]", known)
        profile = self.signing_profile(owner, reference)
        with self.database.snapshot() as work:
            active = work.signing_keys.active(profile.key_owner, self.clock.now())
        self.facts.keep(page, {fact: (profile, active)})
        return profile, active

    def accreditation(self, identifier: str) -> Accreditation | None:
        """Return an accreditation by id."""
        with self.database.snapshot() as work:
            return work.accreditations.get(identifier)

    def achievement_of(self, organisation: Organisation, reference: str) -> Achievement | None:
        """Return an achievement of an organisation by id or slug."""
        with self.database.snapshot() as work:
            return work.achievements.get(reference, organisation.id)

    def own_achievement(self, who: Principal, reference: str) -> tuple[Organisation, Achievement]:
        """Return the organisation that is asking, and one of its achievements by id or slug.

        From memory while nothing was committed, where asking for that is no request of its own:
        awards that come at once ask the same.

        Raises: OrganisationUnknown, AchievementUnknown
        """
        if who.organisation is None:
            raise OrganisationUnknown
        if not self.facts.immediate:
            return self._own_achievement(who.organisation, reference)
        page, fact = self.facts.page(), ("own-achievement", who.organisation, reference)
        known = page.facts.get(fact)
        if known is None:
            known = self._own_achievement(who.organisation, reference)
            self.facts.keep(page, {fact: known})
        return cast("tuple[Organisation, Achievement]", known)

    def _own_achievement(
        self, owner: OrganisationId, reference: str
    ) -> tuple[Organisation, Achievement]:
        with self.database.snapshot() as work:
            organisation = work.organisations.get(owner)
            if organisation is None:
                raise OrganisationUnknown
            achievement = work.achievements.get(reference, organisation.id)
        if achievement is None:
            raise AchievementUnknown
        return organisation, achievement

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
    ) -> Sequence[AwardRecord]:
        """Return an organisation's credentials, newest first; of erased persons, the record."""
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
                if isinstance(credential, IssuedCredential)
            }

    def registry(self) -> RegistrySnapshot:
        """Return the registry as it stands now; a snapshot is kept by its revision."""
        page = self.facts.page()
        known = page.facts.get(_REGISTRY)
        if isinstance(known, RegistrySnapshot):
            return known
        with self.database.snapshot() as work:
            registry = work.registry()
        self.facts.keep(page, {_REGISTRY: registry})
        return registry

    def qualification_catalogue(self) -> QualificationCatalogue:
        """Return the registered qualifications by title; each question is a snapshot of its own."""
        return TitledQualifications(self.database)

    def remembered_qualifications(self) -> QualificationCatalogue:
        """Return the same for achievements: what was read is kept until the next commit."""
        return RememberedQualifications(TitledQualifications(self.database), self.facts)

    @contextmanager
    def registered_qualifications(self) -> Iterator[Qualifications]:
        """Return the registered qualifications, as they are while the context is open."""
        with self.database.snapshot() as work:
            yield work.qualifications

    @contextmanager
    def taxonomy_catalogue(self) -> Iterator[TaxonomyCatalogue]:
        """Return the classifications, as they are while the context is open."""
        with self.database.snapshot() as work:
            yield work.taxonomies

    def statement(
        self, identifier: str, on: date | None
    ) -> tuple[ComparabilityStatement, Sequence[ComparabilityStatement]]:
        """Return a comparability statement, as it held on a day if one is given, and its versions.

        on: the version that held at the end of that day, in UTC
        Raises: StatementUnknown
        """
        with self.database.snapshot() as work:
            found = work.statements.get(identifier)
            versions = work.statements.versions(found.topic) if found is not None else ()
        if found is None:
            raise StatementUnknown
        if on is None:
            return found, versions
        end = datetime.combine(on, time.max, UTC)
        for version in versions:
            if version.held_at(end):
                return version, versions
        raise StatementUnknown

    def known_levels(self, framework: str, levels: Sequence[str]) -> tuple[str, ...]:
        """Return levels of any edition of a framework as their edition writes them.

        An achievement's level is written so, and a scope must find it.

        Raises: FrameworkUnknown, LevelUnknown
        """
        return RegistryLevels(registry=self.registry).notations(framework, levels)

    def known_framework(self, framework: str) -> str:
        """Return the id of a registered framework, given by id or alias.

        Raises: FrameworkUnknown
        """
        return self.registry().registry.framework(framework).id

    @contextmanager
    def _register(self) -> Iterator[AwardRegister]:
        with self.database.snapshot() as work:
            yield work.register


def _ready(owner: OrganisationId, reference: str) -> Fact:
    return ("signing-profile", owner, reference)


@dataclass(frozen=True, slots=True)
class TitledQualifications:
    """The registered qualifications by title and id, for comparisons."""

    database: Database

    def titled(self, origin: str, folded: str) -> Sequence[KnownQualification]:
        """Return the qualifications of a country that have or had a title, in order of id, few."""
        with self.database.snapshot() as work:
            return work.qualifications.titled(origin, folded)

    def identified(self, identifier: str) -> KnownQualification | None:
        """Return the qualification of an id; None where there is none."""
        with self.database.snapshot() as work:
            return work.qualifications.identified(identifier)


@dataclass(frozen=True, slots=True)
class RememberedQualifications:
    """The same, each answer kept until the next commit.

    For what is asked about achievements, of which there are few: strangers, who may ask after any
    title, would push everything else out of the memory.
    """

    known: TitledQualifications
    facts: Facts

    def titled(self, origin: str, folded: str) -> Sequence[KnownQualification]:
        """Return the qualifications of a country that have or had a title, in order of id, few."""
        fact: Fact = ("titled", origin, folded)
        return self._kept(fact, lambda: self.known.titled(origin, folded))

    def identified(self, identifier: str) -> KnownQualification | None:
        """Return the qualification of an id; None where there is none."""
        return self._kept(("qualification", identifier), lambda: self.known.identified(identifier))

    def _kept(self, fact: Fact, read: Callable[[], Found]) -> Found:
        page = self.facts.page()
        if fact in page.facts:
            return cast("Found", page.facts[fact])
        found = read()
        self.facts.keep(page, {fact: found})
        return found
