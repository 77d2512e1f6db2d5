"""What the instance publishes of itself: the same bytes in every worker, and nothing too early."""

import datetime as dt
import json

import pytest

from skillpassport.clock import FixedClock
from skillpassport.db.publications import OwnPublications, is_own_address
from skillpassport.db.unit_of_work import Database
from skillpassport.organisations.model import (
    SERVICE,
    Organisation,
    OrganisationId,
    OrganisationKind,
    service_did,
)
from skillpassport.vc.bitstring_status import StatusEntry, read_status
from skillpassport.vc.did import DidInvalid
from skillpassport.vc.status_refusals import StatusListUnreachable
from tests.support.database import NOON

BASE = "http://localhost:8000"
DID = f"{service_did(BASE)}:orgs:one"


@pytest.fixture
def published(database: Database) -> Database:
    """Make the instance's own key, and an organisation with one."""
    organisation = Organisation(
        id=OrganisationId("one-id"), slug="one", name={"en": "One"}, country="GH", did=DID,
        kind=OrganisationKind.PROVIDER, registered_at=NOON,
    )  # fmt: skip
    with database.transaction() as work:
        work.organisation_keys.create(SERVICE)
        work.signing_keys.create(SERVICE, service_did(BASE), work.now)
        work.organisations.add(organisation)
        work.signing_keys.create(organisation.id, DID, work.now)
    return database


def a_worker(database: Database) -> OwnPublications:
    return OwnPublications(database, (BASE,), database.clock)


def reserve(database: Database, subject: str) -> StatusEntry:
    with database.transaction() as work:
        return work.statuses.reserve(subject, DID, ("revocation",), work.now)[0]


def set_clock(database: Database, to: dt.datetime) -> None:
    assert isinstance(database.clock, FixedClock)
    database.clock.instant = to


def bit(worker: OwnPublications, entry: StatusEntry) -> int:
    document = worker.status_list(entry.list_url)
    assert document is not None
    return int(read_status(json.loads(document)["credentialSubject"]["encodedList"], entry.index))


def revoke(database: Database, subject: str, since: dt.datetime) -> None:
    with database.transaction() as work:
        work.statuses.set(subject, "revocation", since=since, now=work.now)


def test_a_bit_that_is_to_be_set_later_stays_clear_until_then(published: Database) -> None:
    entry, worker = reserve(published, "subject"), a_worker(published)
    since = NOON + dt.timedelta(days=2)
    revoke(published, "subject", since)
    for now, expected in (
        (NOON, 0),
        (since - dt.timedelta(microseconds=1), 0),
        (since, 1),
        (since + dt.timedelta(days=90), 1),
    ):
        set_clock(published, now)
        assert bit(worker, entry) == expected
        assert bit(a_worker(published), entry) == expected


def test_two_workers_hand_out_the_same_bytes(published: Database) -> None:
    entry = reserve(published, "subject")
    revoke(published, "subject", NOON)
    one, other = a_worker(published), a_worker(published)
    first = one.status_list(entry.list_url)
    set_clock(published, NOON + dt.timedelta(hours=5))
    assert other.status_list(entry.list_url) == first
    assert one.status_list(entry.list_url) == first
    set_clock(published, NOON + dt.timedelta(days=1))
    assert one.status_list(entry.list_url) != first  # signed anew each day, or it would go stale
    assert one.status_list(entry.list_url) == other.status_list(entry.list_url)


def test_a_change_is_seen_by_a_second_worker_at_once(published: Database) -> None:
    entry = reserve(published, "subject")
    one, other = a_worker(published), a_worker(published)
    assert (bit(one, entry), bit(other, entry)) == (0, 0)
    set_clock(published, NOON + dt.timedelta(minutes=1))
    revoke(published, "subject", published.clock.now())
    assert (bit(one, entry), bit(other, entry)) == (1, 1)


def test_a_list_is_found_by_its_id_and_its_address(published: Database) -> None:
    entry, worker = reserve(published, "subject"), a_worker(published)
    identifier = entry.list_url.rpartition("/")[2]
    assert worker.list_by_id(identifier) == worker.status_list(entry.list_url)
    assert worker.list_by_id("another") is None
    assert worker.status_list("https://elsewhere.example/status/1") is None
    with pytest.raises(StatusListUnreachable):
        worker.status_list(f"{BASE}/status/another")


def test_own_did_documents_are_answered_and_foreign_ones_left_to_others(
    published: Database,
) -> None:
    worker = a_worker(published)
    document = worker.did_document(DID)
    assert document is not None
    assert document["id"] == DID
    assert worker.organisation_document("one") == document
    assert worker.organisation_document("one-id") is None  # an id is no slug
    assert worker.did_document("did:web:elsewhere.example") is None
    assert worker.did_document(service_did(BASE)) is not None
    with pytest.raises(DidInvalid):
        worker.did_document(f"{service_did(BASE)}:orgs:nobody")


@pytest.mark.parametrize(
    ("url", "own"),
    [
        (f"{BASE}/status/1", True),
        (f"{BASE}/v/CODE", True),
        ("http://localhost:8001/status/1", False),
        ("https://localhost:8000/status/1", False),
        ("http://localhost:8000.evil.example/status/1", False),
    ],
)
def test_own_addresses_are_known(url: str, own: bool) -> None:
    assert is_own_address(url, (BASE,)) is own
