"""The coverage of the registry, for programs and for people."""

import re

import pytest

from skillpassport.web.countries import iso_countries
from tests.support.registry import a_registry_client, the_seed

CLIENT = a_registry_client()


def test_every_country_of_the_world_has_a_line() -> None:
    body = CLIENT.get("/api/v1/coverage").json()
    countries = {one["country"]: one for one in body["countries"]}
    assert len(iso_countries(the_seed().registry)) == len(countries) == 250  # ISO 3166-1 and Kosovo
    assert countries["SN"]["standing"] == "in_development"
    assert countries["AQ"] == {
        "country": "AQ",
        "reach": "not_reached",
        "standing": "unrecorded",
        "statements": 0,
        "frameworks": [],
    }
    assert body["counts"]["statements"]["published"] == 256
    assert sum(body["counts"]["countries"].values()) == len(countries)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_page_says_what_the_api_says(language: str) -> None:
    body = CLIENT.get("/api/v1/coverage").json()
    page = CLIENT.get(f"/registry/coverage?lang={language}").text
    anchors = set(re.findall(r'id="source-([^"]+)"', page))
    assert anchors == {source["id"] for source in body["sources"]}
    assert set(re.findall(r'id="country-([A-Z]{2})"', page)) == {
        one["country"] for one in body["countries"]
    }
    assert str(body["counts"]["statements"]["published"]) in page


def test_the_page_is_no_frameworks_page() -> None:
    assert CLIENT.get("/registry/coverage").status_code == 200
    assert CLIENT.get("/registry/NO:NKR").status_code == 200


def test_what_is_true_of_a_country_stands_beside_its_name() -> None:
    page = CLIENT.get("/registry/coverage").text
    for note in (
        "A draft of 2012 that never became official.",
        "None was found, which does not prove that there is none.",
        "Trade tests and Malawi Craft certificates were last examined in December 2019",
    ):
        assert note in page
