"""Entries of the log as they are kept, whatever somebody made of them.

One that cannot be read must hide no other and stop nothing: the sequencer gives it a place, and the
audit names it.
"""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import RowMapping, Select

from skillpassport.db.kept_values import as_kept
from skillpassport.db.tables.log import log_entries
from skillpassport.db.tables.metadata import read_instant
from skillpassport.transparency.entries import Entry

_UNREADABLE: Final = datetime(1970, 1, 1, tzinfo=UTC)


def entries_as_kept() -> Select[Any]:
    """Return a query of entries, every value as the driver gives it."""
    return as_kept(log_entries)


def kept_entry(row: RowMapping) -> Entry:
    """Return the line of the log that an entry stands for; a time that is none is that of 1970."""
    try:
        time = read_instant(str(row["time"]))
    except ValueError:
        time = _UNREADABLE
    return Entry(
        kind=_text(row["kind"]),
        subject=f"{_text(row['table_name'])}/{_text(row['row_id'])}",
        time=time,
        commitment=_text(row["commitment"]),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else repr(value)
