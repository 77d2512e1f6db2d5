"""What holds for every registry, whatever was published in it."""

import datetime as dt
import random
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from skillpassport.equivalence.answer import Answer, AnswerKind, Basis
from skillpassport.equivalence.model import (
    Direction,
    LevelMapping,
    Publication,
    Relation,
)
from skillpassport.equivalence.snapshot import RegistrySnapshot
from tests.support.registry import (
    NUMBERS,
    TODAY,
    a_framework,
    a_mapping,
    a_snapshot,
    an_edition,
    ask,
    levels_of,
)

IDS = ("AA:X", "BB:X", "CC:X", "DD:X")
CHANGE = dt.date(2020, 1, 1)
EDITIONS = (
    an_edition("AA:X", "old", valid_until=CHANGE - dt.timedelta(days=1)),
    an_edition("AA:X", "new", valid_from=CHANGE),
    an_edition("BB:X", "old"),
    an_edition("BB:X", "present"),
    an_edition("CC:X"),
    an_edition("DD:X"),
)
PLACES = [f"{one.framework}@{one.label} {level}" for one in EDITIONS for level in NUMBERS]
TARGETS = [*PLACES, *(f"{one.framework}@{one.label} -" for one in EDITIONS)]
RELATIONS = [one for one in Relation if one is not Relation.NO_COMPARABLE_LEVEL]

days = st.dates(min_value=dt.date(2010, 1, 1), max_value=dt.date(2030, 12, 31))
mappings = st.builds(
    a_mapping,
    st.sampled_from(PLACES),
    st.sampled_from(TARGETS),
    relation=st.sampled_from(RELATIONS),
    direction=st.sampled_from(Direction),
    publication=st.sampled_from([*Publication, *[Publication.PUBLISHED] * 4]),
    source=st.sampled_from(["ONE", "TWO"]),
)
# Dense enough for paths of two statements: three levels, six editions.
tables = st.lists(mappings, min_size=30, max_size=60, unique_by=lambda one: one.id)

# Each is a registry of its own, of which every question is asked.
few = settings(max_examples=25)


def registry(table: list[LevelMapping]) -> RegistrySnapshot:
    return a_snapshot(*table, frameworks=map(a_framework, IDS), editions=EDITIONS)


def every_answer(snapshot: RegistrySnapshot, on: dt.date) -> list[Answer]:
    pairs = product(IDS, NUMBERS, IDS)
    edition = {one: snapshot.registry.edition_in_force(a_framework(one).id, on) for one in IDS}
    return [
        ask(snapshot, f"{origin} {level}", target, on=on)
        for origin, level, target in pairs
        if origin != target and edition[origin] is not None
    ]


@few
@given(tables, days)
def test_no_answer_is_without_evidence_or_disclaimer(
    table: list[LevelMapping], on: dt.date
) -> None:
    for answer in every_answer(registry(table), on):
        assert answer.disclaimer
        for one in answer.answers:
            assert one.path
            assert one.evidence


@few
@given(tables, days)
def test_no_path_is_derived_over_what_must_not_be_used(
    table: list[LevelMapping], on: dt.date
) -> None:
    for answer in every_answer(registry(table), on):
        for one in answer.answers:
            if one.basis is Basis.DERIVED:
                assert len(one.path) == 2
                assert not one.authoritative
                assert all(step.mapping.publication.is_usable for step in one.path)
                assert one.path[0].origin.framework != one.path[1].target.framework
                assert answer.kind is AnswerKind.FOUND


@few
@given(tables, days)
def test_a_level_is_answered_only_where_a_usable_or_superseded_statement_leads_to_it(
    table: list[LevelMapping], on: dt.date
) -> None:
    for answer in every_answer(registry(table), on):
        for one in answer.answers:
            if one.target.level is not None:
                assert one.path[-1].target == one.target
                footings = {step.mapping.publication for step in one.path}
                assert footings.isdisjoint({Publication.UNVERIFIED, Publication.NOT_ENDORSED})


@few
@given(tables, days)
def test_what_was_not_in_force_on_a_day_is_not_answered_for_it(
    table: list[LevelMapping], on: dt.date
) -> None:
    snapshot = registry(table)
    for answer in every_answer(snapshot, on):
        for one in answer.answers:
            for place in [end for step in one.path for end in (step.origin, step.target)]:
                assert snapshot.registry.is_in_force(place.framework, place.edition, on)


@few
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_change_an_answer(
    table: list[LevelMapping], shuffler: random.Random
) -> None:
    shuffled = table.copy()
    shuffler.shuffle(shuffled)
    answers = every_answer(registry(table), TODAY)
    again = every_answer(registry(shuffled), TODAY)
    assert [one.to_json() for one in answers] == [one.to_json() for one in again]


@few
@given(tables)
def test_a_level_is_answered_once(table: list[LevelMapping]) -> None:
    for answer in every_answer(registry(table), TODAY):
        levels = levels_of(answer)
        assert len(levels) == len(set(levels))
