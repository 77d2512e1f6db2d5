import json

import pytest

from skillpassport.equivalence.questions import (
    FACT_NAMES,
    FactMistyped,
    FactsMalformed,
    FactUnknown,
    QuestionMalformed,
    read_day,
    read_facts,
)


def test_every_fact_is_read_in_its_type() -> None:
    facts = {
        "award_date": "2016-04-01",
        "duration_years": 3.5,
        "stream": "science",
        "exam_board": "IEB",
        "final_grade": "B",
        "subjects_passed": {"A": 2, "B": 0},
        "entry_requirement_met": "yes",
    }
    assert set(facts) == set(FACT_NAMES)
    assert dict(read_facts(json.dumps(facts))) == facts


def test_an_unknown_fact_is_refused_with_the_list_and_not_repeated() -> None:
    with pytest.raises(FactUnknown) as refused:
        read_facts('{"shoe_size": 43}')
    assert refused.value.known == FACT_NAMES
    assert "shoe_size" not in refused.value.message


@pytest.mark.parametrize(
    "facts",
    [
        '{"award_date": "1 April 2016"}',
        '{"award_date": "٢٠١٦-٠٤-٠١"}',
        '{"award_date": 2016}',
        '{"duration_years": "3"}',
        '{"duration_years": true}',
        '{"duration_years": -1}',
        '{"subjects_passed": 5}',
        '{"subjects_passed": {"A": "2"}}',
        '{"subjects_passed": {"A": true}}',
        '{"subjects_passed": {"A": -1}}',
        '{"stream": null}',
        '{"entry_requirement_met": true}',
    ],
)
def test_a_fact_of_the_wrong_type_is_refused(facts: str) -> None:
    with pytest.raises(FactMistyped):
        read_facts(facts)


@pytest.mark.parametrize(
    "facts",
    [
        "",
        "[]",
        "null",
        "{",
        '{"stream": "a", "stream": "b"}',
        '{"duration_years": NaN}',
        '{"duration_years": 1e999}',
        '{"stream": "\\ud800"}',
        "[" * 4000,
        '{"stream": "' + "a" * 5000 + '"}',
    ],
)
def test_facts_that_are_not_one_strict_object_are_refused(facts: str) -> None:
    with pytest.raises(FactsMalformed):
        read_facts(facts)


@pytest.mark.parametrize(
    "text",
    ["", "2026", "20260131", "2026-W05-6", "2026-02-30", "٢٠٢٦-٠١-٣١", "2026-1-31", "0", "now"],
)
def test_a_day_in_any_other_form_is_refused(text: str) -> None:
    with pytest.raises(QuestionMalformed):
        read_day(text)


def test_a_day_is_read() -> None:
    assert read_day("2026-01-31").isoformat() == "2026-01-31"
