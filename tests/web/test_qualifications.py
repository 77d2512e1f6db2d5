"""Qualifications over the API, and the levels that comparisons find by their titles."""

import dataclasses

import pytest

from skillpassport.frameworks.model import FrameworkId
from tests.support.instances import Served
from tests.support.taxonomies import a_full_qualification, a_qualification

WHERE = "/api/v1/qualifications"


@pytest.fixture
def register(served: Served) -> Served:
    ghana = dataclasses.replace(a_qualification(3), id="GH-3", country="GH", framework=None)
    given = [a_full_qualification(), a_qualification(1), a_qualification(2), ghana]
    with served.instance.database.transaction() as work:
        work.qualifications.add(given, origin="the tests", now=lambda: work.now)
    return served


def ids(served: Served, query: str) -> list[str]:
    answer = served.get(f"{WHERE}?{query}")
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["items"]]


def test_one_is_read_with_its_units_outcomes_and_former_names(register: Served) -> None:
    told = register.get(f"{WHERE}/PL-full").json()
    assert told["title"] == {"en": "Certificate in Pipe Welding"}
    assert (told["framework"], told["edition"], told["level"]) == ("PL:PRK", "current", "IV")
    assert told["units"][0]["outcomes"][0]["statement"] == {"en": "Welds."}
    assert told["codes"] == [
        {"text": "X1", "valid_from": "2020-01-01", "valid_until": None, "superseded_by": "X2"}
    ]
    assert (told["hours"], told["credits"]) == (400, 7.5)


def test_they_are_found_by_country_framework_level_and_words(register: Served) -> None:
    assert ids(register, "country=GH") == ["GH-3"]
    assert ids(register, "framework=PL:PRK&level=IV") == ["PL-full"]
    assert ids(register, "country=PL&q=weldnig diploma") == ["PL-0001", "PL-0002"]
    assert ids(register, "q=pipe") == ["PL-full"]


def test_they_are_listed_in_pages(register: Served) -> None:
    answer = register.get(f"{WHERE}?limit=3")
    assert [each["id"] for each in answer.json()["items"]] == ["GH-3", "PL-0001", "PL-0002"]
    assert ids(register, f"limit=3&cursor={answer.json()['next']}") == ["PL-full"]
    assert 'rel="next"' in answer.headers["link"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"{WHERE}/PL-none", 404, "qualification-unknown"),
        (f"{WHERE}?country=Poland", 422, "request-invalid"),
        (f"{WHERE}?framework=XX:NONE", 404, "framework-unknown"),
        (f"{WHERE}?level=", 422, "question-malformed"),
        (f"{WHERE}?limit=0", 422, "request-invalid"),
    ],
)
def test_what_is_not_there_is_said(register: Served, path: str, status: int, code: str) -> None:
    answer = register.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_comparison_goes_on_from_the_level_of_a_registered_title(served: Served) -> None:
    """Without a rule for the title, its level is what there is, and it is marked so."""
    path = "/api/v1/equivalences?qualification=Pipe Welder&origin=PL&to_country=DE"
    assert served.get(path).json()["answer"] == "unknown"
    known = dataclasses.replace(a_full_qualification(), framework=FrameworkId("PL:PRK"))
    with served.instance.database.transaction() as work:
        work.qualifications.add([known], origin="the tests", now=lambda: work.now)
    told = served.get(path).json()
    assert told["answer"] == "found"
    (answer,) = told["answers"]
    assert (answer["target"]["framework"], answer["target"]["level"]) == ("DE:DQR", "4")
    assert (answer["basis"], answer["authoritative"]) == ("derived", False)
