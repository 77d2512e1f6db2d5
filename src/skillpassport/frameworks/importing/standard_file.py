"""Occupational standards in a table or as JSON records, held to the same rules.

A table has one row for each unit; what is of the standard as a whole stands in its first row, and
may be repeated. As JSON a standard is a record with its units, as the seed has them.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from skillpassport.frameworks.importing.cells import word_of
from skillpassport.frameworks.importing.citing import Citations
from skillpassport.frameworks.importing.members import (
    MAX_PROSE,
    day_of,
    languages_of,
    list_of,
    mistyped,
    needed_text,
    number_of,
    object_of,
    period_of,
    shaped,
    text_of,
    texts_of,
)
from skillpassport.frameworks.importing.problems import RowProblem, RowRefused
from skillpassport.frameworks.importing.record_file import Record, read_records
from skillpassport.frameworks.importing.table_file import Row, read_table
from skillpassport.frameworks.model import Footing, SourceId
from skillpassport.frameworks.reading import fold
from skillpassport.frameworks.standard_records import unit_from_record
from skillpassport.frameworks.standards import OccupationalStandard, StandardId, StandardUnit

MAX_UNITS: Final = 1_000
"""Of one standard; the largest known has 242."""

REQUIRED: Final = ("standard",)
_OF_STANDARD: Final = (
    *("authority", "country", "isco", "standard_level", "total_hours"),
    *("valid_from", "valid_until", "footing", "notes", "source_id", "source"),
)
_DAYS: Final = ("registered_until", "last_enrolment", "last_achievement")
_OF_UNIT: Final = (
    *("code", "part_of", "aliases", "hours", "level", "kind", "essential", "esco", "note"),
    *_DAYS,
)
OPTIONAL: Final = (*_OF_STANDARD, *_OF_UNIT)
BY_LANGUAGE: Final = ("standard_title", "title")

_MEMBERS: Final = frozenset(
    {*_OF_STANDARD, "id", "title", "level", "units", "sources"} - {"standard_level", "source_id"}
)
_UNIT_MEMBERS: Final = frozenset({*_OF_UNIT, "title", "parts", "footing"} - {"part_of"})
_YES: Final = frozenset({"", "yes", "true", "1"})
_NO: Final = frozenset({"no", "false", "0"})

Said = Iterator[tuple[int, OccupationalStandard] | RowProblem]
"""The line and content of each standard, or why a row of it is refused."""


def read_standards(data: bytes, citations: Citations) -> Said:
    """Yield the standards of a file; one of which any row is refused is left out as a whole.

    data: CSV, or a JSON array
    citations: strict, since a standard without its source is none
    Raises: TableUnreadable, FileUnreadable
    """
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"[":
        for record in read_records(data):
            try:
                yield record.line, _standard(_of_json(record), citations)
            except RowRefused as refused:
                yield refused.at(record.line)
        return
    for rows in _by_standard(data):
        yield from _of_rows(rows, citations)


@dataclass(slots=True)
class _Rows:
    """The rows of one standard.

    line: of the first
    """

    line: int
    members: dict[str, Any]
    units: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)


def _by_standard(data: bytes) -> Iterator[_Rows]:
    """Return the rows of a table by the standard that they are of."""
    table = read_table(data, required=REQUIRED, optional=OPTIONAL, by_language=BY_LANGUAGE)
    found: dict[str, _Rows] = {}
    for row in table.rows:
        try:
            name = row.needed("standard")
        except RowRefused as refused:
            yield _Rows(row.line, {}, problems=[refused.at(row.line)])
            continue
        rows = found.setdefault(name, _Rows(row.line, {"id": name}))
        try:
            _take(row, rows)
        except RowRefused as refused:
            rows.problems.append(refused.at(row.line))
    yield from found.values()


def _take(row: Row, rows: _Rows) -> None:
    """Put what a row says of its standard, and its unit, with the others."""
    told: dict[str, Any] = {name: row[name] for name in _OF_STANDARD}
    told["level"] = told.pop("standard_level")
    told["isco"], told["sources"] = list(row.listed("isco")), list(row.listed("source_id"))
    told["notes"] = list(row.listed("notes", "|"))
    told["title"] = row.by_language("standard_title")
    told.pop("source_id")
    for name, value in told.items():
        if value and rows.members.setdefault(name, value) != value:
            raise RowRefused(
                name,
                "standard-differs",
                "Expected the same in every row of a standard, or nothing, found something else "
                f"than in line {rows.line}; correct one.",
            )
    unit: dict[str, Any] = {name: row[name] for name in _OF_UNIT if row[name]}
    unit["title"] = row.by_language("title")
    for name, separator in (("aliases", "|"), ("esco", ";")):
        unit[name] = list(row.listed(name, separator))
    unit["essential"] = _is_essential(row["essential"])
    part_of = str(unit.pop("part_of", ""))
    rows.units.append((row.line, part_of, _unit(unit)))


def _is_essential(text: str) -> bool:
    if text.lower() in _YES | _NO:
        return text.lower() in _YES
    raise RowRefused(
        "essential", "word-unknown", f"Expected 'yes' or 'no', found '{text[:20]}'; choose one."
    )


def _of_rows(rows: _Rows, citations: Citations) -> Said:
    """Yield the standard of its rows, or what is wrong with them."""
    if not rows.problems:
        try:
            units = _with_parts(rows)
            if not rows.problems:
                yield rows.line, _standard({**rows.members, "units": units}, citations)
        except RowRefused as refused:
            rows.problems.append(refused.at(rows.line))
    yield from rows.problems


def _with_parts(rows: _Rows) -> list[dict[str, Any]]:
    """Return the units, each with its parts; a part that is of no unit is put to the problems."""
    whole = {
        fold(str(unit["code"])): unit for _, of, unit in rows.units if not of and "code" in unit
    }
    for line, of, unit in rows.units:
        if of and fold(of) in whole:
            whole[fold(of)].setdefault("parts", []).append(unit)
        elif of:
            rows.problems.append(
                RowProblem(
                    line=line,
                    column="part_of",
                    code="unit-unknown",
                    message=f"Expected the code of a unit of the same standard, found '{of[:40]}'.",
                )
            )
    return [unit for _, of, unit in rows.units if not of]


def _of_json(record: Record) -> Mapping[str, Any]:
    object_of(dict(record.members), "", _MEMBERS)
    units = [
        _unit(object_of(each, "units", _UNIT_MEMBERS), may_have_parts=True)
        for each in list_of(record.members, "units", MAX_UNITS)
    ]
    return {**record.members, "units": units}


def _unit(record: Mapping[str, Any], *, may_have_parts: bool = False) -> dict[str, Any]:
    """Return a unit as `unit_from_record` takes it, every member checked."""
    essential = record.get("essential", True)
    if not isinstance(essential, bool):
        raise mistyped("essential", "true or false")
    found: dict[str, Any] = {
        "title": languages_of(record.get("title"), "title"),
        "footing": _footing(record).value,
        "essential": essential,
        "aliases": texts_of(record, "aliases"),
        "esco": [shaped("esco", each) for each in texts_of(record, "esco")],
        "hours": number_of(record, "hours"),
        "note": text_of(record, "note", MAX_PROSE),
        **{name: text_of(record, name) for name in ("code", "level", "kind")},
        **{name: day_of(record, name) for name in _DAYS},
    }
    if record.get("parts") and not may_have_parts:
        raise RowRefused("parts", "parts-nested", "Expected parts without parts of their own.")
    found["parts"] = [
        _unit(object_of(each, "parts", _UNIT_MEMBERS))
        for each in list_of(record, "parts", MAX_UNITS)
    ]
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _footing(record: Mapping[str, Any]) -> Footing:
    return word_of(Footing, text_of(record, "footing") or Footing.READ.value, "footing")


def _standard(record: Mapping[str, Any], citations: Citations) -> OccupationalStandard:
    """Return a standard whose units are checked already.

    Raises: RowRefused
    """
    units = tuple(unit_from_record(each) for each in record["units"])
    if not 0 < len(units) <= MAX_UNITS:
        raise RowRefused(
            "units", "units-missing", f"Expected 1 to {MAX_UNITS} units, found {len(units)}."
        )
    _check_codes(units)
    country = text_of(record, "country")
    period = {name: dt.date.fromisoformat(day) for name, day in period_of(record).items()}
    hours = number_of(record, "total_hours")
    return OccupationalStandard(
        id=StandardId(shaped("standard", needed_text(record, "id"))),
        title=languages_of(record.get("title"), "title"),
        authority=needed_text(record, "authority"),
        country=None if country is None else shaped("country", country, "region"),
        isco=tuple(shaped("isco", each) for each in texts_of(record, "isco")),
        level=text_of(record, "level"),
        total_hours=None if hours is None else Decimal(hours),
        valid_from=period.get("valid_from"),
        valid_until=period.get("valid_until"),
        units=units,
        footing=_footing(record),
        notes=tuple(texts_of(record, "notes")),
        sources=_sources(record, citations),
    )


def _check_codes(units: tuple[StandardUnit, ...]) -> None:
    seen: set[str] = set()
    for unit in (one for each in units for one in (each, *each.parts)):
        if not seen.isdisjoint(unit.codes):
            raise RowRefused(
                "code",
                "code-twice",
                f"Expected each code once in a standard, found '{unit.name[:40]}' again; codes and "
                "aliases together must tell units apart.",
            )
        seen |= unit.codes


def _sources(record: Mapping[str, Any], citations: Citations) -> tuple[SourceId, ...]:
    cited = citations.cite(texts_of(record, "sources"), text_of(record, "source", MAX_PROSE) or "")
    if not cited:
        raise RowRefused(
            "source_id", "source-missing", "Expected where the standard is published; name it."
        )
    return cited
