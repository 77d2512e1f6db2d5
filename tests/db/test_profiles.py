"""Signing profiles and what was issued under them, as each engine keeps them."""

from datetime import timedelta

import pytest

from skillpassport.db.failures import ConstraintBroken
from skillpassport.db.unit_of_work import Database
from skillpassport.identifiers import new_id
from skillpassport.organisations.access import ApiKey
from skillpassport.organisations.model import (
    SERVICE,
    Organisation,
    OrganisationId,
    OrganisationKind,
    SlugTaken,
)
from skillpassport.profiles.model import (
    KeyType,
    Method,
    ProfileId,
    Securing,
    SigningProfile,
    StatusKind,
)
from skillpassport.profiles.statuses import ProfileCredential, StatusTurn
from skillpassport.vc.bitstring_status import StatusEntry
from tests.support.database import NOON

ONE, OTHER = OrganisationId("one"), OrganisationId("other")


@pytest.fixture
def owned(database: Database) -> Database:
    """Add two organisations, and an API key of the first."""
    with database.transaction() as work:
        work.organisation_keys.create(SERVICE)
        for identifier in (ONE, OTHER):
            organisation = Organisation(
                id=identifier, slug=identifier, name={"en": identifier}, country="GH",
                kind=OrganisationKind.PROVIDER, registered_at=NOON,
                did=f"did:web:skills.example:orgs:{identifier}",
            )  # fmt: skip
            work.organisations.add(organisation)
        key = ApiKey(
            id="key", digest="d" * 64, organisation=ONE, scopes=frozenset(), created_at=NOON
        )
        work.api_keys.add(key)
    return database


def a_profile(
    slug: str = "desk",
    organisation: OrganisationId = ONE,
    *,
    minutes: int = 0,
    did_method: Method = Method.KEY,
) -> SigningProfile:
    return SigningProfile(
        id=ProfileId(new_id()),
        organisation=organisation,
        slug=slug,
        securing=Securing.ECDSA_SD_2023,
        key_type=KeyType.P256,
        did_method=did_method,
        status=StatusKind.BITSTRING,
        did=f"did:{did_method}:{organisation}:{slug}",
        created_at=NOON + timedelta(minutes=minutes),
    )


def add(database: Database, *profiles: SigningProfile) -> None:
    with database.transaction() as work:
        for profile in profiles:
            work.profiles.add(profile)


def test_a_profile_is_read_back_as_it_was_written(owned: Database) -> None:
    profile = a_profile()
    add(owned, profile)
    with owned.snapshot() as work:
        assert work.profiles.get(ONE, profile.id) == profile
        assert work.profiles.get(ONE, "desk") == profile
        assert work.profiles.by_did(profile.did) == profile
        assert work.profiles.get(OTHER, profile.id) is None
        assert work.profiles.get(OTHER, "desk") is None
        assert work.profiles.by_did("did:key:zOther") is None


def test_an_id_wins_over_a_slug_that_reads_the_same(owned: Database) -> None:
    first = a_profile()
    add(owned, first, a_profile(first.id.lower()))
    with owned.snapshot() as work:
        assert work.profiles.get(ONE, first.id) == first


def test_a_slug_is_taken_once_in_an_organisation(owned: Database) -> None:
    add(owned, a_profile(), a_profile(organisation=OTHER))
    with pytest.raises(SlugTaken):
        add(owned, a_profile())


def test_profiles_are_listed_oldest_first_in_pages(owned: Database) -> None:
    profiles = [a_profile(f"p{number}", minutes=number) for number in range(3)]
    add(owned, *reversed(profiles), a_profile(organisation=OTHER))
    with owned.snapshot() as work:
        assert work.profiles.of(ONE, limit=9) == profiles
        seen = (profiles[0].created_at, str(profiles[0].id))
        assert work.profiles.of(ONE, limit=1, after=seen) == [profiles[1]]


def test_only_web_dids_are_served(owned: Database) -> None:
    add(owned, a_profile("a"), a_profile("b", did_method=Method.WEB))
    with owned.snapshot() as work:
        assert work.profiles.web_dids() == ["did:web:one:b"]


def test_what_was_issued_is_found_by_its_id_alone_and_by_its_owner_alone(owned: Database) -> None:
    profile = a_profile()
    entry = StatusEntry(purpose="revocation", list_url="https://s.example/1", index=7)
    issued = [
        ProfileCredential(
            id=new_id(), profile=profile.id, entries=(entry,),
            issued_at=NOON + timedelta(minutes=number),
        )
        for number in range(2)
    ]  # fmt: skip
    add(owned, profile)
    with owned.transaction() as work:
        for each in issued:
            work.profile_credentials.add(each, "urn:example:1")
        work.profile_credentials.add(
            ProfileCredential(id=new_id(), profile=profile.id, entries=(), issued_at=NOON), None
        )
    with owned.transaction() as work:
        found = work.profile_credentials
        assert found.lock_by_document(ONE, "urn:example:1") == issued
        assert found.lock_by_document(ONE, "urn:example:2") == []
        assert found.lock_by_document(OTHER, "urn:example:1") == []
        assert found.lock_by_entry(ONE, "https://s.example/1", 7) == []  # not reserved there


def test_what_was_recorded_last_of_a_status_holds(owned: Database) -> None:
    profile = a_profile()
    issued = ProfileCredential(id=new_id(), profile=profile.id, entries=(), issued_at=NOON)
    add(owned, profile)
    with owned.transaction() as work:
        work.profile_credentials.add(issued, None)
        assert not work.profile_credentials.is_set(issued.id, "suspension")
        for sets in (True, False, True):
            turn = StatusTurn(
                credential=issued.id, purpose="suspension", sets=sets, api_key="key",
                recorded_at=NOON,
            )  # fmt: skip
            work.profile_credentials.add_turn(turn)
            assert work.profile_credentials.is_set(issued.id, "suspension") is sets
        assert not work.profile_credentials.is_set(issued.id, "revocation")


def test_a_turn_at_nobodys_word_is_not_kept(owned: Database) -> None:
    turn = StatusTurn(
        credential="none", purpose="revocation", sets=True, api_key="none", recorded_at=NOON
    )
    with pytest.raises(ConstraintBroken), owned.transaction() as work:
        work.profile_credentials.add_turn(turn)
