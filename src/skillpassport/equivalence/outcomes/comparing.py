"""Holding what someone has shown against the units that a standard asks for.

A unit is met only where it is the very unit, or where a published statement says that something
shown covers it. A likeness of titles or of ESCO skills says where to look and leaves the unit open:
of two occupations that ESCO relates closely one may share a single skill with the other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from skillpassport.equivalence.outcomes.model import (
    Comparison,
    Finding,
    Ground,
    Judgement,
    Offer,
    Programmes,
    Shown,
)
from skillpassport.frameworks.model import SourceId
from skillpassport.frameworks.reading import fold
from skillpassport.frameworks.standards import OccupationalStandard, StandardUnit, UnitLink

DISCLAIMER: Final = (
    "This comparison shows where to look. Whether a difference is substantial, and what makes up "
    "for it, the competent authority alone decides; ESCO skills explain and never decide."
)


@dataclass(frozen=True, slots=True)
class _Related:
    """Something shown that has to do with a unit."""

    ground: Ground
    shown: Shown
    sources: tuple[SourceId, ...] = ()


def compare_outcomes(
    standard: OccupationalStandard,
    shown: Sequence[Shown],
    *,
    links: Iterable[UnitLink] = (),
    programmes: Programmes | None = None,
) -> Comparison:
    """Return what was shown of each unit of a standard.

    links: statements about units; those of other standards are passed over
    programmes: where bridging offers for what is not met are looked for
    """
    comparer = _Comparer(standard, tuple(shown), tuple(_to(links, standard)))
    judgements = tuple(map(comparer.judge, standard.units))
    if programmes is not None:
        judgements = _with_offers(judgements, programmes)
    used = {id(each) for one in _all(judgements) for each in one.shown}
    return Comparison(
        standard=standard,
        judgements=judgements,
        unused=tuple(one for one in shown if id(one) not in used),
        disclaimer=DISCLAIMER,
    )


@dataclass(frozen=True, slots=True)
class _Comparer:
    standard: OccupationalStandard
    shown: tuple[Shown, ...]
    links: tuple[UnitLink, ...]

    def judge(self, unit: StandardUnit) -> Judgement:
        """Judge one unit by what is shown of it, and where that is silent by its parts."""
        related = tuple(self._related(unit))
        ground = min((one.ground for one in related), key=list(Ground).index, default=Ground.NONE)
        parts = tuple(map(self.judge, unit.parts))
        if not ground.decides and any(part.finding is not Finding.MISSING for part in parts):
            return self._by_parts(unit, parts)
        best = tuple(one for one in related if one.ground is ground)
        shown = tuple({id(one.shown): one.shown for one in best}.values())
        skills = {uri for one in shown for uri in one.esco}
        finding = Finding.MET if ground.decides else Finding.UNCLEAR
        return Judgement(
            unit=unit,
            finding=Finding.MISSING if ground is Ground.NONE else finding,
            ground=ground,
            shown=shown,
            hours_short=_shortfall(unit, shown),
            parts=parts if ground is not Ground.NONE and not ground.decides else (),
            sources=tuple(dict.fromkeys(s for one in best for s in one.sources)),
            skills_shared=tuple(uri for uri in unit.esco if uri in skills),
            skills_wanting=tuple(uri for uri in unit.esco if uri not in skills),
        )

    def _by_parts(self, unit: StandardUnit, parts: tuple[Judgement, ...]) -> Judgement:
        essential = [part for part in parts if part.unit.essential] or parts
        met = all(part.finding is Finding.MET for part in essential)
        return Judgement(
            unit=unit,
            finding=Finding.MET if met else Finding.UNCLEAR,
            ground=Ground.PARTS,
            shown=tuple({id(s): s for part in parts for s in part.shown}.values()),
            parts=parts,
        )

    def _related(self, unit: StandardUnit) -> Iterator[_Related]:
        titles = {(tag, fold(title)) for tag, title in unit.title.items()}
        for one in self.shown:
            if one.standard == self.standard.id and one.code and fold(one.code) in unit.codes:
                yield _Related(Ground.SAME_UNIT, one)
            for link in self._links(unit, one):
                stated = link.published and link.whole
                yield _Related(Ground.STATED if stated else Ground.SUGGESTED, one, link.sources)
            if titles & {(tag, fold(title)) for tag, title in one.title.items()}:
                yield _Related(Ground.SAME_TITLE, one)
            if set(unit.esco) & set(one.esco):
                yield _Related(Ground.SAME_SKILLS, one)

    def _links(self, unit: StandardUnit, one: Shown) -> Iterator[UnitLink]:
        for link in self.links:
            if (
                one.code is not None
                and (link.from_standard, fold(link.from_unit)) == (one.standard, fold(one.code))
                and fold(link.to_unit) in unit.codes
            ):
                yield link


def _to(links: Iterable[UnitLink], standard: OccupationalStandard) -> Iterator[UnitLink]:
    return (link for link in links if link.to_standard == standard.id)


def _shortfall(unit: StandardUnit, shown: Sequence[Shown]) -> Decimal | None:
    hours = [one.hours for one in shown if one.hours is not None]
    if unit.hours is None or not hours or len(hours) < len(shown):
        return None
    return max(unit.hours - sum(hours, Decimal(0)), Decimal(0))


def _all(judgements: Iterable[Judgement]) -> Iterator[Judgement]:
    for one in judgements:
        yield one
        yield from _all(one.parts)


def _with_offers(
    judgements: tuple[Judgement, ...], programmes: Programmes
) -> tuple[Judgement, ...]:
    wanted = [code for one in _all(judgements) if one.is_difference for code in _codes(one.unit)]
    offers = programmes.ending_with(wanted) if wanted else {}
    return tuple(_offered(one, offers) for one in judgements)


def _offered(judgement: Judgement, offers: Mapping[str, tuple[Offer, ...]]) -> Judgement:
    fitting = {offer.id: offer for code in _codes(judgement.unit) for offer in offers.get(code, ())}
    return replace(
        judgement,
        parts=tuple(_offered(part, offers) for part in judgement.parts),
        offers=tuple(fitting.values()) if judgement.is_difference else (),
    )


def _codes(unit: StandardUnit) -> tuple[str, ...]:
    return tuple(code for code in (unit.code, *unit.aliases) if code)
