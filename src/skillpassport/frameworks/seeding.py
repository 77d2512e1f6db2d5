"""Reading the frameworks of a seed: one JSON file for each, with its editions and levels.

A seed is a folder of data files that ships with the product. Every assertion in it cites a source
of the seed's own `sources.json`.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from importlib.resources.abc import Traversable
from typing import Any

from skillpassport.frameworks.model import (
    CompetentAuthority,
    Edition,
    Footing,
    Framework,
    FrameworkId,
    FrameworkStatus,
    Level,
    Source,
    SourceId,
)
from skillpassport.frameworks.registry import FrameworkRows
from skillpassport.frameworks.standard_records import unit_from_record
from skillpassport.frameworks.standards import OccupationalStandard, StandardId
from skillpassport.vc.strict_json import parse_object


def read_framework_rows(folder: Traversable) -> FrameworkRows:
    """Return the sources, frameworks, editions, levels and authorities of a seed folder.

    folder: holds `sources.json`, `authorities.json`, `frameworks/*.json` and `standards/*.json`,
        each of which carries the sources of its own that it cites
    Raises: StrictJsonError, and KeyError or ValueError for a member that is missing or mistyped:
        a seed is a part of the program
    """
    records = list(read_records(folder / "frameworks"))
    editions = [(record, edition) for record in records for edition in record["editions"]]
    standards = list(read_records(folder / "standards"))
    sources = [
        *read_record(folder / "sources.json")["sources"],
        *(source for record in standards for source in record["cites"]),
    ]
    authorities = read_record(folder / "authorities.json")["authorities"]
    return FrameworkRows(
        sources=tuple(map(_source, sources)),
        frameworks=tuple(map(_framework, records)),
        editions=tuple(_edition(record["id"], edition) for record, edition in editions),
        levels=tuple(
            _level(record["id"], edition["label"], level)
            for record, edition in editions
            for level in edition["levels"]
        ),
        authorities=tuple(map(_authority, authorities)),
        standards=tuple(map(_standard, standards)),
    )


def read_record(file: Traversable) -> dict[str, Any]:
    """Return the JSON object of one file of a seed."""
    return parse_object(file.read_bytes())


def read_records(folder: Traversable) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects of all files of a folder, in order of their names."""
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".json"):
            yield read_record(file)


def _source(record: Mapping[str, Any]) -> Source:
    return Source(
        id=SourceId(record["id"]),
        title=record["title"],
        where=record["where"],
        read=record.get("read", ""),
        note=record.get("note", ""),
    )


def _framework(record: Mapping[str, Any]) -> Framework:
    return Framework(
        id=FrameworkId(record["id"]),
        name=record["name"],
        kind=record["kind"],
        status=FrameworkStatus(record["status"]),
        jurisdictions=tuple(record["jurisdictions"]),
        footing=Footing(record["footing"]),
        sources=_sources(record),
        authority=record.get("authority"),
        published_uri=record.get("uri"),
        aliases=tuple(record.get("aliases", ())),
        abbreviations=tuple(record.get("abbreviations", ())),
        notes=tuple(record.get("notes", ())),
    )


def _edition(framework: str, record: Mapping[str, Any]) -> Edition:
    hours = record.get("credit_unit_hours")
    return Edition(
        framework=FrameworkId(framework),
        label=record["label"],
        footing=Footing(record["footing"]),
        sources=_sources(record),
        valid_from=_day(record.get("valid_from")),
        valid_until=_day(record.get("valid_until")),
        level_count=record.get("level_count"),
        credit_unit_hours=None if hours is None else Decimal(hours),
        notes=tuple(record.get("notes", ())),
    )


def _level(framework: str, edition: str, record: Mapping[str, Any]) -> Level:
    return Level(
        framework=FrameworkId(framework),
        edition=edition,
        notation=record["notation"],
        order=Decimal(record["order"]),
        footing=Footing(record["footing"]),
        sources=_sources(record),
        aliases=tuple(record.get("aliases", ())),
        title=record.get("title"),
        qualification_types=tuple(record.get("qualification_types", ())),
        parent=record.get("parent"),
        descriptors=record.get("descriptors", {}),
        published_uri=record.get("uri"),
    )


def _authority(record: Mapping[str, Any]) -> CompetentAuthority:
    return CompetentAuthority(
        id=record["id"],
        jurisdiction=record["jurisdiction"],
        name=record["name"],
        scope=record["scope"],
        as_of=dt.date.fromisoformat(record["as_of"]),
        sources=_sources(record),
        isco=tuple(record.get("isco", ())),
        url=record.get("url"),
    )


def _standard(record: Mapping[str, Any]) -> OccupationalStandard:
    hours = record.get("total_hours")
    return OccupationalStandard(
        id=StandardId(record["id"]),
        title=record["title"],
        authority=record["authority"],
        country=record.get("country"),
        isco=tuple(record.get("isco", ())),
        level=record.get("level"),
        total_hours=None if hours is None else Decimal(hours),
        valid_from=_day(record.get("valid_from")),
        valid_until=_day(record.get("valid_until")),
        units=tuple(map(unit_from_record, record["units"])),
        footing=Footing(record["footing"]),
        notes=tuple(record.get("notes", ())),
        sources=_sources(record),
    )


def _sources(record: Mapping[str, Any]) -> tuple[SourceId, ...]:
    return tuple(map(SourceId, record["sources"]))


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)
