"""Rows of the registry as records of JSON, and values of records that came from outside.

The tables leave as their rows stand, without `revision`, `origin` and `change`: those say how a row
came into this instance, and are made anew where it comes in.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Date, Table

from skillpassport.db.framework_rows import (
    AUTHORITIES,
    EDITIONS,
    FRAMEWORKS,
    LEVELS,
    MAPPINGS,
    SOURCES,
    Codec,
)
from skillpassport.db.rule_rows import AGREEMENTS, PRECEDENTS, PROFESSIONS, RULES
from skillpassport.db.standard_rows import STANDARDS, UNIT_LINKS
from skillpassport.equivalence.exchange.bundle import Record
from skillpassport.equivalence.exchange.errors import RowsMalformed
from skillpassport.equivalence.exchange.member_types import is_typed
from skillpassport.equivalence.snapshot import RegistryContent
from skillpassport.frameworks.registry import FrameworkRows

PARTS: Final[Mapping[str, Codec[Any]]] = {
    "sources": SOURCES,
    "frameworks": FRAMEWORKS,
    "framework_editions": EDITIONS,
    "framework_levels": LEVELS,
    "competent_authorities": AUTHORITIES,
    "occupational_standards": STANDARDS,
    "unit_links": UNIT_LINKS,
    "level_mappings": MAPPINGS,
    "recognition_rules": RULES,
    "agreements": AGREEMENTS,
    "precedents": PRECEDENTS,
    "regulated_professions": PROFESSIONS,
}
"""What is exchanged, by the name of its table; taxonomies come from their publishers instead."""

HERE: Final = frozenset({"revision", "origin", "change"})
"""Columns that say how a row came into this instance."""


def record_of(row: Mapping[str, Any]) -> Record:
    """Return a row as it leaves."""
    return {name: _plain(value) for name, value in row.items() if name not in HERE}


def values_of(table: str, rows: Sequence[Record]) -> Iterator[Any]:
    """Yield the values of rows from outside; a row is written as it would be here.

    Raises: RowsMalformed
    """
    codec = PARTS[table]
    for line, row in enumerate(rows, start=1):
        try:
            value = codec.decode(_row(codec.table, row))
            if not is_typed(value) or record_of(codec.encode(value)) != row:
                raise RowsMalformed(table, line)
        except (KeyError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
            raise RowsMalformed(table, line) from error
        yield value


def content_of(values: Mapping[str, list[Any]]) -> RegistryContent:
    """Return values by the name of their table as what can be added to a registry."""

    def of(table: str) -> tuple[Any, ...]:
        return tuple(values.get(table, ()))

    return RegistryContent(
        rows=FrameworkRows(
            sources=of("sources"),
            frameworks=of("frameworks"),
            editions=of("framework_editions"),
            levels=of("framework_levels"),
            authorities=of("competent_authorities"),
            standards=of("occupational_standards"),
            unit_links=of("unit_links"),
        ),
        mappings=of("level_mappings"),
        rules=of("recognition_rules"),
        agreements=of("agreements"),
        precedents=of("precedents"),
        professions=of("regulated_professions"),
    )


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON
    return value.isoformat() if isinstance(value, date | datetime) else value


def _row(table: Table, record: Record) -> Record:
    days = {each.key for each in table.columns if isinstance(each.type, Date)}
    return {
        name: date.fromisoformat(value) if name in days and value is not None else value
        for name, value in record.items()
    }
