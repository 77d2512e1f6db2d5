"""Every row of the published Dutch rules, brought in as a file and asked for over HTTP."""

import csv
import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.registry import a_registry_client
from tests.support.rules import read_dutch_rules, the_dutch_rules
from tests.support.shared_data import shared_data, shared_data_folder

ROWS = 78

pytestmark = pytest.mark.data


def rows() -> list[dict[str, str]]:
    path = shared_data() / "equivalences" / "qualification_recognition_NL.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def client() -> TestClient:
    if not shared_data_folder().is_dir():
        shared_data()
    return a_registry_client(the_dutch_rules())


def asked(client: TestClient, row: dict[str, str], **further: str) -> dict[str, Any]:
    got = client.get(
        "/api/v1/equivalences",
        params={
            "qualification": row["qualification"],
            "origin": row["origin_country"],
            "to_country": "NL",
            "include": "superseded",
            **further,
        },
    )
    assert got.status_code == 200, got.text
    body: dict[str, Any] = got.json()
    return body


def said(row: dict[str, str]) -> dict[str, Any]:
    """Return what a row says, as an answer has it."""
    columns = {"NL:NLQF": "nlqf", "EU:EQF": "eqf"}
    return {
        "outcome": row["outcome"],
        "status": row["status"],
        "title": row["comparable_to"],
        "levels": {id: row[name].split("|") for id, name in columns.items() if row[name]},
        "sources": row["source_id"].split(";"),
        "condition": row["condition"],
    }


def told(answer: dict[str, Any]) -> dict[str, Any]:
    """Return what an answer says, in the same form."""
    target = answer["target"]
    named = [target, *target.get("also", [])]
    return {
        "outcome": answer["outcome"],
        "status": answer["status"],
        "title": target["title"],
        "levels": {one["framework"]: one["levels"] for one in named if one["levels"]},
        "sources": [one["source"] for one in answer["evidence"]],
        "condition": answer.get("conditions", {}).get("text", ""),
    }


def test_no_row_of_the_published_table_is_refused() -> None:
    reading = read_dutch_rules()
    assert reading.problems == ()
    assert len(reading.content.rules) == ROWS == len(rows())


@pytest.mark.parametrize("place", range(ROWS))
def test_a_published_row_is_answered_with_outcome_condition_and_source(
    client: TestClient, place: int
) -> None:
    row = rows()[place]
    body = asked(client, row, from_level=row["origin_framework_level"] or "any")
    decisions = [one for one in body["answers"] if one["basis"] == "decision"]
    assert said(row) in [told(one) for one in decisions]
    assert body["disclaimer"]
    found = [one for one in decisions if told(one) == said(row)]
    if row["status"] == "current":
        assert body["answer"] == "found"
        assert all(one["authoritative"] for one in found)
        assert all(one["rule"]["version"] == 1 for one in found)
    if row["condition"]:
        assert [one["conditions"]["met"] for one in found] == ["unknown"]


@pytest.mark.parametrize("place", range(ROWS))
def test_a_superseded_row_is_last_and_finds_nothing_by_itself(
    client: TestClient, place: int
) -> None:
    row = rows()[place]
    body = asked(client, row)
    statuses = [one["status"] for one in body["answers"] if one["basis"] == "decision"]
    assert statuses == sorted(statuses, key=lambda status: status == "superseded")
    if set(statuses) == {"superseded"}:
        assert body["answer"] == "unknown"


FACTS = {
    "ZA": ({"duration_years": 3}, "3 years HBO"),
    "NP": ({"duration_years": 5.5}, "WO bachelor's degree"),
    "GH": ({"duration_years": 4}, "HBO bachelor's degree or 2 years of WO"),
}


@pytest.mark.parametrize("origin", FACTS)
def test_facts_choose_among_the_rules_of_a_title(client: TestClient, origin: str) -> None:
    facts, expected = FACTS[origin]
    row = {"qualification": "Bachelor's degree", "origin_country": origin}
    body = asked(client, row, facts=json.dumps(facts))
    met = [one["target"]["title"] for one in body["answers"] if one["conditions"]["met"] is True]
    assert met == [expected]


def test_facts_that_meet_no_rule_find_nothing(client: TestClient) -> None:
    row = {"qualification": "Bachelor's degree", "origin_country": "NP"}
    body = asked(client, row, facts='{"duration_years": 2}')
    assert body["answer"] == "unknown"
    assert [one["conditions"]["met"] for one in body["answers"]] == [False] * 3
