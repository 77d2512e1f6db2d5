"""Values of the domain as Hypothesis makes them: whatever a store may be given, and more."""

import datetime as dt
import hashlib

from hypothesis import strategies as st

from skillpassport.credentials.code import new_code
from skillpassport.credentials.model import (
    Achievement,
    AchievementId,
    AchievementKind,
    Award,
    CredentialId,
    Evidence,
    Format,
    IdentityCheck,
    IssuedCredential,
    LearningOutcome,
    Subject,
)
from skillpassport.identifiers import new_id, new_urn
from skillpassport.organisations.access import ApiKey, Scope
from skillpassport.organisations.accreditation import (
    Accreditation,
    AccreditationId,
    AccreditationScope,
    LateAward,
)
from skillpassport.organisations.model import Organisation, OrganisationId, OrganisationKind
from skillpassport.vc.bitstring_status import StatusEntry

# PostgreSQL cannot hold U+0000, and no encoding a lone surrogate; the parser refuses both.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
words = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=30)
ids = st.builds(new_id)
days = st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31))
instants = st.datetimes(
    dt.datetime(2000, 1, 1),  # noqa: DTZ001 (bounds are naive, the values are not)
    dt.datetime(2199, 12, 31),  # noqa: DTZ001
    timezones=st.just(dt.UTC),
)
languages = st.dictionaries(st.sampled_from(["en", "fr", "ar", "pt-MZ"]), texts, min_size=1)


def tuples_of(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    """Return tuples of a few values."""
    return st.lists(values, max_size=3).map(tuple)


def organisations() -> st.SearchStrategy[Organisation]:
    """Return organisations, each with an id, a slug and a DID of its own."""
    return st.builds(
        Organisation,
        id=ids.map(OrganisationId),
        slug=ids.map(lambda each: each.lower().replace("_", "x")),
        name=languages,
        kind=st.sampled_from(OrganisationKind),
        country=st.sampled_from(["GH", "PL", "NO"]),
        did=ids.map(lambda each: f"did:web:skills.example:orgs:{each}"),
        registered_at=instants,
        jurisdictions=tuples_of(words),
        frameworks=tuples_of(words),
        sandbox=st.booleans(),
        demonstration=st.booleans(),
        late_issue_days=st.integers(0, 36_500),
    )


def api_keys(organisation: OrganisationId | None) -> st.SearchStrategy[ApiKey]:
    """Return records of API keys."""
    return st.builds(
        ApiKey,
        id=ids,
        digest=ids.map(lambda each: hashlib.sha256(each.encode()).hexdigest()),
        organisation=st.just(organisation),
        scopes=st.frozensets(st.sampled_from([scope.value for scope in Scope])),
        created_at=instants,
    )


def accreditations(
    authority: OrganisationId, organisation: OrganisationId
) -> st.SearchStrategy[Accreditation]:
    """Return accreditations without a past."""
    return st.builds(
        Accreditation,
        id=ids.map(AccreditationId),
        authority=st.just(authority),
        organisation=st.just(organisation),
        scope=st.builds(
            AccreditationScope,
            achievements=tuples_of(texts),
            framework=st.none() | texts,
            levels=tuples_of(texts),
            isced_f=tuples_of(texts),
        ),
        valid_from=days,
        valid_until=days,
        granted_at=instants,
        document=texts,
        late_issue_days=st.integers(0, 36_500),
        last_enrolment=st.none() | days,
        last_achievement=st.none() | days,
        withdrawal=st.none(),
        late_awards=st.just(()),
    )


def late_awards(accreditation: AccreditationId) -> st.SearchStrategy[LateAward]:
    """Return leaves that nobody has used."""
    return st.builds(
        LateAward,
        id=ids,
        accreditation=st.just(accreditation),
        achievement_id=ids,
        awarded_on=days,
        reason=texts,
        approved_at=instants,
        used_by=st.none(),
    )


def achievements(organisation: OrganisationId) -> st.SearchStrategy[Achievement]:
    """Return achievements of an organisation."""
    outcomes = st.builds(LearningOutcome, code=texts, statement=languages, essential=st.booleans())
    return st.builds(
        Achievement,
        id=ids.map(AchievementId),
        organisation=st.just(organisation),
        slug=ids,
        title=languages,
        kind=st.sampled_from(AchievementKind),
        registered_at=instants,
        framework=st.none() | texts,
        edition=st.none() | texts,
        level=st.none() | texts,
        isced_f=st.none() | st.sampled_from(["07", "071", "0715"]),
        isco=tuples_of(words),
        esco=tuples_of(texts),
        outcomes=st.lists(outcomes, max_size=2).map(tuple),
        hours=st.none() | st.integers(0, 10_000) | st.floats(0, 10_000).map(lambda n: round(n, 1)),
    )


def awards(achievement: Achievement) -> st.SearchStrategy[Award]:
    """Return awards of an achievement."""
    evidence = st.builds(Evidence, name=texts, narrative=st.none() | texts, url=st.none() | texts)
    return st.builds(
        Award,
        achievement=st.just(achievement),
        subject=st.builds(
            Subject,
            name=texts,
            name_in_mrz=st.none() | texts,
            birth_date=st.none() | days,
            id=st.none() | texts,
        ),
        awarded_on=days,
        valid_until=st.none() | days,
        results=st.dictionaries(texts, texts, max_size=2),
        evidence=st.lists(evidence, max_size=2).map(tuple),
        identity_check=st.sampled_from(IdentityCheck),
        format=st.sampled_from(Format),
        language=st.sampled_from(["en", "ar"]),
    )


def credentials(award: Award) -> st.SearchStrategy[IssuedCredential]:
    """Return the credential of an award as a store is given it, without events."""
    entry = st.builds(
        StatusEntry,
        purpose=st.sampled_from(["revocation", "suspension"]),
        list_url=texts,
        index=st.integers(0, 131_071),
    )
    return st.builds(
        IssuedCredential,
        id=ids.map(CredentialId),
        organisation=st.just(award.achievement.organisation),
        achievement=st.just(award.achievement.id),
        accreditation=st.none(),
        format=st.just(award.format),
        awarded_on=st.just(award.awarded_on),
        valid_until=st.just(award.valid_until),
        subject_name=st.just(award.subject.name),
        code=st.builds(new_code),
        document=texts,
        document_id=st.builds(new_urn),
        issued_at=instants,
        entries=st.lists(entry, max_size=2).map(tuple),
        events=st.just(()),
        supersedes=st.none(),
        superseded_by=st.none(),
    )
