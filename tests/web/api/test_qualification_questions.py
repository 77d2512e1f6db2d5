"""Questions after qualifications over HTTP: the documented form, narrowing, hostile input."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from skillpassport.equivalence.questions import FACT_NAMES
from skillpassport.equivalence.rules import RuleStatus
from skillpassport.web.api.equivalences import EquivalenceAnswer
from tests.support.registry import a_mapping, a_registry_client
from tests.support.rules import TITLE, a_rule, a_ruled_snapshot
from tests.web.api.test_frameworks import HOSTILE

ASKED = {"qualification": TITLE, "origin": "AA", "to_country": "BB"}
SNAPSHOT = a_ruled_snapshot(
    a_rule(
        level="AA:F 3",
        levels={"BB:F": ("2",), "EU:Y": ("1", "2")},
        when={"duration_years": {"min": 3}, "exam_board": {"in": ["IEB"]}},
        comparable_to="Diploma",
    ),
    a_rule(level="AAQ 2", comparable_to="Lower diploma"),
    a_rule(status=RuleStatus.SUPERSEDED, comparable_to="Old diploma"),
    a_rule("Four plus", level="AAQ 4+"),
    mappings=(a_mapping("AA:F 3", "EU:Y 3"), a_mapping("BB:F 3", "EU:Y 3")),
)


@pytest.fixture(scope="module")
def client() -> TestClient:
    return a_registry_client(SNAPSHOT)


def answered(client: TestClient, **parameters: str) -> dict[str, Any]:
    got = client.get("/api/v1/equivalences", params=ASKED | parameters)
    assert got.status_code == 200, got.text
    body: dict[str, Any] = got.json()
    return body


def titles(body: dict[str, Any]) -> list[str]:
    return [one["target"]["title"] for one in body["answers"] if one["basis"] == "decision"]


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"facts": '{"duration_years": 4, "exam_board": "IEB"}'},
        {"facts": '{"duration_years": 1}', "include": "superseded"},
        {"qualification": "Certifikate of Welding"},
        {"purpose": "regulated_profession", "isco": "2221"},
        {"from_framework": "AA:F", "from_level": "3"},
        {"date": "2000-01-01"},
    ],
)
def test_nothing_undocumented_leaves(client: TestClient, parameters: dict[str, str]) -> None:
    body = answered(client, **parameters)
    shown = EquivalenceAnswer.model_validate(body, strict=False)
    assert shown.model_dump(mode="json", by_alias=True, exclude_unset=True) == body
    assert body["disclaimer"]


def test_a_rule_is_answered_with_basis_condition_levels_rule_and_source(
    client: TestClient,
) -> None:
    answer = answered(client, from_level="3", facts='{"duration_years": 3}')["answers"][0]
    assert (answer["basis"], answer["outcome"], answer["status"]) == (
        "decision",
        "comparable",
        "current",
    )
    assert answer["conditions"] == {
        "text": "a condition",
        "met": "unknown",
        "missing": ["exam_board"],
    }
    assert answer["target"] == {
        "framework": "BB:F",
        "levels": ["2"],
        "level": "2",
        "title": "Diploma",
        "also": [{"framework": "EU:Y", "levels": ["1", "2"]}],
    }
    assert answer["rule"]["version"] == 1
    assert answer["path"] == []
    assert [one["source"] for one in answer["evidence"]] == ["SRC"]


def test_the_level_of_origin_narrows(client: TestClient) -> None:
    assert titles(answered(client, from_level="2")) == ["Lower diploma"]
    assert titles(answered(client, from_level="3", from_framework="AA:F")) == ["Diploma"]
    assert titles(answered(client, from_level="1")) == []


def test_a_framework_that_nobody_knows_is_not_found(client: TestClient) -> None:
    got = client.get("/api/v1/equivalences", params=ASKED | {"from_framework": "XX:YY"})
    assert (got.status_code, got.json()["code"]) == (404, "framework-unknown")


def test_a_plus_in_a_level_arrives_as_a_space(client: TestClient) -> None:
    query = "qualification=Four+plus&origin=AA&to_country=BB&from_level=4+"
    assert client.get(f"/api/v1/equivalences?{query}").json()["answer"] == "found"


def test_superseded_rules_are_listed_on_request(client: TestClient) -> None:
    assert "Old diploma" not in titles(answered(client))
    assert titles(answered(client, include="superseded"))[-1] == "Old diploma"


def test_without_a_fact_that_is_known_nothing_is_judged_unmet(client: TestClient) -> None:
    for fact in FACT_NAMES:
        unrelated = {"stream": "science"} if fact != "stream" else {"final_grade": "A"}
        mets = {
            one["conditions"]["met"]
            for one in answered(client, facts=json.dumps(unrelated))["answers"]
            if "conditions" in one
        }
        assert mets == {"unknown"}


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"origin": ""}, "question-malformed"),
        ({"origin": "Fiji"}, "question-malformed"),
        ({"to_country": "B"}, "question-malformed"),
        ({"facts": '{"duration_years": 1e400}'}, "facts-malformed"),
        ({"facts": '{"duration_years": -1}'}, "fact-mistyped"),
        ({"facts": '{"subjects_passed": {"A": 1.5}}'}, "fact-mistyped"),
        ({"facts": '{"age": 3}'}, "fact-unknown"),
        ({"facts": "[]"}, "facts-malformed"),
        ({"facts": "[" * 2000}, "facts-malformed"),
        ({"isco": "nurse"}, "request-invalid"),
        ({"from_framework": "x" * 201}, "request-invalid"),
        ({"isco": "22211"}, "request-invalid"),
        ({"qualification": "x" * 201}, "request-invalid"),
    ],
)
def test_a_question_that_cannot_be_read_is_refused(
    client: TestClient, parameters: dict[str, str], code: str
) -> None:
    got = client.get("/api/v1/equivalences", params=ASKED | parameters)
    assert (got.status_code, got.json()["code"]) == (422, code)


@pytest.mark.parametrize(
    "facts",
    [
        {"duration_years": 2**53 - 1},
        {"duration_years": 0},
        {"subjects_passed": {"A": 2**53 - 1, "": 1}},
        {"subjects_passed": {f"grade {n}": n for n in range(150)}},
        {"exam_board": "\u202eBEI"},
        {"stream": ""},
        {"award_date": "9999-12-31"},
        {"award_date": "0001-01-01"},
    ],
)
def test_extreme_facts_are_judged(client: TestClient, facts: dict[str, object]) -> None:
    assert answered(client, facts=json.dumps(facts))["answer"] == "found"


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "name", ["qualification", "origin", "from_level", "from_framework", "isco"]
)
def test_hostile_text_is_answered_or_refused_and_never_breaks_the_route(
    client: TestClient, name: str, text: str
) -> None:
    query = "&".join(f"{k}={v}" for k, v in ASKED.items() if k != name)
    got = client.get(f"/api/v1/equivalences?{query}&{name}={text}")
    assert got.status_code in {200, 400, 404, 422}, got.text
    assert "<script" not in got.text
    if got.status_code == 200:
        assert got.json()["disclaimer"]
