"""What a qualification means elsewhere: the decision first, conditions judged, conflicts shown."""

import dataclasses
import datetime as dt

import pytest

from skillpassport.equivalence import qualifications as said
from skillpassport.equivalence.agreements import Agreement
from skillpassport.equivalence.answer import Answer, AnswerKind, Basis
from skillpassport.equivalence.catalogue import KnownQualification, NoQualifications
from skillpassport.equivalence.conditions import Met
from skillpassport.equivalence.model import Publication
from skillpassport.equivalence.precedents import Precedent, PrecedentId
from skillpassport.equivalence.questions import Purpose
from skillpassport.equivalence.rules import RuleOutcome, RuleResult, RuleStatus
from skillpassport.equivalence.seeding import read_registry_seed
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.frameworks.errors import (
    EditionUnknown,
    FrameworkUnknown,
    RegistryInconsistent,
)
from skillpassport.frameworks.model import Footing
from tests.support.registry import SOURCE, TODAY, a_mapping, the_seed
from tests.support.rules import TITLE, a_rule, a_ruled_snapshot, an_agreement, evaluate

CHANGE = dt.date(2020, 1, 1)
EVE = CHANGE - dt.timedelta(days=1)
OVER_EUROPE = (a_mapping("AA:F 3", "EU:Y 3"), a_mapping("BB:F 3", "EU:Y 3"))


def told(answer: Answer) -> list[tuple[str, object]]:
    """Return basis and level, or title, of each answer."""
    return [
        (one.basis.value, one.target.level if one.path else one.target.to_json()["title"])
        for one in answer.answers
    ]


@pytest.mark.parametrize(
    "title",
    [TITLE, "certificate of welding", " CERTIFICATE  of Wélding. ", "Certificate-of-Welding"],
)
def test_a_title_matches_whatever_its_case_accents_punctuation_and_spaces(title: str) -> None:
    answer = evaluate(a_ruled_snapshot(a_rule()), title)
    (found,) = answer.answers
    assert (answer.kind, found.basis, found.authoritative) == (
        AnswerKind.FOUND,
        Basis.DECISION,
        True,
    )
    assert [one.source.id for one in found.evidence] == [SOURCE]
    assert answer.explanation == said.RULED
    assert answer.disclaimer


def test_a_stored_alias_is_a_title_of_the_same_qualification() -> None:
    snapshot = a_ruled_snapshot(a_rule(aliases=("Schweißerzeugnis", "CoW")))
    for alias in ("SCHWEISSERZEUGNIS", "cow"):
        assert evaluate(snapshot, alias).kind is AnswerKind.FOUND


def test_a_near_title_is_a_candidate_and_never_an_answer() -> None:
    answer = evaluate(a_ruled_snapshot(a_rule()), "Certifikate of Weldin")
    assert answer.kind is AnswerKind.UNKNOWN
    assert answer.answers == ()
    assert [one.qualification for one in answer.candidates] == [TITLE]
    assert answer.explanation == said.NEAR


def test_a_title_that_is_like_none_has_no_candidate() -> None:
    answer = evaluate(a_ruled_snapshot(a_rule()), "Doctor of Law")
    assert (answer.kind, answer.candidates) == (AnswerKind.UNKNOWN, ())
    assert answer.explanation == said.NO_TITLE
    elsewhere = evaluate(a_ruled_snapshot(a_rule()), to_country="CC")
    assert elsewhere.explanation == said.NO_RULES


def test_a_rule_of_another_country_says_nothing() -> None:
    snapshot = a_ruled_snapshot(a_rule(origin="CC"), a_rule("Other", destination="CC"))
    assert evaluate(snapshot).kind is AnswerKind.UNKNOWN
    assert evaluate(snapshot, "Other").kind is AnswerKind.UNKNOWN


def test_a_part_of_a_country_has_the_rules_of_the_country_and_not_the_other_way_round() -> None:
    snapshot = a_ruled_snapshot(a_rule(), a_rule("Local", origin="AA-1", destination="BB-2"))
    assert evaluate(snapshot, origin="AA-1", to_country="BB-2").kind is AnswerKind.FOUND
    assert evaluate(snapshot, "Local", origin="AA-1", to_country="BB-2").kind is AnswerKind.FOUND
    assert evaluate(snapshot, "Local").kind is AnswerKind.UNKNOWN


def test_without_facts_every_rule_of_a_title_is_answered_as_open() -> None:
    snapshot = a_ruled_snapshot(
        a_rule(when={"duration_years": {"in": [3]}}, comparable_to="Three"),
        a_rule(when={"duration_years": {"in": [4]}}, comparable_to="Four"),
    )
    answer = evaluate(snapshot)
    assert answer.kind is AnswerKind.FOUND
    assert answer.explanation == said.OPEN
    assert {one.to_json()["conditions"]["met"] for one in answer.answers} == {"unknown"}
    assert {tuple(one.to_json()["conditions"]["missing"]) for one in answer.answers} == {
        ("duration_years",)
    }


def test_a_rule_whose_condition_is_not_met_follows_and_finds_nothing_by_itself() -> None:
    snapshot = a_ruled_snapshot(
        a_rule(when={"duration_years": {"in": [3]}}, comparable_to="Three"),
        a_rule(when={"duration_years": {"in": [4]}}, comparable_to="Four"),
    )
    four = evaluate(snapshot, facts={"duration_years": 4})
    assert told(four) == [("decision", "Four"), ("decision", "Three")]
    none = evaluate(snapshot, facts={"duration_years": 5})
    assert (none.kind, none.explanation) == (AnswerKind.UNKNOWN, said.UNMET)
    assert [one.to_json()["conditions"]["met"] for one in none.answers] == [False, False]


def test_where_no_condition_is_met_the_level_alone_says_no_more_than_the_rules() -> None:
    snapshot = a_ruled_snapshot(
        a_rule(when={"duration_years": {"in": [3]}}, level="AA:F 3"), mappings=OVER_EUROPE
    )
    answer = evaluate(snapshot, facts={"duration_years": 4})
    assert answer.kind is AnswerKind.UNKNOWN
    assert all(one.basis is Basis.DECISION for one in answer.answers)
    assert [one.place.level for one in answer.candidates if one.place] == ["3"]


def test_a_condition_that_nobody_structured_stays_open_whatever_is_told() -> None:
    snapshot = a_ruled_snapshot(a_rule(condition="with at least grade B"))
    (found,) = evaluate(snapshot, facts={"final_grade": "A"}).answers
    assert found.to_json()["conditions"] == {"text": "with at least grade B", "met": "unknown"}


def test_a_rule_without_condition_shows_none() -> None:
    (found,) = evaluate(a_ruled_snapshot(a_rule())).answers
    assert "conditions" not in found.to_json()


def test_several_levels_are_listed_and_a_single_one_is_repeated() -> None:
    snapshot = a_ruled_snapshot(
        a_rule("Range", levels={"BB:F": ("2", "3"), "EU:Y": ("2",)}),
        a_rule("One"),
        a_rule("None", levels={}),
    )
    (several,) = evaluate(snapshot, "Range").answers
    assert several.target.to_json() == {
        "framework": "BB:F",
        "levels": ["2", "3"],
        "title": "Diploma",
        "also": [{"framework": "EU:Y", "levels": ["2"]}],
    }
    (one,) = evaluate(snapshot, "One").answers
    assert one.target.to_json()["level"] == "2"
    (none,) = evaluate(snapshot, "None").answers
    assert none.target.to_json() == {"levels": [], "title": "Diploma"}


def test_a_decision_goes_before_the_level_chain_and_the_conflict_is_shown() -> None:
    rule = a_rule(level="AAQ 3", levels={"BB:F": ("2",), "EU:Y": ("2",)})
    answer = evaluate(a_ruled_snapshot(rule, mappings=OVER_EUROPE))
    assert told(answer) == [("decision", "Diploma"), ("derived", "3")]
    (conflict,) = answer.conflicts
    assert conflict.text == said.AGAINST_CHAIN
    assert [one.rule for one in conflict.decisions] == [rule.id]
    assert {(s.target.framework, s.target.level) for s in conflict.statements} == {
        ("EU:Y", "3"),
        ("BB:F", "3"),
    }


def test_a_decision_that_agrees_with_the_chain_is_in_no_conflict() -> None:
    rule = a_rule(level="AA:F 3", levels={"BB:F": ("2", "3")})
    assert evaluate(a_ruled_snapshot(rule, mappings=OVER_EUROPE)).conflicts == ()


def test_rules_about_two_levels_are_each_held_against_their_own_chain() -> None:
    low, high = (
        a_rule(level=f"AA:F {level}", levels={"BB:F": (level,)}, comparable_to=level)
        for level in ("1", "3")
    )
    low_chain = (a_mapping("AA:F 1", "EU:Y 1"), a_mapping("BB:F 1", "EU:Y 1"))
    snapshot = a_ruled_snapshot(low, high, mappings=(*OVER_EUROPE, *low_chain))
    answer = evaluate(snapshot)
    assert [one.text for one in answer.conflicts] == [said.AGAINST_RULE]
    assert evaluate(snapshot, level="3").conflicts == ()


@pytest.mark.parametrize("level", ["3", "AAQ 3", "aaq  3"])
def test_the_level_of_origin_narrows_the_rules(level: str) -> None:
    snapshot = a_ruled_snapshot(
        a_rule(level="AAQ 2", comparable_to="Two"),
        a_rule(level="AAQ 3", comparable_to="Three"),
        a_rule(comparable_to="Any"),
    )
    answers = evaluate(snapshot, level=level).answers
    assert {one.target.to_json()["title"] for one in answers} == {"Three", "Any"}


def test_a_level_is_no_part_of_another_level() -> None:
    snapshot = a_ruled_snapshot(a_rule(level="AAQ Entry 3"))
    assert evaluate(snapshot, level="3").answers == ()
    assert evaluate(snapshot, level="Entry 3").kind is AnswerKind.FOUND


def test_a_qualification_of_the_catalogue_is_compared_by_its_level() -> None:
    class Catalogue(NoQualifications):
        def titled(self, origin: str, folded: str) -> tuple[KnownQualification, ...]:
            assert (origin, folded) == ("AA", "welder")
            return (
                KnownQualification(
                    id="q",
                    title="Welder",
                    country="AA",
                    framework="AA:F",
                    level="3",
                    sources=(SOURCE,),
                ),
            )

    answer = evaluate(a_ruled_snapshot(mappings=OVER_EUROPE), "Wélder", catalogue=Catalogue())
    assert told(answer) == [("derived", "3")]
    assert (answer.kind, answer.explanation) == (AnswerKind.FOUND, said.BY_LEVEL)


def test_a_framework_of_the_question_is_one_of_the_registry() -> None:
    snapshot = a_ruled_snapshot(a_rule(level="AA:F 3"))
    for unknown in ("XX:YY", "AAQ", "AA:F@1066"):
        with pytest.raises((FrameworkUnknown, EditionUnknown)):
            evaluate(snapshot, framework=unknown, level="3")
    assert evaluate(snapshot, framework="AA:F@current", level="3").kind is AnswerKind.FOUND
    assert evaluate(snapshot, framework="EU:Y", level="3").answers == ()


def test_an_alias_of_a_framework_narrows_as_its_id_does() -> None:
    content = read_registry_seed().content
    rule = a_rule(origin="PL", destination="NL", level="PRK VI", levels={}, sources=("NL-PL",))
    snapshot = RegistrySnapshot.of_content(dataclasses.replace(content, rules=(rule,)))
    for framework in ("PL:PRK", "PL:PQF"):
        answer = evaluate(snapshot, origin="PL", to_country="NL", framework=framework, level="VI")
        assert answer.answers[0].basis is Basis.DECISION


def test_a_rule_for_one_purpose_is_not_asked_for_another() -> None:
    study = a_rule(purpose=Purpose.FURTHER_STUDY, comparable_to="For study")
    every = a_rule(comparable_to="For all")
    snapshot = a_ruled_snapshot(study, every)

    def titles(purpose: Purpose | None) -> set[str]:
        answers = evaluate(snapshot, purpose=purpose).answers
        return {one.target.to_json()["title"] for one in answers}

    assert titles(Purpose.EMPLOYMENT) == {"For all"}
    assert titles(Purpose.FURTHER_STUDY) == {"For all", "For study"}
    assert titles(None) == {"For all", "For study"}


def test_rules_in_force_together_that_name_different_levels_are_in_conflict() -> None:
    snapshot = a_ruled_snapshot(
        a_rule(id="rule-of-one-body"), a_rule(id="rule-of-another", levels={"BB:F": ("3",)})
    )
    (conflict,) = evaluate(snapshot).conflicts
    assert conflict.text == said.AGAINST_RULE
    assert len(conflict.decisions) == 2


@pytest.mark.parametrize(("on", "titles"), [(EVE, ["Old"]), (CHANGE, ["New"]), (None, ["New"])])
def test_a_rule_answers_for_the_days_of_its_period(on: dt.date | None, titles: list[str]) -> None:
    snapshot = a_ruled_snapshot(
        a_rule(valid_until=EVE, comparable_to="Old"), a_rule(valid_from=CHANGE, comparable_to="New")
    )
    answer = evaluate(snapshot, on=on)
    assert [one.target.to_json()["title"] for one in answer.answers] == titles
    assert answer.kind is AnswerKind.FOUND


def test_a_superseded_rule_is_listed_last_and_on_request() -> None:
    superseded = a_rule(status=RuleStatus.SUPERSEDED, comparable_to="Old")
    alone = a_ruled_snapshot(superseded)
    assert (evaluate(alone).answers, evaluate(alone).explanation) == ((), said.PAST)
    listed = evaluate(alone, include_superseded=True)
    assert listed.kind is AnswerKind.UNKNOWN
    (old,) = listed.answers
    assert (old.status, old.authoritative) == ("superseded", False)
    both = evaluate(a_ruled_snapshot(superseded, a_rule()), include_superseded=True)
    assert [one.status for one in both.answers] == ["current", "superseded"]


@pytest.mark.parametrize(("on", "shown"), [(EVE, 1), (CHANGE, 0), (None, 0)])
def test_a_superseded_rule_with_a_period_answers_for_a_day_inside_it(
    on: dt.date | None, shown: int
) -> None:
    snapshot = a_ruled_snapshot(a_rule(status=RuleStatus.SUPERSEDED, valid_until=EVE))
    assert len(evaluate(snapshot, on=on).answers) == shown


def test_a_rule_gives_way_to_the_one_that_supersedes_it_from_that_ones_first_day() -> None:
    old = a_rule(id="rule-old-one", comparable_to="Old")
    new = a_rule(
        id="rule-new-one", comparable_to="New", valid_from=CHANGE, supersedes=("rule-old-one",)
    )
    snapshot = a_ruled_snapshot(old, new)
    assert told(evaluate(snapshot, on=EVE)) == [("decision", "Old")]
    assert told(evaluate(snapshot, on=CHANGE)) == [("decision", "New")]
    listed = evaluate(snapshot, on=CHANGE, include_superseded=True)
    assert [one.status for one in listed.answers] == ["current", "superseded"]


def test_an_unverified_rule_is_a_candidate_and_a_secondary_one_has_no_authority() -> None:
    unverified = a_ruled_snapshot(a_rule(publication=Publication.UNVERIFIED))
    answer = evaluate(unverified)
    assert (answer.kind, answer.answers) == (AnswerKind.UNKNOWN, ())
    assert [one.status for one in answer.candidates] == ["unverified"]
    (second,) = evaluate(a_ruled_snapshot(a_rule(publication=Publication.SECONDARY_SOURCE))).answers
    assert not second.authoritative


@pytest.mark.parametrize(
    ("agreement", "kind"),
    [
        (an_agreement(), AnswerKind.FOUND),
        (an_agreement("2019"), AnswerKind.FOUND),
        (an_agreement(ended="2025-12-31"), AnswerKind.UNKNOWN),
        (an_agreement("2027-01-01"), AnswerKind.UNKNOWN),
        (an_agreement(None), AnswerKind.UNKNOWN),
        (an_agreement("by exchange of notes"), AnswerKind.UNKNOWN),
        (an_agreement("2026"), AnswerKind.UNKNOWN),
        (an_agreement(footing=Footing.UNVERIFIED), AnswerKind.UNKNOWN),
    ],
)
def test_an_agreement_switches_a_rule_on_only_while_it_is_known_to_be_in_force(
    agreement: Agreement, kind: AnswerKind
) -> None:
    snapshot = a_ruled_snapshot(a_rule(agreement="AA-BB"), agreements=[agreement])
    answer = evaluate(snapshot)
    assert answer.kind is kind
    if kind is AnswerKind.FOUND:
        (found,) = answer.answers
        assert (found.basis, found.to_json()["agreement"]) == (Basis.AGREEMENT, "AA-BB")
        assert answer.explanation == said.AGREED
    if agreement.is_in_force(TODAY) is None:
        (candidate,) = answer.candidates
        assert candidate.status == "agreement_not_known_in_force"
        assert candidate.to_json()["agreement"] == "AA-BB"


def test_a_decision_goes_before_an_agreement_and_both_before_the_chain() -> None:
    snapshot = a_ruled_snapshot(
        a_rule(agreement="AA-BB", comparable_to="Agreed"),
        a_rule(level="AA:F 3", comparable_to="Decided"),
        mappings=OVER_EUROPE,
        agreements=[an_agreement()],
    )
    assert told(evaluate(snapshot)) == [
        ("decision", "Decided"),
        ("agreement", "Agreed"),
        ("derived", "3"),
    ]


def test_a_decision_on_a_single_case_is_shown_behind_rules_and_has_no_authority() -> None:
    precedent = Precedent(
        id=PrecedentId("precedent-1"),
        origin="AA",
        destination="BB",
        title=TITLE,
        result=RuleResult(outcome=RuleOutcome.PARTIAL, comparable_to="Two years"),
        decided_by="Board of BB",
        decided_in=2024,
        sources=(SOURCE,),
        differences=("No practice in MIG welding",),
    )
    alone = evaluate(a_ruled_snapshot(precedents=[precedent]))
    (found,) = alone.answers
    assert (alone.kind, found.status, found.authoritative) == (
        AnswerKind.FOUND,
        "precedent",
        False,
    )
    assert alone.explanation == said.DECIDED_ONCE
    assert found.to_json()["differences"] == ["No practice in MIG welding"]
    beside = evaluate(a_ruled_snapshot(a_rule(), precedents=[precedent]))
    assert [one.status for one in beside.answers] == ["current", "precedent"]
    earlier = evaluate(a_ruled_snapshot(precedents=[precedent]), on=dt.date(2023, 12, 31))
    assert earlier.answers == ()


@pytest.mark.parametrize(
    ("origin", "awarded_in", "basis"),
    [("PL", "eu_eea_ch", "2005/36"), ("CH", "eu_eea_ch", "2005/36"), ("PH", "third_country", "40")],
)
def test_a_regulated_profession_points_to_who_decides_by_where_one_qualified(
    origin: str, awarded_in: str, basis: str
) -> None:
    body = evaluate(
        the_seed(),
        "Nurse",
        origin=origin,
        to_country="DE",
        purpose=Purpose.REGULATED_PROFESSION,
        isco="2221",
    ).to_json()
    (way,) = body["regulated_professions"]
    assert way["awarded_in"] == awarded_in
    assert basis in way["legal_basis"]["en"]
    assert way["sources"]


def test_a_country_of_whose_professions_nothing_is_known_says_so() -> None:
    answer = evaluate(the_seed(), to_country="US", purpose=Purpose.REGULATED_PROFESSION)
    assert answer.to_json()["regulated_professions"] == []
    assert answer.explanation == said.NO_PROFESSION


def test_the_authority_of_the_occupation_is_the_one_to_ask() -> None:
    nurse = evaluate(the_seed(), origin="PH", to_country="NL", isco="2221")
    other = evaluate(the_seed(), origin="PH", to_country="NL")
    assert nurse.competent_authority is not None
    assert other.competent_authority is not None
    assert (nurse.competent_authority.id, other.competent_authority.id) == ("NL-BIG", "NL-Nuffic")


@pytest.mark.parametrize(
    "rule",
    [
        a_rule(sources=()),
        a_rule(supersedes=("rule-nobody-knows",)),
        a_rule(levels={"CC:F": ("1",)}),
        a_rule(agreement="none"),
        a_rule(id="rule-of-itself", supersedes=("rule-of-itself",)),
    ],
)
def test_a_rule_that_names_what_is_not_there_is_refused(rule: object) -> None:
    with pytest.raises(RegistryInconsistent):
        a_ruled_snapshot(rule)  # type: ignore[arg-type]


def test_a_ring_of_rules_that_supersede_each_other_is_refused() -> None:
    ids = [f"rule-in-a-ring-{n}" for n in range(3)]
    ring = [a_rule(id=one, supersedes=(ids[n - 1],)) for n, one in enumerate(ids)]
    with pytest.raises(RegistryInconsistent):
        a_ruled_snapshot(*ring)


@pytest.mark.parametrize(("layers", "width"), [(1500, 1), (40, 3)], ids=["long", "many ways"])
def test_supersessions_of_any_length_and_number_of_ways_are_followed(
    layers: int, width: int
) -> None:
    """Each rule of a layer is replaced by every rule of the next, 3 to the 40th ways in all."""
    ids = [[f"rule-layer-{layer}-{n}" for n in range(width)] for layer in range(layers)]
    rules = [
        a_rule(id=name, condition=name, supersedes=tuple(ids[layer - 1]) if layer else ())
        for layer, names in enumerate(ids)
        for name in names
    ]
    snapshot = a_ruled_snapshot(*rules)
    holding = [rule.id for rule in snapshot.rules if snapshot.rules.holds(rule, TODAY)]
    # A rule that is replaced itself replaces nothing any more.
    assert sorted(holding) == sorted(name for names in ids[::-1][::2] for name in names)


def test_a_rule_names_its_version() -> None:
    (found,) = evaluate(a_ruled_snapshot(a_rule())).answers
    told_rule = found.to_json()["rule"]
    assert told_rule["version"] == 1
    assert told_rule["id"].startswith("rule-")


def test_what_is_met_is_told_apart_from_what_is_open() -> None:
    snapshot = a_ruled_snapshot(
        a_rule(when={"exam_board": {"in": ["IEB"]}}, comparable_to="Board"),
        a_rule(when={"duration_years": {"in": [3]}}, comparable_to="Years"),
    )
    answer = evaluate(snapshot, facts={"duration_years": 3})
    mets = [one.to_json()["conditions"]["met"] for one in answer.answers]
    assert mets == [True, "unknown"]
    assert Met.TRUE.to_json() is True
