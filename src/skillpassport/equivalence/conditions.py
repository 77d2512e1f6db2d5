"""Conditions of recognition rules: structured tests of facts, judged three-valued.

A condition has a text, which people read, and `when`, which is judged. No code reads the text: a
condition that nobody has structured stays open. What `when` may say is published:

    {"award_date": {"from": "2018-01-01"}}                       on or after that day
    {"duration_years": {"in": [4]}}
    {"subjects_passed": {"grades": ["A", "B"], "count": {"min": 6}}}
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from skillpassport.equivalence.questions import FACT_NAMES
from skillpassport.errors import SkillPassportError
from skillpassport.frameworks.reading import fold
from skillpassport.vc.strict_json import JsonObject, JsonValue, StrictJsonError, parse_object

MAX_WHEN_BYTES: Final = 8192
MAX_NUMBER: Final = 1000
"""Years of a course and numbers of subjects; far beyond any that is."""

_SUBJECTS: Final = "subjects_passed"
_GRADES: Final = "grades"
_COUNT: Final = "count"
_TYPES: Final = {"award_date": "date", "duration_years": "number", _SUBJECTS: "subjects"}

Comparable = dt.date | int | float | str


class Met(StrEnum):
    """Whether a condition holds, as far as the facts say."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    def to_json(self) -> bool | str:
        """Return the JSON form: true, false or "unknown"."""
        return self.value if self is Met.UNKNOWN else self is Met.TRUE


class Operator(StrEnum):
    """How a fact is compared; all but `in` need facts that have an order."""

    MIN = "min"  # inclusive
    MAX = "max"  # inclusive
    IN = "in"
    FROM = "from"  # inclusive
    BEFORE = "before"  # exclusive


class ConditionMalformed(SkillPassportError):
    """A structured condition says something that cannot be judged."""

    code = "condition-malformed"
    public = ("reason",)

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"Expected facts out of {', '.join(FACT_NAMES)}, each with operators out of "
            f"{', '.join(Operator)}; {reason}. Correct 'when', or leave it empty: the condition "
            "is then shown and never judged."
        )
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTest:
    """One test of one fact; every operand must hold.

    operands: for `in` a tuple of values, else one value, of the type of the fact
    grades: the grades whose subjects are counted; None for facts other than `subjects_passed`
    """

    fact: str
    operands: tuple[tuple[Operator, tuple[Comparable, ...]], ...]
    grades: tuple[str, ...] | None = None

    def judge(self, facts: Mapping[str, JsonValue]) -> Met:
        """Return whether the fact passes; unknown where it was not given."""
        if self.fact not in facts:
            return Met.UNKNOWN
        value = self._value(facts[self.fact])
        passed = all(
            self._passes(operator, value, operands) for operator, operands in self.operands
        )
        return Met.TRUE if passed else Met.FALSE

    def to_json(self) -> JsonObject:
        """Return the test as `when` writes it."""
        said: JsonObject = {operator.value: _told(operator, v) for operator, v in self.operands}
        return said if self.grades is None else {_GRADES: list(self.grades), _COUNT: said}

    def _value(self, given: JsonValue) -> Comparable:
        match given:
            case dict():
                counted = set(map(_grade, self.grades or ()))
                numbers = (n for grade, n in given.items() if _grade(grade) in counted)
                return sum(n for n in numbers if isinstance(n, int))
            case str() if _TYPES.get(self.fact) == "date":
                return dt.date.fromisoformat(given)
            case str() | int() | float():
                return given
        raise ConditionMalformed(f"'{self.fact}' was given a value that it cannot have")

    def _passes(
        self, operator: Operator, value: Comparable, operands: tuple[Comparable, ...]
    ) -> bool:
        match operator:
            case Operator.IN:
                return _comparable(self.fact, value) in {
                    _comparable(self.fact, one) for one in operands
                }
            case Operator.MIN | Operator.FROM:
                return not _is_before(value, operands[0])
            case Operator.BEFORE:
                return _is_before(value, operands[0])
            case Operator.MAX:
                return not _is_before(operands[0], value)


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold for a rule to apply: every test, on the facts of one award."""

    tests: tuple[FactTest, ...]

    @classmethod
    def read(cls, when: str) -> "Condition":
        """Return the condition that the text of `when` says.

        Raises: ConditionMalformed
        """
        try:
            said = parse_object(when, max_bytes=MAX_WHEN_BYTES)
        except StrictJsonError as malformed:
            raise ConditionMalformed(f"found no strict JSON object ({malformed})") from malformed
        return cls.of(said)

    @classmethod
    def of(cls, said: Mapping[str, JsonValue]) -> "Condition":
        """Return the condition that a JSON object says.

        Raises: ConditionMalformed
        """
        if not said:
            raise ConditionMalformed("found an empty object")
        return cls(tuple(_read_test(fact, test) for fact, test in sorted(said.items())))

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that decide, in the order of their names."""
        return tuple(test.fact for test in self.tests)

    def judge(self, facts: Mapping[str, JsonValue]) -> Met:
        """Return whether the condition holds.

        One test that fails settles it, whatever is not known of the others.
        """
        judged = {test.judge(facts) for test in self.tests}
        for outcome in (Met.FALSE, Met.UNKNOWN):
            if outcome in judged:
                return outcome
        return Met.TRUE

    def missing(self, facts: Mapping[str, JsonValue]) -> tuple[str, ...]:
        """Return the facts that would have to be given to judge it."""
        return tuple(fact for fact in self.facts if fact not in facts)

    def to_json(self) -> JsonObject:
        """Return the condition as `when` writes it."""
        return {test.fact: test.to_json() for test in self.tests}


def _read_test(fact: str, said: JsonValue) -> FactTest:
    if fact not in FACT_NAMES:
        raise ConditionMalformed(f"found a fact '{fact[:40]}'")
    if not isinstance(said, dict) or not said:
        raise ConditionMalformed(f"'{fact}' says no operator")
    if fact == _SUBJECTS:
        return _read_subjects(said)
    return FactTest(fact=fact, operands=_read_operands(fact, said))


def _read_subjects(said: Mapping[str, JsonValue]) -> FactTest:
    count, grades = said.get(_COUNT), said.get(_GRADES)
    if set(said) != {_COUNT, _GRADES} or not isinstance(count, dict) or not count:
        raise ConditionMalformed(f"'{_SUBJECTS}' needs exactly '{_GRADES}' and '{_COUNT}'")
    if not isinstance(grades, list) or not grades or not all(map(_is_text, grades)):
        raise ConditionMalformed(f"'{_GRADES}' must be a list of grades")
    return FactTest(
        fact=_SUBJECTS,
        operands=_read_operands(_SUBJECTS, count),
        grades=tuple(str(grade) for grade in grades),
    )


def _read_operands(
    fact: str, said: Mapping[str, JsonValue]
) -> tuple[tuple[Operator, tuple[Comparable, ...]], ...]:
    return tuple(
        (_operator(fact, name), _operands(fact, name, said[name])) for name in sorted(said)
    )


def _operator(fact: str, name: str) -> Operator:
    try:
        operator = Operator(name)
    except ValueError as unknown:
        raise ConditionMalformed(f"'{fact}' has an operator '{name[:40]}'") from unknown
    if operator is not Operator.IN and fact not in _TYPES:
        raise ConditionMalformed(f"'{fact}' has no order, so it takes 'in' alone, not '{name}'")
    return operator


def _operands(fact: str, name: str, value: JsonValue) -> tuple[Comparable, ...]:
    if name != Operator.IN:
        return (_operand(fact, value),)
    if not isinstance(value, list) or not value:
        raise ConditionMalformed(f"'in' of '{fact}' must be a list with something in it")
    return tuple(_operand(fact, one) for one in value)


def _operand(fact: str, value: JsonValue) -> Comparable:
    match _TYPES.get(fact):
        case "date":
            return _day(fact, value)
        case "number" | "subjects":
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise ConditionMalformed(f"'{fact}' must be compared with numbers")
            if not 0 <= value <= MAX_NUMBER:
                raise ConditionMalformed(f"'{fact}' must be compared with 0 to {MAX_NUMBER}")
            return value
    if not _is_text(value):
        raise ConditionMalformed(f"'{fact}' must be compared with texts")
    return str(value)


def _day(fact: str, value: JsonValue) -> dt.date:
    try:
        day = dt.date.fromisoformat(str(value))
    except ValueError as malformed:
        raise ConditionMalformed(f"'{fact}' must be compared with YYYY-MM-DD") from malformed
    if day.isoformat() != value:
        raise ConditionMalformed(f"'{fact}' must be compared with YYYY-MM-DD")
    return day


def _is_before(one: Comparable, other: Comparable) -> bool:
    """Return the order of two values of one type; numbers of both kinds are one type."""
    if isinstance(one, dt.date) and isinstance(other, dt.date):
        return one < other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one < other
    raise TypeError(f"{type(one)} and {type(other)} have no common order")


def _comparable(fact: str, value: Comparable) -> Comparable:
    """Return a value as it is compared for equality: texts without their spelling's accidents."""
    if not isinstance(value, str):
        return value
    return _grade(value) if fact == "final_grade" else fold(value)


def _grade(text: str) -> str:
    """Return a grade for comparing: `a -` is not `A`, so punctuation counts."""
    return " ".join(text.casefold().replace("\N{MINUS SIGN}", "-").split())


def _is_text(value: JsonValue) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _told(operator: Operator, operands: Iterable[Comparable]) -> JsonValue:
    told: list[JsonValue] = [
        one.isoformat() if isinstance(one, dt.date) else one for one in operands
    ]
    return told if operator is Operator.IN else told[0]
