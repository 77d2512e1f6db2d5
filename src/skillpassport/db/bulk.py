"""Rows by the hundred thousand, and the one digest by which the log vouches for those of a change.

An entry of the log for each would be larger than what it vouches for. Instead the row of
`registry_changes`, which has an entry, holds for each bulk table the number of the change's rows
and a SHA-256 over them in the order of their keys, each as a line of JSON with its values as they
are kept. A row that is altered, removed or put in changes the digest of its change.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Select, Table, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from skillpassport.db.kept_values import as_kept
from skillpassport.db.log import Recorder
from skillpassport.db.tables import metadata
from skillpassport.db.tables.frameworks import registry_changes
from skillpassport.transparency.entries import Kind

Values = tuple[str | int | None, ...]
"""A row's values as they are kept, in the order of the table's columns."""

Progress = Callable[[int], None]
"""Told now and then how many more things are done."""

_CHUNK: Final = 20_000
_READ: Final = 5_000
_CACHE_KIB: Final = 64 * 1024
_LONGEST_STATEMENT: Final = "15min"
"""Of an import on PostgreSQL; a request's statement has half a minute."""


def as_json(value: object) -> str:
    """Return a value as the columns of type `Json` keep it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def bulk_tables() -> Iterator[Table]:
    """Yield the tables whose rows are vouched for change by change."""
    for table in metadata.tables.values():
        if table.info.get("bulk", False):
            yield table


@dataclass(slots=True)
class RowsDigest:
    """A digest over rows, growing."""

    rows: int = 0
    _hash: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def add(self, row: Sequence[object]) -> None:
        """Take in the next row, its values as they are kept."""
        self.rows += 1
        self._hash.update(_line(row))

    def told(self) -> dict[str, object]:
        """Return number and digest, as a change records them."""
        return {"rows": self.rows, "digest": f"sha256:{self._hash.hexdigest()}"}


def _line(row: Sequence[object]) -> bytes:
    try:
        return orjson.dumps(tuple(row), option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # SQLite keeps anything in any column, octets and halves of pairs too
        return repr(tuple(row)).encode("utf-8", "backslashreplace") + b"\n"


@dataclass(slots=True)
class BulkChange:
    """One change of the registry with rows in bulk tables.

    number: of the change; its rows carry it in their column `change`
    """

    connection: Connection
    number: int
    rows_added: int = 0
    progress: Progress = field(default=lambda _: None)
    _tables: dict[str, Table] = field(default_factory=dict)

    def write(self, table: Table, rows: Iterable[Values]) -> int:
        """Write rows of a table and return how many they were.

        rows: in the order of the keys, or nearly so, which keeps the index's pages at hand
        """
        self._tables[table.name] = table
        written = _writer(self.connection, table)(rows, self.progress)
        self.rows_added += written
        return written

    def digests(self) -> dict[str, dict[str, object]]:
        """Return number and digest of the rows in each table that was written to.

        They are read back: what is vouched for is what the database gives, on either engine.
        """
        found = {}
        for name, table in sorted(self._tables.items()):
            digest = RowsDigest()
            for batch in lots(self.connection, in_order(table, change=self.number)):
                for row in batch:
                    digest.add(row)
                self.progress(len(batch))
            found[name] = digest.told()
        return found


@contextmanager
def bulk_change(
    connection: Connection,
    record: Recorder,
    *,
    origin: str,
    now: datetime,
    progress: Progress = lambda _: None,
) -> Iterator[BulkChange]:
    """Begin a change of the registry; at the end its digests are recorded in the log.

    origin: how the rows came in, in words
    progress: told how many more rows are done; each counts twice, since it is read back
    """
    newest = connection.execute(select(func.max(registry_changes.c.number))).scalar() or 0
    change = BulkChange(connection, newest + 1, progress=progress)
    with _room(connection):
        yield change
        row = {
            "number": change.number,
            "origin": origin,
            "rows_added": change.rows_added,
            "made_at": now,
            "bulk": change.digests(),
        }
    connection.execute(insert(registry_changes), [row])
    record(Kind.REGISTRY_EDITED, registry_changes, row)


def in_order(table: Table, change: int | None = None) -> Select[Any]:
    """Return a query of a table's values as they are kept, in the order of its keys."""
    query = as_kept(table).order_by(*table.primary_key)
    return query if change is None else query.where(table.c.change == change)


def lots(connection: Connection, query: Select[Any]) -> Iterator[Sequence[Sequence[object]]]:
    """Yield what a query finds, some thousands of rows at a time."""
    result = connection.execute(query.execution_options(yield_per=_READ))
    while batch := result.fetchmany(_READ):
        yield batch


def _writer(connection: Connection, table: Table) -> Callable[[Iterable[Values], Progress], int]:
    names = ", ".join(table.columns.keys())
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" for _ in table.columns)
        statement = f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608 (ours)
        return lambda rows, progress: _insert(connection, statement, rows, progress)
    statement = f"COPY {table.name} ({names}) FROM STDIN"
    return lambda rows, progress: _copy(connection, statement, rows, progress)


def _insert(
    connection: Connection, statement: str, rows: Iterable[Values], progress: Progress
) -> int:
    iterator, written = iter(rows), 0
    while chunk := list(islice(iterator, _CHUNK)):
        connection.exec_driver_sql(statement, chunk)
        written += len(chunk)
        progress(len(chunk))
    return written


def _copy(
    connection: Connection, statement: str, rows: Iterable[Values], progress: Progress
) -> int:
    import psycopg  # noqa: PLC0415 (only where PostgreSQL is used)

    driver: Any = connection.connection.driver_connection
    iterator, written = iter(rows), 0
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            while chunk := list(islice(iterator, _CHUNK)):
                for row in chunk:
                    copy.write_row(row)
                written += len(chunk)
                progress(len(chunk))
    except psycopg.Error as error:
        # As SQLAlchemy would have raised it, so that it is translated like any other.
        raise DBAPIError.instance(
            statement, None, error, psycopg.Error, dialect=connection.dialect
        ) from error
    return written


@contextmanager
def _room(connection: Connection) -> Iterator[None]:
    """Let one transaction take longer, and have more pages at hand, than a request's does."""
    if connection.dialect.name == "sqlite":
        driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
        (usual,) = driver.execute("PRAGMA cache_size").fetchone()
        driver.execute(f"PRAGMA cache_size = {-_CACHE_KIB}")
        try:
            yield
        finally:
            driver.execute(f"PRAGMA cache_size = {int(usual)}")
        return
    connection.execute(text(f"SET LOCAL statement_timeout = '{_LONGEST_STATEMENT}'"))
    connection.execute(
        text(f"SET LOCAL idle_in_transaction_session_timeout = '{_LONGEST_STATEMENT}'")
    )
    yield
