"""What holds for every set of recognition rules."""

import datetime as dt
import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from skillpassport.equivalence.answer import Answer, AnswerKind, Basis
from skillpassport.equivalence.conditions import Met
from skillpassport.equivalence.model import Publication
from skillpassport.equivalence.rules import RecognitionRule, RuleOutcome, RuleStatus
from skillpassport.equivalence.snapshot import RegistrySnapshot
from tests.support.registry import TODAY, a_mapping
from tests.support.rules import TITLE, a_rule, a_ruled_snapshot, evaluate

TITLES = (TITLE, "Other title")
days = st.dates(min_value=dt.date(2015, 1, 1), max_value=dt.date(2030, 12, 31))
publications = st.sampled_from([*Publication, *[Publication.PUBLISHED] * 4])
mappings = st.lists(
    st.builds(
        a_mapping,
        st.sampled_from(["AA:F 1", "AA:F 2", "EU:Y 2"]),
        st.sampled_from(["BB:F 1", "BB:F 3"]),
        publication=publications,
    )
    | st.builds(
        a_mapping,
        st.sampled_from(["AA:F 1", "AA:F 2"]),
        st.sampled_from(["EU:Y 2", "EU:Y 3", "EU:Y -"]),
        publication=publications,
    ),
    max_size=8,
    unique_by=lambda one: one.id,
)
rules = st.lists(
    st.builds(
        a_rule,
        st.sampled_from(TITLES),
        outcome=st.sampled_from(RuleOutcome),
        comparable_to=st.sampled_from(["One", "Two"]),
        levels=st.sampled_from([{}, {"BB:F": ("1",)}, {"BB:F": ("2", "3"), "EU:Y": ("2",)}]),
        when=st.sampled_from(
            [None, {"duration_years": {"min": 4}}, {"award_date": {"before": "2020-01-01"}}]
        ),
        level=st.sampled_from([None, "AA:F 1", "AAQ 2", "ZZQ 9"]),
        status=st.sampled_from(RuleStatus),
        publication=publications,
        valid_from=st.none() | st.just(dt.date(2018, 1, 1)),
        valid_until=st.none() | st.just(dt.date(2022, 12, 31)),
    ),
    max_size=8,
    unique_by=lambda one: one.id,
)
facts = st.fixed_dictionaries(
    {}, optional={"duration_years": st.integers(1, 6), "award_date": days.map(str)}
)


def a_snapshot(listed: list[RecognitionRule], table: list[Any]) -> RegistrySnapshot:
    return a_ruled_snapshot(*listed, mappings=table)


@given(rules, mappings, facts, days, st.booleans())
def test_no_answer_is_without_evidence_or_disclaimer(
    listed: list[RecognitionRule],
    table: list[Any],
    told: dict[str, Any],
    on: dt.date,
    include: bool,
) -> None:
    answer = evaluate(a_snapshot(listed, table), facts=told, on=on, include_superseded=include)
    assert answer.disclaimer
    assert answer.explanation
    for one in answer.answers:
        assert one.evidence
        assert not (one.status == "superseded" and one.authoritative)


@given(rules, mappings, facts, days)
def test_what_was_not_in_force_on_a_day_is_not_answered_for_it(
    listed: list[RecognitionRule], table: list[Any], told: dict[str, Any], on: dt.date
) -> None:
    by_id = {rule.id: rule for rule in listed}
    for one in evaluate(a_snapshot(listed, table), facts=told, on=on).answers:
        rule_name = one.to_json().get("rule")
        if rule_name is not None:
            assert by_id[rule_name["id"]].covers(on)
            assert by_id[rule_name["id"]].publication.is_usable


@given(rules, mappings, facts)
def test_nothing_superseded_or_unmet_finds_by_itself(
    listed: list[RecognitionRule], table: list[Any], told: dict[str, Any]
) -> None:
    answer = evaluate(a_snapshot(listed, table), facts=told, include_superseded=True)
    holding = [
        one
        for one in answer.answers
        if one.status != "superseded"
        and one.to_json().get("conditions", {}).get("met", True) is not False
    ]
    if answer.kind is AnswerKind.FOUND:
        assert holding
    elif any(one.basis is Basis.DECISION for one in holding):
        raise AssertionError(answer.to_json())


@given(rules, mappings, facts)
def test_answers_stand_in_the_order_of_their_strength(
    listed: list[RecognitionRule], table: list[Any], told: dict[str, Any]
) -> None:
    answers = evaluate(a_snapshot(listed, table), facts=told, include_superseded=True).answers
    ranks = []
    for one in answers:
        met = one.to_json().get("conditions", {}).get("met", True)
        ranks.append((one.status == "superseded", met is False, list(Basis).index(one.basis) > 1))
    assert ranks == sorted(ranks)


@given(rules, mappings, facts, st.randoms(use_true_random=False))
def test_the_order_of_rules_changes_no_answer(
    listed: list[RecognitionRule],
    table: list[Any],
    told: dict[str, Any],
    shuffler: random.Random,
) -> None:
    shuffled = listed.copy()
    shuffler.shuffle(shuffled)
    one = evaluate(a_snapshot(listed, table), facts=told)
    other = evaluate(a_snapshot(shuffled, table[::-1]), facts=told)
    assert one.to_json() == other.to_json()


@given(rules, mappings, facts)
def test_no_level_chain_leads_over_what_must_not_be_used(
    listed: list[RecognitionRule], table: list[Any], told: dict[str, Any]
) -> None:
    answer: Answer = evaluate(a_snapshot(listed, table), facts=told)
    for one in answer.answers:
        if one.basis is Basis.DERIVED:
            assert len(one.path) == 2
            assert not one.authoritative
            assert all(step.mapping.publication.is_usable for step in one.path)


@given(rules, days)
def test_a_rule_is_open_only_for_want_of_facts(listed: list[RecognitionRule], on: dt.date) -> None:
    everything: dict[str, Any] = {"duration_years": 4, "award_date": on.isoformat()}
    for one in evaluate(a_ruled_snapshot(*listed), facts=everything).answers:
        assert one.to_json().get("conditions", {}).get("met") != Met.UNKNOWN.value
    assert evaluate(a_ruled_snapshot(*listed), on=TODAY).disclaimer


@given(st.data(), st.lists(days, min_size=1, max_size=3))
def test_a_rule_holds_on_its_days_unless_one_that_holds_replaces_it(
    data: st.DataObject, asked: list[dt.date]
) -> None:
    ids = [f"rule-number-{n}" for n in range(6)]
    listed = [
        a_rule(
            id=name,
            condition=name,
            status=data.draw(st.sampled_from([RuleStatus.CURRENT] * 3 + [RuleStatus.SUPERSEDED])),
            valid_from=data.draw(st.none() | days),
            supersedes=tuple(data.draw(st.sets(st.sampled_from(ids[:n] or [""]))) - {""}),
        )
        for n, name in enumerate(ids)
    ]
    index = a_ruled_snapshot(*listed).rules

    def is_in_force(rule: RecognitionRule, on: dt.date) -> bool:
        newer = (one for one in listed if rule.id in one.supersedes)
        is_current = rule.status is not RuleStatus.SUPERSEDED and rule.covers(on)
        return is_current and not any(is_in_force(one, on) for one in newer)

    for on in (*asked, *asked):
        assert [index.holds(one, on) for one in listed] == [is_in_force(one, on) for one in listed]
