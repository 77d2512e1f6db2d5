"""What the log commits to of a row: its facts, the same whether written or read back.

Every engine and driver returns values in its own types. A fact is therefore a text that depends
on the value alone: instants in UTC to the microsecond, octets by their SHA-256, JSON as it is
kept. A column that is NULL is no fact, so that a later migration can add columns without
contradicting what was recorded before.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import Boolean, Column, Table
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.types import TypeDecorator

from skillpassport.transparency.entries import Facts, precise_time
from skillpassport.vc.strict_json import JsonValue

_NO_DIALECT = DefaultDialect()  # our column types write the same text for every engine


def is_logged(table: Table) -> bool:
    """Return whether every row of a table has an entry in the log."""
    return bool(table.info.get("logged", False))


def facts_of(table: Table, row: Mapping[str, object]) -> Facts:
    """Return the facts of a row: its immutable columns that are not NULL.

    row: values by column, as given to an insert or as read back; a missing column counts as NULL
    Raises: TypeError for a value that has no one text (a float, a decimal)
    """
    return {
        column.key: canonical(column, row[column.key])
        for column in table.columns
        if not column.info.get("mutable", False) and row.get(column.key) is not None
    }


def row_id(table: Table, row: Mapping[str, object]) -> str:
    """Return the name of a row within its table: its primary key, parts divided by `/`."""
    return "/".join(quote(str(row[column.key]), safe=":@+") for column in table.primary_key)


def key_values(table: Table, name: str) -> tuple[object, ...]:
    """Return the primary key that a row's name stands for, in the columns' types."""
    parts = [unquote(part) for part in name.split("/")]
    columns = list(table.primary_key)
    return tuple(column.type.python_type(part) for column, part in zip(columns, parts, strict=True))


def canonical(column: Column[Any], value: object) -> JsonValue:
    """Return the one form of a value of a column.

    Raises: TypeError
    """
    if isinstance(value, bytes | bytearray | memoryview):
        return f"sha256:{hashlib.sha256(value).hexdigest()}"
    if isinstance(value, datetime):
        return precise_time(value)
    if isinstance(column.type, Boolean):
        return bool(value)
    if isinstance(column.type, TypeDecorator):
        return _as_bound(column.type, value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | int):
        return str(value)
    raise TypeError(
        f"Expected text, a whole number, a date or octets in '{column}', found "
        f"{type(value).__name__}; keep it as text, or mark the column mutable."
    )


def _as_bound(kind: TypeDecorator[Any], value: object) -> JsonValue:
    bound = kind.process_bind_param(value, _NO_DIALECT)
    return bound if bound is None else str(bound)
