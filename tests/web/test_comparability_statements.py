"""An answer as a signed statement: asked twice it is one, replaced when the rules change."""

import dataclasses
import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from skillpassport.db import statements as statement_rows
from skillpassport.db.unit_of_work import Database
from skillpassport.equivalence.model import Publication
from skillpassport.equivalence.snapshot import RegistryContent
from skillpassport.equivalence.statements import stating
from skillpassport.equivalence.statements.stating import review
from tests.support.instances import ADMINISTRATOR, Served, an_instance
from tests.support.json_ld import assert_expands

PATH = "/api/v1/comparability-statements"
LEVEL = {"from_framework": "PL:PRK", "from_level": "VI", "to_framework": "EU:EQF"}


def stated(served: Served, question: dict[str, Any] | None = None) -> dict[str, Any]:
    got = served.post(PATH, question or LEVEL)
    assert got.status_code in {200, 201}, got.text
    body: dict[str, Any] = got.json()
    return body


def verified(served: Served, document: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = served.post("/api/v1/verifications", {"document": document}).json()
    return body


def withdraw_what_it_rests_on(served: Served) -> None:
    """Let the registry learn that what was published about the level no longer holds."""
    database: Database = served.instance.database
    with database.transaction() as work:
        mappings = work.frameworks.content().mappings
        changed = tuple(
            dataclasses.replace(one, publication=Publication.SUPERSEDED)
            for one in mappings
            if "PL:PRK" in {one.origin.framework, one.target.framework}
        )
        work.frameworks.revise(RegistryContent(mappings=changed), origin="a test", now=work.now)
        review(work)


def test_an_answer_becomes_a_document_that_verifies_like_any_other(served: Served) -> None:
    made = stated(served)
    assert made["state"] == "in_force"
    assert made["answer"]["answers"][0]["target"]["level"] == "6"
    report = verified(served, made["document"])
    assert report["verdict"] == "valid"
    assert report["statement"]["version"] == 1
    assert "comparability-statement" in {one["code"] for one in report["checks"]}
    assert made["document"]["credentialSubject"]["disclaimer"]


def test_every_member_of_the_document_has_a_meaning_in_json_ld(served: Served) -> None:
    assert_expands(stated(served)["document"])


def test_asked_twice_it_is_the_same_statement(served: Served) -> None:
    first, second = served.post(PATH, LEVEL), served.post(PATH, LEVEL)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert first.headers["location"].endswith(first.json()["id"])


def test_the_document_can_be_kept_as_a_file(served: Served) -> None:
    made = stated(served)
    file = served.get(f"{PATH}/{made['id']}/document")
    assert file.headers["content-type"] == "application/vc"
    assert json.loads(file.text) == made["document"]
    assert "attachment" in file.headers["content-disposition"]


def test_a_changed_rule_replaces_the_statement_which_still_shows_what_held(served: Served) -> None:
    made = stated(served)
    served.pass_time(days=2)
    withdraw_what_it_rests_on(served)
    old = served.get(f"{PATH}/{made['id']}").json()
    assert old["state"] == "replaced"
    new = served.get(f"{PATH}/{old['replaced_by']}").json()
    assert (new["version"], new["supersedes"]) == (2, made["id"])
    assert new["answer"]["answer"] != "found"
    report = verified(served, made["document"])
    assert report["verdict"] == "invalid"
    codes = [one["code"] for one in report["remarks"]]
    assert codes == ["statement-replaced"]
    assert report["statement"]["held_until"] == old["held_until"]
    assert report["statement"]["replaced_by"].endswith(new["id"])
    assert verified(served, new["document"])["verdict"] == "valid"


def test_what_held_on_a_day_can_be_asked(served: Served) -> None:
    first_day = served.clock.now().date()
    made = stated(served)
    served.pass_time(days=2)
    withdraw_what_it_rests_on(served)
    newest = served.get(f"{PATH}/{made['id']}").json()["replaced_by"]
    for identifier in (made["id"], newest):
        then = served.get(f"{PATH}/{identifier}?date={first_day}").json()
        now = served.get(f"{PATH}/{identifier}?date={served.clock.now().date()}").json()
        assert (then["id"], now["id"]) == (made["id"], newest)
    before = first_day - timedelta(days=1)
    assert served.get(f"{PATH}/{newest}?date={before}").status_code == 404


def test_what_does_not_change_the_answer_leaves_the_statement(served: Served) -> None:
    made = stated(served)
    served.pass_time(days=400)
    with served.instance.database.transaction() as work:
        assert review(work) == 0
    assert served.get(f"{PATH}/{made['id']}").json()["state"] == "in_force"


def test_an_altered_statement_is_not_ours(served: Served) -> None:
    document = stated(served)["document"]
    document["credentialSubject"]["answer"]["answers"][0]["target"]["level"] = "8"
    assert verified(served, document)["verdict"] == "invalid"


@pytest.mark.parametrize(
    ("question", "status", "code"),
    [
        ({}, 422, "request-invalid"),
        (LEVEL | {"to_country": "NO"}, 422, "request-invalid"),
        (LEVEL | {"facts": {}}, 422, "request-invalid"),
        (LEVEL | {"from_level": "99"}, 422, "level-unknown"),
        (LEVEL | {"from_framework": "XX:YY"}, 422, "framework-unknown"),
        (LEVEL | {"from_framework": "PQF"}, 422, "request-invalid"),
        (LEVEL | {"to_framework": "GH:NTVETQF"}, 422, "nothing-to-state"),
        (
            {"qualification": "x", "origin": "LB", "to_country": "NL", "facts": {"colour": "red"}},
            422,
            "fact-unknown",
        ),
        ({"qualification": "x", "origin": "LB", "to_country": "nl"}, 422, "request-invalid"),
    ],
)
def test_what_cannot_be_stated(
    served: Served, question: dict[str, object], status: int, code: str
) -> None:
    refused = served.post(PATH, question)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


@pytest.mark.parametrize("name", ["nothing_like_it", "%00", "x", "a" * 300])
def test_a_statement_that_was_never_made(served: Served, name: str) -> None:
    assert served.get(f"{PATH}/{name}").status_code in {400, 404, 422}


def test_the_log_vouches_for_statements(served: Served) -> None:
    stated(served)
    served.pass_time(days=1)
    withdraw_what_it_rests_on(served)
    assert not served.instance.verify_log().findings


def test_strangers_begin_so_many_a_day_and_others_go_on(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A statement is a row for ever, and there is no end of questions."""
    monkeypatch.setattr(stating, "STRANGERS_A_DAY", 1)
    other = LEVEL | {"from_level": "V"}
    made = stated(served)
    refused = served.post(PATH, other)
    assert (refused.status_code, refused.json()["code"]) == (429, "statements-exhausted")
    assert refused.headers["retry-after"] == "3600"
    assert served.http.post("/statements", data=other).status_code == 429
    assert stated(served) == made
    assert served.post(PATH, other, ADMINISTRATOR).status_code == 201
    served.pass_time(days=1, seconds=1)
    assert served.post(PATH, LEVEL | {"date": "2026-02-01"}).status_code == 201


def test_one_address_does_not_use_up_what_there_is_for_all(
    instance_template: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "var"
    shutil.copytree(instance_template, folder)
    with an_instance(folder, rate_limits="new-statement=2/24h") as served:
        made = [stated(served, LEVEL | {"date": f"2026-02-0{day}"}) for day in (1, 2)]
        other = LEVEL | {"date": "2026-02-03"}
        refused = served.post(PATH, other)
        assert (refused.status_code, refused.json()["code"]) == (429, "too-many-requests")
        assert refused.json()["limit"] == "new-statement"
        assert int(refused.headers["retry-after"]) <= 12 * 3600
        assert served.http.post("/statements", data=other).status_code == 429
        # What is there already is given as ever, and whoever answers for it begins others.
        assert stated(served, LEVEL | {"date": "2026-02-01"}) == made[0]
        assert served.post(PATH, other, ADMINISTRATOR).status_code == 201


def test_a_review_reads_statements_some_at_a_time_and_comes_to_each(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statement_rows, "_READ", 2)
    days = [f"2026-02-0{number}" for number in range(1, 6)]
    made = [stated(served, LEVEL | {"date": day}) for day in days]
    withdraw_what_it_rests_on(served)
    now = [served.get(f"{PATH}/{each['id']}").json() for each in made]
    assert {each["state"] for each in now} == {"replaced"}
