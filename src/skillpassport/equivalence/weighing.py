"""Turning the ways between a level and a framework into answers, one for each target level."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from skillpassport.equivalence.answer import (
    SAME_LEVEL,
    Basis,
    Conflict,
    Evidence,
    LevelAnswer,
    Place,
    Step,
)
from skillpassport.equivalence.model import Publication
from skillpassport.equivalence.paths import Path, Ways
from skillpassport.frameworks.model import Edition, Footing, SourceId
from skillpassport.frameworks.registry import LevelReference, Registry

COMPARABLE = "comparable"
NO_COMPARABLE_LEVEL = "no_comparable_level"
NOT_USABLE = "not_usable"
DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Weigher:
    """Weighs ways by what is known in a registry, for one day."""

    registry: Registry
    on: dt.date

    def comparable(self, ways: Ways) -> tuple[LevelAnswer, ...]:
        """Return one answer for each level: from direct statements, else from derived paths."""
        if ways.gaps and not ways.direct:
            return ()
        paths = _singly(ways.direct) or ways.derived
        return tuple(self._answer(group, COMPARABLE) for group in self._by_level(paths))

    def absent(self, ways: Ways) -> tuple[LevelAnswer, ...]:
        """Return what is stated about the asked pair instead of a level: at most one answer."""
        if ways.direct:
            return ()
        if ways.gaps:
            return (self._answer(_singly(ways.gaps), NO_COMPARABLE_LEVEL),)
        if ways.forbidden:
            return (self._answer(_singly(ways.forbidden), NOT_USABLE),)
        return ()

    def superseded(self, ways: Ways) -> tuple[LevelAnswer, ...]:
        """Return one answer for each level that only superseded statements name."""
        answered = {path[-1].target for path in (*_singly(ways.direct), *ways.derived)}
        paths = _singly(
            step
            for step in ways.superseded
            if not step.mapping.is_gap and step.target not in answered
        )
        return tuple(self._answer(group, COMPARABLE) for group in self._by_level(paths))

    def _by_level(self, paths: Iterable[Path]) -> Iterator[list[Path]]:
        """Group paths by the level where they end, lowest level first, the best path first."""
        grouped: dict[Place, list[Path]] = {}
        for path in sorted(paths, key=_weight):
            grouped.setdefault(path[-1].target, []).append(path)
        for place in sorted(grouped, key=self._height):
            yield grouped[place]

    def _height(self, place: Place) -> tuple[int, str]:
        listed = self.registry.levels_of(place.framework, place.edition)
        notations = [one.notation for one in listed]
        known = place.level in notations
        return notations.index(place.level or "") if known else len(notations), place.level or ""

    def _answer(self, paths: Sequence[Path], outcome: str) -> LevelAnswer:
        best = paths[0]
        publication = _publication(best)
        end = best[-1].target
        level = None
        if outcome == COMPARABLE:
            level = self.registry.find_level(end.framework, end.edition, end.level)
        alike: list[Path] = [path for path in paths if len(path) == 1] or [best]
        return LevelAnswer(
            outcome=outcome,
            target=end if outcome == COMPARABLE else _without_level(end),
            basis=Basis.MAPPING if len(best) == 1 else Basis.DERIVED,
            authoritative=_is_authoritative(best),
            path=best,
            status=_status(best, publication),
            publication=publication,
            evidence=tuple(self._evidence(step for path in alike for step in path)),
            valid_on=self.on,
            title=None if level is None or level.title is None else level.title.get("en"),
            uri=None if level is None else level.uri,
            disclaimer=" ".join(_disclaimers(alike)),
        )

    def itself(self, origin: LevelReference) -> LevelAnswer:
        """Return the answer that a level is itself, as when someone comes home with it."""
        level = origin.level
        sources = origin.edition.sources if level is None else level.sources
        return LevelAnswer(
            outcome=COMPARABLE,
            target=Place(
                framework=origin.framework.id,
                edition=origin.edition.label,
                level=origin.notation,
            ),
            basis=Basis.MAPPING,
            authoritative=level is not None and level.footing is Footing.READ,
            path=(),
            status=SAME_LEVEL,
            publication=Publication.PUBLISHED,
            evidence=tuple(
                Evidence(source=self.registry.source(each), publication=Publication.PUBLISHED)
                for each in sources
            ),
            valid_on=self.on,
            title=None if level is None or level.title is None else level.title.get("en"),
            uri=None if level is None else level.uri,
        )

    def _evidence(self, steps: Iterable[Step]) -> Iterator[Evidence]:
        seen: set[SourceId] = set()
        for step in steps:
            for source in step.mapping.sources:
                if source not in seen:
                    seen.add(source)
                    yield Evidence(
                        source=self.registry.source(source),
                        publication=step.mapping.publication,
                        note=step.mapping.note,
                    )


def conflicts_in(ways: Ways) -> Iterator[Conflict]:
    """Return what does not agree among the ways, for a person to weigh.

    Several levels from one source are that source's statement, not a conflict; nor is a statement
    read backward, since many levels may lead to one.
    """
    if ways.direct and ways.gaps:
        yield Conflict(
            text="One source names a comparable level, another says that there is none.",
            statements=(*ways.direct, *ways.gaps),
        )
    forward = tuple(step for step in ways.direct if not step.backward)
    by_source: dict[SourceId, set[str | None]] = {}
    for step in forward:
        for source in step.mapping.sources:
            by_source.setdefault(source, set()).add(step.target.level)
    if any(a.isdisjoint(b) for a in by_source.values() for b in by_source.values()):
        yield Conflict(text="Sources name different levels.", statements=forward)
    derived = {path[-1].target.level for path in ways.derived}
    if ways.direct and derived and derived.isdisjoint(step.target.level for step in ways.direct):
        yield Conflict(
            text="A path over two statements leads to another level than the direct statement.",
            statements=(*ways.direct, *(step for path in ways.derived for step in path)),
        )


def is_held(steps: Iterable[Step], editions: Iterable[Edition], on: dt.date) -> bool:
    """Return whether superseded statements held on a day: their editions' dates say so."""
    dated = [one for one in editions if one.is_dated]
    return any(True for _ in steps) and bool(dated) and all(one.covers(on) for one in dated)


def _singly(steps: Iterable[Step]) -> tuple[Path, ...]:
    """Return each step as a path of its own."""
    return tuple((step,) for step in steps)


def _weight(path: Path) -> tuple[bool, int, tuple[str, ...]]:
    """Order paths: published before secondary, then by the statements' ids."""
    secondary = sum(step.mapping.publication is not Publication.PUBLISHED for step in path)
    return secondary > 0, secondary, tuple(step.mapping.id for step in path)


def _publication(path: Path) -> Publication:
    """Return the weakest footing on a path."""
    for step in path:
        if step.mapping.publication is not Publication.PUBLISHED:
            return step.mapping.publication
    return Publication.PUBLISHED


def _is_authoritative(path: Path) -> bool:
    return len(path) == 1 and path[0].mapping.publication is Publication.PUBLISHED


def _status(path: Path, publication: Publication) -> str:
    if len(path) > 1:
        return DERIVED
    return path[0].mapping.relation if publication is Publication.PUBLISHED else publication


def _disclaimers(paths: Iterable[Path]) -> list[str]:
    texts = (step.mapping.disclaimer for path in paths for step in path)
    return sorted({text for text in texts if text})


def _without_level(place: Place) -> Place:
    return Place(framework=place.framework, edition=place.edition, level=None)
