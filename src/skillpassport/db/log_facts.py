"""What the log commits to of a row: its facts, the same whether written or read back.

Every engine and driver returns values in its own types. A fact is therefore a text that depends
on the value alone: instants in UTC to the microsecond, octets by their SHA-256, JSON as it is
kept. A column that is NULL is no fact, so that a later migration can add columns without
contradicting what was recorded before.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import Boolean, Column, ColumnElement, Table, type_coerce
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.types import NullType, TypeDecorator

from skillpassport.transparency.entries import Facts, precise_time

_NO_DIALECT = DefaultDialect()  # our column types write the same text for every engine


def is_logged(table: Table) -> bool:
    """Return whether every row of a table has an entry in the log."""
    return bool(table.info.get("logged", False))


def facts_of(table: Table, row: Mapping[str, object]) -> Facts:
    """Return the facts of a row as it is about to be written.

    row: values by column, as given to an insert; a missing column counts as NULL
    Raises: TypeError for a value that has no one text (a float, a decimal)
    """
    return {
        key: _text_of(column, row[key])
        for key, column in _immutable(table)
        if row.get(key) is not None
    }


def stored_columns(table: Table) -> list[ColumnElement[Any]]:
    """Return what to select for `stored_facts_of`: the columns as the driver gives them.

    Our own column types are bypassed: they would refuse to read what someone has mangled.
    """
    wanted = {column.key: column for column in table.primary_key} | dict(_immutable(table))
    return [type_coerce(column, NullType()).label(key) for key, column in wanted.items()]


def stored_facts_of(table: Table, row: Mapping[Any, Any]) -> Facts:
    """Return the facts of a row as it is kept.

    row: the `stored_columns` of the table
    """
    return {
        key: _text_of_stored(column, row[key])
        for key, column in _immutable(table)
        if row[key] is not None
    }


def row_id(table: Table, row: Mapping[Any, Any]) -> str:
    """Return the name of a row within its table: its primary key, parts divided by `/`."""
    return "/".join(quote(str(row[column.key]), safe=":@+") for column in table.primary_key)


def key_values(table: Table, name: str) -> tuple[object, ...]:
    """Return the primary key that a row's name stands for, in the columns' types."""
    parts = [unquote(part) for part in name.split("/")]
    columns = list(table.primary_key)
    return tuple(column.type.python_type(part) for column, part in zip(columns, parts, strict=True))


@cache
def _immutable(table: Table) -> tuple[tuple[str, Column[Any]], ...]:
    """Return name and column of each fact; the tables are as many as the program declares."""
    # SQLAlchemy's names are texts of its own kind, which canonical JSON takes the long way with.
    return tuple(
        (str(column.key), column)
        for column in table.columns
        if not column.info.get("mutable", False)
    )


def _text_of(column: Column[Any], value: object) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return _digest(value)
    if isinstance(value, datetime):
        return precise_time(value)
    if isinstance(column.type, TypeDecorator):
        return str(column.type.process_bind_param(value, _NO_DIALECT))
    if isinstance(column.type, Boolean):
        return _truth(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | int):
        return str(value)
    raise TypeError(
        f"Expected text, a whole number, a date or octets in '{column}', found "
        f"{type(value).__name__}; keep it as text, or mark the column mutable."
    )


def _text_of_stored(column: Column[Any], value: object) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return _digest(value)
    if isinstance(column.type, Boolean):
        return _truth(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _digest(value: bytes | bytearray | memoryview) -> str:
    return f"sha256:{hashlib.sha256(value).hexdigest()}"


def _truth(value: object) -> str:
    """SQLite keeps 0 and 1."""
    return {"0": "false", "1": "true"}.get(str(value), str(value)).lower()
