"""What is remembered between verifications never hides what somebody else has changed since."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event, select

from skillpassport.bootstrap import open_instance
from skillpassport.db.erasure import erase_subject
from skillpassport.db.tables.credentials import credentials
from skillpassport.organisations.model import OrganisationId
from tests.support.awards import PERSON, Json, Story, a_story, outcome_of
from tests.support.instances import Served, an_instance


@pytest.fixture
def story_anywhere(served_anywhere: Served) -> Story:
    return a_story(served_anywhere)


@contextmanager
def elsewhere(story: Story) -> Iterator[Story]:
    """Open the same databases a second time, as another worker does."""
    settings = story.served.instance.settings
    url = settings.database_url.get_secret_value() if settings.database_url else None
    with an_instance(story.served.folder, story.served.clock, database_url=url) as other:
        yield replace(story, served=other)


def suspend(story: Story, made: Json) -> None:
    assert story.change(made["id"], "suspend").status_code == 200


def revoke(story: Story, made: Json) -> None:
    assert story.change(made["id"], "revoke").status_code == 200


def withdraw(story: Story, _made: Json) -> None:
    with story.served.instance.database.snapshot() as work:
        (accreditation,) = work.accreditations.of(OrganisationId(story.provider.id))
    assert story.withdraw(accreditation.id, "2025-01-01").status_code == 200


def end_key(story: Story, made: Json) -> None:
    method = made["document"]["proof"]["verificationMethod"]
    story.served.pass_time(hours=1)
    story.served.instance.revoke_key("college", method)
    story.served.pass_time(hours=1)


def erase(story: Story, made: Json) -> None:
    database = story.served.instance.database
    with database.snapshot() as work:
        query = select(credentials.c.subject).where(credentials.c.id == made["id"])
        subject = work.connection.execute(query).scalar_one()
    erase_subject(database, subject, reason="retention ended")


CHANGES: list[tuple[Callable[[Story, Json], None], str]] = [
    (suspend, "credential-suspended"),
    (revoke, "credential-revoked"),
    (withdraw, "issuer-accreditation-withdrawn"),
    (end_key, "key-revoked-later"),
]


@pytest.mark.parametrize(("change", "code"), CHANGES, ids=[code for _, code in CHANGES])
def test_the_very_next_verification_sees_what_another_worker_changed(
    story_anywhere: Story, change: Callable[[Story, Json], None], code: str
) -> None:
    made = story_anywhere.award()
    with elsewhere(story_anywhere) as other:
        for _ in range(3):
            assert story_anywhere.verify(made["document"])["verdict"] == "valid"
            assert story_anywhere.verify_code(made["code"])["verdict"] == "valid"
        change(other, made)
        assert outcome_of(story_anywhere.verify(made["document"]), code) is not None
        assert outcome_of(story_anywhere.verify_code(made["code"]), code) is not None


def test_an_erased_person_is_forgotten_at_once(story_anywhere: Story) -> None:
    made = story_anywhere.award()
    with elsewhere(story_anywhere) as other:
        for _ in range(3):
            assert story_anywhere.verify_code(made["code"])["verdict"] == "valid"
        assert PERSON in repr(story_anywhere.served.instance.facts.page().facts)
        erase(other, made)
        answer = story_anywhere.served.post("/api/v1/verifications", {"code": made["code"]})
        assert answer.status_code == 410
        page = story_anywhere.served.instance.facts.page()
        assert PERSON not in repr(page.facts)


def test_a_credential_is_valid_again_when_another_worker_lifts_a_suspension(
    story_anywhere: Story,
) -> None:
    made = story_anywhere.award()
    with elsewhere(story_anywhere) as other:
        suspend(other, made)
        assert story_anywhere.verify(made["document"])["verdict"] == "invalid"
        assert other.change(made["id"], "reinstate").status_code == 200
        assert story_anywhere.verify(made["document"])["verdict"] == "valid"


def test_what_was_unknown_is_known_once_another_worker_has_registered_it(story: Story) -> None:
    with elsewhere(story) as other:
        story.verify(other.award()["document"])
        made = other.award()
        assert story.verify(made["document"])["verdict"] == "valid"


def test_time_passes_without_any_change(story: Story) -> None:
    """Neither a list of yesterday nor a period that has ended is in force for being remembered."""
    made = story.award(valid_until="2026-03-05")
    for _ in range(2):
        assert story.verify(made["document"])["verdict"] == "valid"
    story.served.set_day("2026-03-04")
    assert story.verify(made["document"])["verdict"] == "valid"
    story.served.set_day("2026-03-20")
    report = story.verify(made["document"])
    assert outcome_of(report, "credential-expired") == "failed"
    assert outcome_of(report, "status-clear") == "passed"


def test_a_credential_that_was_seen_before_asks_no_database(story: Story) -> None:
    made = story.award()
    story.verify(made["document"])
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    for engine in story.served.instance.engines:
        event.listen(engine, "before_cursor_execute", note)
    assert story.verify(made["document"])["verdict"] == "valid"
    assert not asked


def test_an_instance_can_be_closed_and_used_again(story: Story) -> None:
    made = story.award()
    story.verify(made["document"])
    story.served.instance.close()
    assert story.verify(made["document"])["verdict"] == "valid"


def test_verifying_at_once_never_reads(story: Story) -> None:
    made = story.award()
    with_its_own_memory = open_instance(story.served.instance.settings, clock=story.served.clock)
    try:
        assert with_its_own_memory.verify_at_once(made["document"]) is None
        found = with_its_own_memory.verify.document(made["document"])
        at_once = with_its_own_memory.verify_at_once(made["document"])
        assert at_once == found
    finally:
        with_its_own_memory.close()


def test_what_awards_of_one_kind_share_is_asked_once_until_somebody_commits(story: Story) -> None:
    instance, statements = story.served.instance, list[str]()
    who = instance.authenticate(story.provider.key)
    assert who is not None

    def count(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(instance.database.engine, "before_cursor_execute", count)
    first = instance.own_achievement(who, "welding")
    asked = len(statements)
    assert instance.own_achievement(who, "welding") == first
    assert len(statements) == asked > 0
    with elsewhere(story) as other:
        other.define(slug="later")
    assert instance.own_achievement(who, "later")[1].slug == "later"
    assert len(statements) > asked
