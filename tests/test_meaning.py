"""Where credentials and equivalence meet."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from skillpassport.clock import FixedClock
from skillpassport.credentials.achievements import LevelNotRegistered
from skillpassport.credentials.model import Achievement
from skillpassport.equivalence.precedents import Precedent, PrecedentId
from skillpassport.equivalence.rules import RecognitionRule, RuleOutcome, RuleResult
from skillpassport.equivalence.seeding import read_registry_seed
from skillpassport.frameworks.errors import LevelUnknown
from skillpassport.meaning import MeaningInCountry, RegistryLevels
from tests.support.awards import an_achievement
from tests.support.catalogue import Known, a_known
from tests.support.registry import SOURCE, a_mapping
from tests.support.rules import TITLE, a_rule, a_ruled_snapshot

LEVELS = RegistryLevels(registry=read_registry_seed().snapshot)
TODAY = date(2026, 11, 22)


def test_a_level_is_found_in_the_edition_in_force() -> None:
    found = LEVELS.find("PL:PRK", None, "VI", TODAY)
    assert (found.framework, found.edition, found.level) == ("PL:PRK", "current", "VI")
    assert found.uri is not None


def test_an_alias_of_a_framework_leads_to_its_id() -> None:
    assert LEVELS.find("PL:PQF", None, "VI", TODAY).framework == "PL:PRK"


def test_the_edition_of_the_day_is_chosen() -> None:
    assert LEVELS.find("IN:NSQF", None, "8", date(2022, 5, 1)).edition == "2013"
    assert LEVELS.find("IN:NSQF", None, "8", TODAY).edition == "2023"


@pytest.mark.parametrize(
    ("framework", "level"), [("XX:NONE", "1"), ("PL:PRK", "11"), ("PL:PRK@1066", "VI")]
)
def test_what_the_registry_does_not_know_is_refused_with_its_reason(
    framework: str, level: str
) -> None:
    with pytest.raises(LevelNotRegistered) as refused:
        LEVELS.find(framework, None, level, TODAY)
    assert refused.value.message


def test_levels_of_a_scope_are_written_as_their_edition_writes_them() -> None:
    assert LEVELS.notations("PL:PRK", ["VI", "VII"]) == ("VI", "VII")
    # A level of an edition that is no longer in force may still be accredited.
    assert LEVELS.notations("GH:NTVETQF", ["4"]) == ("4",)
    with pytest.raises(LevelUnknown):
        LEVELS.notations("PL:PRK", ["4711"])


# --- what an achievement means in a country ---------------------------------------------------------

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OVER_EUROPE = (a_mapping("AA:F 3", "EU:Y 3"), a_mapping("BB:F 3", "EU:Y 3"))


def a_titled_achievement(level: str | None = "3") -> Achievement:
    return an_achievement(
        title={"en": "Something else", "de": TITLE},
        framework=None if level is None else "AA:F",
        edition=None if level is None else "current",
        level=level,
    )


def meaning_of(
    achievement: Achievement,
    *rules: RecognitionRule,
    on: date | None = None,
    known: Known | None = None,
    precedents: tuple[Precedent, ...] = (),
) -> dict[str, Any]:
    snapshot = a_ruled_snapshot(*rules, mappings=OVER_EUROPE, precedents=precedents)
    return MeaningInCountry(
        registry=lambda: snapshot, clock=FixedClock(NOW), catalogue=lambda: known or Known()
    )(
        achievement=achievement,
        country_of_origin="AA",
        destination="BB",
        on=on,
        purpose=None,
    )


def test_a_decision_on_the_title_goes_before_the_level_and_the_conflict_is_told() -> None:
    told = meaning_of(a_titled_achievement(), a_rule())
    assert (told["answer"], told["destination"]) == ("found", "BB")
    assert [one["basis"] for one in told["answers"]] == ["decision", "derived"]
    assert len(told["conflicts"]) == 1
    assert "not recognition" in told["disclaimer"]


def test_an_achievement_without_a_level_is_answered_by_its_title() -> None:
    told = meaning_of(a_titled_achievement(None), a_rule())
    assert [one["target"]["title"] for one in told["answers"]] == ["Diploma"]


def test_without_a_rule_about_the_title_the_level_answers() -> None:
    told = meaning_of(a_titled_achievement(), a_rule("Another title"))
    assert [one["basis"] for one in told["answers"]] == ["derived"]


def test_a_rule_about_another_level_leaves_the_level_to_answer() -> None:
    told = meaning_of(a_titled_achievement(), a_rule(level="AA:F 1"))
    assert [one["basis"] for one in told["answers"]] == ["derived"]


def test_the_day_of_the_award_is_a_fact_and_the_rule_is_the_one_of_today() -> None:
    rules = (
        a_rule(when={"award_date": {"before": "2020-01-01"}}, comparable_to="Before"),
        a_rule(when={"award_date": {"from": "2020-01-01"}}, comparable_to="After"),
        a_rule(valid_until=date(2019, 12, 31), comparable_to="Gone"),
    )
    told = meaning_of(a_titled_achievement(None), *rules, on=date(2019, 5, 1))
    assert [(one["target"]["title"], one["conditions"]["met"]) for one in told["answers"]] == [
        ("Before", True),
        ("After", False),
    ]


def test_a_rule_on_another_title_of_the_registered_qualification_goes_before_the_level() -> None:
    known = Known(a_known("q", "Something else", "Registered title"))
    told = meaning_of(a_titled_achievement(), a_rule("Registered title"), known=known)
    assert [one["basis"] for one in told["answers"]] == ["decision", "derived"]
    without = meaning_of(a_titled_achievement(), a_rule("Registered title"))
    assert [one["basis"] for one in without["answers"]] == ["derived"]


def test_the_id_of_the_registered_qualification_leads_to_its_rules_whatever_the_title() -> None:
    known = Known(a_known("q", "Registered title"))
    achievement = replace(a_titled_achievement(), qualification="q")
    told = meaning_of(achievement, a_rule("Registered title"), known=known)
    assert told["answers"][0]["basis"] == "decision"


def test_an_achievement_without_a_level_has_that_of_its_registered_qualification() -> None:
    told = meaning_of(a_titled_achievement(None), known=Known(a_known("q", "Something else")))
    assert [(one["basis"], one["target"]["level"]) for one in told["answers"]] == [("derived", "3")]
    assert SOURCE in [one["source"] for one in told["answers"][0]["evidence"]]


def test_an_ambiguous_title_is_told_beside_the_level_and_nothing_follows_from_it() -> None:
    two = (a_known("q-a", "Something else", "X", level="3"), a_known("q-b", "Something else"))
    several = Known(replace(two[0], edition="old"), two[1])
    told = meaning_of(a_titled_achievement(), a_rule("X"), known=several)
    assert [one["basis"] for one in told["answers"]] == ["derived"]
    elsewhere = Known(a_known("q", "Something else", "X", level="1"))
    told = meaning_of(a_titled_achievement(), a_rule("X"), known=elsewhere)
    assert [one["basis"] for one in told["answers"]] == ["derived"]
    assert [(one["registered"], one["status"]) for one in told["candidates"]] == [
        ("q", "other_level")
    ]


def test_an_ambiguous_title_without_a_level_is_told_as_ambiguous() -> None:
    several = Known(a_known("q-a", "Something else", level="1"), a_known("q-b", "Something else"))
    told = meaning_of(a_titled_achievement(None), known=several)
    assert (told["answer"], told["answers"]) == ("ambiguous", [])
    assert [one["registered"] for one in told["candidates"]] == ["q-a", "q-b"]


def test_a_decision_on_a_single_case_of_the_title_is_shown_with_the_level() -> None:
    decided = Precedent(
        id=PrecedentId("precedent-1"),
        origin="AA",
        destination="BB",
        title=TITLE,
        result=RuleResult(outcome=RuleOutcome.PARTIAL, comparable_to="Two years"),
        decided_by="Board of BB",
        decided_in=2024,
        sources=(SOURCE,),
    )
    told = meaning_of(a_titled_achievement(), precedents=(decided,))
    assert [one["status"] for one in told["answers"]] == ["precedent", "derived"]
