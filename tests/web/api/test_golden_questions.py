"""The golden questions about published facts, asked over HTTP as anybody would."""

import json
from typing import Any

import pytest

from tests.support.registry import a_registry_client
from tests.support.shared_data import shared_data, shared_data_folder

ASKED = [*(f"S{n:02}" for n in range(1, 12)), "S18", "S19", "S20"]

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
