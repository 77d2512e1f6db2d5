"""Individual recognition decisions as precedents: what was decided in a case like this.

A decision binds its own case alone, so a precedent is shown beside rules and never with authority.
It holds nothing about the person: neither name, nor date of birth, nor where the case is filed.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NewType, Self

from skillpassport.equivalence.rule_index import country_and_part
from skillpassport.equivalence.rules import RuleResult
from skillpassport.errors import SkillPassportError
from skillpassport.frameworks.model import SourceId
from skillpassport.frameworks.reading import fold
from skillpassport.vc.strict_json import JsonObject

PrecedentId = NewType("PrecedentId", str)


class PrecedentNotFound(SkillPassportError):
    """No decision on a single case has this id."""

    code = "precedent-not-found"

    def __init__(self) -> None:
        super().__init__(
            "Expected the id of a decision on a single case, found another text; "
            "GET /api/v1/precedents lists them."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent:
    """One decision about one qualification, without its applicant.

    decided_in: the year; a day would lead to the person where few cases are decided
    decided_by: the authority, in words
    institution: who awarded the qualification, where that counted; empty where it did not
    differences: the substantial differences that were found, in words
    """

    id: PrecedentId
    origin: str
    destination: str
    title: str
    result: RuleResult
    decided_by: str
    decided_in: int
    sources: tuple[SourceId, ...]
    institution: str = ""
    legal_basis: str = ""
    differences: tuple[str, ...] = ()

    def to_json(self) -> JsonObject:
        """Return the JSON form; `levels` of the destination's own framework first."""
        return {
            "id": self.id,
            "origin": self.origin,
            "destination": self.destination,
            "qualification": self.title,
            "outcome": self.result.outcome.value,
            "comparable_to": self.result.comparable_to,
            "levels": [one.to_json() for one in self.result.levels],
            "measures": list(self.result.measures),
            "differences": list(self.differences),
            "decided_by": self.decided_by,
            "decided_in": self.decided_in,
            "institution": self.institution,
            "legal_basis": self.legal_basis,
            "sources": list(self.sources),
        }

    def is_known_on(self, day: dt.date) -> bool:
        """Return whether it had been decided by a day; before its year's end that is not known."""
        return self.decided_in < day.year


@dataclass(frozen=True, slots=True)
class PrecedentIndex:
    """Precedents by destination, origin and folded title, newest first."""

    _by_title: Mapping[tuple[str, str, str], tuple[Precedent, ...]]

    @classmethod
    def of(cls, precedents: Iterable[Precedent] = ()) -> Self:
        """Return the index of precedents; their order does not matter."""
        listed: dict[tuple[str, str, str], list[Precedent]] = {}
        for one in sorted(precedents, key=lambda one: (-one.decided_in, one.id)):
            listed.setdefault((one.destination, one.origin, fold(one.title)), []).append(one)
        return cls({key: tuple(found) for key, found in listed.items()})

    def __iter__(self) -> Iterator[Precedent]:
        """Yield every precedent, in order of id."""
        found = (one for listed in self._by_title.values() for one in listed)
        return iter(sorted(found, key=lambda one: one.id))

    def find(self, precedent: str) -> Precedent | None:
        """Return the decision of an id."""
        return next((one for one in self if one.id == precedent), None)

    def search(
        self, *, origin: str = "", destination: str = "", title: str | None = None
    ) -> tuple[Precedent, ...]:
        """Return the decisions that fit every filter given, in order of id.

        title: equal after folding
        """
        folded = None if title is None else fold(title)
        return tuple(
            one
            for one in self
            if (not origin or one.origin == origin)
            and (not destination or one.destination == destination)
            and (folded is None or fold(one.title) == folded)
        )

    def speaks_of(self, destination: str, origin: str, title: str) -> bool:
        """Return whether any decision is about a title; a part of a country is of its country."""
        folded = fold(title)
        return any(
            (one, other, folded) in self._by_title
            for one in country_and_part(destination)
            for other in country_and_part(origin)
        )

    def titled(
        self, destination: str, origin: str, folded: str, *, on: dt.date
    ) -> tuple[Precedent, ...]:
        """Return the decisions about a title that were known on a day."""
        found = self._by_title.get((destination, origin, folded), ())
        return tuple(one for one in found if one.is_known_on(on))
