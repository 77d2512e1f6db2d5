"""Qualifications in a table or as JSON records, held to the same rules.

A table has one row for each qualification, with its titles in columns `title_en`, `title_fr`, …
and lists divided by `;`. Units and outcomes have parts of their own, so they come as JSON alone.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from skillpassport.frameworks.errors import EditionUnknown, FrameworkUnknown
from skillpassport.frameworks.importing.citing import Citations
from skillpassport.frameworks.importing.problems import RowProblem, RowRefused, TableUnreadable
from skillpassport.frameworks.importing.record_file import Record, clean_text, read_records
from skillpassport.frameworks.importing.table_file import Row, read_table
from skillpassport.frameworks.qualification_records import qualification_of
from skillpassport.frameworks.qualifications import Qualification
from skillpassport.frameworks.registry import Registry

REQUIRED: Final = ("id", "country")
_TEXTS: Final = (
    *("awarding_body", "framework", "edition", "level", "type", "isced_f", "isced_p"),
    *("hours", "credits", "quality_assurance", "valid_from", "valid_until"),
)
_LISTS: Final = ("isco", "esco", "assessment", "sources")
_NAMES: Final = ("aliases", "codes")
COLUMNS: Final = (*REQUIRED, *_TEXTS, *_LISTS, *_NAMES)
MEMBERS: Final = frozenset({*COLUMNS, "title", "units", "outcomes"})

MAX_NAMES: Final = 40
"""Aliases, codes, occupations: no qualification has nearly as many."""

MAX_PARTS: Final = 400
MAX_TEXT: Final = 500
MAX_PROSE: Final = 5_000

_TITLE: Final = re.compile(r"title_(?P<tag>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?)", re.ASCII)
_TAG: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?", re.ASCII)
_SHAPES: Final[Mapping[str, tuple[re.Pattern[str], str]]] = {
    name: (re.compile(shape, re.ASCII), what)
    for name, shape, what in (
        ("id", r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}", "letters, figures, '-', '.', '_' and ':'"),
        ("country", r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?", "an ISO 3166 code such as 'GH' or 'GB-SCT'"),
        ("isced_f", r"[0-9]{2,4}", "two to four figures of ISCED-F 2013"),
        ("isced_p", r"[0-9]{1,3}", "one to three figures of ISCED-P 2011"),
        ("isco", r"[0-9]{1,4}", "one to four figures of ISCO-08"),
        ("esco", r"https?://[!-~]{1,300}", "a URI of ESCO"),
    )
}

Given = Iterator[tuple[int, Qualification] | RowProblem]
"""The line and content of each qualification, or why it is refused."""


@dataclass(frozen=True, slots=True)
class QualificationReader:
    """Reads qualifications as the registry knows frameworks and sources.

    Each id is taken once; what a record names must be there.
    """

    registry: Registry
    citations: Citations
    _levels: dict[tuple[str, str, str], tuple[str, str | None, str | None]] = field(
        default_factory=dict
    )

    def read(self, data: bytes) -> Given:
        """Yield what a file says; the caller may go through it twice and get the same.

        data: CSV, or a JSON array
        Raises: TableUnreadable, FileUnreadable
        """
        seen: set[str] = set()
        for line, record_of in _records(data):
            try:
                found = self._qualification(record_of())
                if found.id in seen:
                    raise RowRefused("id", "id-twice", "Expected each id once; delete one row.")
                seen.add(found.id)
            except RowRefused as refused:
                yield refused.at(line)
            else:
                yield line, found

    def _qualification(self, record: Mapping[str, Any]) -> Qualification:
        unknown = sorted(record.keys() - MEMBERS)
        if unknown:
            raise RowRefused(
                "", "member-unknown", f"Expected members that are known, found '{unknown[0][:40]}'."
            )
        checked: dict[str, Any] = {
            "id": _shaped("id", _needed(record, "id")),
            "country": _shaped("country", _needed(record, "country")),
            "title": _languages(record.get("title"), "title"),
        }
        for name in ("awarding_body", "type", "quality_assurance"):
            checked[name] = _text(record, name, MAX_PROSE)
        for name in ("isced_f", "isced_p"):
            checked[name] = _optional(record, name)
        for name in ("hours", "credits"):
            checked[name] = _number(record, name)
        for name in ("isco", "esco"):
            checked[name] = [_shaped(name, each) for each in _texts(record, name)]
        for name in _NAMES:
            checked[name] = [_name(each, name) for each in _list(record, name, MAX_NAMES)]
        checked["assessment"] = _texts(record, "assessment")
        checked["units"] = [_unit(each) for each in _list(record, "units", MAX_PARTS)]
        checked["outcomes"] = [_outcome(each) for each in _list(record, "outcomes", MAX_PARTS)]
        checked |= _period(record)
        checked["sources"] = list(self.citations.cite(_texts(record, "sources")))
        place = self._place(record)
        checked["framework"], checked["edition"], checked["level"] = place
        return qualification_of({name: each for name, each in checked.items() if each is not None})

    def _place(self, record: Mapping[str, Any]) -> tuple[str | None, str | None, str | None]:
        """Return framework, edition and level as the registry writes them."""
        texts = tuple(_text(record, name) or "" for name in ("framework", "edition", "level"))
        framework, edition, level = texts
        if not framework:
            for name, text in (("edition", edition), ("level", level)):
                if text:
                    raise RowRefused(
                        name, "framework-missing", "Expected the framework of it, found none."
                    )
            return None, None, None
        key = (framework, edition, level)
        if key not in self._levels:
            self._levels[key] = self._find(framework, edition, level)
        return self._levels[key]

    def _find(self, name: str, label: str, level: str) -> tuple[str, str | None, str | None]:
        try:
            framework = self.registry.framework(name)
        except FrameworkUnknown as error:
            raise RowRefused("framework", error.code, error.message) from error
        editions = self.registry.editions(framework.id)
        try:
            if label:
                editions = (self.registry.edition(framework, label),)
        except EditionUnknown as error:
            raise RowRefused("edition", error.code, error.message) from error
        if not level:
            return framework.id, label or None, None
        for edition in reversed(editions):
            known = self.registry.find_level(framework.id, edition.label, level)
            if known is not None:
                return framework.id, label or None, known.notation
        if editions and all(map(self.registry.has_list, editions)):
            raise RowRefused(
                "level",
                "level-unknown",
                f"Expected a level of '{framework.id}', found '{level[:60]}'; see "
                f"GET /api/v1/frameworks/{framework.id}/levels.",
            )
        return framework.id, label or None, level


def _records(data: bytes) -> Iterator[tuple[int, Callable[[], Mapping[str, Any]]]]:
    """Yield the line of each record, and how to get it; getting it may refuse it."""
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"[":
        for record in read_records(data):
            yield record.line, _of_json(record)
        return
    table = read_table(data, required=REQUIRED, ignores_others=True)
    titles = {}
    for column in table.columns:
        matched = _TITLE.fullmatch(column)
        if matched is not None:
            titles[matched["tag"]] = column
        elif column not in COLUMNS:
            raise TableUnreadable(
                1, column, f"Expected columns of qualifications, found '{column}'; take it out."
            )
    if not titles:
        raise TableUnreadable(1, "title_en", "Expected a column such as 'title_en', found none.")
    for row in table.rows:
        yield row.line, _of_row(row, titles)


def _of_json(record: Record) -> Callable[[], Mapping[str, Any]]:
    return lambda: record.members


def _of_row(row: Row, titles: Mapping[str, str]) -> Callable[[], Mapping[str, Any]]:
    def record() -> Mapping[str, Any]:
        found: dict[str, Any] = {name: row[name] for name in (*REQUIRED, *_TEXTS)}
        found |= {name: list(row.listed(name)) for name in _LISTS}
        found |= {name: [{"text": each} for each in row.listed(name)] for name in _NAMES}
        found["title"] = {tag: row[column] for tag, column in titles.items() if row[column]}
        return found

    return record


def _mistyped(member: str, expected: str) -> RowRefused:
    return RowRefused(member, "member-mistyped", f"Expected {expected}, found another value.")


def _text(record: Mapping[str, Any], member: str, longest: int = MAX_TEXT) -> str | None:
    value = record.get(member)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise _mistyped(member, "a text")
    text = clean_text(value, member)
    if len(text) > longest:
        raise RowRefused(
            member, "cell-too-long", f"Expected at most {longest} characters; shorten it."
        )
    return text or None


def _needed(record: Mapping[str, Any], member: str) -> str:
    text = _text(record, member)
    if text is None:
        raise RowRefused(member, "cell-empty", "Expected a value, found none; fill it in.")
    return text


def _shaped(member: str, text: str) -> str:
    shape, what = _SHAPES[member]
    if shape.fullmatch(text) is None:
        raise RowRefused(member, f"{member}-malformed", f"Expected {what}, found '{text[:80]}'.")
    return text


def _optional(record: Mapping[str, Any], member: str) -> str | None:
    text = _text(record, member)
    return None if text is None else _shaped(member, text)


def _number(record: Mapping[str, Any], member: str) -> str | None:
    """Return a number as text: a cell's, or a JSON number or text."""
    value = record.get(member)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    text = str(value) if is_number else _text(record, member)
    if text is None:
        return None
    try:
        number = Decimal(text) if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", text) else None
    except InvalidOperation:
        number = None
    if number is None:
        raise RowRefused(
            member,
            "number-malformed",
            f"Expected a number such as 120 or 7.5, found '{text[:20]}'.",
        )
    return text


def _list(record: Mapping[str, Any], member: str, most: int) -> list[Any]:
    value = record.get(member, [])
    if not isinstance(value, list):
        raise _mistyped(member, "a list")
    if len(value) > most:
        raise RowRefused(member, "list-too-long", f"Expected at most {most}, found {len(value)}.")
    return value


def _texts(record: Mapping[str, Any], member: str) -> list[str]:
    found = []
    for each in _list(record, member, MAX_NAMES):
        text = _text({member: each}, member)
        if text is None:
            raise _mistyped(member, "texts")
        found.append(text)
    return list(dict.fromkeys(found))


def _object(value: object, member: str, known: frozenset[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _mistyped(member, "objects")
    if not known.issuperset(value):
        raise RowRefused(
            member, "member-unknown", f"Expected members out of {', '.join(sorted(known))}."
        )
    return value


def _languages(value: object, member: str) -> dict[str, str]:
    if not isinstance(value, dict) or not value or len(value) > MAX_NAMES:
        raise RowRefused(member, "title-missing", 'Expected texts by language: {"en": "Welder"}.')
    found = {}
    for tag in value:
        text = _text(value, tag)
        if text is None or not isinstance(tag, str) or _TAG.fullmatch(tag) is None:
            raise _mistyped(member, "texts by language tag")
        found[tag] = text
    return found


def _day(record: Mapping[str, Any], member: str) -> str | None:
    text = _text(record, member)
    try:
        if text is None or dt.date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise RowRefused(
        member, "day-malformed", f"Expected a day as YYYY-MM-DD, found '{(text or '')[:20]}'."
    )


def _period(record: Mapping[str, Any]) -> dict[str, str]:
    first, last = _day(record, "valid_from"), _day(record, "valid_until")
    if first is not None and last is not None and last < first:
        raise RowRefused(
            "valid_until", "period-reversed", "Expected a last day that is not before the first."
        )
    return {
        name: day for name, day in (("valid_from", first), ("valid_until", last)) if day is not None
    }


def _name(value: object, member: str) -> dict[str, str]:
    known = frozenset({"text", "valid_from", "valid_until", "superseded_by"})
    record = _object(value, member, known)
    found = {"text": _needed(record, "text"), **_period(record)}
    successor = _text(record, "superseded_by")
    return found if successor is None else {**found, "superseded_by": successor}


def _outcome(value: object) -> dict[str, Any]:
    record = _object(value, "outcomes", frozenset({"statement", "code", "esco"}))
    found: dict[str, Any] = {"statement": _languages(record.get("statement"), "outcomes")}
    code = _text(record, "code")
    if code is not None:
        found["code"] = code
    return {**found, "esco": [_shaped("esco", each) for each in _texts(record, "esco")]}


def _unit(value: object) -> dict[str, Any]:
    known = frozenset({"code", "title", "level", "hours", "credits", "outcomes"})
    record = _object(value, "units", known)
    found: dict[str, Any] = {
        "code": _needed(record, "code"),
        "title": _languages(record.get("title"), "units"),
        "level": _text(record, "level"),
        "hours": _number(record, "hours"),
        "credits": _number(record, "credits"),
        "outcomes": [_outcome(each) for each in _list(record, "outcomes", MAX_PARTS)],
    }
    return {name: each for name, each in found.items() if each is not None}
