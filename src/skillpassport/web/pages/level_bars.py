"""Levels side by side: for each framework on a path all its levels, the meant ones marked.

Notations are never compared between frameworks; each bar only shows where a level stands in its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from skillpassport.frameworks.model import FrameworkId
from skillpassport.frameworks.registry import Registry
from skillpassport.languages import LanguageMap
from skillpassport.vc.strict_json import JsonObject, JsonValue


@dataclass(frozen=True, slots=True)
class Place:
    """A level of an edition, as reports and answers name it; no level where there is none."""

    framework: str
    edition: str | None
    level: str | None

    @classmethod
    def of(cls, told: Mapping[str, JsonValue]) -> "Place":
        """Return the place that a part of an answer names."""
        edition, level = told.get("edition"), told.get("level")
        return cls(
            str(told.get("framework")),
            None if edition is None else str(edition),
            None if level is None else str(level),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelBar:
    """One framework's levels, lowest first.

    cells: notation, and whether it is meant
    levels: the notations that are meant; none where there is no comparable level
    """

    framework: str
    edition: str | None
    name: LanguageMap
    cells: tuple[tuple[str, bool], ...]
    levels: tuple[str, ...]


def level_bars(registry: Registry, places: Iterable[Place]) -> tuple[LevelBar, ...]:
    """Return one bar for each framework that the places name, in their order."""
    meant: dict[tuple[str, str | None], list[str]] = {}
    for place in places:
        levels = meant.setdefault((place.framework, place.edition), [])
        if place.level is not None and place.level not in levels:
            levels.append(place.level)
    return tuple(
        _bar(registry, framework, edition, levels)
        for (framework, edition), levels in meant.items()
        if registry.has_framework(FrameworkId(framework))
    )


def places_of(meaning: JsonObject) -> Iterator[Place]:
    """Yield the places on every path of an answer, from the origin on.

    Levels that a rule names are shown where no path leads anywhere: beside a path that contradicts
    them, a bar with both would say neither.
    """
    answers = [one for one in _list(meaning.get("answers")) if isinstance(one, dict)]
    paths = [
        [step for step in _list(answer.get("path")) if isinstance(step, dict)] for answer in answers
    ]
    # All origins first, then all hops, so that frameworks stand in the order of reading.
    for depth in range(max((len(path) for path in paths), default=0)):
        for side in ("from", "to"):
            for path in paths:
                place = path[depth].get(side) if depth < len(path) else None
                if isinstance(place, dict):
                    yield Place.of(place)
    if not any(paths):
        for answer in answers:
            yield from _places_of_rule(answer)


def _places_of_rule(answer: JsonObject) -> Iterator[Place]:
    target = answer.get("target")
    if answer.get("relation") != "evaluated" or not isinstance(target, dict):
        return
    for named in (target, *_list(target.get("also"))):
        if isinstance(named, dict) and named.get("framework"):
            for level in _list(named.get("levels")):
                yield Place(str(named["framework"]), None, str(level))


def _bar(registry: Registry, framework: str, edition: str | None, levels: list[str]) -> LevelBar:
    known = registry.framework(framework)
    if edition is None:
        newest = registry.newest_edition(known.id)
        edition = None if newest is None else newest.label
    listed = [level.notation for level in registry.levels_of(framework, edition)]
    return LevelBar(
        framework=framework,
        edition=edition,
        name=known.name,
        cells=tuple((notation, notation in levels) for notation in listed or levels),
        levels=tuple(levels),
    )


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
