"""What the instance publishes of itself: the same bytes in every worker, and nothing too early."""

import datetime as dt
import json

import pytest

from skillpassport.clock import FixedClock
from skillpassport.db.publications import OwnPublications, is_own_address
from skillpassport.db.signed_lists import SIGNED_IN_A_WINDOW, WINDOW_SECONDS, SignedLists
from skillpassport.db.statuses import StatusList
from skillpassport.db.unit_of_work import Database, UnitOfWork
from skillpassport.organisations.model import (
    SERVICE,
    Organisation,
    OrganisationId,
    OrganisationKind,
    service_did,
)
from skillpassport.vc.bitstring_status import StatusEntry, read_status
from skillpassport.vc.controllers import ASSERTION, resolve_verification_method
from skillpassport.vc.did import DidInvalid
from skillpassport.vc.jose import parse_jws, verify_jws
from skillpassport.vc.status_forms import StatusForm
from skillpassport.vc.status_refusals import StatusListUnreachable
from skillpassport.vc.token_status import (
    check_status_list_header,
    read_status_list_cwt,
    read_status_list_token,
)
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
    by_id = worker.list_by_id(identifier)
    assert by_id is not None
    assert by_id.document == worker.status_list(entry.list_url)
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


def reserve_token(database: Database, subject: str) -> StatusEntry:
    with database.transaction() as work:
        return work.statuses.reserve(
            subject, DID, ("revocation",), work.now, form=StatusForm.TOKEN
        )[0]


def status(worker: OwnPublications, entry: StatusEntry) -> int:
    """Read a status as a stranger would who verified the list's signature."""
    document = worker.status_list(entry.list_url)
    assert document is not None
    jws = parse_jws(document.decode())
    check_status_list_header(jws)
    kid = str(jws.header["kid"])
    published = worker.did_document(kid.partition("#")[0])
    assert published is not None
    key = resolve_verification_method(published, kid, ASSERTION, now=NOON).public_key
    assert verify_jws(jws, key)
    token = read_status_list_token(jws.payload)
    assert (token.uri, token.issuer) == (entry.list_url, DID)
    return token.statuses.status(entry.index)


def test_a_token_list_says_what_happened_to_its_tokens_alone(published: Database) -> None:
    entry, other = reserve_token(published, "one"), reserve_token(published, "other")
    bitstring, worker = reserve(published, "third"), a_worker(published)
    assert entry.list_url == other.list_url != bitstring.list_url
    assert status(worker, entry) == status(worker, other) == 0
    revoke(published, "one", NOON)
    assert (status(worker, entry), status(worker, other)) == (1, 0)
    assert bit(worker, bitstring) == 0


def test_a_token_list_is_the_same_in_both_formats_and_in_every_worker(published: Database) -> None:
    entry = reserve_token(published, "one")
    revoke(published, "one", NOON)
    identifier = entry.list_url.rpartition("/")[2]
    lists = [
        a_worker(published).list_by_id(identifier, as_cwt=as_cwt) for as_cwt in (False, True) * 2
    ]
    assert all(lists)
    as_jwt, as_cwt, *again = [each for each in lists if each]
    assert again == [as_jwt, as_cwt]
    assert as_jwt.media_type == "application/statuslist+jwt"
    assert as_cwt.media_type == "application/statuslist+cwt"
    assert (
        read_status_list_cwt(as_cwt.document).payload == parse_jws(as_jwt.document.decode()).payload
    )
    bitstring = reserve(published, "two").list_url.rpartition("/")[2]
    plain = a_worker(published).list_by_id(bitstring, as_cwt=True)
    assert plain is not None
    assert plain.media_type == "application/vc"


def test_a_list_whose_bits_turn_by_the_hundred_is_signed_a_few_times_only(
    published: Database,
) -> None:
    second = [0.0]
    lists = SignedLists(published.clock, lambda: second[0])
    entry = reserve(published, "0")
    given: set[bytes] = set()
    for number in range(1, 50):
        reserve(published, str(number))
        revoke(published, str(number), NOON)
        with published.snapshot() as work:
            given.add(lists.recent(work, listed(work, entry)).document)
    assert len(given) == SIGNED_IN_A_WINDOW
    with published.snapshot() as work:
        newest = SignedLists(published.clock).current(work, listed(work, entry)).document
        assert lists.recent(work, listed(work, entry)).document != newest
        second[0] += WINDOW_SECONDS
        assert lists.recent(work, listed(work, entry)).document == newest
        assert newest not in given


def listed(work: UnitOfWork, entry: StatusEntry) -> StatusList:
    found = work.statuses.list_at(entry.list_url)
    assert found is not None
    return found
