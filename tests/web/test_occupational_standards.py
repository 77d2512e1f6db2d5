"""What occupations ask for, and what someone has shown of it, over HTTP."""

from typing import Any

import pytest

from skillpassport.frameworks.taxonomies.esco import read_esco
from tests.support.awards import Story
from tests.support.instances import Served
from tests.support.taxonomies import WELDER, a_full_qualification, a_package

WELDING = "ES-FME035_2"
COMPARE = "/api/v1/outcome-comparisons"


def compared(served: Served, **body: object) -> dict[str, Any]:
    got = served.post(COMPARE, body)
    assert got.status_code == 200, got.text
    came: dict[str, Any] = got.json()
    return came


def test_standards_are_found_by_country_and_occupation(served: Served) -> None:
    found = served.get("/api/v1/occupational-standards?country=es&isco=7212").json()["items"]
    assert [one["id"] for one in found] == [WELDING]
    assert found[0]["unit_count"] == 4
    assert "units" not in found[0]
    first = served.get("/api/v1/occupational-standards?limit=2").json()
    second = served.get(f"/api/v1/occupational-standards?limit=2&cursor={first['next']}").json()
    assert first["items"][-1]["id"] < second["items"][0]["id"]


def test_a_standard_is_told_with_its_units_hours_dates_and_sources(served: Served) -> None:
    nursing = served.get("/api/v1/occupational-standards/DE-PflAPrV").json()
    assert nursing["total_hours"] == 4600
    assert sum(int(one.get("hours", 0)) for one in nursing["units"]) == 4600
    assert all(one["where"] for one in nursing["sources"])
    farming = served.get("/api/v1/occupational-standards/ZA-SAQA-agri").json()
    tractor = next(one for one in farming["units"] if one["code"] == "SAQA-116820")
    assert (tractor["registered_until"], tractor["last_achievement"]) == (
        "2023-06-30",
        "2027-06-30",
    )


def test_two_of_four_units_are_met_and_the_others_named(served: Served) -> None:
    shown = [{"code": code, "standard": WELDING} for code in ("UC0099_2", "UC0100_2")]
    came = compared(served, standard=WELDING, shown=shown)
    assert came["counts"] == {"met": 2, "missing": 2, "unclear": 0}
    assert came["hours"] == {"asked": 600, "met": None}  # its units give no hours of their own
    assert came["differences"] == ["UC0098_2", "UC0101_2"]
    assert "authority alone decides" in came["disclaimer"]


def test_a_whole_foreign_curriculum_leaves_open_what_nobody_judged(served: Served) -> None:
    came = compared(served, standard="DE-PflAPrV", from_standard="GH-NMC-RGN")
    assert came["counts"]["met"] == 0
    assert came["hours"] == {"asked": 4600, "met": 0}
    assert "PflAPrV-A7-II.2" in came["differences"]


def test_a_skill_that_two_units_share_leaves_the_other_one_open(served: Served) -> None:
    came = compared(served, standard=WELDING, shown=[{"code": "UC0099_2", "standard": WELDING}])
    tig = next(one for one in came["units"] if one["unit"]["code"] == "UC0100_2")
    assert (tig["finding"], tig["ground"]) == ("unclear", "same_skills")
    assert tig["skills"]["shared"]
    assert tig["skills"]["wanting"]


def test_a_registered_course_is_offered_for_what_is_wanting(story: Story) -> None:
    defined = story.ask_to_define(
        slug="tig",
        kind="training",
        title={"en": "TIG welding"},
        hours=80,
        outcomes=[{"code": "UC0100_2", "statement": {"en": "Welds with TIG."}}],
    )
    assert defined.status_code == 201, defined.text
    came = compared(story.served, standard=WELDING)
    wanting = {one["unit"]["code"]: one.get("offers", []) for one in came["units"]}
    assert [offer["hours"] for offer in wanting["UC0100_2"]] == [80]
    assert wanting["UC0099_2"] == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"standard": "XX-NONE"}, 422, "standard-unknown"),
        ({"standard": WELDING, "shown": [{}]}, 422, "request-invalid"),
        ({"standard": WELDING, "shown": [{"title": "Welding"}]}, 422, "request-invalid"),
        ({"standard": WELDING, "shown": [{"code": "x", "hours": -1}]}, 422, "request-invalid"),
        ({"standard": WELDING, "shown": [{"code": "x"}] * 301}, 422, "request-invalid"),
        (
            {"standard": WELDING, "shown": [{"code": "x", "esco": ["javascript:1"]}]},
            422,
            "request-invalid",
        ),
        (
            {"standard": WELDING, "shown": [{"code": "x", "standard": "NO"}]},
            422,
            "standard-unknown",
        ),
        ({"standard": WELDING, "from_standard": "NO"}, 422, "standard-unknown"),
        ({"standard": WELDING, "level": "4"}, 422, "request-invalid"),
        ({}, 422, "request-invalid"),
        ({"standard": WELDING, "qualification": "PL-0001"}, 422, "request-invalid"),
        ({"qualification": "PL-0001"}, 422, "qualification-unknown"),
        ({"standard": WELDING, "from_qualification": "x"}, 422, "qualification-unknown"),
        ({"occupation": WELDER}, 422, "taxonomy-unknown"),
        ({"occupation": "urn:x"}, 422, "request-invalid"),
    ],
)
def test_what_cannot_be_compared(
    served: Served, body: dict[str, object], status: int, code: str
) -> None:
    refused = served.post(COMPARE, body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


@pytest.mark.parametrize("name", ["XX-NONE", "%00", "..%2f..", "%e2%80%ae", "a" * 300])
def test_a_standard_that_is_not_there(served: Served, name: str) -> None:
    assert served.get(f"/api/v1/occupational-standards/{name}").status_code in {400, 404, 422}


def with_esco(served: Served) -> Served:
    with served.instance.database.transaction() as work:
        content, _ = read_esco(a_package(), version="1.0")
        work.taxonomies.add(content, origin="a test", now=lambda: work.now)
    return served


def test_skills_of_an_esco_occupation_are_explained_and_never_met(served: Served) -> None:
    came = compared(
        with_esco(served),
        occupation=WELDER,
        shown=[{"title": {"en": "Welding"}}, {"title": {"fr": "Cuisine"}}],
    )
    found = {one["unit"]["title"]["en"]: (one["finding"], one["ground"]) for one in came["units"]}
    assert found == {
        "welding": ("unclear", "same_title"),
        "read drawings": ("missing", "none"),
    }
    assert came["units"][0]["skills"]["shared"]
    assert came["differences"] == ["welding"]  # what is optional makes no difference
    assert "ESCO" in came["standard"]["authority"]
    assert [one["title"] for one in came["unused"]] == [{"fr": "Cuisine"}]


def test_a_further_name_of_a_skill_leads_to_it(served: Served) -> None:
    came = compared(
        with_esco(served), occupation=WELDER, shown=[{"title": {"en": "Interpret drawings"}}]
    )
    assert [one["ground"] for one in came["units"]] == ["none", "same_skills"]


def test_units_of_a_registered_qualification_are_a_standard_too(served: Served) -> None:
    with served.instance.database.transaction() as work:
        work.qualifications.add([a_full_qualification()], origin="a test", now=lambda: work.now)
    wanted = compared(served, qualification="PL-full")
    assert wanted["standard"]["id"] == "PL-full"
    assert wanted["counts"]["missing"] == len(wanted["units"]) > 0
    whole = compared(served, qualification="PL-full", from_qualification="PL-full")
    assert whole["counts"]["met"] == len(wanted["units"])
