"""A verification says what the award is worth: the destination's rule on its title goes first."""

import dataclasses
from functools import partial

import pytest

from skillpassport.equivalence.importing.recognition_rules import read_rule_file
from skillpassport.frameworks.model import FrameworkId
from tests.support.awards import Story
from tests.support.importing import a_table
from tests.support.taxonomies import a_qualification

ROWS = (
    {
        "origin_country": "PL",
        "qualification": "Inzynier spawalnik",
        "comparable_to": "HBO bachelor in welding",
        "outcome": "lower_level",
        "condition": "awarded from 2025",
        "when": '{"award_date": {"from": "2025-01-01"}}',
        "eqf": "5",
        "source": "a table that was read",
    },
    {
        "origin_country": "PL",
        "qualification": "Inżynier spawalnik",
        "comparable_to": "MBO diploma level 4",
        "outcome": "comparable",
        "condition": "awarded before 2025",
        "when": '{"award_date": {"before": "2025-01-01"}}',
        "eqf": "4",
        "source": "a table that was read",
    },
)


def bring_in_rules(story: Story) -> None:
    report = story.served.instance.import_into_registry(
        partial(read_rule_file, a_table(ROWS), {}, destination="NL"), origin="a test"
    )
    assert (report.added, report.refused) == (2, ())


def test_an_award_is_told_by_the_rule_on_its_title_with_the_conflict(story: Story) -> None:
    made = story.award()
    before = story.verify(made["document"], destination="NL")["meaning"]
    assert {one["basis"] for one in before["answers"]} == {"derived"}
    bring_in_rules(story)
    report = story.verify(made["document"], destination="NL")
    meaning = report["meaning"]
    assert (report["verdict"], meaning["destination"]) == ("valid", "NL")
    first = meaning["answers"][0]
    assert (first["basis"], first["target"]["title"]) == ("decision", "HBO bachelor in welding")
    assert first["conditions"]["met"] is True
    assert [one["conditions"]["met"] for one in meaning["answers"] if "conditions" in one] == [
        True,
        False,
    ]
    assert "derived" in {one["basis"] for one in meaning["answers"]}
    assert meaning["conflicts"]
    assert "not recognition" in meaning["disclaimer"]


def test_the_page_behind_the_code_shows_the_rule(story: Story) -> None:
    made = story.award()
    bring_in_rules(story)
    page = story.served.get(f"/v/{made['code']}?destination=NL", Accept="text/html").text
    for text in ("HBO bachelor in welding", "Condition met:", "awarded from 2025"):
        assert text in page, text


def test_an_award_is_told_by_the_rules_on_the_registered_qualification_that_it_is(
    story: Story,
) -> None:
    registered = dataclasses.replace(
        a_qualification(7),
        id="PL-welding-engineer",
        title={"pl": "Inżynier spawalnik"},
        framework=FrameworkId("PL:PRK"),
        level="VI",
    )
    with story.served.instance.database.transaction() as work:
        work.qualifications.add([registered], origin="the tests", now=lambda: work.now)
    bring_in_rules(story)
    plain = story.define(slug="plain", title={"en": "Spawanie: course"})
    named = story.define(
        slug="named", title={"en": "Spawanie: course"}, qualification="PL-welding-engineer"
    )
    for achievement, first in ((plain, "derived"), (named, "decision")):
        made = story.award(achievement=achievement)
        meaning = story.verify(made["document"], destination="NL")["meaning"]
        assert meaning["answers"][0]["basis"] == first
    shown = story.served.get("/api/v1/achievements/named", story.provider.key).json()
    assert shown["qualification"] == "PL-welding-engineer"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"qualification": "PL-none"}, "qualification-not-registered"),
        ({"qualification": "PL-2", "level": "V"}, "qualification-differs"),
        ({"qualification": "GH-1"}, "qualification-differs"),
        ({"qualification": "a b"}, "request-invalid"),
        ({"qualification": ["PL-2"]}, "request-invalid"),
    ],
)
def test_an_achievement_is_only_a_qualification_that_it_can_be(
    story: Story, changes: dict[str, object], code: str
) -> None:
    given = [
        dataclasses.replace(
            a_qualification(2), id="PL-2", framework=FrameworkId("PL:PRK"), level="VI"
        ),
        dataclasses.replace(a_qualification(1), id="GH-1", country="GH", framework=None),
    ]
    with story.served.instance.database.transaction() as work:
        work.qualifications.add(given, origin="the tests", now=lambda: work.now)
    refused = story.ask_to_define(slug="new", **changes)
    assert (refused.status_code, refused.json()["code"]) == (422, code)


def test_a_comparison_names_the_qualification_that_is_meant_by_its_id(story: Story) -> None:
    given = [
        dataclasses.replace(
            a_qualification(number),
            id=f"PL-{number}",
            title={"en": "Welder"},
            framework=FrameworkId("PL:PRK"),
            level=level,
        )
        for number, level in ((1, "IV"), (2, "VI"))
    ]
    with story.served.instance.database.transaction() as work:
        work.qualifications.add(given, origin="the tests", now=lambda: work.now)
    asked = "/api/v1/equivalences?qualification=welder&origin=PL&to_country=NL"
    torn = story.served.get(asked).json()
    assert (torn["answer"], torn["answers"]) == ("ambiguous", [])
    assert [one["registered"] for one in torn["candidates"]] == ["PL-1", "PL-2"]
    told = story.served.get(f"{asked}&registered=PL-2").json()
    assert told["answer"] == "found"
    assert story.served.get(f"{asked}&registered=PL-9").status_code == 404
    page = "/registry/evaluate?qualification=welder&origin=PL&destination=NL&lang=en"
    shown = story.served.get(page, Accept="text/html").text
    assert "one of several of this title" in shown
    assert "registered=PL-2" in shown
    chosen = story.served.get(f"{page}&registered=PL-2", Accept="text/html").text
    assert "one of several of this title" not in chosen
    assert 'name="registered" value="PL-2"' in chosen
    # Another title was typed: what was chosen before is of no account.
    other = story.served.get(f"{page}er&registered=PL-2".replace("=welder&", "=weaver&"))
    assert 'value="PL-2"' not in other.text
