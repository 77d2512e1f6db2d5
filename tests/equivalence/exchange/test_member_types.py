"""Values are held against what their classes declare, down to the last text of a list."""

import dataclasses
from decimal import Decimal
from typing import Any

import pytest

from skillpassport.equivalence.agreements import Agreement
from skillpassport.equivalence.exchange.member_types import is_typed
from skillpassport.frameworks.model import Level
from tests.fuzz.small_registry import by_table, small_content
from tests.support.registry import a_framework, an_edition, some_levels
from tests.support.rules import a_rule

LEVEL = some_levels("AA:X")[0]


def test_every_value_of_a_registry_is_typed() -> None:
    values = [one for table in by_table(small_content()).values() for one in table.values()]
    assert len(values) > 20
    assert all(map(is_typed, values))


@pytest.mark.parametrize(
    "value",
    [
        dataclasses.replace(LEVEL, title=None),
        dataclasses.replace(LEVEL, title={"en": "One"}, descriptors={"skills": {"en": "Welds"}}),
        a_rule(when={"duration_years": {"in": [3, 3.5]}}),
        dataclasses.replace(an_edition("AA:X"), level_count=2**31 - 1),
    ],
)
def test_what_may_be_absent_or_of_several_kinds_is_typed(value: object) -> None:
    assert is_typed(value)


def test_further_members_of_an_agreement_are_any_json() -> None:
    agreements = by_table(small_content())["agreements"].values()
    details = {"cost": 5_000_000_000, "deep": [{"a": [None, {"b": 1.5}]}], "said": True}
    changed: list[Agreement] = [dataclasses.replace(one, details=details) for one in agreements]
    assert changed
    assert all(map(is_typed, changed))


@pytest.mark.parametrize(
    "members",
    [
        {"title": ["en"]},
        {"title": {}},
        {"title": {"en": 5}},
        {"title": {"en": "nul \0"}},
        {"title": {"en": "\u0301\u0323" * 900}},
        {"descriptors": {"skills": "Welds"}},
        {"notation": 1},
        {"notation": None},
        {"framework": []},
        {"sources": ("SRC", None)},
        {"sources": ["SRC"]},
        {"order": 1},
        {"order": Decimal("NaN")},
        {"order": Decimal("Infinity")},
        {"order": Decimal("1E+1000000")},
        {"footing": "read"},
    ],
    ids=repr,
)
def test_a_level_with_a_member_of_another_kind_is_not(members: dict[str, Any]) -> None:
    assert is_typed(LEVEL)
    assert not is_typed(_replaced(LEVEL, members))


@pytest.mark.parametrize("count", [True, 2**31, -(2**31), 1.0, "8"])
def test_a_number_that_no_column_takes_is_not(count: object) -> None:
    assert not is_typed(dataclasses.replace(an_edition("AA:X"), level_count=count))  # type: ignore[arg-type]


def test_a_value_inside_a_value_is_looked_at() -> None:
    rule = a_rule()
    assert not is_typed(dataclasses.replace(rule, result=a_framework("AA:X")))  # type: ignore[arg-type]
    result = dataclasses.replace(rule.result, measures=("a test", 3))  # type: ignore[arg-type]
    assert not is_typed(dataclasses.replace(rule, result=result))


def _replaced(level: Level, members: dict[str, Any]) -> Level:
    return dataclasses.replace(level, **members)
