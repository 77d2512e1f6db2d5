"""Organisations, API keys and signing keys: what a store is given, it gives back."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillpassport.db.failures import ConstraintBroken
from skillpassport.db.unit_of_work import Database
from skillpassport.organisations.model import SERVICE, Organisation, OrganisationId, SlugTaken
from skillpassport.organisations.signing_keys import SIGNING_WINDOW, NoSigningKey
from tests.support.database import NOON, later
from tests.support.values import api_keys, organisations

# One database for all examples: values bring their own ids.
on_one_database = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def added(database: Database, organisation: Organisation) -> Organisation:
    with database.transaction() as work:
        work.organisations.add(organisation)
    return organisation


@on_one_database
@given(organisation=organisations())
def test_an_organisation_comes_back_as_it_was(
    database: Database, organisation: Organisation
) -> None:
    added(database, organisation)
    with database.snapshot() as work:
        store = work.organisations
        assert store.get(organisation.id) == organisation
        assert store.get(organisation.slug) == organisation
        assert store.by_did(organisation.did) == organisation
        assert organisation in store.all()


def test_what_is_not_there_is_none(database: Database) -> None:
    with database.snapshot() as work:
        assert work.organisations.get("nobody") is None
        assert work.organisations.by_did("did:web:nobody") is None
        assert work.organisations.all() == []
        assert work.api_keys.find("0" * 64) is None
        assert not work.api_keys.any_administrator()
        assert work.signing_keys.of(SERVICE) == []


@settings(on_one_database, max_examples=1)
@given(one=organisations(), other=organisations())
def test_a_slug_is_taken_once_and_the_first_stays(
    database: Database, one: Organisation, other: Organisation
) -> None:
    added(database, one)
    with pytest.raises(SlugTaken, match=one.slug):
        added(database, replace(other, slug=one.slug))
    with database.snapshot() as work:
        assert work.organisations.get(one.slug) == one
        assert work.organisations.get(other.id) is None


@on_one_database
@given(organisation=organisations(), data=st.data())
def test_an_api_key_is_found_by_its_digest(
    database: Database, organisation: Organisation, data: st.DataObject
) -> None:
    added(database, organisation)
    key = data.draw(api_keys(organisation.id))
    with database.transaction() as work:
        work.api_keys.add(key)
    with database.snapshot() as work:
        assert work.api_keys.find(key.digest) == key
        assert work.api_keys.find("x" * 64) is None


@settings(on_one_database, max_examples=1)
@given(key=api_keys(None), stray=api_keys(OrganisationId("nobody")))
def test_an_administrators_key_belongs_to_nobody_and_others_to_somebody(
    database: Database, key: object, stray: object
) -> None:
    with database.transaction() as work:
        work.api_keys.add(key)  # type: ignore[arg-type]
    with database.snapshot() as work:
        assert work.api_keys.any_administrator()
    with pytest.raises(ConstraintBroken), database.transaction() as work:
        work.api_keys.add(stray)  # type: ignore[arg-type]


@pytest.mark.parametrize("algorithm", ["Ed25519", "P-256", "P-384"])
def test_a_signing_key_signs_after_it_was_read_back(database: Database, algorithm: str) -> None:
    with database.transaction() as work:
        work.organisation_keys.create(SERVICE)
        made = work.signing_keys.create(
            SERVICE, "did:web:skills.example", work.now, algorithm=algorithm
        )
    with database.snapshot() as work:
        found = work.signing_keys.active(SERVICE, NOON)
    assert found.key == made.key
    assert found.signer.public_key == made.signer.public_key
    assert found.signer.sign(b"text") == made.signer.sign(b"text")


def test_the_newest_key_in_its_window_signs(database: Database) -> None:
    with database.transaction() as work:
        work.organisation_keys.create(SERVICE)
        first = work.signing_keys.create(SERVICE, "did:web:a", work.now).key
    later(database)
    with database.transaction() as work:
        second = work.signing_keys.create(SERVICE, "did:web:a", work.now).key
    with database.transaction() as work:
        assert work.signing_keys.active(SERVICE, work.now).key == second
        work.signing_keys.retire(second.id, work.now)
        assert work.signing_keys.active(SERVICE, work.now).key == first
        work.signing_keys.revoke(first.id, work.now)
    with database.snapshot() as work:
        with pytest.raises(NoSigningKey):
            work.signing_keys.active(SERVICE, work.now)
        kept = work.signing_keys.of(SERVICE)
    assert [(key.id, key.retired_at is None, key.revoked_at is None) for key in kept] == [
        (first.id, True, False),
        (second.id, False, True),
    ]


def test_an_expired_key_does_not_sign(database: Database) -> None:
    with database.transaction() as work:
        work.organisation_keys.create(SERVICE)
        work.signing_keys.create(SERVICE, "did:web:a", work.now)
    with database.snapshot() as work:
        just_before = NOON + SIGNING_WINDOW - dt.timedelta(microseconds=1)
        work.signing_keys.active(SERVICE, just_before)
        with pytest.raises(NoSigningKey):
            work.signing_keys.active(SERVICE, NOON + SIGNING_WINDOW)
