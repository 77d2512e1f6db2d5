"""All level mappings of a snapshot, indexed by where they can be read from.

A mapping without an edition speaks of the edition called `current`, or else of the newest: editions
reuse numbers, so it never speaks of an older one. Every statement is turned, once for each
snapshot, into steps that can be followed; a question then costs a few look-ups.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from skillpassport.equivalence.answer import Place, Step
from skillpassport.equivalence.model import Direction, Endpoint, LevelMapping, Relation
from skillpassport.frameworks.errors import EditionUnknown, LevelUnknown, RegistryInconsistent
from skillpassport.frameworks.model import Edition
from skillpassport.frameworks.registry import Registry


@dataclass(frozen=True, slots=True)
class MappingIndex:
    """Steps by the place where they start, in an order that does not depend on the rows'."""

    _statements: tuple[LevelMapping, ...]
    _steps: Mapping[Place, tuple[Step, ...]]
    _pairs: Mapping[tuple[Place, str, str | None], tuple[Step, ...]]

    @classmethod
    def of(cls, mappings: Iterable[LevelMapping], registry: Registry) -> Self:
        """Return the index of mappings between the frameworks of a registry.

        Statements of every footing are in it; whether one may be used is decided by the reader.
        Mappings that end in a record of "no framework", or link editions, are in none.

        Raises: RegistryInconsistent
        """
        steps: dict[Place, list[Step]] = {}
        pairs: dict[tuple[Place, str, str | None], list[Step]] = {}
        statements = tuple(sorted(mappings, key=lambda one: (one.id, one.publication)))
        for mapping in statements:
            for step in _steps_of(mapping, registry):
                steps.setdefault(step.origin, []).append(step)
                target = step.target
                pairs.setdefault((step.origin, target.framework, target.edition), []).append(step)
        return cls(
            statements,
            {place: tuple(found) for place, found in steps.items()},
            {pair: tuple(found) for pair, found in pairs.items()},
        )

    def statements(self) -> tuple[LevelMapping, ...]:
        """Return every statement, those included from which nothing can be read, in order of id."""
        return self._statements

    def steps_from(self, place: Place) -> tuple[Step, ...]:
        """Return every statement that can be read from a place, gaps included."""
        return self._steps.get(place, ())

    def steps_between(self, place: Place, target: Place) -> tuple[Step, ...]:
        """Return every statement from a place about an edition of a framework, gaps included."""
        return self._pairs.get((place, target.framework, target.edition), ())


def _steps_of(mapping: LevelMapping, registry: Registry) -> Iterator[Step]:
    _check_sources(mapping, registry)
    origin = _end(mapping, mapping.origin, registry)
    target = _end(mapping, mapping.target, registry)
    if mapping.relation is Relation.REPLACES or origin is None or target is None:
        return
    yield Step(origin=origin, target=target, mapping=mapping, backward=False)
    if mapping.direction is Direction.BOTH and not mapping.is_gap:
        yield Step(origin=target, target=origin, mapping=mapping, backward=True)


def _end(mapping: LevelMapping, endpoint: Endpoint, registry: Registry) -> Place | None:
    """Return an endpoint with its edition; None for a record of "no framework"."""
    if not registry.has_framework(endpoint.framework):
        raise RegistryInconsistent(f"mapping '{mapping.id}'", endpoint.framework)
    framework = registry.framework(endpoint.framework)
    edition = registry.newest_edition(framework.id)
    if endpoint.edition is not None:
        try:
            edition = registry.edition(framework, endpoint.edition)
        except EditionUnknown as unknown:
            missing = f"edition '{endpoint.edition}' of {framework.id}"
            raise RegistryInconsistent(f"mapping '{mapping.id}'", missing) from unknown
    if edition is None or not framework.is_comparable:
        return None
    level = None if endpoint.level is None else _notation(registry, edition, endpoint.level)
    return Place(framework=framework.id, edition=edition.label, level=level)


def _notation(registry: Registry, edition: Edition, text: str) -> str:
    """Return the level's own notation for an alias; a level in no list stays as it is written."""
    try:
        level = registry.level(edition, text)
    except LevelUnknown:
        return text
    return text if level is None else level.notation


def _check_sources(mapping: LevelMapping, registry: Registry) -> None:
    for source in mapping.sources:
        if not registry.has_source(source):
            raise RegistryInconsistent(f"mapping '{mapping.id}'", f"source '{source}'")
