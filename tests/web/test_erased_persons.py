"""What remains of an award once its person was erased: counted by its issuer, valid in the hand."""

import pytest
from sqlalchemy import select

from skillpassport.db.erasure import erase_subject
from skillpassport.db.tables.credentials import credentials
from tests.support.awards import PERSON, Json, Story, a_story
from tests.support.instances import Served

LIST = "/api/v1/credentials"


@pytest.fixture
def anywhere(served_anywhere: Served) -> Story:
    return a_story(served_anywhere)


def erase(story: Story, made: Json) -> None:
    database = story.served.instance.database
    with database.snapshot() as work:
        query = select(credentials.c.subject).where(credentials.c.id == made["id"])
        subject = work.connection.execute(query).scalar_one()
    erase_subject(database, subject, reason="retention ended")


def test_a_list_shows_the_award_without_the_person(anywhere: Story) -> None:
    story = anywhere
    gone = story.award()
    story.served.pass_time(hours=1)
    story.change(gone["id"], "suspend", reason=f"{PERSON} asked for it.")
    stays = story.award()
    erase(story, gone)
    answer = story.served.get(LIST, story.provider.key)
    assert answer.status_code == 200
    listed = {each["id"]: each for each in answer.json()["items"]}
    assert listed.keys() == {gone["id"], stays["id"]}
    assert listed[stays["id"]]["document"] == stays["document"]
    remains = listed[gone["id"]]
    assert remains["erased"] is True
    assert (remains["achievement"], remains["status"]["state"]) == (
        gone["achievement"],
        "suspended",
    )
    assert remains["status"]["entries"] == gone["status"]["entries"]
    assert remains["status"]["events"][0]["reason"] is None
    assert not {"code", "document", "links"} & remains.keys()
    assert (
        len(story.served.get(f"{LIST}?status=suspended", story.provider.key).json()["items"]) == 1
    )
    assert len(story.served.get(f"{LIST}?q=Zuzanna", story.provider.key).json()["items"]) == 1


def test_only_the_award_itself_is_gone(story: Story) -> None:
    gone = story.award()
    erase(story, gone)
    answer = story.served.get(f"{LIST}/{gone['id']}", story.provider.key)
    assert (answer.status_code, answer.json()["code"]) == (410, "subject-erased")
    assert PERSON not in answer.text
    by_code = story.served.post("/api/v1/verifications", {"code": gone["code"]})
    assert (by_code.status_code, by_code.json()["code"]) == (410, "subject-erased")


@pytest.mark.parametrize("form", ["vcdm", "open-badge", "vc+jwt", "sd-jwt-vc"])
def test_the_document_in_the_persons_hand_keeps_verifying(story: Story, form: str) -> None:
    gone = story.award(format=form)
    erase(story, gone)
    report = story.verify(gone["document"])
    assert (report["verdict"], report["subject"]["name"]) == ("valid", PERSON)


def test_a_corrected_award_still_says_that_it_was_replaced(story: Story) -> None:
    old = story.award()
    new = story.change(old["id"], "supersede", subject={"name": "Zuzanna Poprawiona"}).json()
    erase(story, new)
    report = story.verify(old["document"])
    assert report["verdict"] == "invalid"
    assert "replaced_by" not in report, "its code went with the person"
