"""What a change of the registry changed: each thing field by field, with where it is shown."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from skillpassport.vc.strict_json import JsonValue
from skillpassport.web.sentences import N_

MAX_LINES: Final = 60
"""Of one value: the units of a standard go over pages, and stand on its own page."""

SHORT: Final = 4
"""Lines of a value that is told whole, since what stands around a change explains it."""

TABLES: Mapping[str, str] = {
    "sources": N_("Sources"),
    "frameworks": N_("Frameworks"),
    "framework_editions": N_("Editions"),
    "framework_levels": N_("Levels"),
    "competent_authorities": N_("Competent authorities"),
    "occupational_standards": N_("Occupational standards"),
    "unit_links": N_("Statements about units"),
    "level_mappings": N_("Statements about levels"),
    "recognition_rules": N_("Recognition rules"),
    "agreements": N_("Agreements"),
    "precedents": N_("Decisions on single cases"),
    "regulated_professions": N_("Regulated professions"),
}
"""What each table holds, in the order in which they are told."""

Record = Mapping[str, JsonValue]
Query = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One member of a record, as lines of text; none where it says nothing.

    same: how many lines of a long value are as before, and left out
    """

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    same: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A thing that was added, or says something else.

    path, query: where it is shown; None where it has no page
    fields: of an added thing all that say something, else those that differ
    """

    table: str
    name: str
    is_new: bool
    path: str | None
    query: Query
    anchor: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many things of a table were added, and how many say something else."""

    table: str
    added: int
    changed: int


def counts_of(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> tuple[Count, ...]:
    """Return what a difference comes to, table by table; tables without any are left out."""
    return tuple(
        Count(
            table=table,
            added=sum(each["before"] is None for each in tables[table]),
            changed=sum(each["before"] is not None for each in tables[table]),
        )
        for table in TABLES
        if tables.get(table)
    )


def things_in(
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
) -> list[tuple[str, Mapping[str, Any]]]:
    """Return every thing with its table; those that say something else go before new ones."""
    listed = [(table, each) for table in TABLES for each in tables.get(table, ())]
    return sorted(listed, key=lambda each: each[1]["before"] is None)


def told(table: str, difference: Mapping[str, Any]) -> Changed:
    """Return one difference as a page tells it."""
    before, after = difference["before"], difference["after"]
    path, query, anchor = _place(table, after)
    return Changed(
        table=table,
        name=_name(table, difference),
        is_new=before is None,
        path=path,
        query=query,
        anchor=anchor,
        fields=tuple(_fields(before, after)),
    )


def _name(table: str, difference: Mapping[str, Any]) -> str:
    """Return what a person calls the thing; ids of rules and decisions say nothing to anybody."""
    record = difference["after"]
    if table in {"recognition_rules", "precedents"}:
        return f"{record['title']} ({record['origin_country']} > {record['destination']})"
    return str(record["slug"] if table == "agreements" else difference["name"])


def _fields(before: Record | None, after: Record) -> Iterator[Field]:
    for name, value in after.items():
        new = tuple(_lines(value, ""))
        if before is None:
            if new:
                yield Field(name=name, before=(), after=_capped(new))
        elif before.get(name) != value:
            yield _differing(name, tuple(_lines(before.get(name), "")), new)


def _differing(name: str, old: tuple[str, ...], new: tuple[str, ...]) -> Field:
    """Return what differs of a member; of a long one only the lines that are not in both."""
    both = frozenset(old).intersection(new) if max(len(old), len(new)) > SHORT else frozenset()
    return Field(
        name=name,
        before=_capped(tuple(line for line in old if line not in both)),
        after=_capped(tuple(line for line in new if line not in both)),
        same=sum(line in both for line in new),
    )


def _capped(lines: tuple[str, ...]) -> tuple[str, ...]:
    return (*lines[:MAX_LINES], "…") if len(lines) > MAX_LINES else lines


def _lines(value: JsonValue, prefix: str) -> Iterator[str]:
    if value is None or value == "":
        return
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _lines(each, f"{prefix}{name}: ")
    elif isinstance(value, list):
        for each in value:
            yield from _lines(each, prefix)
    elif isinstance(value, bool):
        yield f"{prefix}{'true' if value else 'false'}"
    else:
        yield f"{prefix}{value}"


Place = tuple[str | None, Query, str]


def _place(table: str, record: Record) -> Place:
    """Return path, query and anchor of where a thing is shown today."""
    found = _PLACES.get(table)
    return (None, {}, "") if found is None else found(record)


def _source(record: Record) -> Place:
    return "/registry/coverage", {}, f"source-{record['id']}"


def _framework(record: Record) -> Place:
    return f"/registry/{record['id']}", {}, ""


def _edition(record: Record) -> Place:
    label = record.get("label") or record.get("edition")
    return f"/registry/{record['framework']}@{label}", {}, ""


def _standard(record: Record) -> Place:
    return f"/registry/standards/{record['id']}", {}, ""


def _unit_link(record: Record) -> Place:
    return (
        f"/registry/standards/{record['to_standard']}",
        {"shown": str(record["from_standard"])},
        "",
    )


def _mapping(record: Record) -> Place:
    return (
        "/registry/compare",
        {
            "from_framework": str(record["from_framework"]),
            "from_level": str(record["from_level"]),
            "target": str(record["to_framework"]),
        },
        "",
    )


def _about_title(record: Record) -> Place:
    asked = {
        "qualification": str(record["title"]),
        "origin": str(record["origin_country"]),
        "destination": str(record["destination"]),
    }
    return "/registry/evaluate", asked, ""


def _agreement(record: Record) -> Place:
    return f"/registry/agreements/{record['slug']}", {}, ""


_PLACES: Final[Mapping[str, Callable[[Record], Place]]] = {
    "sources": _source,
    "frameworks": _framework,
    "framework_editions": _edition,
    "framework_levels": _edition,
    "occupational_standards": _standard,
    "unit_links": _unit_link,
    "level_mappings": _mapping,
    "recognition_rules": _about_title,
    "agreements": _agreement,
    "precedents": _about_title,
}
