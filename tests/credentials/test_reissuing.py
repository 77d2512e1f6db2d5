"""Signing anew what a stolen key had signed: what changes, what stays, and what is never signed."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select, text, update

from skillpassport.credentials.model import Format
from skillpassport.credentials.reissuing import Fate, Tally
from skillpassport.credentials.securing import secure
from skillpassport.db.erasure import erase_subject
from skillpassport.db.tables.credentials import credentials
from skillpassport.organisations.model import Organisation
from skillpassport.organisations.signing_keys import ActiveSigner
from skillpassport.transparency.audit import Finding
from tests.support.awards import Json, Member, Story, a_story, outcome_of
from tests.support.instances import Served


@pytest.fixture
def anywhere(served_anywhere: Served) -> Story:
    return a_story(served_anywhere)


def college(story: Story) -> Organisation:
    found = story.served.instance.organisation("college")
    assert found is not None
    return found


def stolen(story: Story) -> ActiveSigner:
    with story.served.instance.database.snapshot() as work:
        return work.signing_keys.active(college(story).id, work.now)


def revoke(story: Story) -> ActiveSigner:
    """Revoke the key in use an hour from now; return it."""
    key = stolen(story)
    story.served.pass_time(hours=1)
    story.served.instance.revoke_key("college", key.verification_method)
    story.served.pass_time(hours=1)
    return key


def run(story: Story, **options: Member) -> Tally:
    return story.served.instance.reissue(college(story), **options)


def owned(story: Story, made: Json) -> Json:
    return story.served.get(f"/api/v1/credentials/{made['id']}", story.provider.key).json()


def findings(story: Story) -> tuple[Finding, ...]:
    story.served.pass_time(seconds=1)
    story.served.instance.sequencer().sequence_once()
    return story.served.instance.verify_log().findings


def test_what_was_recorded_before_holds_again_and_stays_what_it_was(anywhere: Story) -> None:
    story, made = anywhere, {}
    for form in ("vcdm", "open-badge", "vc+jwt", "sd-jwt-vc"):
        made[form] = story.award(format=form)
    key = revoke(story)
    assert run(story).fates == {Fate.SIGNED_ANEW: len(made)}
    for old in made.values():
        new = owned(story, old)
        changed = {name for name in old if old[name] != new[name]}
        assert changed == {"document", "reissued_at"}, "id, code, entries and recording stay"
        if isinstance(old["document"], dict):
            assert claims(old["document"]) == claims(new["document"])
        for report in (story.verify(new["document"]), story.verify_code(old["code"])):
            assert (report["verdict"], outcome_of(report, "key-revoked-later")) == ("valid", None)
            assert report["award"]["recorded_at"] == old["issued_at"]
        in_hand = story.verify(old["document"])
        assert in_hand["verdict"] == "valid"
        assert outcome_of(in_hand, "key-revoked-later") == "warned"
        assert key.key.fragment not in json.dumps(new["document"])
    assert findings(story) == ()


def test_to_run_again_signs_nothing_twice(anywhere: Story) -> None:
    made = anywhere.award()
    revoke(anywhere)
    run(anywhere)
    first = owned(anywhere, made)
    assert run(anywhere).fates == {Fate.IN_ORDER: 1}
    assert owned(anywhere, made) == first


def test_a_dry_run_counts_and_changes_nothing(story: Story) -> None:
    made = story.award()
    before = owned(story, made)
    revoke(story)
    assert run(story, dry_run=True).fates == {Fate.SIGNED_ANEW: 1}
    assert owned(story, made)["document"] == before["document"]
    assert run(story).fates == {Fate.SIGNED_ANEW: 1}


def test_a_run_goes_on_where_the_last_one_ended(story: Story) -> None:
    for _ in range(5):
        story.served.pass_time(minutes=1)
        story.award()
    revoke(story)
    seen, place = [], None
    for _ in range(3):
        tally = run(story, after=place, limit=2)
        seen.append(tally.looked_at)
        place = tally.place
    assert (seen, place) == ([2, 2, 1], None)
    assert run(story).fates == {Fate.IN_ORDER: 5}


def test_a_run_that_dies_in_the_middle_is_begun_again(anywhere: Story) -> None:
    made = [anywhere.award() for _ in range(3)]
    revoke(anywhere)
    with dying_after(anywhere, 1), pytest.raises(KeyboardInterrupt):
        run(anywhere)
    signed = [each for each in made if owned(anywhere, each)["reissued_at"] is not None]
    assert len(signed) == 1, "what was done stays done, and nothing is half done"
    assert run(anywhere).fates == {Fate.SIGNED_ANEW: 2, Fate.IN_ORDER: 1}
    assert findings(anywhere) == ()


@contextmanager
def dying_after(story: Story, number: int) -> Iterator[None]:
    """Kill the run while it holds the transaction after so many awards."""
    reissue = story.served.instance.reissue
    whole, begun = reissue.transaction, iter(range(number))

    @contextmanager
    def transaction() -> Iterator[Any]:
        with whole() as ledger:
            yield ledger
            if next(begun, None) is None:
                raise KeyboardInterrupt

    object.__setattr__(reissue, "transaction", transaction)
    try:
        yield
    finally:
        object.__setattr__(reissue, "transaction", whole)


def test_runs_beside_each_other_sign_each_award_once(anywhere: Story) -> None:
    made = [anywhere.award() for _ in range(6)]
    revoke(anywhere)
    with ThreadPoolExecutor(3) as pool:
        tallies = [each.result() for each in [pool.submit(run, anywhere) for _ in range(3)]]
    assert sum(each.fates[Fate.SIGNED_ANEW] for each in tallies) == len(made)
    assert [each.refused for each in tallies] == [(), (), ()]
    assert findings(anywhere) == ()


def test_a_second_theft_is_survived_as_well(story: Story) -> None:
    made = story.award()
    revoke(story)
    run(story)
    between = owned(story, made)["document"]
    revoke(story)
    assert outcome_of(story.verify(between), "key-revoked-later") == "warned"
    assert run(story).fates == {Fate.SIGNED_ANEW: 1}
    report = story.verify_code(made["code"])
    assert (report["verdict"], outcome_of(report, "key-revoked-later")) == ("valid", None)
    assert findings(story) == ()


def test_an_accreditation_that_has_run_out_since_does_not_stand_in_the_way(story: Story) -> None:
    made = story.award()
    revoke(story)
    story.served.set_day("2029-01-01")
    story.served.instance.rotate_key("college")
    assert run(story).fates == {Fate.SIGNED_ANEW: 1}
    assert story.verify_code(made["code"])["verdict"] == "valid"
    assert story.ask_to_award().status_code == 403


def test_a_suspended_award_stays_suspended_and_a_final_one_is_left(anywhere: Story) -> None:
    suspended, revoked, replaced = (anywhere.award() for _ in range(3))
    revoke(anywhere)
    for made, action in ((suspended, "suspend"), (revoked, "revoke"), (replaced, "supersede")):
        assert anywhere.change(made["id"], action).is_success
    tally = run(anywhere)
    assert tally.fates == {Fate.SIGNED_ANEW: 1, Fate.FINAL: 2}
    report = anywhere.verify(owned(anywhere, suspended)["document"])
    assert (report["verdict"], outcome_of(report, "credential-suspended")) == ("invalid", "failed")
    anywhere.change(suspended["id"], "reinstate")
    assert anywhere.verify_code(suspended["code"])["verdict"] == "valid"


def test_an_award_of_an_erased_person_is_passed_over(anywhere: Story) -> None:
    gone, stays = anywhere.award(), anywhere.award()
    revoke(anywhere)
    database = anywhere.served.instance.database
    with database.snapshot() as work:
        query = select(credentials.c.subject).where(credentials.c.id == gone["id"])
        subject = work.connection.execute(query).scalar_one()
    erase_subject(database, subject, reason="retention ended")
    assert run(anywhere).fates == {Fate.SIGNED_ANEW: 1, Fate.ERASED: 1}
    assert anywhere.verify_code(stays["code"])["verdict"] == "valid"
    assert findings(anywhere) == ()


def test_erasing_a_person_takes_the_new_document_too(story: Story) -> None:
    made = story.award()
    revoke(story)
    run(story)
    database = story.served.instance.database
    with database.snapshot() as work:
        subject = work.connection.execute(select(credentials.c.subject)).scalar_one()
    erase_subject(database, subject, reason="retention ended")
    path = f"/api/v1/credentials/{made['id']}"
    assert story.served.get(path, story.provider.key).status_code == 410
    assert findings(story) == ()


def test_nothing_is_signed_anew_where_no_key_was_stolen(story: Story) -> None:
    story.award()
    story.served.instance.rotate_key("college")
    assert run(story).fates == {}
    assert story.served.instance.reissue.count(college(story)) == 0


def test_what_was_recorded_afterwards_is_never_signed_anew(story: Story) -> None:
    first = revoke(story)
    second = stolen(story)
    with signing(story, first, instead_of=second):
        made = story.award()
    revoke(story)
    assert run(story).fates == {Fate.RECORDED_LATER: 1}
    assert owned(story, made)["reissued_at"] is None
    assert story.verify_code(made["code"])["verdict"] == "invalid"


@contextmanager
def signing(story: Story, key: ActiveSigner, *, instead_of: ActiveSigner) -> Iterator[None]:
    """Let a revoked key sign in the place of the one in use."""
    revoked_at = "UPDATE signing_keys SET revoked_at = :at WHERE id = :key"
    retired_at = "UPDATE signing_keys SET retired_at = :at WHERE id = :key"
    database = story.served.instance.database
    with database.transaction() as work:
        at = work.connection.scalar(
            text("SELECT revoked_at FROM signing_keys WHERE id = :key"), {"key": key.key.id}
        )
        work.connection.execute(text(revoked_at), {"at": None, "key": key.key.id})
        work.connection.execute(text(retired_at), {"at": at, "key": instead_of.key.id})
    yield
    with database.transaction() as work:
        work.connection.execute(text(revoked_at), {"at": at, "key": key.key.id})
        work.connection.execute(text(retired_at), {"at": None, "key": instead_of.key.id})


def test_a_row_that_was_edited_is_refused(story: Story) -> None:
    made = story.award()
    revoke(story)
    with story.served.instance.database.transaction() as work:
        work.connection.execute(text("UPDATE credentials SET awarded_on = '2025-06-26'"))
    assert run(story).refused == ((made["id"], "not-as-recorded"),)
    assert owned(story, made)["reissued_at"] is None


def test_a_document_exchanged_under_its_seal_is_refused(story: Story) -> None:
    """Whoever holds the person's key can seal another document, but not unsay the log."""
    key, made = stolen(story), story.award()
    better = claims(made["document"]) | {"name": "Chief welding engineer"}
    forged = secure(better, Format.VCDM, key, story.served.clock.now())
    revoke(story)
    put_in_place(story, made["id"], forged.text)
    tally = run(story)
    assert tally.refused == ((made["id"], "not-as-recorded"),)
    assert tally.fates == {Fate.REFUSED: 1}


def put_in_place(story: Story, credential: str, document: str) -> None:
    """Exchange a sealed document as somebody could who holds every key of the instance."""
    with story.served.instance.database.transaction() as work:
        row = work.connection.execute(
            select(credentials.c.sealed, credentials.c.subject, credentials.c.issued_at).where(
                credentials.c.id == credential
            )
        ).one()
        key = story.served.instance.subject_keys.get(row.subject)
        context = f"credential:{credential}"
        opened = json.loads(key.open(row.sealed, context=context)) | {"document": document}
        sealed = key.seal(json.dumps(opened).encode(), context=context)
        work.connection.execute(
            update(credentials).where(credentials.c.id == credential).values(sealed=sealed)
        )


def claims(document: Json) -> Json:
    return {name: each for name, each in document.items() if name != "proof"}
