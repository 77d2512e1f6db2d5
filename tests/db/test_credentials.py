"""Achievements and credentials: what a store is given, it gives back; nobody else reads it."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from skillpassport.credentials.model import (
    Achievement,
    AchievementId,
    Action,
    Award,
    IssuedCredential,
    ReasonCode,
    SignedAward,
    State,
    StatusEvent,
)
from skillpassport.credentials.searching import CredentialFilter
from skillpassport.db.failures import ConstraintBroken
from skillpassport.db.unit_of_work import Database
from skillpassport.identifiers import new_id
from skillpassport.organisations.model import SERVICE, SlugTaken
from tests.support.database import NOON
from tests.support.values import achievements, awards, credentials, instants, organisations, texts

on_one_database = settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def an_achievement(database: Database, data: st.DataObject) -> Achievement:
    organisation = data.draw(organisations())
    made = data.draw(achievements(organisation.id))
    with database.transaction() as work:
        if not work.signing_keys.of(SERVICE):
            work.organisation_keys.create(SERVICE)
            work.signing_keys.create(SERVICE, "did:web:a", work.now)
        work.organisations.add(organisation)
        work.achievements.add(made)
    return made


def add(database: Database, credential: IssuedCredential, award: Award) -> str:
    """Write a credential; return the id of its subject."""
    key = database.subject_keys.create()
    with database.transaction() as work:
        signed = SignedAward(
            credential=credential,
            award=award,
            subject_key=key,
            content=credential.id.encode(),
            octets=credential.document.encode(),
        )
        work.credentials.add([signed])
    return key.id


@on_one_database
@given(data=st.data())
def test_an_achievement_comes_back_as_it_was(database: Database, data: st.DataObject) -> None:
    made = an_achievement(database, data)
    with database.snapshot() as work:
        store = work.achievements
        assert store.get(made.id, made.organisation) == made
        assert store.get(made.slug, made.organisation) == made
        assert store.by_id(made.id) == made
        assert store.of(made.organisation, limit=5) == [made]
        assert store.of(made.organisation, limit=5, after=(made.registered_at, made.id)) == []
    with pytest.raises(SlugTaken), database.transaction() as work:
        work.achievements.add(replace(made, id=AchievementId(new_id())))


@on_one_database
@given(data=st.data())
def test_a_credential_comes_back_as_it_was(database: Database, data: st.DataObject) -> None:
    award = data.draw(awards(an_achievement(database, data)))
    made = data.draw(credentials(award))
    subject = add(database, made, award)
    with database.snapshot() as work:
        store = work.credentials
        assert store.get(made.id) == made
        assert store.by_code(made.code) == made
        assert store.by_content(made.id.encode()) == made
        assert store.by_content(b"other") is None
        assert store.award_of(made.id, award.achievement) == award
        assert store.subject_exists(subject)
        assert store.successor_of(made.id) is None


@settings(on_one_database, max_examples=8)
@given(data=st.data(), reason=texts, at=instants)
def test_events_come_back_in_their_order_and_decide_the_state(
    database: Database, data: st.DataObject, reason: str, at: object
) -> None:
    award = data.draw(awards(an_achievement(database, data)))
    made = data.draw(credentials(award))
    add(database, made, award)
    events = tuple(
        StatusEvent(
            id=new_id(),
            credential=made.id,
            position=position,
            action=action,
            reason=reason,
            reason_code=ReasonCode.FRAUD,
            recorded_at=at,  # type: ignore[arg-type]
        )
        for position, action in enumerate((Action.SUSPEND, Action.REINSTATE, Action.REVOKE), 1)
    )
    for event in events:
        with database.transaction() as work:
            work.credentials.add_event(event)
    with database.snapshot() as work:
        found = work.credentials.get(made.id)
    assert found == replace(made, events=events)
    assert found.state is State.REVOKED
    with pytest.raises(ConstraintBroken), database.transaction() as work:
        work.credentials.add_event(replace(events[0], id=new_id()))


@settings(on_one_database, max_examples=3)
@given(data=st.data())
def test_credentials_are_listed_newest_first_and_filtered(
    database: Database, data: st.DataObject
) -> None:
    achievement = an_achievement(database, data)
    made: list[IssuedCredential] = []
    for number in range(4):
        award = data.draw(awards(achievement))
        one = replace(data.draw(credentials(award)), issued_at=NOON.replace(minute=number))
        add(database, one, award)
        made.insert(0, one)
    owner = achievement.organisation
    suspended = StatusEvent(
        id=new_id(), credential=made[1].id, position=1, action=Action.SUSPEND, reason="x",
        reason_code=ReasonCode.OTHER, recorded_at=NOON,
    )  # fmt: skip
    with database.transaction() as work:
        work.credentials.add_event(suspended)

    def listed(wanted: CredentialFilter, limit: int = 10) -> list[str]:
        with database.snapshot() as work:
            return [each.id for each in work.credentials.of(owner, wanted, limit=limit)]

    ids = [each.id for each in made]
    assert listed(CredentialFilter()) == ids
    assert listed(CredentialFilter(), limit=2) == ids[:2]
    assert listed(CredentialFilter(after=(made[1].issued_at, made[1].id))) == ids[2:]
    assert listed(CredentialFilter(state=State.SUSPENDED)) == [ids[1]]
    assert listed(CredentialFilter(state=State.GOOD)) == [ids[0], *ids[2:]]
    assert listed(CredentialFilter(state=State.REVOKED)) == []
    newest_award = max(each.awarded_on for each in made)
    assert set(listed(CredentialFilter(awarded_from=newest_award))) == {
        each.id for each in made if each.awarded_on == newest_award
    }
    assert listed(CredentialFilter(achievement=achievement.id)) == ids


@settings(on_one_database, max_examples=1)
@given(data=st.data())
def test_a_credential_is_replaced_by_one_other_at_most(
    database: Database, data: st.DataObject
) -> None:
    award = data.draw(awards(an_achievement(database, data)))
    old, new, third = (data.draw(credentials(award)) for _ in range(3))
    add(database, old, award)
    add(database, replace(new, supersedes=old.id), award)
    with database.snapshot() as work:
        successor = work.credentials.successor_of(old.id)
        assert work.credentials.get(old.id) == replace(old, superseded_by=new.id)
    assert successor == replace(new, supersedes=old.id)
    with pytest.raises(ConstraintBroken):
        add(database, replace(third, supersedes=old.id), award)


@settings(on_one_database, max_examples=1)
@given(data=st.data())
def test_nothing_about_a_person_stands_in_clear_in_any_row(
    database: Database, data: st.DataObject
) -> None:
    award = data.draw(awards(an_achievement(database, data)))
    award = replace(award, subject=replace(award.subject, name="Abena Mansa Owusu"))
    made = replace(data.draw(credentials(award)), document="signed by Abena Mansa Owusu")
    add(database, made, award)
    with database.snapshot() as work:
        row = work.connection.execute(text("SELECT * FROM credentials")).one()
    everything = " ".join(map(repr, row))
    assert "Abena" not in everything
    assert made.code not in everything
