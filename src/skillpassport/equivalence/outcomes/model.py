"""What comes of holding outcomes against a standard, unit by unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from skillpassport.frameworks.model import SourceId
from skillpassport.frameworks.standards import OccupationalStandard, StandardId, StandardUnit
from skillpassport.languages import LanguageMap


class Finding(StrEnum):
    """Whether a unit that is asked for has been shown."""

    MET = "met"
    MISSING = "missing"  # nothing shown has to do with it
    UNCLEAR = "unclear"  # something shown has to do with it, and nobody said that it suffices


class Ground(StrEnum):
    """Why something shown has to do with a unit, strongest first."""

    SAME_UNIT = "same_unit"  # the very unit of the standard
    STATED = "stated"  # a published statement says that it shows the unit
    PARTS = "parts"  # some parts of the unit have been shown
    SUGGESTED = "suggested"  # somebody's suggestion, or a published statement about a part
    SAME_TITLE = "same_title"
    SAME_SKILLS = "same_skills"  # ESCO relates them, which explains and never decides
    NONE = "none"

    @property
    def decides(self) -> bool:
        """Whether this ground alone makes a unit met."""
        return self in {Ground.SAME_UNIT, Ground.STATED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Something that a person has learnt and can show.

    standard: the standard that `code` is of; a code without it fits no unit, since authorities use
        the same codes for different things
    esco: ESCO URIs of skills
    hours: notional hours, where they are known
    """

    title: LanguageMap
    code: str | None = None
    standard: StandardId | None = None
    esco: tuple[str, ...] = ()
    hours: Decimal | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "title": dict(self.title),
            **({} if self.code is None else {"code": self.code}),
            **({} if self.standard is None else {"standard": self.standard}),
            **({"esco": list(self.esco)} if self.esco else {}),
            **({} if self.hours is None else {"hours": _number(self.hours)}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A registered programme that ends with a unit that is wanting."""

    id: str
    title: LanguageMap
    provider: LanguageMap
    country: str
    hours: Decimal | None

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "achievement": self.id,
            "title": dict(self.title),
            "provider": dict(self.provider),
            "country": self.country,
            **({} if self.hours is None else {"hours": _number(self.hours)}),
        }


class Programmes(Protocol):
    """Where programmes that could close a gap are found."""

    def ending_with(self, codes: Sequence[str]) -> dict[str, tuple[Offer, ...]]:
        """Return the registered programmes whose outcomes name units, by the unit's code."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One unit of the standard, and what was shown of it.

    hours_short: hours that are wanting; None where either side gives none
    skills_shared, skills_wanting: ESCO URIs of the unit, by whether something shown has them
    offers: programmes that end with the unit, where it is not met
    """

    unit: StandardUnit
    finding: Finding
    ground: Ground
    shown: tuple[Shown, ...] = ()
    hours_short: Decimal | None = None
    skills_shared: tuple[str, ...] = ()
    skills_wanting: tuple[str, ...] = ()
    parts: tuple["Judgement", ...] = ()
    sources: tuple[SourceId, ...] = ()
    offers: tuple[Offer, ...] = ()

    @property
    def is_difference(self) -> bool:
        """Whether an authority would ask about it: an essential unit that is not simply met."""
        return self.unit.essential and (self.finding is not Finding.MET or bool(self.hours_short))

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        unit = self.unit
        return {
            "unit": {
                **({} if unit.code is None else {"code": unit.code}),
                "title": dict(unit.title),
                "essential": unit.essential,
                "footing": unit.footing,
                **({} if unit.hours is None else {"hours": _number(unit.hours)}),
                **({"kind": unit.kind} if unit.kind else {}),
            },
            "finding": self.finding,
            "ground": self.ground,
            "shown": [one.to_json() for one in self.shown],
            **({} if self.hours_short is None else {"hours_short": _number(self.hours_short)}),
            **(
                {
                    "skills": {
                        "shared": list(self.skills_shared),
                        "wanting": list(self.skills_wanting),
                    }
                }
                if unit.esco
                else {}
            ),
            **({"parts": [one.to_json() for one in self.parts]} if self.parts else {}),
            **({"sources": list(self.sources)} if self.sources else {}),
            **({"offers": [one.to_json() for one in self.offers]} if self.offers else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What someone has shown beside the units of a standard, in the standard's order.

    unused: what was shown and has to do with no unit
    disclaimer: never empty
    """

    standard: OccupationalStandard
    judgements: tuple[Judgement, ...]
    unused: tuple[Shown, ...]
    disclaimer: str

    def counted(self, finding: Finding) -> int:
        """Return how many units came to a finding."""
        return sum(one.finding is finding for one in self.judgements)

    @property
    def differences(self) -> tuple[Judgement, ...]:
        """What the competent authority would look into; whether it matters, it alone says."""
        return tuple(one for one in self.judgements if one.is_difference)

    @property
    def hours_asked(self) -> Decimal | None:
        """The hours of the standard, or of its units where it gives no sum."""
        if self.standard.total_hours is not None:
            return self.standard.total_hours
        hours = [one.unit.hours for one in self.judgements if one.unit.hours is not None]
        return sum(hours, Decimal(0)) if hours else None

    @property
    def hours_met(self) -> Decimal | None:
        """Hours of the units that are met, less what is short; None where units give no hours."""
        if all(one.unit.hours is None for one in self.judgements):
            return None
        return sum(
            (
                (one.unit.hours or Decimal(0)) - (one.hours_short or Decimal(0))
                for one in self.judgements
                if one.finding is Finding.MET
            ),
            Decimal(0),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        asked, met = self.hours_asked, self.hours_met
        return {
            "standard": {
                "id": self.standard.id,
                "title": dict(self.standard.title),
                "country": self.standard.country,
                "authority": self.standard.authority,
                "footing": self.standard.footing,
                "sources": list(self.standard.sources),
            },
            "counts": {one.value: self.counted(one) for one in Finding},
            **(
                {}
                if asked is None
                else {
                    "hours": {"asked": _number(asked), "met": None if met is None else _number(met)}
                }
            ),
            "units": [one.to_json() for one in self.judgements],
            "differences": [one.unit.name for one in self.differences],
            "unused": [one.to_json() for one in self.unused],
            "disclaimer": self.disclaimer,
        }


def _number(hours: Decimal) -> int | float:
    return int(hours) if hours == hours.to_integral_value() else float(hours)
