"""Conditions: every operator, three values, and nothing that cannot be judged is taken."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.equivalence.conditions import Condition, ConditionMalformed, Met
from skillpassport.equivalence.questions import read_facts

SIX_SUBJECTS = {"subjects_passed": {"grades": ["A", "B", "C"], "count": {"min": 6}}}


@pytest.mark.parametrize(
    ("when", "facts", "met"),
    [
        ({"award_date": {"from": "2018-01-01"}}, {"award_date": "2018-01-01"}, Met.TRUE),
        ({"award_date": {"from": "2018-01-01"}}, {"award_date": "2017-12-31"}, Met.FALSE),
        ({"award_date": {"before": "2018-01-01"}}, {"award_date": "2018-01-01"}, Met.FALSE),
        ({"award_date": {"before": "2018-01-01"}}, {"award_date": "2017-12-31"}, Met.TRUE),
        (
            {"award_date": {"from": "2018-01-01", "before": "2019-01-01"}},
            {"award_date": "2019-01-01"},
            Met.FALSE,
        ),
        ({"duration_years": {"in": [3, 4]}}, {"duration_years": 4}, Met.TRUE),
        ({"duration_years": {"in": [3]}}, {"duration_years": 3.0}, Met.TRUE),
        ({"duration_years": {"in": [3]}}, {"duration_years": 3.5}, Met.FALSE),
        ({"duration_years": {"min": 5}}, {"duration_years": 5}, Met.TRUE),
        ({"duration_years": {"min": 5}}, {"duration_years": 4.9}, Met.FALSE),
        ({"duration_years": {"max": 5}}, {"duration_years": 5}, Met.TRUE),
        ({"duration_years": {"max": 5}}, {"duration_years": 6}, Met.FALSE),
        ({"exam_board": {"in": ["IEB"]}}, {"exam_board": " ieb "}, Met.TRUE),
        ({"exam_board": {"in": ["IEB"]}}, {"exam_board": "DBE"}, Met.FALSE),
        ({"stream": {"in": ["Académique"]}}, {"stream": "academique"}, Met.TRUE),
        ({"final_grade": {"in": ["A-"]}}, {"final_grade": "a\N{MINUS SIGN}"}, Met.TRUE),
        ({"final_grade": {"in": ["A"]}}, {"final_grade": "A-"}, Met.FALSE),
        ({"final_grade": {"in": ["A-"]}}, {"final_grade": "A"}, Met.FALSE),
        (SIX_SUBJECTS, {"subjects_passed": {"A": 2, "B": 2, "C": 1, "D": 2}}, Met.FALSE),
        (SIX_SUBJECTS, {"subjects_passed": {"A": 2, "B": 2, "C": 2, "D": 1}}, Met.TRUE),
        (SIX_SUBJECTS, {"subjects_passed": {}}, Met.FALSE),
        (SIX_SUBJECTS, {"duration_years": 4}, Met.UNKNOWN),
        (SIX_SUBJECTS | {"duration_years": {"in": [4]}}, {"duration_years": 3}, Met.FALSE),
        (SIX_SUBJECTS | {"duration_years": {"in": [4]}}, {"duration_years": 4}, Met.UNKNOWN),
    ],
)
def test_a_condition_is_judged_as_published(
    when: dict[str, object], facts: dict[str, object], met: Met
) -> None:
    condition = Condition.read(json.dumps(when))
    assert condition.judge(read_facts(json.dumps(facts))) is met


def test_what_would_have_to_be_told_is_named() -> None:
    condition = Condition.of({"duration_years": {"in": [4]}, "exam_board": {"in": ["IEB"]}})
    assert condition.missing({"duration_years": 4}) == ("exam_board",)


@pytest.mark.parametrize(
    "when",
    [
        "",
        "{}",
        "[]",
        "null",
        "grade A or B",
        '{"award_date": "2018"}',
        '{"award_date": {}}',
        '{"award_date": {"from": "2018"}}',
        '{"award_date": {"from": "20180101"}}',
        '{"award_date": {"from": 2018}}',
        '{"award_date": {"after": "2018-01-01"}}',
        '{"award_date": {"from": "2018-01-01"}, "award_date": {"from": "2019-01-01"}}',
        '{"shoe_size": {"min": 43}}',
        '{"duration_years": {"in": []}}',
        '{"duration_years": {"in": 3}}',
        '{"duration_years": {"min": "3"}}',
        '{"duration_years": {"min": true}}',
        '{"duration_years": {"min": -1}}',
        '{"duration_years": {"min": 1e300}}',
        '{"duration_years": {"min": NaN}}',
        '{"exam_board": {"min": "IEB"}}',
        '{"exam_board": {"in": [""]}}',
        '{"exam_board": {"in": [1]}}',
        '{"subjects_passed": {"min": 6}}',
        '{"subjects_passed": {"grades": [], "count": {"min": 6}}}',
        '{"subjects_passed": {"grades": ["A"], "count": {}}}',
        '{"subjects_passed": {"grades": ["A"], "count": {"min": 6}, "of": 7}}',
        '{"subjects_passed": {"grades": "A", "count": {"min": 6}}}',
        '{"stream": {"in": ["' + "x" * 9000 + '"]}}',
        "[" * 5000,
    ],
)
def test_a_condition_that_cannot_be_judged_is_refused(when: str) -> None:
    with pytest.raises(ConditionMalformed) as refused:
        Condition.read(when)
    assert "'when'" in refused.value.message


texts = st.text("AB-+ é", min_size=1, max_size=4).filter(str.strip)
numbers = st.integers(0, 20) | st.floats(0, 20, allow_nan=False)
conditions = st.fixed_dictionaries(
    {},
    optional={
        "award_date": st.dictionaries(
            st.sampled_from(["from", "before", "min", "max"]),
            st.dates().map(str),
            min_size=1,
        ),
        "duration_years": st.dictionaries(st.sampled_from(["min", "max"]), numbers, min_size=1),
        "final_grade": st.fixed_dictionaries({"in": st.lists(texts, min_size=1)}),
        "subjects_passed": st.fixed_dictionaries(
            {
                "grades": st.lists(texts, min_size=1),
                "count": st.fixed_dictionaries({"min": st.integers(0, 9)}),
            }
        ),
    },
).filter(bool)
facts_given = st.fixed_dictionaries(
    {},
    optional={
        "award_date": st.dates().map(str),
        "duration_years": numbers,
        "final_grade": texts,
        "subjects_passed": st.dictionaries(texts, st.integers(0, 9)),
    },
)


@given(conditions)
def test_a_condition_is_written_as_it_was_read(when: dict[str, object]) -> None:
    condition = Condition.read(json.dumps(when))
    assert condition.to_json() == when
    assert Condition.of(condition.to_json()) == condition


@given(conditions, facts_given, facts_given)
def test_a_further_fact_never_turns_a_judgement(
    when: dict[str, object], facts: dict[str, object], further: dict[str, object]
) -> None:
    condition = Condition.read(json.dumps(when))
    known = read_facts(json.dumps(facts))
    judged = condition.judge(known)
    more = condition.judge(read_facts(json.dumps(further | facts)))
    assert judged in {more, Met.UNKNOWN}
    if judged is Met.UNKNOWN:
        assert condition.missing(known)
