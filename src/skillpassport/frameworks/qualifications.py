"""Qualifications as their countries register them: what they are, not what they are worth elsewhere.

A level is optional: many useful qualifications are in no framework. Codes are superseded and
titles change, so both carry the days on which they held (a certificate of last year names the
old one).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from skillpassport.errors import SkillPassportError
from skillpassport.frameworks.model import FrameworkId, SourceId
from skillpassport.frameworks.searching import Match
from skillpassport.languages import LanguageMap


class QualificationUnknown(SkillPassportError):
    """No qualification has this id."""

    code = "qualification-unknown"

    def __init__(self) -> None:
        super().__init__(
            "Expected the id of a qualification of this registry, found another text; "
            "GET /api/v1/qualifications lists them."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningOutcome:
    """One thing that a holder knows or can do.

    esco: URIs of skills that explain it; they never decide what it is worth
    """

    statement: LanguageMap
    code: str | None = None
    esco: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A part that is assessed by itself."""

    code: str
    title: LanguageMap
    level: str | None = None
    hours: Decimal | None = None
    credits: Decimal | None = None
    outcomes: tuple[LearningOutcome, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerName:
    """A title or code that a qualification has or had, and when; both days are inclusive.

    superseded_by: code that took its place
    """

    text: str
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    superseded_by: str | None = None

    def held_on(self, day: dt.date) -> bool:
        """Return whether it held on a day; an open end reaches everywhere."""
        began = self.valid_from is None or self.valid_from <= day
        return began and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualification:
    """One qualification of a country, in what its sources say of it.

    aliases: other titles it is or was known by; codes: its codes in national registers
    country: ISO 3166-1 or -2 code
    framework, edition, level: where its own framework puts it, in the framework's notation
    isced_f, isced_p: field and level of education, as codes of ISCED-F 2013 and ISCED-P 2011
    isco, esco: occupations that it leads to, as codes of ISCO-08 and URIs of ESCO
    hours: notional hours of learning; credits: in the unit of its framework's edition
    assessment: methods; quality_assurance: who sees to it, and how
    """

    id: str
    title: LanguageMap
    country: str
    sources: tuple[SourceId, ...] = ()
    aliases: tuple[FormerName, ...] = ()
    codes: tuple[FormerName, ...] = ()
    awarding_body: str | None = None
    framework: FrameworkId | None = None
    edition: str | None = None
    level: str | None = None
    type: str | None = None
    isced_f: str | None = None
    isced_p: str | None = None
    isco: tuple[str, ...] = ()
    esco: tuple[str, ...] = ()
    units: tuple[Unit, ...] = ()
    outcomes: tuple[LearningOutcome, ...] = ()
    hours: Decimal | None = None
    credits: Decimal | None = None
    assessment: tuple[str, ...] = ()
    quality_assurance: str | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every text that it is found by: titles, aliases and codes."""
        known = (*self.title.values(), *(each.text for each in (*self.aliases, *self.codes)))
        return tuple(dict.fromkeys(known))


@dataclass(frozen=True, slots=True, kw_only=True)
class QualificationFilter:
    """Which qualifications to list.

    country: `GB` finds those of `GB-SCT` too
    """

    country: str | None = None
    framework: str | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundQualification:
    """A qualification, and the name of it that a search found."""

    qualification: Qualification
    match: Match


class Qualifications(Protocol):
    """The qualifications of one state of the registry; `skillpassport.db.qualifications` answers."""

    def get(self, identifier: str) -> Qualification:
        """Return a qualification by its id.

        Raises: QualificationUnknown
        """
        ...

    def list(
        self, wanted: QualificationFilter, *, after: str | None, limit: int
    ) -> Sequence[Qualification]:
        """Return qualifications in the order of their ids, those behind one of them."""
        ...

    def search(
        self, text: str, wanted: QualificationFilter, *, limit: int
    ) -> Sequence[FoundQualification]:
        """Return the qualifications whose names answer a search best, best first."""
        ...
