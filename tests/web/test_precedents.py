"""Decisions on single cases over the API and on pages: listed, told with their sources, no persons."""

import dataclasses

import pytest
from starlette.testclient import TestClient

from skillpassport.equivalence.precedents import Precedent, PrecedentId
from skillpassport.equivalence.rules import RuleOutcome, RuleResult
from tests.support.registry import SOURCE, a_registry_client
from tests.support.rules import TITLE, a_ruled_snapshot
from tests.web.api.test_frameworks import HOSTILE

WHERE = "/api/v1/precedents"
FIRST = Precedent(
    id=PrecedentId("precedent-1"),
    origin="AA",
    destination="BB",
    title=TITLE,
    result=RuleResult(
        outcome=RuleOutcome.PARTIAL, comparable_to="Diploma <b>", measures=("A course",)
    ),
    decided_by="Board of BB",
    decided_in=2024,
    sources=(SOURCE,),
    institution="Old School",
    differences=("No practice in MIG welding",),
)
SECOND = dataclasses.replace(FIRST, id=PrecedentId("precedent-2"), origin="CC", decided_in=2020)


@pytest.fixture(scope="module")
def client() -> TestClient:
    return a_registry_client(a_ruled_snapshot(precedents=(FIRST, SECOND)))


def ids(client: TestClient, query: str) -> list[str]:
    answer = client.get(f"{WHERE}?{query}")
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


def test_they_are_listed_by_corridor_and_title(client: TestClient) -> None:
    assert ids(client, "") == ["precedent-1", "precedent-2"]
    assert ids(client, "origin=CC&destination=BB") == ["precedent-2"]
    assert ids(client, "qualification=certificate  OF wélding") == ["precedent-1", "precedent-2"]
    assert ids(client, "qualification=Certificate") == []
    assert ids(client, "destination=AA") == []


def test_a_page_leads_to_the_next(client: TestClient) -> None:
    first = client.get(f"{WHERE}?limit=1")
    assert 'rel="next"' in first.headers["link"]
    following = client.get(f"{WHERE}?limit=1&cursor={first.json()['next']}").json()
    assert [one["id"] for one in following["items"]] == ["precedent-2"]
    assert following["next"] is None


def test_one_is_told_with_its_reasons_and_sources(client: TestClient) -> None:
    told = client.get(f"{WHERE}/precedent-1").json()
    assert told["differences"] == ["No practice in MIG welding"]
    assert (told["decided_by"], told["decided_in"]) == ("Board of BB", 2024)
    assert told["sources"] == [SOURCE]
    missing = client.get(f"{WHERE}/precedent-9")
    assert (missing.status_code, missing.json()["code"]) == (404, "precedent-not-found")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_refused_or_find_nothing(client: TestClient, text: str) -> None:
    for parameter in ("qualification", "origin", "cursor"):
        answer = client.get(WHERE, params={parameter: text})
        assert answer.status_code in {200, 422}, parameter
        assert answer.status_code == 422 or answer.json()["items"] == []
    page = client.get("/registry/precedents", params={"qualification": text, "origin": text})
    assert page.status_code in {200, 422}
    assert "<script" not in page.text


def test_an_answer_names_the_decision_and_leads_to_its_page(client: TestClient) -> None:
    asked = f"qualification={TITLE}&origin=AA&to_country=BB"
    (answer,) = client.get(f"/api/v1/equivalences?{asked}").json()["answers"]
    assert (answer["precedent"], answer["institution"]) == ("precedent-1", "Old School")
    snapshot = a_ruled_snapshot(
        precedents=[dataclasses.replace(FIRST, origin="PL", destination="NL")]
    )
    page = a_registry_client(snapshot).get(
        "/registry/evaluate",
        params={"qualification": TITLE, "origin": "PL", "destination": "NL"},
    )
    assert 'href="/registry/precedents/precedent-1"' in page.text
    assert "Old School" in page.text
    assert "No practice in MIG welding" in page.text


def test_the_page_lists_them_newest_first_as_text(client: TestClient) -> None:
    page = client.get("/registry/precedents").text
    assert page.index("precedent-1") < page.index("precedent-2")
    assert "Diploma &lt;b&gt;" in page
    assert "Diploma <b>" not in page
    alone = client.get("/registry/precedents/precedent-2").text
    assert "precedent-1" not in alone
    assert "2020" in alone
    assert client.get("/registry/precedents/none-such").status_code == 404
    assert "None is registered here." in (
        a_registry_client(a_ruled_snapshot()).get("/registry/precedents").text
    )
