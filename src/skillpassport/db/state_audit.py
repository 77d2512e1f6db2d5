"""Comparing state that may change with the recorded events that it must follow from.

A status bit, a key's retirement: such columns change, so no entry of the log commits to them. They
are only conclusions, though. What they are drawn from (status events, withdrawals, key events) is
logged row by row, and a bit that was cleared by hand contradicts it.

Values are read as the driver gives them; what someone has mangled must be named, not stumbled over.
"""

import json
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, Table, select, type_coerce
from sqlalchemy.types import NullType

from skillpassport.db.tables.credentials import credentials, status_entries, status_events
from skillpassport.db.tables.organisations import key_events, signing_keys, withdrawals
from skillpassport.transparency.audit import Finding, FindingCode

_BATCH: Final = 500

# Which purpose an action turns, and whether it sets or clears it.
_TURNS: Final = {
    "suspend": ("suspension", True),
    "reinstate": ("suspension", False),
    "revoke": ("revocation", True),
    "supersede": ("revocation", True),
}


def state_findings(connection: Connection) -> list[Finding]:
    """Return every changeable state that does not follow from what was recorded."""
    return [
        *_status_findings(connection),
        *_entry_findings(connection),
        *_key_findings(connection),
    ]


def _status_findings(connection: Connection) -> Iterator[Finding]:
    for batch in _batches(connection, status_entries):
        subjects = {row["subject"] for row in batch}
        expected = _bits(connection, subjects) | _withdrawn(connection, subjects)
        for row in batch:
            since = expected.get((row["subject"], row["purpose"]))
            if row["set_since"] != since:
                yield _finding(
                    f"status_entries/{row['list']}/{row['index']}",
                    f"the {row['purpose']} bit of {row['subject']}",
                    found=row["set_since"],
                    expected=since,
                )


def _bits(connection: Connection, subjects: set[str]) -> dict[tuple[str, str], str | None]:
    """Return since when each bit of these credentials is set, by its recorded events."""
    wanted = _raw(status_events).where(status_events.c.credential.in_(subjects))
    since: dict[tuple[str, str], str | None] = {}
    for row in connection.execute(wanted.order_by(status_events.c.position)).mappings():
        purpose, sets = _TURNS.get(row["action"], (row["action"], True))
        since[row["credential"], purpose] = row["recorded_at"] if sets else None
    return since


def _withdrawn(connection: Connection, subjects: set[str]) -> dict[tuple[str, str], str | None]:
    """Return since when each of these accreditations is withdrawn: recorded and effective."""
    wanted = _raw(withdrawals).where(withdrawals.c.accreditation.in_(subjects))
    return {
        (row["accreditation"], "revocation"): max(
            str(row["recorded_at"]), f"{_day(row['effective_from'])}T00:00:00.000000Z"
        )
        for row in connection.execute(wanted).mappings()
    }


def _entry_findings(connection: Connection) -> Iterator[Finding]:
    """Name credentials whose signed status entries are not the reserved ones."""
    for batch in _batches(connection, credentials):
        wanted = status_entries.c.subject.in_({row["id"] for row in batch})
        reserved: dict[str, set[tuple[str, int]]] = {}
        for row in connection.execute(_raw(status_entries).where(wanted)).mappings():
            reserved.setdefault(row["subject"], set()).add((row["purpose"], row["index"]))
        for row in batch:
            signed, held = _signed(row["entries"]), reserved.get(row["id"], set())
            if signed is not None and signed != held:
                yield _finding(
                    f"credentials/{row['id']}",
                    "the set of its reserved status entries",
                    found=sorted(held),
                    expected=sorted(signed),
                )


def _signed(entries: object) -> set[tuple[str, int]] | None:
    """Return purposes and indexes as signed; None where the row itself is mangled."""
    try:
        return {(entry["purpose"], entry["index"]) for entry in json.loads(str(entries))}
    except (ValueError, TypeError, KeyError):
        return None  # the row is named as changed already


def _key_findings(connection: Connection) -> Iterator[Finding]:
    events: dict[tuple[str, str], str] = {}
    for row in connection.execute(_raw(key_events)).mappings():
        events.setdefault((row["signing_key"], row["event"]), row["recorded_at"])
    for batch in _batches(connection, signing_keys):
        for row in batch:
            for event in ("retired", "revoked"):
                expected = events.get((row["id"], event))
                if row[f"{event}_at"] != expected:
                    yield _finding(
                        f"signing_keys/{row['id']}",
                        f"when it was {event}",
                        found=row[f"{event}_at"],
                        expected=expected,
                    )


def _finding(subject: str, what: str, *, found: object, expected: object) -> Finding:
    return Finding(
        code=FindingCode.STATE_CHANGED,
        subject=subject,
        message=(
            f"{subject}: {what} is {found or 'not set'}, but by the recorded events it is "
            f"{expected or 'not set'}."
        ),
    )


def _day(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _raw(table: Table) -> Select[Any]:
    columns: list[ColumnElement[Any]] = [
        type_coerce(each, NullType()).label(each.key) for each in table.columns
    ]
    query: Select[Any] = select(*columns)
    return query


def _batches(connection: Connection, table: Table) -> Iterator[list[RowMapping]]:
    query = _raw(table).execution_options(yield_per=_BATCH)
    rows = iter(connection.execute(query).mappings())
    while batch := list(islice(rows, _BATCH)):
        yield batch
