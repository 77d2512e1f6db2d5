"""Comparing state that may change with the recorded events that it must follow from.

A status bit, a key's retirement: such columns change, so no entry of the log commits to them. They
are only conclusions, though. What they are drawn from (status events, withdrawals, key events) is
logged row by row, and a bit that was cleared by hand contradicts it.

Values are read as the driver gives them; what someone has mangled must be named, not stumbled over.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Final

from sqlalchemy import Connection, RowMapping, select

from skillpassport.db.audit.findings import contradiction
from skillpassport.db.kept_values import as_kept, as_kept_column, batches
from skillpassport.db.tables.credentials import (
    credentials,
    status_entries,
    status_events,
    status_lists,
)
from skillpassport.db.tables.organisations import (
    accreditations,
    key_events,
    signing_keys,
    withdrawals,
)
from skillpassport.db.tables.profiles import profile_credentials, profile_status_events
from skillpassport.db.tables.statements import comparability_statements
from skillpassport.transparency.audit import Finding

# Purpose, address of the list, and index.
_Reserved = tuple[str, str, str]

TURNS: Final = {
    "suspend": ("suspension", True),
    "reinstate": ("suspension", False),
    "revoke": ("revocation", True),
    "supersede": ("revocation", True),
}
"""Which purpose an action turns, and whether it sets or clears it."""


def state_findings(connection: Connection) -> list[Finding]:
    """Return every changeable state that does not follow from what was recorded."""
    return [
        *_status_findings(connection),
        *_entry_findings(connection),
        *_key_findings(connection),
    ]


def _status_findings(connection: Connection) -> Iterator[Finding]:
    for batch in batches(connection, status_entries):
        subjects = {row["subject"] for row in batch}
        expected = (
            _bits(connection, subjects)
            | _withdrawn(connection, subjects)
            | _profile_bits(connection, subjects)
            | _replaced(connection, subjects)
        )
        for row in batch:
            since = expected.get((row["subject"], row["purpose"]))
            if row["set_since"] != since:
                yield contradiction(
                    f"status_entries/{row['list']}/{row['index']}",
                    f"the {row['purpose']} bit of {row['subject']}",
                    found=row["set_since"],
                    expected=since,
                )


def _bits(connection: Connection, subjects: set[str]) -> dict[tuple[str, str], str | None]:
    """Return since when each bit of these credentials is set, by its recorded events."""
    wanted = as_kept(status_events).where(status_events.c.credential.in_(subjects))
    since: dict[tuple[str, str], str | None] = {}
    for row in connection.execute(wanted.order_by(status_events.c.position)).mappings():
        purpose, sets = TURNS.get(row["action"], (row["action"], True))
        since[row["credential"], purpose] = row["recorded_at"] if sets else None
    return since


def _profile_bits(connection: Connection, subjects: set[str]) -> dict[tuple[str, str], str | None]:
    """Return since when each bit of what was issued under profiles is set, by its events."""
    table = profile_status_events
    wanted = as_kept(table).where(table.c.credential.in_(subjects)).order_by(table.c.position)
    return {
        (row["credential"], row["purpose"]): row["recorded_at"] if row["sets"] else None
        for row in connection.execute(wanted).mappings()
    }


def _withdrawn(connection: Connection, subjects: set[str]) -> dict[tuple[str, str], str | None]:
    """Return since when each of these accreditations is withdrawn: recorded and effective."""
    wanted = as_kept(withdrawals).where(withdrawals.c.accreditation.in_(subjects))
    return {
        (row["accreditation"], "revocation"): max(
            str(row["recorded_at"]), f"{_day(row['effective_from'])}T00:00:00.000000Z"
        )
        for row in connection.execute(wanted).mappings()
    }


def _replaced(connection: Connection, subjects: set[str]) -> dict[tuple[str, str], str | None]:
    """Return since when each of these comparability statements is replaced by another version."""
    table = comparability_statements
    wanted = as_kept(table).where(table.c.supersedes.in_(subjects))
    return {
        (row["supersedes"], "revocation"): row["issued_at"]
        for row in connection.execute(wanted).mappings()
    }


def _entry_findings(connection: Connection) -> Iterator[Finding]:
    """Name awards and accreditations whose signed status entries are not the reserved ones."""
    signed_where = (
        (credentials, _in_column),
        (profile_credentials, _in_column),
        (accreditations, _in_document),
        (comparability_statements, _in_document),
    )
    for table, signed_in in signed_where:
        for batch in batches(connection, table):
            reserved = _reserved(connection, {row["id"] for row in batch})
            for row in batch:
                signed, held = _signed(signed_in, row), reserved.get(row["id"], set())
                if signed is not None and signed != held:
                    yield contradiction(
                        f"{table.name}/{row['id']}",
                        "the set of its reserved status entries",
                        found=sorted(held),
                        expected=sorted(signed),
                    )
    yield from _ownerless(connection)


def _reserved(connection: Connection, subjects: set[str]) -> dict[str, set[_Reserved]]:
    """Return purpose, address of the list and index of each entry, by subject."""
    query = (
        select(*(as_kept_column(each) for each in status_entries.columns), status_lists.c.url)
        .join(status_lists, status_lists.c.id == status_entries.c.list, isouter=True)
        .where(status_entries.c.subject.in_(subjects))
    )
    found: dict[str, set[_Reserved]] = {}
    for row in connection.execute(query).mappings():
        entry = (str(row["purpose"]), str(row["url"]), str(row["index"]))
        found.setdefault(row["subject"], set()).add(entry)
    return found


def _ownerless(connection: Connection) -> Iterator[Finding]:
    """Name entries that belong to nothing: a bit that somebody put in or gave away."""
    known = select(credentials.c.id).union(
        select(accreditations.c.id),
        select(profile_credentials.c.id),
        select(comparability_statements.c.id),
    )
    query = as_kept(status_entries).where(status_entries.c.subject.not_in(known))
    for row in connection.execute(query).mappings():
        subject = f"status_entries/{row['list']}/{row['index']}"
        yield contradiction(
            subject, "its owner", found=row["subject"], expected="an award or an accreditation"
        )


def _signed(
    signed_in: Callable[[RowMapping], Iterable[_Reserved]], row: RowMapping
) -> set[_Reserved] | None:
    """Return the entries as signed; None where the row itself is mangled."""
    try:
        return set(signed_in(row))
    except (ValueError, TypeError, KeyError):
        return None  # the row is named as changed already


def _in_column(row: RowMapping) -> Iterable[_Reserved]:
    entries = json.loads(str(row["entries"]))
    return [(each["purpose"], each["list"], str(each["index"])) for each in entries]


def _in_document(row: RowMapping) -> Iterable[_Reserved]:
    status = json.loads(str(row["document"]))["credentialStatus"]
    address = status["statusListCredential"]
    return [(status["statusPurpose"], address, status["statusListIndex"])]


def _key_findings(connection: Connection) -> Iterator[Finding]:
    events: dict[tuple[str, str], str] = {}
    for row in connection.execute(as_kept(key_events)).mappings():
        events.setdefault((row["signing_key"], row["event"]), row["recorded_at"])
    for batch in batches(connection, signing_keys):
        for row in batch:
            for event in ("retired", "revoked"):
                expected = events.get((row["id"], event))
                if row[f"{event}_at"] != expected:
                    yield contradiction(
                        f"signing_keys/{row['id']}",
                        f"when it was {event}",
                        found=row[f"{event}_at"],
                        expected=expected,
                    )


def _day(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
