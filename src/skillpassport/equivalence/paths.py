"""Ways from one level to another framework, over published statements only.

Nothing is ever computed from digits. A derived path has at most two hops, over published and
secondary statements, and never leads back to the framework it came from.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from skillpassport.equivalence.answer import Place, Step
from skillpassport.equivalence.mappings import MappingIndex
from skillpassport.equivalence.model import Publication

Path = tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Everything that relates one level to one edition of another framework.

    direct: usable statements with a level; gaps: usable statements that there is none
    forbidden: statements that must not be used; superseded, unverified: as their footing says
    derived: paths of two hops, empty where a gap or a forbidden statement is about the asked pair
    """

    direct: Path
    gaps: Path
    forbidden: Path
    superseded: Path
    unverified: Path
    derived: tuple[Path, ...]


def find_ways(
    mappings: MappingIndex,
    origin: Place,
    target: Place,
    *,
    in_force: Callable[[str, str | None, dt.date], bool],
    on: dt.date,
) -> Ways:
    """Return the ways from a level to an edition of a framework.

    target: its `level` is None
    in_force: tells of a framework and an edition whether it is in force on a day
    """
    pair = mappings.steps_between(origin, target)
    usable = tuple(step for step in pair if step.mapping.publication.is_usable)
    gaps = tuple(step for step in usable if step.mapping.is_gap)
    forbidden = _of(pair, Publication.NOT_ENDORSED)
    derived = (
        ()
        if gaps or forbidden
        else tuple(
            (first, second)
            for first in mappings.steps_from(origin)
            if _is_hop(first) and _is_between(first.target, origin, target)
            if in_force(first.target.framework, first.target.edition, on)
            for second in mappings.steps_between(first.target, target)
            if _is_hop(second)
        )
    )
    return Ways(
        direct=tuple(step for step in usable if not step.mapping.is_gap),
        gaps=gaps,
        forbidden=forbidden,
        superseded=_of(pair, Publication.SUPERSEDED),
        unverified=_of(pair, Publication.UNVERIFIED),
        derived=derived if origin.framework != target.framework else (),
    )


def _of(steps: Path, publication: Publication) -> Path:
    return tuple(step for step in steps if step.mapping.publication is publication)


def _is_hop(step: Step) -> bool:
    return step.mapping.publication.is_usable and step.target.level is not None


def _is_between(place: Place, origin: Place, target: Place) -> bool:
    return place.framework not in {origin.framework, target.framework}
