"""What is known about qualification frameworks, with the source of every assertion.

A framework has editions, an edition has levels. A level's notation is text (`4+`, `VI`,
`Entry 3`): notations of two editions or two frameworks are never compared, and order is a field of
its own.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final, NewType

from skillpassport.languages import LanguageMap
from skillpassport.vc.vocabulary import edition_uri, framework_uri, level_uri

FrameworkId = NewType("FrameworkId", str)
"""`JURISDICTION:ABBREVIATION`, such as `NO:NKR`."""

SourceId = NewType("SourceId", str)

CURRENT: Final = "current"
"""Label of the edition that is in force where its sources give no name or date for it."""


class FrameworkStatus(StrEnum):
    """How far a framework has come."""

    OFFICIAL = "official"
    DRAFT = "draft"
    IN_DEVELOPMENT = "in_development"
    NONE = "none"  # a record that the country has no framework: never the end of a comparison


class Footing(StrEnum):
    """What an assertion stands on."""

    READ = "read"  # read in a publication of the body that answers for it
    SECONDARY_SOURCE = "secondary_source"  # read in somebody else's publication
    NAMED = "named"  # no list of levels was read; a mapping or an edition's count names the level
    UNVERIFIED = "unverified"  # known, but in no source that was read


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publication that assertions cite.

    where: address or reference as it was found; people follow it, programs do not
    read: what was read of it, in words
    """

    id: SourceId
    title: str
    where: str
    read: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """One qualifications framework.

    jurisdictions: ISO 3166-1 or -2 codes, or the code of a region
    aliases: other ids of the same framework, for places where its own needs encoding
    abbreviations: what people write; frameworks of several countries share some
    published_uri: the publisher's own identifier, if there is one
    """

    id: FrameworkId
    name: LanguageMap
    kind: str
    status: FrameworkStatus
    jurisdictions: tuple[str, ...]
    footing: Footing
    sources: tuple[SourceId, ...]
    authority: str | None = None
    published_uri: str | None = None
    aliases: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def uri(self) -> str:
        """The publisher's identifier, else our URN; it never moves."""
        return self.published_uri or framework_uri(self.id)

    @property
    def acronyms(self) -> frozenset[str]:
        """Every short name, with the one in the id."""
        return frozenset({self.id.partition(":")[2], *self.abbreviations})

    @property
    def is_comparable(self) -> bool:
        """Whether levels of it can be compared: not a record that there is no framework."""
        return self.status is not FrameworkStatus.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One edition of a framework; what it says never changes, a revision is another edition.

    valid_from, valid_until: calendar days, both inclusive; None where no source gives one
    level_count: as the source counts, which need not be the number of notations
    credit_unit_hours: notional hours of one credit
    """

    framework: FrameworkId
    label: str
    footing: Footing
    sources: tuple[SourceId, ...]
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    level_count: int | None = None
    credit_unit_hours: Decimal | None = None
    notes: tuple[str, ...] = ()

    @property
    def uri(self) -> str:
        """Our URN; it never moves."""
        return edition_uri(self.framework, self.label)

    @property
    def is_dated(self) -> bool:
        """Whether a source says when it began or ended."""
        return self.valid_from is not None or self.valid_until is not None

    def covers(self, day: dt.date) -> bool:
        """Return whether a day lies in the edition's dates; an open end reaches everywhere."""
        began = self.valid_from is None or self.valid_from <= day
        return began and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level of one edition.

    order: ascending; says nothing about levels of another framework
    aliases: other notations of the same level, as sources print them
    parent: notation of the level that this one divides
    descriptors: what someone at the level knows and can do, by domain (`knowledge`, `skills`, …),
        in short words of ours unless the row came from the framework's own body
    """

    framework: FrameworkId
    edition: str
    notation: str
    order: Decimal
    footing: Footing
    sources: tuple[SourceId, ...]
    aliases: tuple[str, ...] = ()
    title: LanguageMap | None = None
    qualification_types: tuple[str, ...] = ()
    parent: str | None = None
    published_uri: str | None = None
    descriptors: Mapping[str, LanguageMap] = field(default_factory=dict)

    @property
    def uri(self) -> str:
        """The publisher's identifier, else our URN; it never moves."""
        return self.published_uri or level_uri(self.framework, self.edition, self.notation)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetentAuthority:
    """A body to ask in a country, as known on a day.

    scope: what it can be asked, in words
    isco: ISCO-08 codes of the regulated professions it decides on; empty for general questions
    as_of: contacts go stale, so every one carries its day
    """

    id: str
    jurisdiction: str
    name: LanguageMap
    scope: LanguageMap
    as_of: dt.date
    sources: tuple[SourceId, ...]
    isco: tuple[str, ...] = ()
    url: str | None = None
