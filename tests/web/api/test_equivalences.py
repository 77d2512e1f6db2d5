import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from skillpassport.web.api.equivalences import EquivalenceAnswer
from tests.support.registry import a_registry_client
from tests.web.api.test_frameworks import HOSTILE

LEVEL = {"from_framework": "PL:PRK", "from_level": "VI", "to_country": "NO"}
QUALIFICATION = {"qualification": "Baccalaureat", "origin": "LB", "to_country": "NL"}


@pytest.fixture(scope="module")
def client() -> TestClient:
    return a_registry_client()


def asked(client: TestClient, **parameters: str) -> dict[str, Any]:
    got = client.get("/api/v1/equivalences", params=parameters)
    assert got.status_code == 200, got.text
    body: dict[str, Any] = got.json()
    return body


def refused(client: TestClient, **parameters: str) -> dict[str, Any]:
    got = client.get("/api/v1/equivalences", params=parameters)
    assert got.status_code in {404, 422}, got.text
    body: dict[str, Any] = got.json()
    return body


@pytest.mark.parametrize(
    ("origin", "level", "target", "kind"),
    [
        ("PL:PRK", "VI", "NO:NKR", "found"),
        ("NZ:NZQCF", "8", "EU:EQF", "published_gap"),
        ("GH:NTVETQF", "3", "NO:NKR", "unknown"),
        ("PQF", "5", "EU:EQF", "ambiguous"),
        ("AE:QFEmirates", "5", "NZ:NZQCF", "not_usable"),
    ],
)
def test_each_of_the_five_kinds_has_the_documented_form(
    client: TestClient, origin: str, level: str, target: str, kind: str
) -> None:
    body = asked(client, from_framework=origin, from_level=level, to_framework=target)
    assert body["answer"] == kind
    assert body["disclaimer"]
    shown = EquivalenceAnswer.model_validate(body, strict=False)
    dumped = shown.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert dumped == body  # nothing undocumented leaves


def test_a_derived_answer_shows_its_path_and_has_no_authority(client: TestClient) -> None:
    (answer,) = asked(client, **LEVEL)["answers"]
    assert answer["target"]["level"] == "6"
    assert answer["target"]["levels"] == ["6"]
    assert (answer["basis"], answer["authoritative"], answer["valid_on"]) == (
        "derived",
        False,
        "2026-11-22",
    )
    assert [(step["from"]["framework"], step["to"]["framework"]) for step in answer["path"]] == [
        ("PL:PRK", "EU:EQF"),
        ("EU:EQF", "NO:NKR"),
    ]


@pytest.mark.parametrize(
    ("lang", "header", "said"),
    [
        ("", "", "Comparability is not recognition"),
        ("fr", "ar", "Comparabilité"),
        ("", "fr-CA, en;q=0.5", "Comparabilité"),
        ("xx", "xx", "Comparability is not recognition"),
    ],
)
def test_sentences_come_in_the_readers_language(
    client: TestClient, lang: str, header: str, said: str
) -> None:
    parameters = LEVEL | {"lang": lang} if lang else LEVEL
    got = client.get("/api/v1/equivalences", params=parameters, headers={"Accept-Language": header})
    assert said.casefold() in got.json()["disclaimer"].casefold()
    assert got.headers["vary"] == "Accept-Language"
    english = asked(client, **LEVEL)
    assert (got.json()["explanation"] == english["explanation"]) is (said in english["disclaimer"])
    assert got.json()["answers"] == english["answers"]


def test_plus_arrives_as_a_space_and_is_read_as_plus(client: TestClient) -> None:
    for query in (
        "from_framework=GB-ENG+NIR:RQF&from_level=4&to_framework=EU:EQF",
        "from_framework=NL:NLQF&from_level=4+&to_framework=EU:EQF",
    ):
        body = client.get(f"/api/v1/equivalences?{query}").json()
        assert body["answer"] == "found", body


def test_the_answer_is_as_of_the_day_that_is_asked_for(client: TestClient) -> None:
    body = asked(client, **LEVEL, date="2024-05-01")
    assert body["answers"][0]["valid_on"] == "2024-05-01"


def test_a_qualification_is_honestly_unknown(client: TestClient) -> None:
    facts = json.dumps({"award_date": "2016-04-01"})
    body = asked(client, **QUALIFICATION, facts=facts, purpose="further_study")
    assert (body["answer"], body["answers"]) == ("unknown", [])
    assert body["competent_authority"]["as_of"]


def test_unknown_facts_are_refused_with_the_list(client: TestClient) -> None:
    body = refused(client, **QUALIFICATION, facts='{"shoe_size": 43}')
    assert body["code"] == "fact-unknown"
    assert "award_date" in body["known"]


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({}, "question-incomplete"),
        ({"from_framework": "PL:PRK"}, "question-incomplete"),
        ({"from_framework": "PL:PRK", "from_level": "VI"}, "question-incomplete"),
        ({**LEVEL, "to_framework": "NO:NKR"}, "question-incomplete"),
        ({"qualification": "Baccalaureat"}, "question-incomplete"),
        ({**LEVEL, "from_framework": "XX:YY"}, "framework-unknown"),
        ({**LEVEL, "from_framework": "PL:PRK@1066"}, "edition-unknown"),
        ({**LEVEL, "from_level": "XLII"}, "level-unknown"),
        ({**LEVEL, "to_country": "Norway"}, "question-malformed"),
        ({**LEVEL, "to_country": "٣٤"}, "question-malformed"),
        ({**LEVEL, "date": "tomorrow"}, "question-malformed"),
        ({**LEVEL, "facts": "{"}, "facts-malformed"),
        ({**LEVEL, "facts": '{"duration_years": "3"}'}, "fact-mistyped"),
        ({**LEVEL, "purpose": "fun"}, "request-invalid"),
        ({**LEVEL, "include": "everything"}, "request-invalid"),
        ({**LEVEL, "from_level": "V" * 201}, "request-invalid"),
    ],
)
def test_a_question_that_is_not_understood_is_refused_with_its_cause(
    client: TestClient, parameters: dict[str, str], code: str
) -> None:
    assert refused(client, **parameters)["code"] == code


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "name",
    ["from_framework", "from_level", "to_framework", "to_country", "date", "purpose", "facts"],
)
def test_hostile_text_is_answered_or_refused_and_never_breaks_the_route(
    client: TestClient, name: str, text: str
) -> None:
    others = {"from_framework": "PL:PRK", "from_level": "VI", "to_framework": "EU:EQF"}
    if name == "to_country":
        del others["to_framework"]
    query = "&".join(f"{k}={v}" for k, v in others.items() if k != name)
    got = client.get(f"/api/v1/equivalences?{query}&{name}={text}")
    assert got.status_code in {400, 404, 422}, got.text
    assert got.headers["content-type"] == "application/problem+json"
    assert "<script" not in got.text
