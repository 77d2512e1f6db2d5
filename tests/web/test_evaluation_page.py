"""The page on what a qualification is worth elsewhere: answer, condition, and the facts wanted."""

import pytest
from starlette.testclient import TestClient

from tests.support.registry import a_registry_client
from tests.support.rules import a_rule, a_ruled_snapshot
from tests.web.api.test_frameworks import HOSTILE

SNAPSHOT = a_ruled_snapshot(
    a_rule(
        origin="KE",
        destination="NL",
        when={"subjects_passed": {"grades": ["A", "B"], "count": {"min": 6}}},
        condition="at least six subjects with A or B",
        comparable_to="HAVO diploma",
    ),
    a_rule(
        origin="KE",
        destination="NL",
        when={"duration_years": {"min": 4}},
        condition="four years",
        comparable_to="VWO diploma",
    ),
)
ASKED = {"qualification": "certificate of welding", "origin": "Kenya", "destination": "nl"}


@pytest.fixture(scope="module")
def client() -> TestClient:
    return a_registry_client(SNAPSHOT)


def page(client: TestClient, **fields: str) -> str:
    got = client.get("/registry/evaluate", params=ASKED | fields)
    assert got.status_code == 200, got.text
    assert got.headers["content-type"].startswith("text/html")
    return got.text


def test_a_rule_is_shown_with_its_condition_and_the_fact_that_would_decide(
    client: TestClient,
) -> None:
    shown = page(client)
    for text in (
        "HAVO diploma",
        "at least six subjects with A or B",
        "On this condition:",
        "To be told for an answer:",
        "in how many subjects which grade was reached",
        "By decision of an authority",
        "not recognition",
    ):
        assert text in shown, text


def test_facts_that_were_typed_are_judged(client: TestClient) -> None:
    shown = page(client, subjects_passed="A: 4; B=2", duration_years="3,5")
    assert "Condition met:" in shown
    assert "Condition not met:" in shown
    assert shown.index("HAVO diploma") < shown.index("VWO diploma")
    assert 'value="A: 4; B=2"' in shown


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_page_speaks_the_languages_of_the_others(client: TestClient, lang: str) -> None:
    shown = page(client, lang=lang)
    assert "HAVO diploma" in shown
    assert "On this condition:" not in shown
    assert "To be told for an answer:" not in shown


def test_a_title_that_is_nearly_one_is_offered(client: TestClient) -> None:
    shown = page(client, qualification="Certifikate of Welding")
    assert "Certificate of Welding" in shown
    assert "Not an answer, but worth a look" in shown


@pytest.mark.parametrize(
    "fields",
    [
        {"origin": "Atlantis"},
        {"destination": "N"},
        {"award_date": "soon"},
        {"duration_years": "many"},
        {"duration_years": "nan"},
        {"duration_years": "1e999"},
        {"subjects_passed": "A"},
        {"subjects_passed": "A: two"},
    ],
)
def test_what_cannot_be_read_is_said_and_no_answer_given(
    client: TestClient, fields: dict[str, str]
) -> None:
    shown = page(client, **fields)
    assert 'role="alert"' in shown
    assert "HAVO diploma" not in shown


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["qualification", "origin", "stream", "subjects_passed"])
def test_hostile_text_is_shown_as_text_or_refused(client: TestClient, name: str, text: str) -> None:
    query = "&".join(f"{k}={v}" for k, v in ASKED.items() if k != name)
    got = client.get(f"/registry/evaluate?{query}&{name}={text}")
    assert got.status_code in {200, 400, 422}
    assert "<script" not in got.text


def test_an_empty_form_asks_for_nothing(client: TestClient) -> None:
    shown = client.get("/registry/evaluate").text
    assert 'name="qualification"' in shown
    assert 'role="alert"' not in shown


def test_the_pages_on_levels_and_qualifications_lead_to_each_other(client: TestClient) -> None:
    assert 'href="/registry/compare"' in client.get("/registry/evaluate").text
    assert 'href="/registry/evaluate"' in client.get("/registry/compare").text
