"""Published statements that relate a level of one framework to a level of another.

A mapping is directional and many-to-many. It is somebody's statement: who made it, whether it may
be used and which sentence must travel with it belong to it.
"""

from dataclasses import dataclass
from enum import StrEnum

from skillpassport.frameworks.model import FrameworkId, SourceId


class Relation(StrEnum):
    """How two levels are related by a statement."""

    REFERENCED = "referenced"
    SELF_CERTIFIED = "self_certified"
    COMPARABLE = "comparable"
    ALIGNED = "aligned"
    NO_COMPARABLE_LEVEL = "no_comparable_level"  # a published gap: an answer, not ignorance
    REPLACES = "replaces"  # links two editions; neither an answer nor a hop


class Direction(StrEnum):
    """Which way a statement may be read."""

    BOTH = "both"
    FORWARD = "forward"


class Publication(StrEnum):
    """What a statement stands on, and so what it may be used for."""

    PUBLISHED = "published"
    SECONDARY_SOURCE = "secondary_source"  # answers, never with authority
    NOT_ENDORSED = "not_endorsed"  # published, but its publisher forbids to use it for recognition
    SUPERSEDED = "superseded"  # held once
    UNVERIFIED = "unverified"  # no source was read: a candidate, never an answer

    @property
    def is_usable(self) -> bool:
        """Whether such a statement may answer or be a hop of a path."""
        return self in {Publication.PUBLISHED, Publication.SECONDARY_SOURCE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One side of a statement.

    edition: None where the statement names none; it then speaks of the current or newest one
    level: notation; None on the far side of a published gap
    """

    framework: FrameworkId
    level: str | None
    edition: str | None = None

    def __str__(self) -> str:
        """Write it as in `FR:RNCP@1969 IV`."""
        edition = "" if self.edition is None else f"@{self.edition}"
        return f"{self.framework}{edition} {self.level or '-'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelMapping:
    """One statement about one pair of levels.

    note: what a reader of the source should know
    disclaimer: the publisher's own reservation; it travels inside every answer
    """

    origin: Endpoint
    target: Endpoint
    relation: Relation
    direction: Direction
    publication: Publication
    sources: tuple[SourceId, ...]
    note: str = ""
    disclaimer: str = ""

    @property
    def id(self) -> str:
        """Name of the statement: the pair and the relation, `IE:NFQ 8 > EU:EQF 6 referenced`."""
        return f"{self.origin} > {self.target} {self.relation}"

    @property
    def is_gap(self) -> bool:
        """Whether it says that there is no comparable level."""
        return self.relation is Relation.NO_COMPARABLE_LEVEL
