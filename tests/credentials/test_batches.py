"""A batch of awards is recorded like the same awards one by one, or not at all."""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from skillpassport.credentials import gathering, issuing, recording
from skillpassport.credentials.issuing import MAX_BATCH, BatchSizeUnusable, ids_of_batch
from skillpassport.credentials.model import (
    Award,
    Cryptosuite,
    Evidence,
    Format,
    IdentityCheck,
    IssuedCredential,
    Subject,
)
from skillpassport.credentials.recording import AwardsRefused, Ledger
from skillpassport.credentials.searching import CredentialFilter
from skillpassport.credentials.securing import SecuredDocument, secure
from skillpassport.db.failures import DatabaseBusy
from skillpassport.db.tables import credentials as tables
from skillpassport.db.tables.log import log_entries
from skillpassport.idempotency import AlreadyDone, RequestKey
from skillpassport.organisations.model import Organisation, OrganisationId
from tests.support.awards import AWARDED_ON, Member, Story, a_story
from tests.support.instances import Served
from tests.support.patience import PATIENCE, comes_true

ON = date.fromisoformat(AWARDED_ON)


def issuer_of(story: Story) -> Organisation:
    found = story.served.instance.organisation(story.provider.slug)
    assert found is not None
    return found


def an_award_of(story: Story, **changes: Member) -> Award:
    achievement = story.served.instance.achievement_of(issuer_of(story), "welding")
    assert achievement is not None
    fields: dict[str, Any] = {
        "achievement": achievement,
        "subject": Subject(name="Amina Diallo"),
        "awarded_on": ON,
    }
    return Award(**(fields | changes))


def listed(story: Story) -> list[str]:
    instance = story.served.instance
    found = instance.credentials_of(issuer_of(story), CredentialFilter(), limit=1000)
    return [each.id for each in found]


def rows(story: Story) -> dict[str, int]:
    """Return how many rows there are of everything that an award writes."""
    written = (
        tables.credentials,
        tables.status_entries,
        tables.search_tokens,
        tables.idempotency_keys,
        log_entries,
    )
    with story.served.instance.database.snapshot() as work:
        return {
            table.name: work.connection.scalar(select(func.count()).select_from(table)) or 0
            for table in written
        }


def counters_fit(story: Story) -> bool:
    """Return whether each list has handed out as many positions as there are entries."""
    entries, lists = tables.status_entries.c, tables.status_lists.c
    positions = select(entries.list, entries.index).distinct().subquery()
    handed_out = select(positions.c.list, func.count()).group_by(positions.c.list)
    with story.served.instance.database.snapshot() as work:
        counted = {row[0]: row[1] for row in work.connection.execute(handed_out)}
        counters = work.connection.execute(select(lists.id, lists.reserved))
        reserved = {row.id: row.reserved for row in counters if row.reserved}
    return reserved == counted


# --- the same as one by one ----------------------------------------------------------------------

_OWN = frozenset({"id", "jti", "proof", "credentialStatus", "status", "iat"})
"""Members that are new with each signature."""


def says(story: Story, credential: IssuedCredential) -> dict[str, Any]:
    """Return what a credential and its row say, without what is new each time."""
    database = story.served.instance.database
    if credential.document.startswith("{"):
        document = json.loads(credential.document)
    else:
        document = story.served.instance.verify_credential(credential.document).document or {}
    with database.snapshot() as work:
        kept = work.credentials.get(credential.id)
        achievement = work.achievements.by_id(credential.achievement)
        award = work.credentials.award_of(credential.id, achievement)
        row = work.connection.execute(
            select(tables.credentials).where(tables.credentials.c.id == credential.id)
        ).mappings()
        facts = {**row.one()}
        tokens = set(
            work.connection.scalars(
                select(tables.search_tokens.c.token).where(
                    tables.search_tokens.c.credential == credential.id
                )
            )
        )
    assert kept == credential
    new = {
        "id", "subject", "sealed", "entries", "document_commitment", "content_tag", "code_tag",
        "issued_at",
    }  # fmt: skip
    return {
        "document": {name: value for name, value in document.items() if name not in _OWN},
        "award": award,
        "row": {name: value for name, value in facts.items() if name not in new},
        "purposes": [entry.purpose for entry in credential.entries],
        "tokens": tokens,
    }


def drawn_awards(story: Story) -> st.SearchStrategy[list[Award]]:
    texts = st.text("aąéżżخдk '-<", min_size=1, max_size=12).filter(lambda name: name.strip())
    evidence = st.builds(Evidence, name=texts, narrative=st.none() | texts)
    forms = st.sampled_from(
        [
            (Format.VCDM, None),
            (Format.VCDM, Cryptosuite.EDDSA_RDFC_2022),
            (Format.OPEN_BADGE, None),
            (Format.VC_JWT, None),
            (Format.SD_JWT_VC, None),
        ]
    )

    def an_award(form: tuple[Format, Cryptosuite | None], **fields: Member) -> Award:
        return an_award_of(story, format=form[0], securing=form[1], **fields)

    awards = st.builds(
        an_award,
        form=forms,
        subject=st.builds(Subject, name=texts, birth_date=st.none() | st.just(date(1990, 5, 16))),
        results=st.dictionaries(texts, texts, max_size=2),
        evidence=st.lists(evidence, max_size=1).map(tuple),
        identity_check=st.sampled_from(IdentityCheck),
        valid_until=st.none() | st.just(date(2030, 1, 1)),
    )
    return st.lists(awards, min_size=1, max_size=6)


def test_a_batch_says_what_the_same_awards_say_one_by_one(lasting_story: Story) -> None:
    story = lasting_story
    issue, issuer = story.served.instance.issue, issuer_of(story)

    @settings(max_examples=12, phases=(Phase.explicit, Phase.generate))
    @given(awards=drawn_awards(story))
    def agree(awards: list[Award]) -> None:
        together = issue.batch(issuer, awards)
        alone = [issue(issuer, award) for award in awards]
        assert [says(story, each) for each in together] == [says(story, each) for each in alone]

    agree()
    assert counters_fit(story)


def test_a_batch_is_found_verified_and_in_the_log(served_anywhere: Served) -> None:
    story = a_story(served_anywhere)
    names = [f"Person {number} Ożóg" for number in range(40)]
    awards = [an_award_of(story, subject=Subject(name=name)) for name in names]
    made = story.served.instance.issue.batch(issuer_of(story), awards)
    assert [each.subject_name for each in made] == names
    places = {(entry.list_url, entry.index) for each in made for entry in each.entries}
    assert len(places) == 80
    assert len({each.code for each in made}) == len({each.document_id for each in made}) == 40
    assert sorted(listed(story)) == sorted(each.id for each in made)
    for each in made[::13]:
        assert story.verify(json.loads(each.document))["verdict"] == "valid"
        assert story.verify_code(each.code)["verdict"] == "valid"
        answer = story.served.get(f"/api/v1/credentials/{each.id}", story.provider.key)
        assert answer.json()["log"]["entry"]["kind"] == "credential-issued"
    found = story.served.get("/api/v1/credentials?q=person+17+ozog", story.provider.key).json()
    assert [item["id"] for item in found["items"]] == [made[17].id]
    assert counters_fit(story)


# --- all or nothing ------------------------------------------------------------------------------


def hostile(story: Story) -> dict[int, tuple[Award, str]]:
    """Return awards that are refused, by their place among good ones, with the reason's code."""
    good = an_award_of(story)
    late = replace(good.subject, birth_date=date(2025, 12, 31))
    foreign = replace(good.achievement, organisation=OrganisationId("another"))
    return {
        0: (replace(good, awarded_on=date(2999, 1, 1)), "awarded-in-future"),
        2: (replace(good, subject=late), "awarded-before-birth"),
        3: (replace(good, valid_until=date(2001, 1, 1)), "validity-ends-before-award"),
        5: (
            replace(good, subject=Subject(name="x", id="javascript:alert(1)")),
            "subject-id-unusable",
        ),
        6: (replace(good, awarded_on=date(2019, 1, 1)), "issuer-out-of-period"),
        8: (replace(good, achievement=foreign), "achievement-unknown"),
        9: (
            replace(good, format=Format.VC_JWT, securing=Cryptosuite.EDDSA_JCS_2022),
            "securing-unusable",
        ),
    }


def an_unsignable_award(story: Story) -> Award:
    """Return an award that may be recorded, and whose document is not as its schema says."""
    evidence = (Evidence(name="Test", url="http://[not an address"),)
    return an_award_of(story, securing=Cryptosuite.EDDSA_RDFC_2022, evidence=evidence)


def test_each_bad_award_is_named_by_its_place_and_nothing_is_issued(
    served_anywhere: Served,
) -> None:
    story = a_story(served_anywhere)
    before, bad = rows(story), hostile(story)
    awards = [bad[place][0] if place in bad else an_award_of(story) for place in range(12)]
    with pytest.raises(AwardsRefused) as refused:
        story.served.instance.issue.batch(issuer_of(story), awards)
    told = {each.position: each.cause.code for each in refused.value.refusals}
    assert told == {place: code for place, (_, code) in bad.items()}
    assert rows(story) == before
    assert counters_fit(story)


def test_awards_that_cannot_be_signed_are_named_and_nothing_stays(served_anywhere: Served) -> None:
    story = a_story(served_anywhere)
    before = rows(story)
    unsignable = an_unsignable_award(story)
    awards = [an_award_of(story), unsignable, an_award_of(story), unsignable]
    with pytest.raises(AwardsRefused) as refused:
        story.served.instance.issue.batch(issuer_of(story), awards)
    assert [each.position for each in refused.value.refusals] == [1, 3]
    assert rows(story) == before
    assert counters_fit(story)
    assert len(story.served.instance.issue.batch(issuer_of(story), awards[::2])) == 2


@pytest.mark.parametrize("number", [0, MAX_BATCH + 1])
def test_a_batch_has_a_size(lasting_story: Story, number: int) -> None:
    awards = [an_award_of(lasting_story)] * number
    with pytest.raises(BatchSizeUnusable, match="1 to 500"):
        lasting_story.served.instance.issue.batch(issuer_of(lasting_story), awards)


def test_a_leave_for_one_late_award_serves_one_of_a_batch(served_anywhere: Served) -> None:
    story = a_story(served_anywhere, accredited=False)
    accreditation = story.accredit()
    story.withdraw(accreditation, "2026-01-01")
    story.approve(accreditation, AWARDED_ON)
    issue, issuer, award = story.served.instance.issue, issuer_of(story), an_award_of(story)
    with pytest.raises(AwardsRefused) as refused:
        issue.batch(issuer, [award, award])
    assert [each.position for each in refused.value.refusals] == [1]
    assert len(issue.batch(issuer, [award])) == 1
    with pytest.raises(AwardsRefused):
        issue.batch(issuer, [award])


def test_a_batch_that_ends_in_the_middle_leaves_nothing(
    served_anywhere: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = a_story(served_anywhere)
    before, signed = rows(story), []

    def stop_at_the_third(*args: Member, **named: Member) -> SecuredDocument:
        signed.append(1)
        if len(signed) == 3:
            raise KeyboardInterrupt
        return secure(*args, **named)

    monkeypatch.setattr(recording, "secure", stop_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        story.served.instance.issue.batch(issuer_of(story), [an_award_of(story)] * 5)
    assert rows(story) == before
    assert counters_fit(story)


# --- once ----------------------------------------------------------------------------------------


def test_a_batch_that_is_sent_twice_is_issued_once(served_anywhere: Served) -> None:
    story = a_story(served_anywhere)
    instance, issuer = story.served.instance, issuer_of(story)
    request = RequestKey(owner=issuer.id, key="class of June", fingerprint="f")
    made = instance.issue.batch(issuer, [an_award_of(story)] * 3, request)
    with pytest.raises(AlreadyDone):
        instance.issue.batch(issuer, [an_award_of(story)] * 3, request)
    claim = instance.find_claim(request)
    assert claim is not None
    secret = instance.claim_secret(request, claim)
    assert ids_of_batch(secret) == [each.id for each in made]
    assert sorted(listed(story)) == sorted(each.id for each in made)


# --- single awards that come at the same time ------------------------------------------------------


@contextmanager
def counted(
    opening: Callable[[], AbstractContextManager[Ledger]], opened: list[int]
) -> Iterator[Ledger]:
    opened.append(1)
    with opening() as ledger:
        yield ledger


def test_awards_that_come_at_once_are_each_told_their_own_fate(served_anywhere: Served) -> None:
    story = a_story(served_anywhere)
    issue, issuer = story.served.instance.issue, issuer_of(story)
    refused = hostile(story) | {10: (an_unsignable_award(story), "document-malformed")}
    bad = {place: code for place, (_, code) in refused.items()}
    awards = [
        refused[place][0]
        if place in refused
        else an_award_of(story, subject=Subject(name=f"P{place}"))
        for place in range(12)
    ]

    def told(place: int) -> str:
        try:
            return issue(issuer, awards[place]).subject_name
        except Exception as error:  # noqa: BLE001 - told
            return str(getattr(error, "code", error))

    with ThreadPoolExecutor(12) as pool:
        fates = list(pool.map(told, range(12)))
    assert fates == [bad.get(place, f"P{place}") for place in range(12)]
    assert len(listed(story)) == 12 - len(bad)
    assert counters_fit(story)


def test_what_is_sent_many_times_at_once_is_issued_once_among_others(
    served_anywhere: Served,
) -> None:
    story = a_story(served_anywhere)
    issue, issuer, award = story.served.instance.issue, issuer_of(story), an_award_of(story)
    keys: Sequence[str | None] = ["same", None, "same", "own", "same", None, "same", "other"]

    def told(key: str | None) -> str:
        request = RequestKey(owner=issuer.id, key=key, fingerprint="f") if key else None
        try:
            return issue(issuer, award, request).id
        except AlreadyDone:
            return "again"

    with ThreadPoolExecutor(8) as pool:
        fates = list(pool.map(told, keys))
    assert fates.count("again") == 3
    assert sorted(listed(story)) == sorted(fate for fate in fates if fate != "again")
    assert counters_fit(story)


def test_awards_that_wait_share_a_transaction_and_its_reads(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer, opened = issuer_of(story), list[int]()
    instance = story.served.instance
    monkeypatch.setattr(issuing, "MAX_SECONDS_TOGETHER", float(PATIENCE))
    monkeypatch.setattr(gathering, "MAX_WAIT_SECONDS", float(PATIENCE))
    opening = instance.issue.transaction
    issue = replace(instance.issue, transaction=lambda: counted(opening, opened))
    # Another write keeps the others waiting until all have come.
    with ThreadPoolExecutor(8) as pool:
        with instance.database.transaction():
            asked = [pool.submit(issue, issuer, an_award_of(story)) for _ in range(8)]
            waiting = issue._gathering._queues
            assert comes_true(lambda: sum(map(len, waiting.values())) == 8)
        made = {each.result(PATIENCE).id for each in asked}
    assert (len(made), len(opened)) == (8, 1)


def test_nobody_tries_again_when_it_is_not_known_whether_a_commit_took_place(story: Story) -> None:
    instance, issuer, opened = story.served.instance, issuer_of(story), list[int]()

    @contextmanager
    def losing_the_answer() -> Iterator[Ledger]:
        with counted(instance.issue.transaction, opened) as ledger:
            yield ledger
        raise OSError("the connection was lost")

    issue = replace(instance.issue, transaction=losing_the_answer)
    with pytest.raises(OSError, match="lost"):
        issue(issuer, an_award_of(story))
    assert (len(opened), len(listed(story))) == (1, 1)


def test_whoever_cannot_begin_to_write_is_told_why(story: Story) -> None:
    def busy() -> AbstractContextManager[Ledger]:
        raise DatabaseBusy

    issue = replace(story.served.instance.issue, transaction=busy)
    for _ in range(2):
        with pytest.raises(DatabaseBusy):
            issue(issuer_of(story), an_award_of(story))
