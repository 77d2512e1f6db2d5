"""Values as the driver gives them: what someone has mangled must be named, not stumbled over.

SQLite keeps anything in any column, and our own column types refuse to read what they never wrote.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Table,
    select,
    type_coerce,
)
from sqlalchemy.types import NullType

BATCH: Final = 500


def as_kept(table: Table) -> Select[Any]:
    """Return a query of a table's values as the driver gives them, mangled ones included."""
    query: Select[Any] = select(*(as_kept_column(each) for each in table.columns))
    return query


def as_kept_column(column: Column[Any]) -> ColumnElement[Any]:
    """Return a column to select as the driver gives it."""
    return type_coerce(column, NullType()).label(column.key)


def batches(
    connection: Connection, table: Table, *order: ColumnElement[Any]
) -> Iterator[list[RowMapping]]:
    """Yield a table's rows as the driver gives them, some hundreds at a time.

    order: columns to sort by, where the order matters
    """
    yield from batches_of(connection, as_kept(table).order_by(*order))


def batches_of(connection: Connection, query: Select[Any]) -> Iterator[list[RowMapping]]:
    """Yield what a query finds, some hundreds of rows at a time."""
    rows = iter(connection.execute(query.execution_options(yield_per=BATCH)).mappings())
    while batch := list(islice(rows, BATCH)):
        yield batch
