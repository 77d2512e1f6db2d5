"""Idempotency keys: the database alone decides who was first."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillpassport.db.unit_of_work import Database
from skillpassport.idempotency import KEEP_KEYS_FOR, AlreadyDone, RequestKey
from skillpassport.identifiers import new_id
from skillpassport.organisations.model import SERVICE
from tests.support.database import NOON, later
from tests.support.values import texts

visible = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=235)


@pytest.fixture
def keyed(database: Database) -> Database:
    """Make the instance's own key, which seals secrets."""
    with database.transaction() as work:
        work.organisation_keys.create(SERVICE)
    return database


def a_request(key: str = "key", owner: str = "owner") -> RequestKey:
    return RequestKey(owner=owner, key=key, fingerprint="f" * 64)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=visible, secret=st.none() | texts)
def test_a_claim_comes_back_with_its_secret(keyed: Database, key: str, secret: str | None) -> None:
    request = a_request(key, owner=new_id())
    with keyed.transaction() as work:
        work.claim(request, "resource", secret)
    with keyed.snapshot() as work:
        claim = work.idempotency.find(request, NOON)
        assert claim is not None
        assert (claim.resource, claim.fingerprint) == ("resource", request.fingerprint)
        assert work.idempotency.secret_of(request, claim) == secret
        assert work.idempotency.find(a_request(key, owner="other"), NOON) is None


def test_a_second_claim_is_refused_and_writes_nothing(keyed: Database) -> None:
    with keyed.transaction() as work:
        work.claim(a_request(), "first")
    with pytest.raises(AlreadyDone), keyed.transaction() as work:
        work.claim(a_request(), "second")
    with keyed.snapshot() as work:
        claim = work.idempotency.find(a_request(), NOON)
    assert claim is not None
    assert claim.resource == "first"


def test_of_four_at_once_one_wins(keyed: Database) -> None:
    together = threading.Barrier(4)

    def claim(number: int) -> str:
        together.wait()
        try:
            with keyed.transaction() as work:
                work.claim(a_request(), f"resource-{number}")
        except AlreadyDone:
            return "late"
        return "first"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(claim, range(4))) == ["first", "late", "late", "late"]


def test_a_claim_that_was_rolled_back_can_be_made_again(keyed: Database) -> None:
    """As after a crash: the key is taken over."""
    with suppress(RuntimeError), keyed.transaction() as work:
        work.claim(a_request(), "lost")
        raise RuntimeError
    with keyed.transaction() as work:
        work.claim(a_request(), "found")


def test_a_key_is_forgotten_after_seven_days(keyed: Database) -> None:
    with keyed.transaction() as work:
        work.claim(a_request(), "old")
    now = later(keyed, KEEP_KEYS_FOR - dt.timedelta(seconds=1))
    with keyed.snapshot() as work:
        assert work.idempotency.find(a_request(), now) is not None
    now = later(keyed)
    with keyed.snapshot() as work:
        assert work.idempotency.find(a_request(), now) is None
    with keyed.transaction() as work:
        work.claim(a_request(), "new")
