"""Occupational and training standards: what an occupation, or a qualification for it, asks for.

A standard is a list of units as its authority published them. It is what a worker's own units and
outcomes are held against (`skillpassport.equivalence.outcomes`); labels of a taxonomy are not.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NewType

from skillpassport.frameworks.model import Footing, SourceId
from skillpassport.frameworks.reading import fold
from skillpassport.languages import LanguageMap

StandardId = NewType("StandardId", str)
"""Opaque, such as `DE-PflAPrV`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardUnit:
    """One unit, module, placement or test of a standard.

    code: the authority's own; None where its document prints none, and never unique by itself:
        two authorities, or two versions, may use one code for two things
    aliases: codes under which other documents of the same authority print it
    hours: notional hours that the unit asks for
    kind: `placement`, `core`, `generic`, …, as the authority calls it; empty where it does not
    esco: ESCO URIs of skills, for search and explanation; they never decide
    registered_until, last_enrolment, last_achievement: calendar days, inclusive; people may achieve
        a unit for years after its registration has ended
    """

    title: LanguageMap
    footing: Footing
    code: str | None = None
    aliases: tuple[str, ...] = ()
    hours: Decimal | None = None
    level: str | None = None
    kind: str = ""
    essential: bool = True
    esco: tuple[str, ...] = ()
    parts: tuple["StandardUnit", ...] = ()
    registered_until: dt.date | None = None
    last_enrolment: dt.date | None = None
    last_achievement: dt.date | None = None
    note: str = ""

    @property
    def codes(self) -> frozenset[str]:
        """Every code of the unit, folded; empty where it has none."""
        return frozenset(fold(code) for code in (self.code, *self.aliases) if code)

    @property
    def name(self) -> str:
        """The code, else the title: what tells the unit apart within its standard."""
        return self.code or next(iter(self.title.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class OccupationalStandard:
    """The units that an authority asks for in an occupation.

    country: ISO 3166-1 code, or that of a region; None for an international standard
    authority: who published it, in words
    isco: ISCO-08 codes of its occupations
    total_hours: as published, which need not be the sum of the units' hours
    valid_from, valid_until: calendar days, both inclusive; None where no source gives one
    """

    id: StandardId
    title: LanguageMap
    authority: str
    units: tuple[StandardUnit, ...]
    footing: Footing
    sources: tuple[SourceId, ...]
    country: str | None = None
    isco: tuple[str, ...] = ()
    level: str | None = None
    total_hours: Decimal | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    notes: tuple[str, ...] = ()

    def unit(self, code: str) -> StandardUnit | None:
        """Return the unit, or part of one, that a code names."""
        wanted = fold(code)
        return next((one for one in self.all_units() if wanted in one.codes), None)

    def all_units(self) -> Iterator[StandardUnit]:
        """Yield every unit, each followed by its parts."""
        for unit in self.units:
            yield unit
            yield from unit.parts


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLink:
    """Somebody's statement that a unit of one standard shows one of another.

    whole: whether it shows all of the other unit; else a part of it
    published: whether the statement was published by a body that answers for it; any other is a
        suggestion
    """

    from_standard: StandardId
    from_unit: str
    to_standard: StandardId
    to_unit: str
    whole: bool
    published: bool
    sources: tuple[SourceId, ...]
    note: str = ""

    @property
    def id(self) -> str:
        """Name of the statement: `BD-EIM OUCE001 > ES-FME035_2 UC0099_2`."""
        return f"{self.from_standard} {self.from_unit} > {self.to_standard} {self.to_unit}"
