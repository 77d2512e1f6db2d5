"""The golden questions about published facts, asked over HTTP as anybody would."""

import json
from typing import Any

import pytest

from tests.support.registry import a_registry_client
from tests.support.rules import the_dutch_rules
from tests.support.shared_data import shared_data, shared_data_folder

ASKED = [*(f"S{n:02}" for n in range(1, 12)), "S18", "S19", "S20"]
QUALIFICATIONS = [f"S{n}" for n in range(12, 18)]

pytestmark = pytest.mark.data


def golden(name: str) -> dict[str, Any]:
    questions = json.loads((shared_data() / "golden.json").read_text())["questions"]
    found: dict[str, Any] = next(one for one in questions if one["id"] == name)
    return found


def test_every_golden_question_of_this_kind_is_asked() -> None:
    if not shared_data_folder().is_dir():
        shared_data()
    questions = json.loads((shared_data() / "golden.json").read_text())["questions"]
    kinds = {"level", "framework_version", "resolve"}
    assert [one["id"] for one in questions if one["input"]["kind"] in kinds] == ASKED
    assert {one["id"] for one in questions} == {*ASKED, *QUALIFICATIONS}


@pytest.mark.parametrize("name", [name for name in ASKED if name not in {"S18", "S19"}])
def test_a_level_is_compared_as_published(name: str) -> None:
    question = golden(name)
    asked, expected = question["input"], question["expected"]
    with a_registry_client() as client:
        got = client.get(
            "/api/v1/equivalences",
            params={k: asked[k] for k in ("from_framework", "from_level", "to_framework")},
        )
    body = got.json()
    assert got.status_code == 200
    assert [level for one in body["answers"] for level in one["target"]["levels"]] == (
        expected["levels"]
    )
    assert body["answer"] == ("found" if expected["levels"] else "published_gap")
    sources = {one["source"] for answer in body["answers"] for one in answer["evidence"]}
    assert sources <= set(question["source_ids"])
    for member in ("status", "relation"):
        if member in expected:
            assert [one[member] for one in body["answers"]] == [expected[member]]
    assert expected.get("disclaimer", "") in body["disclaimer"]


def test_a_norwegian_bachelor_level_is_of_the_first_cycle() -> None:
    expected = golden("S10")["expected"]["ehea"]
    with a_registry_client() as client:
        body = client.get(
            "/api/v1/equivalences",
            params={"from_framework": "NO:NKR", "from_level": "6", "to_framework": "EHEA:QF"},
        ).json()
    assert [one["target"]["level"] for one in body["answers"]] == [expected]


def test_the_edition_in_force_on_the_day_of_issue_is_named() -> None:
    question = golden("S18")
    asked, expected = question["input"], question["expected"]
    with a_registry_client() as client:
        body = client.get(
            f"/api/v1/frameworks/{asked['framework']}", params={"date": asked["issued"]}
        ).json()
    assert body["id"] == expected["framework"]
    assert body["edition"] == expected["edition"]
    assert body["level_count"] == expected["level_count"]


def test_an_acronym_of_four_frameworks_is_ambiguous() -> None:
    question = golden("S19")
    expected = question["expected"]
    with a_registry_client() as client:
        body = client.get(
            "/api/v1/frameworks/resolve", params={"text": question["input"]["text"]}
        ).json()
    assert body["answer"] == expected["outcome"]
    assert [one["framework"] for one in body["candidates"]] == expected["candidates"]


def evaluated(asked: dict[str, Any], case: dict[str, Any] | None = None) -> dict[str, Any]:
    """Ask what a qualification is worth, with the Dutch rules that are data for tests alone."""
    told = asked | (case or {})
    facts = told.get("facts")
    with a_registry_client(the_dutch_rules()) as client:
        got = client.get(
            "/api/v1/equivalences",
            params={
                "qualification": told["qualification"],
                "origin": told["origin_country"],
                "to_country": told["destination_country"],
                **({} if facts is None else {"facts": json.dumps(facts)}),
            },
        )
    assert got.status_code == 200, got.text
    body: dict[str, Any] = got.json()
    return body


def levels_of(target: dict[str, Any]) -> dict[str, list[str]]:
    """Return the levels of a target by the framework's abbreviation in small letters."""
    named = [target, *target.get("also", [])]
    return {one["framework"].partition(":")[2].lower(): one["levels"] for one in named}


def check_first(body: dict[str, Any], expected: dict[str, Any], sources: list[str]) -> None:
    """Check the answer that goes first."""
    first = body["answers"][0]
    assert body["answer"] == "found"
    assert first["basis"] == "decision"
    assert first["target"]["title"] == expected["comparable_to"]
    assert {one["source"] for one in first["evidence"]} == set(sources)
    assert first["outcome"] == expected.get("outcome", first["outcome"])
    for abbreviation in ("nlqf", "eqf"):
        if abbreviation in expected:
            assert levels_of(first["target"])[abbreviation] == [expected[abbreviation]]
    assert "not recognition" in body["disclaimer"]


@pytest.mark.parametrize("name", ["S12", "S13", "S15", "S16"])
def test_a_qualification_is_answered_by_the_rule_of_the_destination(name: str) -> None:
    question = golden(name)
    check_first(evaluated(question["input"]), question["expected"], question["source_ids"])


def test_a_decision_goes_before_the_level_chain_that_it_contradicts() -> None:
    question = golden("S13")
    body = evaluated(question["input"])
    assert [one["basis"] for one in body["answers"]] == ["decision", "derived"]
    (conflict,) = body["conflicts"]
    chain = {(s["to"]["framework"], s["to"]["level"]) for s in conflict["statements"]}
    assert chain == {("EU:EQF", "3"), ("NL:NLQF", "3")}
    assert question["expected"]["conflict_with_level_chain"] == "EQF 3"


def test_the_number_of_subjects_passed_decides() -> None:
    question = golden("S14")
    cases, expected = question["input"]["cases"], question["expected"]["cases"]
    for case, wanted in zip(cases, expected, strict=True):
        body = evaluated(question["input"], case)
        check_first(body, wanted, question["source_ids"])
        assert [one["conditions"]["met"] for one in body["answers"]] == [True, False]


def test_the_date_of_award_decides() -> None:
    question = golden("S17")
    cases, expected = question["input"]["cases"], question["expected"]["cases"]
    for case, wanted in zip(cases, expected, strict=True):
        check_first(
            evaluated(question["input"], case), {"comparable_to": wanted}, question["source_ids"]
        )
