"""Regulated professions: who decides, and on which legal basis, by where one qualified.

Awards of the EU, the EEA and Switzerland are served by Directive 2005/36/EC; for a diploma of any
other country the national law of the destination decides. So one profession of one destination has
several ways in, and where someone qualified chooses between them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from skillpassport.equivalence.questions import Purpose
from skillpassport.frameworks.model import SourceId
from skillpassport.languages import LanguageMap
from skillpassport.vc.strict_json import JsonObject

DIRECTIVE_AREA: Final = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE"}
    | {"IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
    | {"IS", "LI", "NO", "CH"}
)
"""ISO 3166-1 codes of the EU, of the other EEA states, and Switzerland."""


class AwardedIn(StrEnum):
    """Where a qualification was awarded, as far as professional recognition tells it apart."""

    DIRECTIVE_AREA = "eu_eea_ch"
    THIRD_COUNTRY = "third_country"

    @classmethod
    def of(cls, country: str) -> Self:
        """Return the group of a country; a part of a country is of its group."""
        inside = country.partition("-")[0] in DIRECTIVE_AREA
        return cls("eu_eea_ch" if inside else "third_country")


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """How a profession is entered with awards of one group of countries.

    authority: who decides, by name
    authority_id: of the competent authority in the registry, if it has one
    """

    awarded_in: AwardedIn
    authority: LanguageMap
    legal_basis: LanguageMap
    sources: tuple[SourceId, ...]
    authority_id: str | None = None
    note: LanguageMap | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegulatedProfession:
    """One regulated profession of one destination.

    isco: ISCO-08 codes that it covers
    """

    id: str
    destination: str
    name: LanguageMap
    isco: tuple[str, ...]
    ways: tuple[WayIn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfessionAnswer:
    """What an answer says about a regulated profession for one award."""

    profession: RegulatedProfession
    way: WayIn

    def to_json(self) -> JsonObject:
        """Return the JSON form."""
        way = self.way
        return {
            "id": self.profession.id,
            "name": dict(self.profession.name),
            "isco": list(self.profession.isco),
            "awarded_in": way.awarded_in.value,
            "authority": dict(way.authority),
            "legal_basis": dict(way.legal_basis),
            "sources": list(way.sources),
            **({} if way.note is None else {"note": dict(way.note)}),
            **({} if way.url is None else {"url": way.url}),
        }


@dataclass(frozen=True, slots=True)
class ProfessionIndex:
    """Regulated professions by destination."""

    _by_destination: Mapping[str, tuple[RegulatedProfession, ...]]

    @classmethod
    def of(cls, professions: Iterable[RegulatedProfession] = ()) -> Self:
        """Return the index of professions; their order does not matter."""
        listed: dict[str, list[RegulatedProfession]] = {}
        for one in sorted(professions, key=lambda one: one.id):
            listed.setdefault(one.destination, []).append(one)
        return cls({country: tuple(found) for country, found in listed.items()})

    def __iter__(self) -> Iterator[RegulatedProfession]:
        """Yield every profession, by destination."""
        for found in self._by_destination.values():
            yield from found

    def asked(
        self, destination: str, *, origin: str, isco: str | None, purpose: Purpose | None
    ) -> tuple[ProfessionAnswer, ...] | None:
        """Return who decides on the profession that a question is about; None if it is about none.

        A question is about one when it says so, or when its occupation is a regulated one.

        destination, origin: a part of a country is of its country
        """
        ways = self.ways(destination.partition("-")[0], origin=origin, isco=isco)
        if purpose is Purpose.REGULATED_PROFESSION:
            return ways
        return ways if isco is not None and ways else None

    def ways(
        self, destination: str, *, origin: str, isco: str | None = None
    ) -> tuple[ProfessionAnswer, ...]:
        """Return the ways into the professions of a destination for awards of a country.

        isco: ISCO-08 code; None for every profession that is recorded
        """
        wanted = AwardedIn.of(origin)
        return tuple(
            ProfessionAnswer(profession=one, way=way)
            for one in self._by_destination.get(destination, ())
            if isco is None or any(isco.startswith(code) for code in one.isco)
            for way in one.ways
            if way.awarded_in is wanted
        )
