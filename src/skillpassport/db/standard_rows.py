"""Occupational standards and links between their units, as rows and back."""

from decimal import Decimal
from typing import Any

from skillpassport.db.framework_rows import Codec, Row
from skillpassport.db.tables import standards as tables
from skillpassport.frameworks.model import Footing, SourceId
from skillpassport.frameworks.standard_records import unit_from_record, unit_to_record
from skillpassport.frameworks.standards import OccupationalStandard, StandardId, UnitLink


def _encode_standard(standard: OccupationalStandard) -> dict[str, Any]:
    hours = standard.total_hours
    return {
        "id": standard.id,
        "title": dict(standard.title),
        "authority": standard.authority,
        "country": standard.country,
        "isco": list(standard.isco),
        "level": standard.level,
        "total_hours": None if hours is None else str(hours),
        "valid_from": standard.valid_from,
        "valid_until": standard.valid_until,
        "units": [unit_to_record(unit) for unit in standard.units],
        "footing": standard.footing.value,
        "notes": list(standard.notes),
        "sources": list(standard.sources),
    }


def _decode_standard(row: Row) -> OccupationalStandard:
    hours = row["total_hours"]
    return OccupationalStandard(
        id=StandardId(row["id"]),
        title=row["title"],
        authority=row["authority"],
        country=row["country"],
        isco=tuple(row["isco"]),
        level=row["level"],
        total_hours=None if hours is None else Decimal(hours),
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        units=tuple(map(unit_from_record, row["units"])),
        footing=Footing(row["footing"]),
        notes=tuple(row["notes"]),
        sources=tuple(map(SourceId, row["sources"])),
    )


def _encode_link(link: UnitLink) -> dict[str, Any]:
    return {
        "id": link.id,
        "from_standard": link.from_standard,
        "from_unit": link.from_unit,
        "to_standard": link.to_standard,
        "to_unit": link.to_unit,
        "whole": link.whole,
        "published": link.published,
        "note": link.note,
        "sources": list(link.sources),
    }


def _decode_link(row: Row) -> UnitLink:
    return UnitLink(
        from_standard=StandardId(row["from_standard"]),
        from_unit=row["from_unit"],
        to_standard=StandardId(row["to_standard"]),
        to_unit=row["to_unit"],
        whole=row["whole"],
        published=row["published"],
        note=row["note"],
        sources=tuple(map(SourceId, row["sources"])),
    )


STANDARDS = Codec(
    table=tables.occupational_standards,
    key=("id",),
    encode=_encode_standard,
    decode=_decode_standard,
)
UNIT_LINKS = Codec(table=tables.unit_links, key=("id",), encode=_encode_link, decode=_decode_link)
