"""Qualifications that the registry knows by title, as far as comparing needs them.

The registry may hold a million, so they stay where they are stored and are looked up by title.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from skillpassport.frameworks.model import SourceId


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownQualification:
    """A registered qualification: where its own framework puts it.

    framework, edition, level: None where it is in no framework, or its level is not known
    """

    id: str
    title: str
    framework: str | None
    level: str | None
    sources: tuple[SourceId, ...]
    edition: str | None = None


class QualificationCatalogue(Protocol):
    """Registered qualifications by title."""

    def titled(self, origin: str, folded: str) -> Sequence[KnownQualification]:
        """Return the qualifications of a country with a title or alias, in order of id, few.

        folded: by `skillpassport.frameworks.reading.fold`
        """
        ...


class NoQualifications:
    """A catalogue without any: rules and their own levels still answer."""

    def titled(self, origin: str, folded: str) -> Sequence[KnownQualification]:
        """Return none."""
        del origin, folded
        return ()
