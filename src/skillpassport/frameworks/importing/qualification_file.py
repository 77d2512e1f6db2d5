"""Qualifications in a table or as JSON records, held to the same rules.

A table has one row for each qualification, with its titles in columns `title_en`, `title_fr`, …
and lists divided by `;`. Units and outcomes have parts of their own, so they come as JSON alone.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from skillpassport.frameworks.errors import EditionUnknown, FrameworkUnknown
from skillpassport.frameworks.importing.citing import Citations
from skillpassport.frameworks.importing.members import (
    MAX_NAMES,
    MAX_PARTS,
    MAX_PROSE,
    languages_of,
    list_of,
    needed_text,
    number_of,
    object_of,
    optional_text,
    period_of,
    shaped,
    text_of,
    texts_of,
)
from skillpassport.frameworks.importing.problems import RowProblem, RowRefused, TableUnreadable
from skillpassport.frameworks.importing.record_file import Record, read_records
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

_TITLE: Final = re.compile(r"title_(?P<tag>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?)", re.ASCII)
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
            "id": shaped("id", needed_text(record, "id")),
            "country": shaped("country", needed_text(record, "country")),
            "title": languages_of(record.get("title"), "title"),
        }
        for name in ("awarding_body", "type", "quality_assurance"):
            checked[name] = text_of(record, name, MAX_PROSE)
        for name in ("isced_f", "isced_p"):
            checked[name] = optional_text(record, name)
        for name in ("hours", "credits"):
            checked[name] = number_of(record, name)
        for name in ("isco", "esco"):
            checked[name] = [shaped(name, each) for each in texts_of(record, name)]
        for name in _NAMES:
            checked[name] = [_name(each, name) for each in list_of(record, name, MAX_NAMES)]
        checked["assessment"] = texts_of(record, "assessment")
        checked["units"] = [_unit(each) for each in list_of(record, "units", MAX_PARTS)]
        checked["outcomes"] = [_outcome(each) for each in list_of(record, "outcomes", MAX_PARTS)]
        checked |= period_of(record)
        checked["sources"] = list(self.citations.cite(texts_of(record, "sources")))
        place = self._place(record)
        checked["framework"], checked["edition"], checked["level"] = place
        return qualification_of({name: each for name, each in checked.items() if each is not None})

    def _place(self, record: Mapping[str, Any]) -> tuple[str | None, str | None, str | None]:
        """Return framework, edition and level as the registry writes them."""
        texts = tuple(text_of(record, name) or "" for name in ("framework", "edition", "level"))
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


def _name(value: object, member: str) -> dict[str, str]:
    known = frozenset({"text", "valid_from", "valid_until", "superseded_by"})
    record = object_of(value, member, known)
    found = {"text": needed_text(record, "text"), **period_of(record)}
    successor = text_of(record, "superseded_by")
    return found if successor is None else {**found, "superseded_by": successor}


def _outcome(value: object) -> dict[str, Any]:
    record = object_of(value, "outcomes", frozenset({"statement", "code", "esco"}))
    found: dict[str, Any] = {"statement": languages_of(record.get("statement"), "outcomes")}
    code = text_of(record, "code")
    if code is not None:
        found["code"] = code
    return {**found, "esco": [shaped("esco", each) for each in texts_of(record, "esco")]}


def _unit(value: object) -> dict[str, Any]:
    known = frozenset({"code", "title", "level", "hours", "credits", "outcomes"})
    record = object_of(value, "units", known)
    found: dict[str, Any] = {
        "code": needed_text(record, "code"),
        "title": languages_of(record.get("title"), "units"),
        "level": text_of(record, "level"),
        "hours": number_of(record, "hours"),
        "credits": number_of(record, "credits"),
        "outcomes": [_outcome(each) for each in list_of(record, "outcomes", MAX_PARTS)],
    }
    return {name: each for name, each in found.items() if each is not None}
