"""The registry of frameworks as one immutable value in memory.

The registry is small (hundreds of frameworks, thousands of levels) and read by every verification,
so a snapshot with its indexes answers without a database.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from skillpassport.frameworks.errors import (
    EditionUnknown,
    FrameworkUnknown,
    LevelUnknown,
    NoEditionInForce,
    RegistryInconsistent,
    StandardUnknown,
)
from skillpassport.frameworks.indexing import (
    LevelKey,
    editions_by_framework,
    frameworks_by_abbreviation,
    frameworks_by_jurisdiction,
    ids_by_name,
    levels_by_edition,
    levels_by_notation,
    links_by_target,
)
from skillpassport.frameworks.model import (
    CompetentAuthority,
    Edition,
    Footing,
    Framework,
    FrameworkId,
    Level,
    Source,
    SourceId,
)
from skillpassport.frameworks.reading import fold, readings
from skillpassport.frameworks.standards import OccupationalStandard, StandardId, UnitLink
from skillpassport.vc.vocabulary import level_uri


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameworkRows:
    """What the registry is built from, in any order."""

    sources: tuple[Source, ...] = ()
    frameworks: tuple[Framework, ...] = ()
    editions: tuple[Edition, ...] = ()
    levels: tuple[Level, ...] = ()
    authorities: tuple[CompetentAuthority, ...] = ()
    standards: tuple[OccupationalStandard, ...] = ()
    unit_links: tuple[UnitLink, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelReference:
    """One level of one edition, as credentials and comparisons name it.

    level: None where no list of this edition's levels is known; `notation` is then as it was given
    """

    framework: Framework
    edition: Edition
    notation: str
    level: Level | None

    @property
    def uri(self) -> str:
        """The publisher's identifier of the level, else our URN."""
        if self.level is not None:
            return self.level.uri
        return level_uri(self.framework.id, self.edition.label, self.notation)


@dataclass(frozen=True, slots=True)
class Registry:
    """Frameworks, editions, levels, standards, sources and authorities, with their indexes."""

    _sources: Mapping[SourceId, Source]
    _frameworks: Mapping[FrameworkId, Framework]
    _ids: Mapping[str, FrameworkId]
    _places: Mapping[str, tuple[Framework, ...]]
    _editions: Mapping[FrameworkId, tuple[Edition, ...]]
    _levels: Mapping[LevelKey, tuple[Level, ...]]
    _notations: Mapping[LevelKey, Mapping[str, Level]]
    _authorities: tuple[CompetentAuthority, ...]
    _abbreviations: Mapping[str, tuple[Framework, ...]]
    _standards: Mapping[StandardId, OccupationalStandard]
    _unit_links: Mapping[StandardId, tuple[UnitLink, ...]]

    @classmethod
    def of(cls, rows: FrameworkRows) -> Self:
        """Return the registry that rows describe; their order does not matter.

        Raises: RegistryInconsistent
        """
        _check(rows)
        frameworks = {one.id: one for one in sorted(rows.frameworks, key=lambda one: one.id)}
        levels = levels_by_edition(rows.levels)
        return cls(
            _sources={one.id: one for one in rows.sources},
            _frameworks=frameworks,
            _ids=ids_by_name(frameworks.values()),
            _places=frameworks_by_jurisdiction(frameworks.values()),
            _editions=editions_by_framework(rows.editions),
            _levels=levels,
            _notations={key: levels_by_notation(listed) for key, listed in levels.items()},
            _authorities=tuple(sorted(rows.authorities, key=lambda one: one.id)),
            _abbreviations=frameworks_by_abbreviation(frameworks.values()),
            _standards={one.id: one for one in sorted(rows.standards, key=lambda one: one.id)},
            _unit_links=links_by_target(rows.unit_links),
        )

    def with_levels(self, named: Iterable[Level]) -> Self:
        """Return the registry with further levels, whose editions and sources it has."""
        listed = [level for levels in self._levels.values() for level in levels]
        levels = levels_by_edition([*listed, *named])
        notations = {key: levels_by_notation(found) for key, found in levels.items()}
        return dataclasses.replace(self, _levels=levels, _notations=notations)

    def source(self, source: SourceId) -> Source:
        """Return one source by its id; every id that a row cites is there."""
        return self._sources[source]

    def sources(self) -> tuple[Source, ...]:
        """Return every source, in order of id."""
        return tuple(self._sources[one] for one in sorted(self._sources))

    def has_source(self, source: SourceId) -> bool:
        """Return whether a source is there."""
        return source in self._sources

    def has_framework(self, framework: FrameworkId) -> bool:
        """Return whether a framework is there under exactly this id."""
        return framework in self._frameworks

    def search(self, *, jurisdiction: str | None = None, q: str = "") -> tuple[Framework, ...]:
        """Return the frameworks of a jurisdiction whose names hold some text, in order of id.

        jurisdiction: `GB` finds what is of `GB-SCT` too
        q: looked for in ids, aliases, abbreviations and names of every language; empty finds all
        """
        if jurisdiction is None:
            there: Iterable[Framework] = self._frameworks.values()
        else:
            there = self._places.get(jurisdiction.upper(), ())
        wanted = fold(q)
        return tuple(one for one in there if not wanted or _mentions(one, wanted))

    def framework(self, text: str) -> Framework:
        """Return the framework of an id or alias.

        Raises: FrameworkUnknown
        """
        for reading in readings(text):
            found = self._ids.get(reading)
            if found is not None:
                return self._frameworks[found]
        raise FrameworkUnknown

    def abbreviated(self, text: str) -> tuple[Framework, ...]:
        """Return every framework that has some text as an abbreviation, in order of id."""
        return self._abbreviations.get(fold(text), ())

    def named(self, text: str) -> tuple[Framework, Edition | None]:
        """Return what `ID` or `ID@EDITION` names; the edition is None where none is named.

        Raises: FrameworkUnknown, EditionUnknown
        """
        name, at, label = text.partition("@")
        framework = self.framework(name)
        return framework, self.edition(framework, label) if at else None

    def edition(self, framework: Framework, label: str) -> Edition:
        """Return an edition by its label.

        Raises: EditionUnknown
        """
        editions = self.editions(framework.id)
        for reading in readings(label):
            for one in editions:
                if one.label == reading:
                    return one
        raise EditionUnknown(framework.id, [one.label for one in editions])

    def editions(self, framework: FrameworkId) -> tuple[Edition, ...]:
        """Return the editions of a framework, oldest first."""
        return self._editions.get(framework, ())

    def newest_edition(self, framework: FrameworkId) -> Edition | None:
        """Return the edition called `current`, else the newest; None where none is recorded."""
        editions = self.editions(framework)
        return editions[-1] if editions else None

    def edition_in_force(self, framework: FrameworkId, on: dt.date) -> Edition | None:
        """Return the edition in force on a day.

        Dates decide where a source gives them. Of editions without dates only `current`, or else
        the newest, is ever in force: nobody knows when the others were.
        """
        editions = self.editions(framework)
        dated = [one for one in editions if one.is_dated and one.covers(on)]
        if dated:
            return dated[-1]
        newest = self.newest_edition(framework)
        return newest if newest is not None and not newest.is_dated else None

    def levels(self, framework: FrameworkId, edition: str) -> tuple[Level, ...]:
        """Return the levels of an edition, lowest first; empty where no list is known."""
        return self._levels.get((framework, edition), ())

    def levels_of(self, framework: str, edition: str | None) -> tuple[Level, ...]:
        """Return the levels of an edition by the texts of its id and label."""
        return self.levels(FrameworkId(framework), edition or "")

    def find_level(self, framework: str, edition: str | None, text: str | None) -> Level | None:
        """Return a level by its texts; None where it is in no list."""
        notations = self._notations.get((FrameworkId(framework), edition or ""), {})
        return notations.get(text or "")

    def is_in_force(self, framework: str, edition: str | None, on: dt.date) -> bool:
        """Return whether an edition is the one in force on a day."""
        current = self.edition_in_force(FrameworkId(framework), on)
        return current is not None and current.label == edition

    def level(self, edition: Edition, text: str) -> Level | None:
        """Return a level by notation or alias; None where no list of the levels is known.

        Levels that statements name one by one are no list, unless they are as many as there are.

        Raises: LevelUnknown
        """
        notations = self._notations.get((edition.framework, edition.label), {})
        for reading in readings(text):
            if reading in notations:
                return notations[reading]
        if not self.has_list(edition):
            return None
        listed = [one.notation for one in self.levels(edition.framework, edition.label)]
        raise LevelUnknown(edition.framework, edition.label, listed)

    def has_level(self, edition: Edition, text: str) -> bool:
        """Return whether a list has a level of exactly this notation or alias."""
        return text in self._notations.get((edition.framework, edition.label), {})

    def has_list(self, edition: Edition) -> bool:
        """Return whether the levels are listed, so that one that is not in the list is none.

        Where nobody counted the levels, a list that somebody published is taken as whole.
        """
        listed = self.levels(edition.framework, edition.label)
        if edition.level_count is not None:
            return self.lists_every_level(edition)
        return any(one.footing in {Footing.READ, Footing.SECONDARY_SOURCE} for one in listed)

    def lists_every_level(self, edition: Edition) -> bool:
        """Return whether as many levels are listed as the edition's source counts."""
        listed = self.levels(edition.framework, edition.label)
        return (
            bool(listed) and edition.level_count is not None and len(listed) >= edition.level_count
        )

    def choose_edition(
        self, framework: str, *, edition: str | None = None, on: dt.date
    ) -> tuple[Framework, Edition]:
        """Return a framework with the edition that is named, else the one in force on a day.

        framework: `ID` or `ID@EDITION`
        Raises: FrameworkUnknown, EditionUnknown, NoEditionInForce
        """
        known, named = self.named(framework)
        if edition is not None:
            named = self.edition(known, edition)
        chosen = named or self.edition_in_force(known.id, on)
        if chosen is None:
            raise NoEditionInForce(known.id, [one.label for one in self.editions(known.id)])
        return known, chosen

    def locate(
        self, framework: str, level: str, *, edition: str | None = None, on: dt.date
    ) -> LevelReference:
        """Return the level that a framework id and a notation name.

        framework: `ID` or `ID@EDITION`; without an edition the one in force on `on` is meant
        edition: label, for callers who keep it apart
        Raises: FrameworkUnknown, EditionUnknown, NoEditionInForce, LevelUnknown
        """
        known, chosen = self.choose_edition(framework, edition=edition, on=on)
        found = self.level(chosen, level)
        notation = level if found is None else found.notation
        return LevelReference(framework=known, edition=chosen, notation=notation, level=found)

    def authority(self, identifier: str) -> CompetentAuthority | None:
        """Return the competent authority of an id."""
        return next((one for one in self._authorities if one.id == identifier), None)

    def authorities(self) -> tuple[CompetentAuthority, ...]:
        """Return every competent authority, in order of id."""
        return self._authorities

    def competent_authorities(
        self, jurisdiction: str, *, isco: str | None = None
    ) -> tuple[CompetentAuthority, ...]:
        """Return the bodies to ask in a country, those for the given occupation first.

        isco: ISCO-08 code; without it only bodies for general questions are returned
        """
        of_country = [one for one in self._authorities if one.jurisdiction == jurisdiction]
        special = [one for one in of_country if isco is not None and isco in one.isco]
        return (*special, *(one for one in of_country if not one.isco))

    def standard(self, text: str) -> OccupationalStandard:
        """Return the occupational standard of an id.

        Raises: StandardUnknown
        """
        for reading in readings(text):
            found = self._standards.get(StandardId(reading))
            if found is not None:
                return found
        raise StandardUnknown

    def standards(
        self, *, country: str | None = None, isco: str | None = None
    ) -> tuple[OccupationalStandard, ...]:
        """Return the occupational standards of a country and an occupation, in order of id.

        isco: ISCO-08 code of one to four digits; a shorter one finds all that begin with it
        """
        return tuple(
            one
            for one in self._standards.values()
            if (country is None or one.country == country)
            and (isco is None or any(code.startswith(isco) for code in one.isco))
        )

    def links_to(self, standard: StandardId) -> tuple[UnitLink, ...]:
        """Return what was said about units of other standards that show units of this one."""
        return self._unit_links.get(standard, ())


def is_of(framework: Framework, jurisdiction: str) -> bool:
    """Return whether a framework is of a jurisdiction or of a part of it (`GB-SCT` of `GB`)."""
    wanted = jurisdiction.upper()
    return any(
        one.upper() == wanted or one.upper().startswith(f"{wanted}-")
        for one in framework.jurisdictions
    )


def _mentions(framework: Framework, folded: str) -> bool:
    if not folded:
        return True
    texts = (framework.id, *framework.aliases, *framework.abbreviations, *framework.name.values())
    return any(folded in fold(text) for text in texts)


def _check(rows: FrameworkRows) -> None:
    """Refuse rows that name what is not there."""
    frameworks = {one.id for one in rows.frameworks}
    editions = {(one.framework, one.label) for one in rows.editions}
    for edition in rows.editions:
        if edition.framework not in frameworks:
            raise RegistryInconsistent(f"edition '{edition.label}'", edition.framework)
    for level in rows.levels:
        if (level.framework, level.edition) not in editions:
            missing = f"{level.framework}@{level.edition}"
            raise RegistryInconsistent(f"level '{level.notation}'", missing)
    _check_links(rows)
    _check_sources(rows)


def _check_links(rows: FrameworkRows) -> None:
    standards = {one.id: one for one in rows.standards}
    for link in rows.unit_links:
        for standard, unit in (
            (link.from_standard, link.from_unit),
            (link.to_standard, link.to_unit),
        ):
            if standard not in standards or standards[standard].unit(unit) is None:
                raise RegistryInconsistent(f"unit link '{link.id}'", f"{standard} {unit}")


def _check_sources(rows: FrameworkRows) -> None:
    known = {one.id for one in rows.sources}
    citing: tuple[
        Framework | Edition | Level | CompetentAuthority | OccupationalStandard | UnitLink, ...
    ] = (
        *rows.frameworks,
        *rows.editions,
        *rows.levels,
        *rows.authorities,
        *rows.standards,
        *rows.unit_links,
    )
    for row in citing:
        for source in row.sources:
            if source not in known:
                raise RegistryInconsistent(f"a {type(row).__name__.lower()}", f"source '{source}'")
