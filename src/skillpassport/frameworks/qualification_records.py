"""Qualifications as plain JSON values, the form in which files bring them and tables keep them.

Absent members are left out, so that equal qualifications are equal records.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from skillpassport.frameworks.model import FrameworkId, SourceId
from skillpassport.frameworks.qualifications import (
    FormerName,
    LearningOutcome,
    Qualification,
    Unit,
)

Record = Mapping[str, Any]

TOP_LEVEL: Final = ("id", "title", "country", "framework", "edition", "level")
"""Members that have a column of their own."""


def particulars_of(qualification: Qualification) -> dict[str, Any]:
    """Return what is known of a qualification besides the members of `TOP_LEVEL`."""
    return _without_empty(
        {
            "aliases": [_name_record(each) for each in qualification.aliases],
            "codes": [_name_record(each) for each in qualification.codes],
            "awarding_body": qualification.awarding_body,
            "type": qualification.type,
            "isced_f": qualification.isced_f,
            "isced_p": qualification.isced_p,
            "isco": list(qualification.isco),
            "esco": list(qualification.esco),
            "units": [_unit_record(each) for each in qualification.units],
            "outcomes": [_outcome_record(each) for each in qualification.outcomes],
            "hours": _number(qualification.hours),
            "credits": _number(qualification.credits),
            "assessment": list(qualification.assessment),
            "quality_assurance": qualification.quality_assurance,
            "valid_from": _day(qualification.valid_from),
            "valid_until": _day(qualification.valid_until),
            "sources": list(qualification.sources),
        }
    )


def record_of(qualification: Qualification) -> dict[str, Any]:
    """Return everything that is known of a qualification."""
    own = {
        "id": qualification.id,
        "title": dict(qualification.title),
        "country": qualification.country,
        "framework": qualification.framework,
        "edition": qualification.edition,
        "level": qualification.level,
    }
    return {**_without_empty(own), **particulars_of(qualification)}


def qualification_of(record: Record) -> Qualification:
    """Return the qualification that a record, checked before, describes."""
    framework = record.get("framework")
    return Qualification(
        id=record["id"],
        title=record["title"],
        country=record["country"],
        framework=None if framework is None else FrameworkId(framework),
        edition=record.get("edition"),
        level=record.get("level"),
        aliases=_each(record, "aliases", _name),
        codes=_each(record, "codes", _name),
        awarding_body=record.get("awarding_body"),
        type=record.get("type"),
        isced_f=record.get("isced_f"),
        isced_p=record.get("isced_p"),
        isco=tuple(record.get("isco", ())),
        esco=tuple(record.get("esco", ())),
        units=_each(record, "units", _unit),
        outcomes=_each(record, "outcomes", _outcome),
        hours=_decimal(record.get("hours")),
        credits=_decimal(record.get("credits")),
        assessment=tuple(record.get("assessment", ())),
        quality_assurance=record.get("quality_assurance"),
        valid_from=_date(record.get("valid_from")),
        valid_until=_date(record.get("valid_until")),
        sources=tuple(map(SourceId, record.get("sources", ()))),
    )


def _each(record: Record, member: str, read: Callable[[Record], Any]) -> tuple[Any, ...]:
    return tuple(read(each) for each in record.get(member, ()))


def _name(record: Record) -> FormerName:
    return FormerName(
        text=record["text"],
        valid_from=_date(record.get("valid_from")),
        valid_until=_date(record.get("valid_until")),
        superseded_by=record.get("superseded_by"),
    )


def _name_record(name: FormerName) -> dict[str, Any]:
    return _without_empty(
        {
            "text": name.text,
            "valid_from": _day(name.valid_from),
            "valid_until": _day(name.valid_until),
            "superseded_by": name.superseded_by,
        }
    )


def _outcome(record: Record) -> LearningOutcome:
    return LearningOutcome(
        statement=record["statement"],
        code=record.get("code"),
        esco=tuple(record.get("esco", ())),
    )


def _outcome_record(outcome: LearningOutcome) -> dict[str, Any]:
    return _without_empty(
        {"statement": dict(outcome.statement), "code": outcome.code, "esco": list(outcome.esco)}
    )


def _unit(record: Record) -> Unit:
    return Unit(
        code=record["code"],
        title=record["title"],
        level=record.get("level"),
        hours=_decimal(record.get("hours")),
        credits=_decimal(record.get("credits")),
        outcomes=_each(record, "outcomes", _outcome),
    )


def _unit_record(unit: Unit) -> dict[str, Any]:
    return _without_empty(
        {
            "code": unit.code,
            "title": dict(unit.title),
            "level": unit.level,
            "hours": _number(unit.hours),
            "credits": _number(unit.credits),
            "outcomes": [_outcome_record(each) for each in unit.outcomes],
        }
    )


def _without_empty(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value not in (None, [], {})}


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _date(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def _number(number: Decimal | None) -> str | None:
    # As text: 4.50 stays what the source wrote.
    return None if number is None else str(number)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
