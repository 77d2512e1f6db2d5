"""Recognition rules: what a destination's authority says about a qualification of another country.

Rules are data. Which of several rules holds for an award is judged on facts by their structured
condition; the text of a condition, and what it is comparable to, are shown as they were published.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NewType

from skillpassport.equivalence.conditions import Condition
from skillpassport.equivalence.model import Publication
from skillpassport.equivalence.questions import Purpose
from skillpassport.frameworks.model import FrameworkId, SourceId
from skillpassport.frameworks.reading import fold
from skillpassport.vc.jcs import canonicalize
from skillpassport.vc.strict_json import JsonObject, JsonValue

RuleId = NewType("RuleId", str)
"""Opaque, `[A-Za-z0-9_-]{10,40}`; stays with a rule through all its versions."""

_ID_DIGITS: Final = 24
"""Hexadecimal digits of a SHA-256: 96 bits, and no rule is named by chance like another."""


class RuleOutcome(StrEnum):
    """What a rule comes to; recognition is never just yes or no."""

    COMPARABLE = "comparable"
    AT_LEAST = "at_least"
    RANGE = "range"  # one of several levels, decided case by case
    PARTIAL = "partial"  # counts for a part, such as two years of a degree
    USUALLY = "usually"
    LOWER_LEVEL = "lower_level"  # than the level chain would suggest
    CASE_BY_CASE = "case_by_case"


class RuleStatus(StrEnum):
    """Whether a rule is one that its authority still applies."""

    CURRENT = "current"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameworkLevels:
    """Levels of one framework that a rule names, as its source lists them."""

    framework: FrameworkId
    levels: tuple[str, ...]

    def to_json(self) -> JsonObject:
        """Return the JSON form."""
        return {"framework": self.framework, "levels": list(self.levels)}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """What a rule says once it holds.

    comparable_to: the destination's qualification, in the words of the source
    levels: of the destination's own framework first
    measures: what compensates a difference: adaptation period, aptitude test, …
    """

    outcome: RuleOutcome
    comparable_to: str
    levels: tuple[FrameworkLevels, ...] = ()
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionRule:
    """One rule for one qualification title of one country.

    aliases: other titles of the same qualification, as documents print them
    origin_level: as the source writes it: `DQR 3`, or `DE:DQR 3`
    purpose: None for a rule that holds for every purpose
    condition: the condition in words; empty where there is none
    when: the same to be judged; None where there is no condition, or nobody has structured it
    agreement: slug of the agreement that switches the rule on; None for a decision
    authority: id of the competent authority that applies it
    valid_from, valid_until: calendar days, both inclusive
    supersedes: rules that this one replaces from its first day on
    version: how often the rule was written down; a correction is the next version
    """

    id: RuleId
    origin: str
    destination: str
    title: str
    result: RuleResult
    sources: tuple[SourceId, ...]
    aliases: tuple[str, ...] = ()
    origin_level: str | None = None
    purpose: Purpose | None = None
    condition: str = ""
    when: Condition | None = None
    status: RuleStatus = RuleStatus.CURRENT
    publication: Publication = Publication.PUBLISHED
    agreement: str | None = None
    authority: str | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    supersedes: tuple[RuleId, ...] = ()
    note: str = ""
    version: int = field(default=1, compare=False)

    @property
    def is_conditional(self) -> bool:
        """Whether anything is asked of an award beside its title."""
        return bool(self.condition) or self.when is not None

    @property
    def is_dated(self) -> bool:
        """Whether a source says when it began or ended."""
        return self.valid_from is not None or self.valid_until is not None

    def covers(self, day: dt.date) -> bool:
        """Return whether a day lies in the rule's period; an open end reaches everywhere."""
        began = self.valid_from is None or self.valid_from <= day
        return began and (self.valid_until is None or day <= self.valid_until)

    @property
    def titles(self) -> frozenset[str]:
        """The title and its aliases, folded."""
        return frozenset(map(fold, (self.title, *self.aliases)))

    @property
    def question(self) -> bytes:
        """What tells the rule apart from others, in canonical form: everything but its result.

        Of two current rules with one question and two results, one must be wrong.
        """
        condition = fold(self.condition) if self.when is None else self.when.to_json()
        return canonicalize(
            {
                "destination": self.destination,
                "origin": self.origin,
                "title": fold(self.title),
                "level": fold(self.origin_level or ""),
                "condition": condition,
                "purpose": self.purpose,
                "agreement": self.agreement,
                "valid_from": _day(self.valid_from),
                **({} if self.status is RuleStatus.CURRENT else {"past": self._past()}),
            }
        )

    def _past(self) -> list[JsonValue]:
        """Return what tells rules apart that no longer hold: several may have come to pass."""
        return [_day(self.valid_until), self.result.outcome, fold(self.result.comparable_to)]


def rule_id(question: bytes) -> RuleId:
    """Return the id of a rule whose author gave none: a digest of what tells it apart."""
    return RuleId(f"rule-{hashlib.sha256(question).hexdigest()[:_ID_DIGITS]}")


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
