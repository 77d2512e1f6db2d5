"""Comparing every logged row with its entry, and every entry with the code that the program made."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import Connection, RowMapping, Table, func, select, tuple_, type_coerce
from sqlalchemy.types import NullType

from skillpassport.custody.master import MasterKeyUnknown
from skillpassport.custody.sealing import SealBroken
from skillpassport.custody.subjects import SubjectKey
from skillpassport.db.entry_macs import fits, is_own, mac_key
from skillpassport.db.kept_entries import entries_as_kept, kept_entry
from skillpassport.db.kept_values import batches_of
from skillpassport.db.log import open_salt
from skillpassport.db.log_facts import (
    is_logged,
    key_values,
    row_id,
    stored_columns,
    stored_facts_of,
)
from skillpassport.db.organisation_keys import OrganisationKeyMissing, OrganisationKeys
from skillpassport.db.subject_keys import SubjectKeys
from skillpassport.db.tables import metadata
from skillpassport.db.tables.log import log_entries, subject_erasures
from skillpassport.transparency.audit import Finding, FindingCode, RowState, compare_row
from skillpassport.transparency.entries import SALT_BYTES, Entry, Facts


@dataclass(slots=True)
class RowAudit:
    """Compares every logged row with its entry, table by table.

    organisation_keys: hold the key of the codes that entries carry
    """

    connection: Connection
    organisation_keys: OrganisationKeys
    subject_keys: SubjectKeys
    as_recorded: int = 0
    erased: int = 0
    findings: list[Finding] = field(default_factory=list)
    erasures: set[str] = field(default_factory=set)
    mac_key: bytes | None = None

    def run(self) -> None:
        """Look at every entry and every row once."""
        self.erasures = _erased(self.connection)
        self.findings += _repeated(self.connection)
        self.mac_key = self._mac_key()
        named = select(log_entries.c.table_name).distinct()
        logged = {table.name for table in metadata.tables.values() if is_logged(table)}
        for name in sorted(logged | set(self.connection.scalars(named)), key=str):
            table = metadata.tables.get(name)
            self._compare_entries(name, table)
            if table is not None and is_logged(table):
                self._find_unrecorded(table)

    def _mac_key(self) -> bytes | None:
        """Return the key of the codes; None where it is gone, which is named already."""
        try:
            return mac_key(self.organisation_keys)
        except (OrganisationKeyMissing, MasterKeyUnknown, SealBroken):
            return None

    def _compare_entries(self, name: str, table: Table | None) -> None:
        query = (
            entries_as_kept()
            .where(log_entries.c.table_name == name)
            .order_by(log_entries.c.time, log_entries.c.id)
        )
        for batch in batches_of(self.connection, query):
            facts = _facts(self.connection, table, batch) if table is not None else {}
            keys = self._keys(batch)
            for row in batch:
                self._compare(row, facts.get(row["row_id"]), keys)
                if self.mac_key is not None and not is_own(self.mac_key, row):
                    self.findings.append(_forged(kept_entry(row), row["position"]))

    def _compare(
        self, row: RowMapping, facts: Facts | None, keys: Mapping[str, SubjectKey]
    ) -> None:
        try:
            salt = open_salt(row, keys.get(row["subject_key_id"]))
        except (SealBroken, TypeError):
            salt = b""
        if salt is not None and not is_octets(salt, SALT_BYTES):
            # The salt was altered; what it committed to can no longer be shown.
            salt = bytes(SALT_BYTES)
        entry = kept_entry(row)
        state = compare_row(
            entry,
            facts=facts,
            salt=salt,
            erasure_recorded=entry.subject in self.erasures,
            carries_code=facts is not None and self._fits(row, facts),
        )
        if state is RowState.AS_RECORDED:
            self.as_recorded += 1
        elif state is RowState.ERASED:
            self.erased += 1
        else:
            self.findings.append(_row_finding(state, entry, row["position"]))

    def _fits(self, row: RowMapping, facts: Facts) -> bool:
        return self.mac_key is None or fits(self.mac_key, row, facts)

    def _find_unrecorded(self, table: Table) -> None:
        columns = list(table.primary_key)
        for batch in batches_of(self.connection, select(*columns)):
            names = {row_id(table, {each.key: row[each] for each in columns}) for row in batch}
            recorded = self.connection.scalars(
                select(log_entries.c.row_id).where(
                    log_entries.c.table_name == table.name, log_entries.c.row_id.in_(names)
                )
            )
            self.findings += [_added_row(table, name) for name in sorted(names - set(recorded))]

    def _keys(self, batch: Sequence[RowMapping]) -> dict[str, SubjectKey]:
        """Return the keys that open; rows under one that was altered are named as unreadable."""
        wanted = {row["subject_key_id"] for row in batch if row["subject_key_id"] is not None}
        try:
            return self.subject_keys.get_many(wanted) if wanted else {}
        except (SealBroken, MasterKeyUnknown):
            return dict(self._opened(wanted))

    def _opened(self, key_ids: Iterable[str]) -> Iterator[tuple[str, SubjectKey]]:
        for key_id in key_ids:
            with suppress(SealBroken, MasterKeyUnknown):
                yield from self.subject_keys.get_many([key_id]).items()


def _repeated(connection: Connection) -> Iterator[Finding]:
    """Name rows with more than one entry: each is written once, and has one of its own."""
    name = (log_entries.c.table_name, log_entries.c.row_id)
    query = select(*name, func.count()).group_by(*name).having(func.count() > 1)
    for table, row, number in connection.execute(query):
        yield Finding(
            code=FindingCode.ENTRY_ADDED,
            subject=f"{table}/{row}",
            message=f"{table}/{row} has {number} entries, of which the program wrote one.",
        )


def _facts(connection: Connection, table: Table, entries: Sequence[RowMapping]) -> dict[str, Facts]:
    """Return the facts of the rows that these entries are about, by the rows' names."""
    wanted = [key for entry in entries if (key := _key(table, entry["row_id"])) is not None]
    matches = tuple_(*table.primary_key).in_(wanted)
    rows = connection.execute(select(*stored_columns(table)).where(matches)).mappings()
    return {row_id(table, row): stored_facts_of(table, row) for row in rows}


def _erased(connection: Connection) -> set[str]:
    """Return the rows that recorded erasures cover; what is mangled covers none."""
    found: set[str] = set()
    query = select(type_coerce(subject_erasures.c.covers, NullType()))
    for text in connection.scalars(query):
        with suppress(ValueError, TypeError):
            found.update(json.loads(str(text)))
    return found


def _key(table: Table, name: str) -> tuple[object, ...] | None:
    try:
        return key_values(table, name)
    except (ValueError, TypeError):
        return None  # a name that was altered is the name of no row


def is_octets(value: object, length: int) -> bool:
    """Return whether a value is what it should be: SQLite keeps anything in any column."""
    return isinstance(value, bytes) and len(value) == length


def _forged(entry: Entry, position: int | None) -> Finding:
    return Finding(
        code=FindingCode.ENTRY_FORGED,
        subject=entry.subject,
        position=position,
        message=(
            f"The entry of {entry.subject}, {_sequenced(position)}, does not carry the code that only "
            "the program can make: it was written, or altered, past the program."
        ),
    )


def _sequenced(position: int | None) -> str:
    return f"at place {position}" if position is not None else "not yet sequenced"


def _row_finding(state: RowState, entry: Entry, position: int | None) -> Finding:
    what = {
        RowState.CHANGED: (FindingCode.ROW_CHANGED, "is not as it was recorded"),
        RowState.DELETED: (FindingCode.ROW_DELETED, "is gone"),
        RowState.ERASURE_UNRECORDED: (
            FindingCode.ERASURE_UNRECORDED,
            "cannot be checked: its person's key is gone, but no erasure was recorded",
        ),
    }
    code, happened = what[state]
    return Finding(
        code=code,
        subject=entry.subject,
        position=position,
        message=(
            f"{entry.subject} {happened} ({entry.kind}, recorded {entry.time.isoformat()}, "
            f"{_sequenced(position)})."
        ),
    )


def _added_row(table: Table, name: str) -> Finding:
    return Finding(
        code=FindingCode.ROW_ADDED,
        subject=f"{table.name}/{name}",
        message=f"{table.name}/{name} has no entry in the log: it was put in past the log.",
    )
