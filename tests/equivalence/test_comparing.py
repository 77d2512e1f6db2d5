"""What a level means elsewhere: three kinds of "no", editions, paths of two statements."""

import datetime as dt

import pytest

from skillpassport.equivalence.answer import AnswerKind, Basis
from skillpassport.equivalence.comparing import DISCLAIMER, compare_level
from skillpassport.equivalence.model import Direction, Publication, Relation
from skillpassport.equivalence.qualifications import compare_qualification
from skillpassport.equivalence.questions import (
    LevelQuestion,
    QualificationQuestion,
    QuestionIncomplete,
)
from skillpassport.frameworks.errors import (
    EditionUnknown,
    FrameworkUnknown,
    LevelUnknown,
    RegistryInconsistent,
)
from skillpassport.frameworks.model import FrameworkStatus
from tests.support.registry import (
    TODAY,
    a_framework,
    a_mapping,
    a_snapshot,
    an_edition,
    ask,
    candidates_of,
    levels_of,
    some_levels,
    the_seed,
)


def test_a_published_statement_answers_with_authority_and_its_source() -> None:
    answer = ask(a_snapshot(a_mapping("AA:X 1", "EU:Y 2")), "AA:X 1", "EU:Y")
    (found,) = answer.answers
    assert answer.kind is AnswerKind.FOUND
    assert (found.target.level, found.basis, found.authoritative) == ("2", Basis.MAPPING, True)
    assert [one.source.id for one in found.evidence] == ["SRC"]
    assert found.status == "referenced"


def test_each_target_level_of_a_mapping_is_an_answer_of_its_own() -> None:
    snapshot = a_snapshot(a_mapping("AA:X 1", "EU:Y 3"), a_mapping("AA:X 1", "EU:Y 2"))
    assert levels_of(ask(snapshot, "AA:X 1", "EU:Y")) == ["2", "3"]


def test_a_mapping_is_read_backward_only_where_it_says_both() -> None:
    both = a_snapshot(a_mapping("AA:X 1", "EU:Y 2"))
    forward = a_snapshot(a_mapping("AA:X 1", "EU:Y 2", direction=Direction.FORWARD))
    backward = ask(both, "EU:Y 2", "AA:X")
    assert levels_of(backward) == ["1"]
    assert backward.answers[0].basis is Basis.MAPPING
    assert ask(forward, "EU:Y 2", "AA:X").kind is AnswerKind.UNKNOWN


def test_a_level_is_never_carried_over_by_its_number() -> None:
    snapshot = a_snapshot(a_mapping("AA:X 1", "EU:Y 2"))
    answer = ask(snapshot, "AA:X 2", "EU:Y")
    assert answer.kind is AnswerKind.UNKNOWN
    assert answer.answers == ()


def test_a_published_gap_is_an_answer_with_evidence_and_no_level() -> None:
    answer = ask(a_snapshot(a_mapping("AA:X 1", "EU:Y -")), "AA:X 1", "EU:Y")
    (gap,) = answer.answers
    assert answer.kind is AnswerKind.PUBLISHED_GAP
    assert gap.to_json()["target"]["levels"] == []
    assert gap.relation == "no_comparable_level"
    assert gap.evidence


def test_a_published_gap_suppresses_the_path_around_it() -> None:
    snapshot = a_snapshot(
        a_mapping("AA:X 1", "EU:Y -"),
        a_mapping("AA:X 1", "MM:Z 1"),
        a_mapping("MM:Z 1", "EU:Y 1"),
    )
    assert ask(snapshot, "AA:X 1", "EU:Y").kind is AnswerKind.PUBLISHED_GAP


def test_a_statement_that_is_not_endorsed_gives_no_level_and_no_path_around_it() -> None:
    snapshot = a_snapshot(
        a_mapping("AA:X 1", "EU:Y 1", publication=Publication.NOT_ENDORSED, disclaimer="Never."),
        a_mapping("AA:X 1", "MM:Z 1"),
        a_mapping("MM:Z 1", "EU:Y 1"),
    )
    answer = ask(snapshot, "AA:X 1", "EU:Y")
    assert answer.kind is AnswerKind.NOT_USABLE
    assert levels_of(answer) == [None]
    assert "Never." in answer.disclaimer
    assert [one.status for one in answer.candidates] == ["not_endorsed"]
    assert [place.level for place in candidates_of(answer)] == ["1"]


def test_a_statement_that_is_not_endorsed_is_no_hop() -> None:
    snapshot = a_snapshot(
        a_mapping("AA:X 1", "MM:Z 1", publication=Publication.NOT_ENDORSED),
        a_mapping("MM:Z 1", "EU:Y 1"),
    )
    assert ask(snapshot, "AA:X 1", "EU:Y").kind is AnswerKind.UNKNOWN


def test_an_unverified_statement_is_a_candidate_and_nothing_more() -> None:
    snapshot = a_snapshot(
        a_mapping("AA:X 1", "EU:Y 1", publication=Publication.UNVERIFIED),
        a_mapping("EU:Y 1", "BB:Z 1"),
    )
    answer = ask(snapshot, "AA:X 1", "EU:Y")
    assert answer.kind is AnswerKind.UNKNOWN
    assert [place.level for place in candidates_of(answer)] == ["1"]
    assert ask(snapshot, "AA:X 1", "BB:Z").kind is AnswerKind.UNKNOWN


def test_a_secondary_source_answers_without_authority() -> None:
    secondary = Publication.SECONDARY_SOURCE
    answer = ask(a_snapshot(a_mapping("AA:X 1", "EU:Y 2", publication=secondary)), "AA:X 1", "EU:Y")
    assert answer.kind is AnswerKind.FOUND
    assert answer.answers[0].authoritative is False
    assert answer.answers[0].status == "secondary_source"


def test_a_path_over_two_statements_is_derived_and_shows_both() -> None:
    snapshot = a_snapshot(a_mapping("AA:X 1", "EU:Y 2"), a_mapping("BB:Z 3", "EU:Y 2"))
    answer = ask(snapshot, "AA:X 1", "BB:Z")
    (found,) = answer.answers
    assert (found.target.level, found.basis, found.authoritative) == ("3", Basis.DERIVED, False)
    assert [str(step.target.framework) for step in found.path] == ["EU:Y", "BB:Z"]
    assert [step.backward for step in found.path] == [False, True]
    assert found.status == "derived"


def test_three_hops_are_too_many() -> None:
    snapshot = a_snapshot(
        a_mapping("AA:X 1", "BB:X 1"), a_mapping("BB:X 1", "CC:X 1"), a_mapping("CC:X 1", "DD:X 1")
    )
    assert ask(snapshot, "AA:X 1", "DD:X").kind is AnswerKind.UNKNOWN


def test_a_path_never_leads_back_to_the_framework_it_came_from() -> None:
    snapshot = a_snapshot(
        a_mapping("AA:X@old 1", "EU:Y 1"),
        a_mapping("AA:X@new 2", "EU:Y 1"),
        frameworks=[a_framework("AA:X"), a_framework("EU:Y")],
        editions=[an_edition("AA:X", "new"), an_edition("AA:X", "old"), an_edition("EU:Y")],
    )
    assert ask(snapshot, "AA:X@old 1", "AA:X@new").kind is AnswerKind.UNKNOWN


def test_a_direct_statement_goes_before_a_path_and_a_contradiction_is_shown() -> None:
    snapshot = a_snapshot(
        a_mapping("AA:X 1", "BB:Z 1"), a_mapping("AA:X 1", "EU:Y 2"), a_mapping("EU:Y 2", "BB:Z 3")
    )
    answer = ask(snapshot, "AA:X 1", "BB:Z")
    assert levels_of(answer) == ["1"]
    assert len(answer.conflicts) == 1


def test_sources_that_name_different_levels_are_in_conflict() -> None:
    snapshot = a_snapshot(
        a_mapping("AA:X 1", "EU:Y 1", source="ONE"), a_mapping("AA:X 1", "EU:Y 2", source="TWO")
    )
    answer = ask(snapshot, "AA:X 1", "EU:Y")
    assert levels_of(answer) == ["1", "2"]
    assert len(answer.conflicts) == 1


def test_several_levels_from_one_source_are_no_conflict() -> None:
    snapshot = a_snapshot(a_mapping("AA:X 1", "EU:Y 1"), a_mapping("AA:X 1", "EU:Y 2"))
    assert ask(snapshot, "AA:X 1", "EU:Y").conflicts == ()


def test_a_link_between_editions_is_neither_an_answer_nor_a_hop() -> None:
    snapshot = a_snapshot(
        a_mapping(
            "AA:X@new 1", "AA:X@old 3", relation=Relation.REPLACES, direction=Direction.FORWARD
        ),
        a_mapping("AA:X@old 3", "EU:Y 1"),
        frameworks=[a_framework("AA:X"), a_framework("EU:Y")],
        editions=[
            an_edition("AA:X", "new", valid_from=dt.date(2020, 1, 1)),
            an_edition("AA:X", "old"),
            an_edition("EU:Y"),
        ],
    )
    assert ask(snapshot, "AA:X@new 1", "AA:X@old").kind is AnswerKind.UNKNOWN
    assert ask(snapshot, "AA:X@new 1", "EU:Y").kind is AnswerKind.UNKNOWN


DATED = (
    an_edition("AA:X", "2013", valid_from=dt.date(2013, 12, 27), valid_until=dt.date(2023, 6, 5)),
    an_edition("AA:X", "2023", valid_from=dt.date(2023, 6, 6)),
    an_edition("EU:Y"),
)


@pytest.mark.parametrize(
    ("origin", "on", "levels"),
    [
        ("AA:X 1", dt.date(2023, 6, 5), ["1"]),
        ("AA:X 1", dt.date(2023, 6, 6), ["2"]),
        ("AA:X 1", None, ["2"]),
        ("AA:X@2013 1", None, ["1"]),
        ("AA:X 1", dt.date(2013, 12, 26), []),
    ],
)
def test_a_row_with_an_edition_answers_for_that_edition_only(
    origin: str, on: dt.date | None, levels: list[str]
) -> None:
    snapshot = a_snapshot(
        a_mapping("AA:X@2013 1", "EU:Y 1"),
        a_mapping("AA:X@2023 1", "EU:Y 2"),
        frameworks=[a_framework("AA:X"), a_framework("EU:Y")],
        editions=DATED,
    )
    assert levels_of(ask(snapshot, origin, "EU:Y", on=on)) == levels


def test_a_row_without_an_edition_speaks_of_the_newest_one() -> None:
    snapshot = a_snapshot(
        a_mapping("AA:X 1", "EU:Y 2"),
        frameworks=[a_framework("AA:X"), a_framework("EU:Y")],
        editions=DATED,
    )
    assert levels_of(ask(snapshot, "AA:X@2023 1", "EU:Y")) == ["2"]
    assert ask(snapshot, "AA:X@2013 1", "EU:Y").kind is AnswerKind.UNKNOWN


def test_an_old_edition_without_dates_is_in_force_on_no_day() -> None:
    seed = the_seed()
    assert ask(seed, "EU:EQF 8", "FR:RNCP", on=dt.date(1990, 1, 1)).answers == ()
    assert ask(seed, "EU:EQF 8", "FR:RNCP@1969").kind is AnswerKind.PUBLISHED_GAP


def test_superseded_statements_are_listed_on_request_and_find_nothing() -> None:
    snapshot = a_snapshot(a_mapping("AA:X 1", "EU:Y 1", publication=Publication.SUPERSEDED))
    assert ask(snapshot, "AA:X 1", "EU:Y").answers == ()
    listed = ask(snapshot, "AA:X 1", "EU:Y", include_superseded=True)
    assert listed.kind is AnswerKind.UNKNOWN
    assert [one.status for one in listed.answers] == ["superseded"]


def test_a_superseded_statement_answers_for_a_day_on_which_its_edition_held() -> None:
    snapshot = a_snapshot(
        a_mapping("AA:X@2013 1", "EU:Y 1", publication=Publication.SUPERSEDED),
        frameworks=[a_framework("AA:X"), a_framework("EU:Y")],
        editions=DATED,
    )
    assert levels_of(ask(snapshot, "AA:X 1", "EU:Y", on=dt.date(2014, 1, 1))) == ["1"]
    assert ask(snapshot, "AA:X 1", "EU:Y", on=dt.date(2024, 1, 1)).answers == ()


def test_a_country_means_its_own_frameworks_and_those_of_its_parts() -> None:
    answer = ask(the_seed(), "EU:EQF 4", "GB")
    assert [(one.target.framework, one.target.level) for one in answer.answers] == [
        ("GB-ENG+NIR:RQF", "3"),
        ("GB-SCT:SCQF", "6"),
        ("GB-WLS:CQFW", "3"),
    ]


def test_the_story_of_poland_to_norway_leads_over_the_european_framework() -> None:
    answer = ask(the_seed(), "PL:PRK VI", "NO")
    (found,) = answer.answers
    assert (found.target.framework, found.target.level) == ("NO:NKR", "6")
    assert found.path[0].target.framework == "EU:EQF"
    assert answer.competent_authority is not None


def test_the_story_of_ghana_to_norway_is_honestly_unknown() -> None:
    answer = ask(the_seed(), "GH:NTVETQF 3", "NO")
    assert answer.kind is AnswerKind.UNKNOWN
    assert answer.competent_authority is not None
    assert answer.disclaimer == DISCLAIMER


def test_a_country_without_a_framework_is_unknown_and_says_so() -> None:
    answer = ask(the_seed(), "PL:PRK VI", "US")
    assert answer.kind is AnswerKind.UNKNOWN
    assert "no qualifications framework" in answer.explanation


def test_a_record_of_no_framework_is_never_the_end_of_a_mapping() -> None:
    nowhere = a_framework("CA:none", status=FrameworkStatus.NONE)
    snapshot = a_snapshot(
        a_mapping("AA:X 1", "CA:none 1"), frameworks=[nowhere, a_framework("AA:X")]
    )
    assert ask(snapshot, "AA:X 1", "CA:none").kind is AnswerKind.UNKNOWN
    assert ask(snapshot, "AA:X 1", "CA").kind is AnswerKind.UNKNOWN


def test_a_bare_acronym_is_ambiguous_even_when_one_framework_has_it() -> None:
    four = ask(the_seed(), "PQF 5", "EU:EQF")
    assert four.kind is AnswerKind.AMBIGUOUS
    assert [place.framework for place in candidates_of(four)] == [
        "PH:PQF",
        "PK:PQF",
        "PL:PRK",
        "SPC:PQF",
    ]
    assert ask(the_seed(), "NKR 6", "EU:EQF").kind is AnswerKind.AMBIGUOUS


def test_an_alias_of_an_id_and_of_a_level_are_read() -> None:
    assert levels_of(ask(the_seed(), "GB-EAN:RQF 4", "EU:EQF")) == ["5"]
    assert levels_of(ask(the_seed(), "PL:PQF 6", "EU:EQF")) == ["6"]


def test_what_the_registry_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(FrameworkUnknown):
        ask(the_seed(), "XX:YY 1", "EU:EQF")
    with pytest.raises(FrameworkUnknown):
        ask(the_seed(), "ZZZ 1", "EU:EQF")
    with pytest.raises(EditionUnknown) as edition:
        ask(the_seed(), "IN:NSQF@1999 1", "EU:EQF")
    assert edition.value.editions == ("2013", "2023")
    with pytest.raises(LevelUnknown) as level:
        ask(the_seed(), "PL:PRK IX", "EU:EQF")
    assert "'VIII'" in level.value.message


def test_a_framework_without_a_list_of_levels_takes_any_level_and_knows_nothing_of_it() -> None:
    assert ask(the_seed(), "LB:LQF 5", "NO").kind is AnswerKind.UNKNOWN


def test_a_question_needs_exactly_one_destination() -> None:
    with pytest.raises(QuestionIncomplete):
        LevelQuestion(framework="AA:X", level="1", on=TODAY)
    with pytest.raises(QuestionIncomplete):
        LevelQuestion(framework="AA:X", level="1", on=TODAY, to_framework="EU:Y", to_country="NO")


def test_a_qualification_is_unknown_while_no_rules_are_registered() -> None:
    question = QualificationQuestion(
        qualification="Baccalaureat", origin="LB", to_country="NL", on=TODAY
    )
    answer = compare_qualification(the_seed(), question)
    assert answer.kind is AnswerKind.UNKNOWN
    assert answer.competent_authority is not None


@pytest.mark.parametrize(
    "mapping",
    [a_mapping("AA:X@1066 1", "EU:Y 1"), a_mapping("AA:X 1", "NN:N 1")],
)
def test_a_mapping_that_names_what_is_not_there_is_refused(mapping: object) -> None:
    with pytest.raises(RegistryInconsistent):
        a_snapshot(
            mapping,  # type: ignore[arg-type]
            frameworks=[a_framework("AA:X"), a_framework("EU:Y")],
        )


def test_levels_are_answered_in_the_order_of_their_framework() -> None:
    notations = ("Entry 3", "1", "10")
    snapshot = a_snapshot(
        *(a_mapping("AA:X 1", f"EU:Y {one}") for one in reversed(notations)),
        frameworks=[a_framework("AA:X"), a_framework("EU:Y")],
        levels=[*some_levels("AA:X"), *some_levels("EU:Y", notations=notations)],
    )
    assert levels_of(ask(snapshot, "AA:X 1", "EU:Y")) == list(notations)


def test_a_level_that_comes_home_is_itself_with_its_sources() -> None:
    answer = compare_level(
        the_seed(),
        LevelQuestion(framework="GH:NTVETQF", level="4", to_country="GH", on=TODAY),
    )
    (itself,) = answer.answers
    assert (answer.kind, itself.target.level, itself.status) == (
        AnswerKind.FOUND,
        "4",
        "same_level",
    )
    assert itself.evidence
    assert "very framework" in answer.explanation
