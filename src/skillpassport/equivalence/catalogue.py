"""Qualifications that the registry knows by title, as far as comparing needs them.

The registry may hold a million, so they stay where they are stored and are looked up by title.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from skillpassport.frameworks.model import SourceId
from skillpassport.frameworks.qualifications import FormerName


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownQualification:
    """A registered qualification: where its own framework puts it.

    country: ISO 3166-1 or -2
    framework, edition, level: None where it is in no framework, or its level is not known
    names: its titles in every language and its aliases, each with the days on which it held
    """

    id: str
    title: str
    country: str
    framework: str | None
    level: str | None
    sources: tuple[SourceId, ...]
    edition: str | None = None
    names: tuple[FormerName, ...] = ()


class QualificationCatalogue(Protocol):
    """Registered qualifications by title and by id."""

    def titled(self, origin: str, folded: str) -> Sequence[KnownQualification]:
        """Return the qualifications of a country that have or had a title, in order of id, few.

        folded: by `skillpassport.frameworks.reading.fold`
        """
        ...

    def identified(self, identifier: str) -> KnownQualification | None:
        """Return the qualification of an id; None where there is none."""
        ...


class NoQualifications:
    """A catalogue without any: rules and their own levels still answer."""

    def titled(self, origin: str, folded: str) -> Sequence[KnownQualification]:
        """Return none."""
        del origin, folded
        return ()

    def identified(self, identifier: str) -> KnownQualification | None:
        """Return none."""
        del identifier
        return None
