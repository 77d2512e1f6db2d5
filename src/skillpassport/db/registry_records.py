"""Rows of the registry as records of JSON, and values of records that came from outside.

The tables leave as their rows stand, without `revision`, `origin` and `change`: those say how a row
came into this instance, and are made anew where it comes in.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Date, Table

from skillpassport.db.registry_parts import PARTS
from skillpassport.equivalence.exchange.bundle import Record
from skillpassport.equivalence.exchange.errors import RowsMalformed
from skillpassport.equivalence.exchange.member_types import is_typed

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


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON
    return value.isoformat() if isinstance(value, date | datetime) else value


def _row(table: Table, record: Record) -> Record:
    days = {each.key for each in table.columns if isinstance(each.type, Date)}
    return {
        name: date.fromisoformat(value) if name in days and value is not None else value
        for name, value in record.items()
    }
