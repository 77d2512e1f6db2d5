"""Classifications over the API: found by code, URI and name, with what the publishers ask for."""

from urllib.parse import quote

import pytest

from skillpassport.frameworks.taxonomies.esco import read_esco
from tests.support.instances import Served
from tests.support.taxonomies import GROUP, NURSE, WELDER, WELDING, a_package

CONCEPTS = "/api/v1/taxonomies/esco/concepts"
ATTRIBUTION = "This service uses the ESCO classification of the European Commission."


@pytest.fixture
def esco(served: Served) -> Served:
    content, _ = read_esco(a_package(), version="1.2.0")
    with served.instance.database.transaction() as work:
        work.taxonomies.add(content, origin="the tests", now=lambda: work.now)
    return served


def test_what_was_brought_in_is_listed_with_what_its_publisher_asks_for(esco: Served) -> None:
    (listed,) = esco.get("/api/v1/taxonomies").json()["items"]
    assert (listed["name"], listed["scheme"], listed["version"]) == ("esco@1.2.0", "esco", "1.2.0")
    assert listed["attribution"] == ATTRIBUTION
    assert listed["languages"] == ["en", "fr"]
    assert listed["counts"]["occupation_skill"] == 3


def test_an_empty_register_lists_none_and_knows_none(served: Served) -> None:
    assert served.get("/api/v1/taxonomies").json() == {"items": [], "next": None}
    answer = served.get(CONCEPTS)
    assert (answer.status_code, answer.json()["code"]) == (404, "taxonomy-unknown")


@pytest.mark.parametrize("reference", ["7212.3", WELDER])
def test_a_concept_is_read_by_code_and_by_uri(esco: Served, reference: str) -> None:
    for name in ("esco", "esco@1.2.0"):
        answer = esco.get(f"/api/v1/taxonomies/{name}/concepts/{quote(reference, safe='')}")
        assert answer.status_code == 200
        told = answer.json()
        assert told["concept"]["labels"] == {"en": "welder", "fr": "soudeur/soudeuse"}
        assert [each["uri"] for each in told["broader"]] == [GROUP]
        assert [each["code"] for each in told["narrower"]] == ["7212.3.1"]
        assert told["attribution"] == ATTRIBUTION


def test_a_search_tells_what_it_found_and_how(esco: Served) -> None:
    told = esco.get(f"{CONCEPTS}?q=infirmiere&lang=fr&kind=occupation").json()
    assert [each["uri"] for each in told["items"]] == [NURSE]
    assert told["items"][0]["match"] == {
        "name": "infirmier spécialiste/infirmière spécialiste",
        "language": "fr",
        "how": "words",
    }
    assert told["attribution"] == ATTRIBUTION
    (first, *_) = esco.get(f"{CONCEPTS}?q=weldor").json()["items"]
    assert (first["uri"], first["match"]["how"]) == (WELDER, "alike")


def test_concepts_are_listed_in_pages(esco: Served) -> None:
    seen, path = [], f"{CONCEPTS}?kind=occupation&limit=2"
    while path:
        answer = esco.get(path)
        seen += [each["uri"] for each in answer.json()["items"]]
        cursor = answer.json()["next"]
        path = f"{CONCEPTS}?kind=occupation&limit=2&cursor={cursor}" if cursor else ""
    assert len(seen) == 3
    assert seen == sorted(seen)


def test_relations_are_read_from_either_end(esco: Served) -> None:
    relations = "/api/v1/taxonomies/esco/relations"
    skills = esco.get(f"{relations}?concept=7212.3&kind=essential").json()["items"]
    assert [(each["kind"], each["concept"]["uri"]) for each in skills] == [("essential", WELDING)]
    uri = quote(WELDING, safe="")
    needing = esco.get(f"{relations}?concept={uri}&direction=to").json()["items"]
    assert [each["concept"]["uri"] for each in needing] == [WELDER]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"{CONCEPTS}/0000", 404, "concept-unknown"),
        (f"{CONCEPTS}/..%2F..", 404, "concept-unknown"),
        ("/api/v1/taxonomies/esco@9/concepts", 404, "taxonomy-unknown"),
        ("/api/v1/taxonomies/isco-08/concepts", 404, "taxonomy-unknown"),
        ("/api/v1/taxonomies/ESCO/concepts", 422, "request-invalid"),
        (f"{CONCEPTS}?kind=job", 422, "request-invalid"),
        (f"{CONCEPTS}?lang=english", 422, "request-invalid"),
        (f"{CONCEPTS}?q=%00", 400, "url-malformed"),
        (f"{CONCEPTS}?q={'a' * 201}", 422, "request-invalid"),
        ("/api/v1/taxonomies/esco/relations", 422, "request-invalid"),
        ("/api/v1/taxonomies/esco/relations?concept=0000", 404, "concept-unknown"),
    ],
)
def test_what_is_not_there_is_said(esco: Served, path: str, status: int, code: str) -> None:
    answer = esco.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
