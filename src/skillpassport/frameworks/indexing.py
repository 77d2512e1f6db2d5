"""The indexes of the registry: what is found by its id, its place, its edition or its notation."""

from collections.abc import Iterable

from skillpassport.frameworks.model import (
    CURRENT,
    Edition,
    Footing,
    Framework,
    FrameworkId,
    Level,
)
from skillpassport.frameworks.reading import fold
from skillpassport.frameworks.standards import StandardId, UnitLink

LevelKey = tuple[FrameworkId, str]
"""A framework and the label of an edition."""


def ids_by_name(frameworks: Iterable[Framework]) -> dict[str, FrameworkId]:
    """Return ids by themselves and by aliases; an id outdoes an alias, an earlier one a later."""
    listed = list(frameworks)
    aliases = {alias: one.id for one in reversed(listed) for alias in one.aliases}
    return aliases | {str(one.id): one.id for one in listed}


def frameworks_by_jurisdiction(
    frameworks: Iterable[Framework],
) -> dict[str, tuple[Framework, ...]]:
    """Return the frameworks of each jurisdiction, as `registry.is_of` has it, in their order."""
    found: dict[str, dict[FrameworkId, Framework]] = {}
    for framework in frameworks:
        for place in framework.jurisdictions:
            parts = place.upper().split("-")
            for length in range(1, len(parts) + 1):
                found.setdefault("-".join(parts[:length]), {})[framework.id] = framework
    return {place: tuple(listed.values()) for place, listed in found.items()}


def frameworks_by_abbreviation(frameworks: Iterable[Framework]) -> dict[str, tuple[Framework, ...]]:
    """Return frameworks by their folded abbreviations, in order of id."""
    meant: dict[str, dict[FrameworkId, Framework]] = {}
    for one in frameworks:
        if one.is_comparable:
            for acronym in one.acronyms:
                meant.setdefault(fold(acronym), {})[one.id] = one
    return {folded: tuple(found.values()) for folded, found in meant.items()}


def editions_by_framework(editions: Iterable[Edition]) -> dict[FrameworkId, tuple[Edition, ...]]:
    """Return the editions of each framework, oldest first."""
    grouped: dict[FrameworkId, list[Edition]] = {}
    for edition in sorted(editions, key=_age):
        grouped.setdefault(edition.framework, []).append(edition)
    return {framework: tuple(found) for framework, found in grouped.items()}


def levels_by_edition(levels: Iterable[Level]) -> dict[LevelKey, tuple[Level, ...]]:
    """Return the levels of each edition, lowest first."""
    grouped: dict[LevelKey, list[Level]] = {}
    for level in sorted(levels, key=lambda one: (one.order, one.notation)):
        grouped.setdefault((level.framework, level.edition), []).append(level)
    return {key: _without_doubles(listed) for key, listed in grouped.items()}


def levels_by_notation(levels: tuple[Level, ...]) -> dict[str, Level]:
    """Return levels by notation and alias; a notation outdoes an alias."""
    aliases = {alias: one for one in reversed(levels) for alias in one.aliases}
    return aliases | {one.notation: one for one in levels}


def links_by_target(links: Iterable[UnitLink]) -> dict[StandardId, tuple[UnitLink, ...]]:
    """Return the links to units of each standard, in order of id."""
    grouped: dict[StandardId, list[UnitLink]] = {}
    for link in sorted(links, key=lambda one: one.id):
        grouped.setdefault(link.to_standard, []).append(link)
    return {standard: tuple(listed) for standard, listed in grouped.items()}


def _age(edition: Edition) -> tuple[bool, str, str]:
    """Order editions from the oldest to the newest; the one called `current` is the newest."""
    began = edition.valid_from or edition.valid_until
    return edition.label == CURRENT, began.isoformat() if began else edition.label, edition.label


def _without_doubles(levels: Iterable[Level]) -> tuple[Level, ...]:
    """Leave out a level that was only named where a list has it under that name as an alias."""
    listed = tuple(levels)
    aliases = {alias for one in listed if one.footing is not Footing.NAMED for alias in one.aliases}
    return tuple(
        one for one in listed if one.footing is not Footing.NAMED or one.notation not in aliases
    )
