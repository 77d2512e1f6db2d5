"""Status positions: unique whoever races, random to look at, and what they say."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise

import pytest
from sqlalchemy import select, update

from skillpassport.credentials.model import PositionsWanted
from skillpassport.db.failures import ConstraintBroken
from skillpassport.db.statuses import EVERY_PURPOSE, LIST_LENGTH
from skillpassport.db.tables.credentials import status_lists
from skillpassport.db.unit_of_work import Database
from skillpassport.organisations.model import Organisation, OrganisationId, OrganisationKind
from skillpassport.vc.bitstring_status import StatusEntry
from skillpassport.vc.status_forms import StatusForm
from tests.support.database import NOON, later

DID = "did:web:skills.example:orgs:one"
BOTH = ("revocation", "suspension")


@pytest.fixture
def owned(database: Database) -> Database:
    """Add an organisation that lists can belong to."""
    organisation = Organisation(
        id=OrganisationId("one"), slug="one", name={"en": "One"}, kind=OrganisationKind.PROVIDER,
        country="GH", did=DID, registered_at=NOON,
    )  # fmt: skip
    with database.transaction() as work:
        work.organisations.add(organisation)
    return database


def reserve(database: Database, subject: str) -> tuple[StatusEntry, ...]:
    with database.transaction() as work:
        return work.statuses.reserve(subject, DID, BOTH, work.now)


def test_eight_threads_never_get_the_same_position(owned: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        reserved = list(pool.map(lambda n: reserve(owned, f"subject-{n}"), range(64)))
    for purpose in BOTH:
        taken = [
            (entry.list_url, entry.index)
            for entries in reserved
            for entry in entries
            if entry.purpose == purpose
        ]
        assert len(set(taken)) == 64
    with owned.snapshot() as work:
        found = work.statuses.of([f"subject-{n}" for n in range(64)])
    assert set(found.values()) == set(reserved)


def test_positions_tell_nothing_of_the_order(owned: Database) -> None:
    """Neighbours in time are not neighbours in the list, and both halves are used."""
    indexes = [reserve(owned, f"subject-{n}")[0].index for n in range(40)]
    assert indexes != sorted(indexes)
    assert sum(abs(one - other) == 1 for one, other in pairwise(indexes)) < 3
    assert min(indexes) < LIST_LENGTH / 3
    assert max(indexes) > LIST_LENGTH * 2 / 3
    assert {index % 2 for index in indexes} == {0, 1}


def test_one_subject_has_one_position_for_a_purpose(owned: Database) -> None:
    reserve(owned, "subject")
    with pytest.raises(ConstraintBroken):
        reserve(owned, "subject")


def test_a_bit_is_set_from_an_instant_on_and_cleared_again(owned: Database) -> None:
    (revocation, suspension) = reserve(owned, "subject")
    reserve(owned, "other")
    since = NOON + dt.timedelta(days=3)
    later(owned)
    with owned.transaction() as work:
        work.statuses.set("subject", "suspension", since=since, now=work.now)
    with owned.snapshot() as work:
        suspensions = work.statuses.list_at(suspension.list_url)
        revocations = work.statuses.list_at(revocation.list_url)
        assert suspensions is not None
        assert revocations is not None
        assert work.statuses.changes(suspensions.id) == [(suspension.index, since)]
        assert work.statuses.changes(revocations.id) == []
        assert (suspensions.revision, revocations.revision) == (1, 0)
        assert suspensions.changed_at == NOON + dt.timedelta(seconds=1)
        assert work.statuses.list_by_id(suspensions.id) == suspensions
        assert set(work.statuses.all_lists()) == {suspensions, revocations}
    with owned.transaction() as work:
        work.statuses.clear("subject", "suspension", now=work.now)
    with owned.snapshot() as work:
        assert work.statuses.changes(suspensions.id) == []


def test_closed_and_full_lists_hand_out_nothing_more(owned: Database) -> None:
    first = reserve(owned, "one")
    with owned.transaction() as work:
        work.statuses.close_all(work.now)
    second = reserve(owned, "two")
    with owned.transaction() as work:
        work.connection.execute(update(status_lists).values(reserved=LIST_LENGTH))
    third = reserve(owned, "three")
    urls = [{entry.list_url for entry in entries} for entries in (first, second, third)]
    assert len(set.union(*urls)) == 6


def test_many_positions_are_taken_at_once_across_lists_that_fill_up(owned: Database) -> None:
    reserve(owned, "first")
    with owned.transaction() as work:
        nearly = status_lists.c.purpose == "revocation"
        work.connection.execute(update(status_lists).where(nearly).values(reserved=LIST_LENGTH - 2))
        wanted = [PositionsWanted(f"subject-{n}", BOTH) for n in range(5)]
        wanted.insert(2, PositionsWanted("token", BOTH, StatusForm.TOKEN))
        wanted.append(PositionsWanted("badge", BOTH[:1]))
        wanted.append(PositionsWanted("nothing", ()))
        taken = work.statuses.reserve_many(wanted, DID, work.now)
    assert [[entry.purpose for entry in each] for each in taken] == [
        list(each.purposes) for each in wanted
    ]
    revocations = [each[0].list_url for each in taken if len(each) and each is not taken[2]]
    assert [revocations.index(url) for url in revocations] == [0, 0, 2, 2, 2, 2]
    assert len({entry.list_url for each in taken for entry in each}) == 4
    assert taken[2][0].index == taken[2][1].index
    with owned.snapshot() as work:
        found = work.statuses.of([each.subject for each in wanted])
        reserved = work.connection.execute(select(status_lists.c.reserved))
        assert sorted(reserved.scalars()) == sorted([LIST_LENGTH, 4, 6, 1])
    assert found == {each.subject: got for each, got in zip(wanted, taken, strict=True) if got}
    indexes = {(entry.list_url, entry.index) for each in taken for entry in each}
    assert len(indexes) == 12


def test_a_transaction_that_is_rolled_back_reserves_nothing(owned: Database) -> None:
    with suppress(RuntimeError), owned.transaction() as work:
        work.statuses.reserve("lost", DID, BOTH, work.now)
        raise RuntimeError
    with owned.snapshot() as work:
        assert work.statuses.of(["lost"]) == {}
        assert work.statuses.all_lists() == []


def test_purposes_share_a_position_where_one_value_tells_of_both(owned: Database) -> None:
    with owned.transaction() as work:
        token = work.statuses.reserve("one", DID, BOTH, work.now, form=StatusForm.TOKEN)
        beside = work.statuses.reserve("two", DID, BOTH, work.now, form=StatusForm.TOKEN)
        alone = work.statuses.reserve("three", DID, BOTH[:1], work.now, form=StatusForm.TOKEN)
    assert [entry.purpose for entry in token] == [*BOTH]
    assert len({(entry.list_url, entry.index) for entry in token}) == 1
    assert token[0].list_url == beside[0].list_url
    assert token[0].index != beside[0].index
    assert alone[0].list_url != token[0].list_url
    later(owned)
    with owned.transaction() as work:
        work.statuses.set("one", "suspension", since=work.now, now=work.now)
        work.statuses.set("two", "revocation", since=work.now, now=work.now)
    with owned.snapshot() as work:
        assert work.statuses.of(["one"]) == {"one": token}
        found = work.statuses.list_at(token[0].list_url)
        assert found is not None
        assert (found.purpose, found.revision) == (EVERY_PURPOSE, 2)
        suspended = work.statuses.changes(found.id, "suspension")
        revoked = work.statuses.changes(found.id, "revocation")
    assert [index for index, _ in suspended] == [token[0].index]
    assert [index for index, _ in revoked] == [beside[0].index]
