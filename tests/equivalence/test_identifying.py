"""Which registered qualification is meant: by its id or exact title on the day, and never guessed."""

import datetime as dt

import pytest

from skillpassport.equivalence import qualifications as said
from skillpassport.equivalence.answer import Answer, AnswerKind
from skillpassport.equivalence.qualifications import compare_qualification
from skillpassport.equivalence.questions import QualificationQuestion
from skillpassport.equivalence.statements.model import question_from_json, question_to_json
from skillpassport.frameworks.qualifications import FormerName, QualificationUnknown
from tests.support.catalogue import Known, a_known
from tests.support.registry import TODAY, a_mapping
from tests.support.rules import TITLE, a_rule, a_ruled_snapshot, evaluate

OVER_EUROPE = (
    a_mapping("AA:F 3", "EU:Y 3"),
    a_mapping("BB:F 3", "EU:Y 3"),
    a_mapping("AA:F 2", "EU:Y 2"),
    a_mapping("BB:F 2", "EU:Y 2"),
)
CHANGE = dt.date(2020, 1, 1)
EVE = CHANGE - dt.timedelta(days=1)
OLD = a_known("q-old", FormerName(text="Welder", valid_until=EVE), level="2")
NEW = a_known("q-new", FormerName(text="Welder", valid_from=CHANGE), level="3")


def bases(answer: Answer) -> list[str]:
    return [one.basis.value for one in answer.answers]


def levels(answer: Answer) -> list[str | None]:
    return [one.target.level for one in answer.answers]


def chosen(answer: Answer) -> list[tuple[str | None, str]]:
    return [(one.registered, one.status) for one in answer.candidates if one.registered]


def test_a_rule_on_another_title_of_the_registered_qualification_answers() -> None:
    snapshot = a_ruled_snapshot(a_rule(), mappings=OVER_EUROPE)
    known = Known(a_known("q", "Brevet de soudeur", TITLE))
    assert bases(evaluate(snapshot, "Brevet de soudeur")) == []
    assert bases(evaluate(snapshot, "Brevet de soudeur", catalogue=known)) == [
        "decision",
        "derived",
    ]


def test_several_of_one_title_at_different_levels_are_told_as_ambiguous() -> None:
    known = Known(a_known("q-a", "Welder", level="2"), a_known("q-b", "Welder", level="3"))
    answer = evaluate(a_ruled_snapshot(mappings=OVER_EUROPE), "Welder", catalogue=known)
    assert (answer.kind, answer.answers) == (AnswerKind.AMBIGUOUS, ())
    assert answer.explanation == said.SEVERAL
    assert chosen(answer) == [("q-a", "ambiguous"), ("q-b", "ambiguous")]
    assert [one.to_json()["level"] for one in answer.candidates] == ["2", "3"]


def test_an_ambiguous_title_borrows_the_other_titles_of_none() -> None:
    known = Known(a_known("q-a", "Welder", TITLE, level="2"), a_known("q-b", "Welder"))
    answer = evaluate(a_ruled_snapshot(a_rule()), "Welder", catalogue=known)
    assert answer.answers == ()


def test_several_of_one_title_at_one_level_are_compared_by_it() -> None:
    known = Known(a_known("q-a", "Welder"), a_known("q-b", "Welder"))
    answer = evaluate(a_ruled_snapshot(mappings=OVER_EUROPE), "Welder", catalogue=known)
    assert (answer.kind, levels(answer), chosen(answer)) == (AnswerKind.FOUND, ["3"], [])


def test_a_rule_on_an_ambiguous_title_still_answers_for_all_of_that_title() -> None:
    known = Known(a_known("q-a", TITLE, level="2"), a_known("q-b", TITLE))
    answer = evaluate(a_ruled_snapshot(a_rule(), mappings=OVER_EUROPE), catalogue=known)
    assert (answer.kind, bases(answer)) == (AnswerKind.FOUND, ["decision"])
    assert len(chosen(answer)) == 2


def test_the_level_that_is_asked_for_decides_among_several() -> None:
    known = Known(a_known("q-a", "Welder", level="2"), a_known("q-b", "Welder", TITLE))
    answer = evaluate(a_ruled_snapshot(a_rule()), "Welder", level="3", catalogue=known)
    assert (bases(answer), chosen(answer)) == (["decision"], [])


def test_a_title_that_is_registered_at_another_level_is_told_and_not_used() -> None:
    known = Known(a_known("q", "Welder", TITLE, level="2"))
    answer = evaluate(
        a_ruled_snapshot(a_rule(), mappings=OVER_EUROPE),
        "Welder",
        framework="AA:F",
        level="3",
        catalogue=known,
    )
    assert (bases(answer), levels(answer)) == (["derived"], ["3"])
    assert chosen(answer) == [("q", "other_level")]


@pytest.mark.parametrize(
    ("awarded", "kind", "shown"),
    [
        ("2019-06-01", AnswerKind.FOUND, ["2"]),
        ("2019-12-31", AnswerKind.FOUND, ["2"]),
        ("2020-01-01", AnswerKind.FOUND, ["3"]),
        (None, AnswerKind.AMBIGUOUS, []),
    ],
)
def test_a_title_is_that_of_the_qualification_which_had_it_on_the_day_of_the_award(
    awarded: str | None, kind: AnswerKind, shown: list[str]
) -> None:
    facts = {} if awarded is None else {"award_date": awarded}
    answer = evaluate(
        a_ruled_snapshot(mappings=OVER_EUROPE), "Welder", facts=facts, catalogue=Known(OLD, NEW)
    )
    assert (answer.kind, levels(answer)) == (kind, shown)


def test_an_old_title_still_names_its_qualification_where_the_day_of_the_award_is_not_known() -> (
    None
):
    snapshot = a_ruled_snapshot(mappings=OVER_EUROPE)
    assert levels(evaluate(snapshot, "Welder", catalogue=Known(OLD))) == ["2"]


def test_asked_for_an_earlier_day_a_title_that_began_later_names_nothing() -> None:
    snapshot = a_ruled_snapshot(mappings=OVER_EUROPE)
    assert evaluate(snapshot, "Welder", on=EVE, catalogue=Known(NEW)).answers == ()
    assert levels(evaluate(snapshot, "Welder", on=CHANGE, catalogue=Known(NEW))) == ["3"]


def test_only_titles_that_held_on_the_day_of_the_award_lead_to_rules() -> None:
    known = Known(a_known("q", "Welder", FormerName(text=TITLE, valid_from=CHANGE)))
    snapshot = a_ruled_snapshot(a_rule())
    before = evaluate(snapshot, "Welder", facts={"award_date": "2019-06-01"}, catalogue=known)
    after = evaluate(snapshot, "Welder", facts={"award_date": "2021-06-01"}, catalogue=known)
    assert (bases(before), bases(after)) == ([], ["decision"])


def a_question(title: str, *others: str, registered: str | None = None) -> QualificationQuestion:
    return QualificationQuestion(
        qualification=title,
        other_titles=others,
        registered=registered,
        origin="AA",
        to_country="BB",
        on=TODAY,
    )


def test_an_id_decides_where_the_title_does_not() -> None:
    known = Known(a_known("q-a", "Welder", level="2"), a_known("q-b", "Welder"))
    snapshot = a_ruled_snapshot(mappings=OVER_EUROPE)
    answer = compare_qualification(snapshot, a_question("Welder", registered="q-a"), known)
    assert (levels(answer), chosen(answer)) == (["2"], [])


@pytest.mark.parametrize("identifier", ["q-none", "q-elsewhere", "", "q-a' OR 1=1"])
def test_an_id_that_no_qualification_of_the_country_has_is_refused(identifier: str) -> None:
    known = Known(a_known("q-a", "Welder"), a_known("q-elsewhere", "Welder", country="CC"))
    with pytest.raises(QualificationUnknown):
        compare_qualification(a_ruled_snapshot(), a_question("W", registered=identifier), known)


def test_a_title_in_another_language_decides_between_two_of_one_title() -> None:
    known = Known(
        a_known("q-a", "Welder", "Soudeur", level="2"),
        a_known("q-b", "Welder", "Soudeuse-chef", level="3"),
    )
    snapshot = a_ruled_snapshot(mappings=OVER_EUROPE)
    answer = compare_qualification(snapshot, a_question("Welder", "Soudeuse-chef"), known)
    assert levels(answer) == ["3"]
    torn = compare_qualification(snapshot, a_question("Soudeur", "Soudeuse-chef"), known)
    assert torn.kind is AnswerKind.AMBIGUOUS


def test_a_statement_keeps_which_qualification_was_meant() -> None:
    question = a_question("Welder", registered="q-a")
    record = question_to_json(question)
    assert record["registered"] == "q-a"
    assert question_from_json(record, today=TODAY) == question
