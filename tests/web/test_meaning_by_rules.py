"""A verification says what the award is worth: the destination's rule on its title goes first."""

from functools import partial

from skillpassport.equivalence.importing.recognition_rules import read_rule_file
from tests.support.awards import Story
from tests.support.importing import a_table

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
