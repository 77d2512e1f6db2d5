"""Ways into regulated professions as JSON records: as the seed and the stored rows hold them."""

from collections.abc import Mapping
from typing import Any

from skillpassport.equivalence.professions import AwardedIn, RegulatedProfession, WayIn
from skillpassport.frameworks.model import SourceId


def profession_from_record(record: Mapping[str, Any]) -> RegulatedProfession:
    """Return the profession of a record of the seed.

    Raises: KeyError or ValueError for a member that is missing or mistyped
    """
    return RegulatedProfession(
        id=record["id"],
        destination=record["destination"],
        name=record["name"],
        isco=tuple(record["isco"]),
        ways=tuple(map(way_from_record, record["ways"])),
    )


def way_from_record(record: Mapping[str, Any]) -> WayIn:
    """Return the way in of a record.

    Raises: KeyError or ValueError for a member that is missing or mistyped
    """
    return WayIn(
        awarded_in=AwardedIn(record["awarded_in"]),
        authority=record["authority"],
        legal_basis=record["legal_basis"],
        sources=tuple(map(SourceId, record["sources"])),
        authority_id=record.get("authority_id"),
        note=record.get("note"),
        url=record.get("url"),
    )


def way_to_record(way: WayIn) -> dict[str, Any]:
    """Return the record of a way in."""
    return {
        "awarded_in": way.awarded_in.value,
        "authority": dict(way.authority),
        "legal_basis": dict(way.legal_basis),
        "sources": list(way.sources),
        "authority_id": way.authority_id,
        "note": None if way.note is None else dict(way.note),
        "url": way.url,
    }
