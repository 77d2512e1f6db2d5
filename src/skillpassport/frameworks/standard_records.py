"""Occupational standards as JSON: how the seed, the database and an exchange file write their units."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from skillpassport.frameworks.model import Footing
from skillpassport.frameworks.standards import StandardUnit


def unit_to_record(unit: StandardUnit) -> dict[str, Any]:
    """Return the JSON form of a unit, without what is empty."""
    record: dict[str, Any] = {
        "code": unit.code,
        "aliases": list(unit.aliases),
        "title": dict(unit.title),
        "footing": unit.footing.value,
        "hours": None if unit.hours is None else str(unit.hours),
        "level": unit.level,
        "kind": unit.kind,
        "esco": list(unit.esco),
        "parts": [unit_to_record(part) for part in unit.parts],
        "registered_until": _text(unit.registered_until),
        "last_enrolment": _text(unit.last_enrolment),
        "last_achievement": _text(unit.last_achievement),
        "note": unit.note,
    }
    filled = {name: value for name, value in record.items() if value}
    return filled if unit.essential else {**filled, "essential": False}


def unit_from_record(record: Mapping[str, Any]) -> StandardUnit:
    """Return the unit of a JSON form.

    Raises: KeyError, ValueError for a member that is missing or mistyped
    """
    hours = record.get("hours")
    return StandardUnit(
        title=record["title"],
        footing=Footing(record["footing"]),
        code=record.get("code"),
        aliases=tuple(record.get("aliases", ())),
        hours=None if hours is None else Decimal(hours),
        level=record.get("level"),
        kind=record.get("kind", ""),
        essential=record.get("essential", True),
        esco=tuple(record.get("esco", ())),
        parts=tuple(map(unit_from_record, record.get("parts", ()))),
        registered_until=_day(record.get("registered_until")),
        last_enrolment=_day(record.get("last_enrolment")),
        last_achievement=_day(record.get("last_achievement")),
        note=record.get("note", ""),
    )


def _text(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)
