"""Levels that statements name and no list has.

They are made anew with each snapshot instead of being stored, so that it does not matter whether
the statements or the list came in first.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Final

from skillpassport.equivalence.model import Endpoint, LevelMapping, Publication
from skillpassport.frameworks.errors import EditionUnknown
from skillpassport.frameworks.model import Edition, Footing, FrameworkId, Level
from skillpassport.frameworks.registry import Registry

_LAST: Final = Decimal(1000)
"""Place of a notation that is no figure: nobody said where it stands."""

_LevelKey = tuple[FrameworkId, str, str]


def named_levels(mappings: Iterable[LevelMapping], registry: Registry) -> tuple[Level, ...]:
    """Return the levels that mappings name and the registry's lists lack, each once.

    Figures give a level its place in its own list; they say nothing about another framework.
    """
    naming: dict[_LevelKey, list[LevelMapping]] = {}
    for mapping in mappings:
        for key in _missing_ends(mapping, registry):
            naming.setdefault(key, []).append(mapping)
    return tuple(_level(key, by) for key, by in sorted(naming.items(), key=lambda one: one[0]))


def _missing_ends(mapping: LevelMapping, registry: Registry) -> Iterator[_LevelKey]:
    for end in (mapping.origin, mapping.target):
        edition = _edition(end, registry)
        if edition is not None and end.level and not registry.has_level(edition, end.level):
            yield edition.framework, edition.label, end.level


def _edition(end: Endpoint, registry: Registry) -> Edition | None:
    if not registry.has_framework(end.framework):
        return None  # refused where the mappings are indexed
    framework = registry.framework(end.framework)
    if end.edition is None or not framework.is_comparable:
        return registry.newest_edition(framework.id) if framework.is_comparable else None
    try:
        return registry.edition(framework, end.edition)
    except EditionUnknown:
        return None


def _level(key: _LevelKey, naming: list[LevelMapping]) -> Level:
    framework, edition, notation = key
    unread = all(one.publication is Publication.UNVERIFIED for one in naming)
    return Level(
        framework=framework,
        edition=edition,
        notation=notation,
        order=_place(notation),
        footing=Footing.UNVERIFIED if unread else Footing.NAMED,
        sources=tuple(sorted({source for one in naming for source in one.sources})),
    )


def _place(notation: str) -> Decimal:
    if not (notation.isascii() and notation[:1].isdigit()):
        return _LAST
    try:
        return Decimal(notation)
    except InvalidOperation:
        return _LAST
