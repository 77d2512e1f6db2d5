"""Agreements between states, regulators and social partners, and when they are in force.

An instrument has many dates: signed, published, in force, ended. Only what says when it was in
force lets it switch on a rule; an agreement that was signed may never have come to that.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NewType, Self

from skillpassport.errors import SkillPassportError
from skillpassport.frameworks.model import Footing
from skillpassport.vc.strict_json import JsonObject, JsonValue

AgreementId = NewType("AgreementId", str)
"""Opaque, `[A-Za-z0-9_-]{10,40}`."""

_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")
_COUNTRY: Final = re.compile(r"\b[A-Z]{2}\b")


class AgreementNotFound(SkillPassportError):
    """Nothing public is at the address of this agreement."""

    code = "agreement-not-found"

    def __init__(self) -> None:
        super().__init__(
            "Expected the id or slug of a public agreement, found another text; "
            "GET /api/v1/agreements lists them."
        )


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as a source gives it: a day, a month or a year; or words that name none.

    text: as written
    first, last: the days that it may mean; None where it names none
    """

    text: str
    first: dt.date | None = None
    last: dt.date | None = None

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the date that `2019`, `2019-06` or `2019-06-14` names; other words stay words."""
        parts = _DATE.fullmatch(text)
        if parts is None:
            return cls(text)
        year, month, day = (None if part is None else int(part) for part in parts.groups())
        try:
            first = dt.date(year or 0, month or 1, day or 1)
            if day is not None:
                return cls(text, first, first)
            following = dt.date(first.year + (month in {None, 12}), (month or 12) % 12 + 1, 1)
        except ValueError:
            return cls(text)
        return cls(text, first, following - dt.timedelta(days=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One instrument, as its record tells it.

    slug: the record's own name: `DE-KE-2024`
    origins, destinations: ISO 3166-1 codes among what `details` says in words
    in_force, ended: None where no source that was read gives one
    source: publications, in words
    details: every other member of the record, as it came; kinds of agreements differ
    """

    id: AgreementId
    slug: str
    kind: str
    footing: Footing
    source: str
    parties: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    isco: tuple[str, ...] = ()
    signed: PartialDate | None = None
    in_force: PartialDate | None = None
    ended: PartialDate | None = None
    is_public: bool = True
    details: Mapping[str, JsonValue] = field(default_factory=lambda: MappingProxyType({}))

    def is_in_force(self, day: dt.date) -> bool | None:
        """Return whether the agreement was in force on a day; None where that is not known.

        A date that names a year or a month alone leaves the days within it open.
        """
        if self.footing is Footing.UNVERIFIED or self.in_force is None:
            return None
        begins, ends = self.in_force, self.ended
        if begins.first is None or begins.last is None:
            return None
        if day < begins.first or (ends is not None and ends.last is not None and day > ends.last):
            return False
        if day < begins.last or (ends is not None and (ends.first is None or day > ends.first)):
            return None
        return True

    def concerns(self, country: str) -> bool:
        """Return whether a country is an origin or a destination of it."""
        return country in self.origins or country in self.destinations

    def to_json(self) -> JsonObject:
        """Return the JSON form: the record's members, and what was understood of them."""
        return {
            **self.details,
            "id": self.id,
            "slug": self.slug,
            "kind": self.kind,
            "footing": self.footing.value,
            "parties": list(self.parties),
            "origins": list(self.origins),
            "destinations": list(self.destinations),
            "isco": list(self.isco),
            "signed": None if self.signed is None else self.signed.text,
            "in_force": None if self.in_force is None else self.in_force.text,
            "ended": None if self.ended is None else self.ended.text,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class AgreementIndex:
    """Agreements by slug and id."""

    _by_name: Mapping[str, Agreement]

    @classmethod
    def of(cls, agreements: Iterable[Agreement] = ()) -> Self:
        """Return the index of agreements; their order does not matter."""
        ordered = sorted(agreements, key=lambda one: one.slug)
        return cls(
            {one.slug: one for one in ordered} | {str(one.id): one for one in ordered},
        )

    def find(self, name: str) -> Agreement | None:
        """Return the agreement of an id or slug."""
        return self._by_name.get(name)

    def search(
        self, *, origin: str = "", destination: str = "", isco: str = "", kind: str = ""
    ) -> tuple[Agreement, ...]:
        """Return the public agreements that fit every filter given, in order of slug.

        isco: `2221` finds agreements about `2221` and about its group `22`
        """
        return tuple(
            one
            for name, one in self._by_name.items()
            if name == one.slug
            and one.is_public
            and (not origin or origin in one.origins)
            and (not destination or destination in one.destinations)
            and (not isco or any(isco.startswith(code) for code in one.isco if code != "*"))
            and (not kind or kind == one.kind)
        )


def countries_in(text: str) -> tuple[str, ...]:
    """Return the two-letter country codes in a record's words, each once: `AU|NZ`, `IN(Kerala)`."""
    return tuple(dict.fromkeys(_COUNTRY.findall(text)))
