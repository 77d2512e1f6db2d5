"""Finding the own awards by name, without names in the database."""

import sqlite3
from contextlib import closing
from urllib.parse import quote

from sqlalchemy import func, select

from skillpassport.db.erasure import erase_subject
from skillpassport.db.tables.credentials import credentials, search_tokens
from tests.support.awards import Story

NAMES = ("Amina Diallo", "Aminata Diabaté", "José Ñandú", "محمد أحمد")


def found(story: Story, q: str, more: str = "") -> list[str]:
    answer = story.served.get(f"/api/v1/credentials?q={quote(q)}{more}", story.provider.key)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["items"]]


def awarded(story: Story) -> dict[str, str]:
    return {name: story.award(subject={"name": name})["id"] for name in NAMES}


ASKED = {
    "amina": NAMES[:2],
    "AMINATA": NAMES[1:2],
    "dia ami": NAMES[:2],
    "diabate": NAMES[1:2],
    "jose nandu": NAMES[2:3],
    "محمد": NAMES[3:],
    "amina nandu": (),
    "mina": (),
    "am": (),
    "…": (),
}


def test_a_name_is_found_by_words_and_their_beginnings(story: Story) -> None:
    made = awarded(story)
    for q, names in ASKED.items():
        assert set(found(story, q)) == {made[name] for name in names}, q


def test_a_name_is_sought_together_with_other_filters_and_by_pages(story: Story) -> None:
    made = awarded(story)
    story.change(made[NAMES[0]], "revoke")
    assert found(story, "amina", "&status=revoked") == [made[NAMES[0]]]
    assert found(story, "amina", "&achievement=welding&status=good") == [made[NAMES[1]]]
    first = story.served.get("/api/v1/credentials?q=ami&limit=1", story.provider.key)
    link = first.headers["link"].partition("<")[2].partition(">")[0]
    second = story.served.get(link, story.provider.key)
    pages = [page.json()["items"][0]["id"] for page in (first, second)]
    assert sorted(pages) == sorted([made[NAMES[0]], made[NAMES[1]]])


def test_names_are_not_in_the_clear_and_two_organisations_cannot_be_joined(story: Story) -> None:
    served, other = story.served, story.register("other")
    story.accredit(organisation="other")
    story.ask_to_define(other)
    story.award(subject={"name": "Amina Diallo"})
    story.award(other, subject={"name": "Amina Diallo"})
    assert len(found(story, "amina")) == 1
    with served.instance.database.snapshot() as work:
        rows = work.connection.execute(select(search_tokens)).all()
    assert len({row.token for row in rows}) == len(rows)
    with closing(sqlite3.connect(served.folder / "skillpassport.db")) as hands:
        dump = "\n".join(hands.iterdump()).casefold()
    assert "diallo" not in dump


def test_an_erased_person_leaves_no_token(story: Story) -> None:
    served = story.served
    made = story.award(subject={"name": "Amina Diallo"})
    database = served.instance.database
    with database.snapshot() as work:
        subject = work.connection.scalar(
            select(credentials.c.subject).where(credentials.c.id == made["id"])
        )
    assert subject is not None
    erase_subject(database, subject, reason="retention ended")
    with database.snapshot() as work:
        assert work.connection.scalar(select(func.count()).select_from(search_tokens)) == 0
    assert found(story, "amina") == []
    served.instance.sequencer().sequence_once()
    assert served.instance.verify_log().findings == ()
