"""Reading everything that the log vouches for, for `skillpassport log verify`.

The comparison itself is in `skillpassport.transparency.audit`; this module brings the evidence:
entries, leaves and heads of the database, heads and leaves outside it, a head that someone kept,
and every row of every logged table as it is now, with the changeable state that follows from them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Select, Table, func, select, tuple_, type_coerce
from sqlalchemy.types import NullType

from skillpassport.custody.master import MasterKeyUnknown
from skillpassport.custody.sealing import SealBroken
from skillpassport.custody.subjects import SubjectKey
from skillpassport.db.bulk import bulk_findings
from skillpassport.db.head_files import HeadFiles
from skillpassport.db.internals_audit import internal_findings
from skillpassport.db.log import entry_of, open_salt
from skillpassport.db.log_facts import (
    is_logged,
    key_values,
    row_id,
    stored_columns,
    stored_facts_of,
)
from skillpassport.db.projections import projection_findings
from skillpassport.db.search_audit import search_findings
from skillpassport.db.state_audit import state_findings
from skillpassport.db.subject_keys import SubjectKeys
from skillpassport.db.subject_keys_audit import subject_key_findings
from skillpassport.db.tables import metadata
from skillpassport.db.tables.log import log_entries, log_heads, log_leaves, subject_erasures
from skillpassport.db.tables.metadata import read_instant
from skillpassport.db.unit_of_work import Database
from skillpassport.transparency.audit import (
    AuditReport,
    Finding,
    FindingCode,
    Head,
    RowState,
    Tree,
    audit_tree,
    compare_row,
    summarised,
)
from skillpassport.transparency.checkpoint import (
    Checkpoint,
    HeadInvalid,
    open_checkpoint,
    read_checkpoint,
)
from skillpassport.transparency.entries import SALT_BYTES, Entry, Facts
from skillpassport.transparency.merkle import HASH_BYTES
from skillpassport.vc.keys import PublicKey

_BATCH: Final = 500
_UNREADABLE: Final = datetime(1970, 1, 1, tzinfo=UTC)
GIVEN_HEAD: Final = "the given head"


def verify_log(
    database: Database,
    *,
    public_keys: Sequence[PublicKey],
    head_text: str | None = None,
    heads_dir: Path | None = None,
) -> AuditReport:
    """Return how the database compares with its log, and the log with its signed heads.

    public_keys: keys that the instance signs heads with, or has signed them with
    head_text: a head that was kept elsewhere; the only evidence that the operator cannot remove
    heads_dir: the folder of heads and leaves; None where only the database is at hand
    Raises: HeadInvalid when the given head is not a head at all, DatabaseFailure and its kinds
    """
    if head_text is not None:
        read_checkpoint(head_text)
    # Files first: the database may grow meanwhile, but must never be behind them.
    files = HeadFiles(heads_dir) if heads_dir is not None else None
    notes = {f"heads/{name}": note for name, note in files.heads().items()} if files else {}
    leaves = files.leaves() if files else []
    with database.snapshot() as work:
        stored = _notes(work.connection)
        if head_text is not None:
            notes[GIVEN_HEAD] = head_text
        heads, findings = _open_heads(notes | stored, public_keys)
        findings += _missing_heads(heads, stored)
        placed = _Placed(work.connection, end=_end(work.connection, heads))
        tree = Tree(placed)
        findings += placed.beyond
        witnesses = {"heads/leaves": leaves, "log_leaves": _leaves(work.connection)}
        findings += audit_tree(tree, witnesses=witnesses, heads=heads)
        rows = _RowAudit(work.connection, database.subject_keys)
        rows.run()
        rows.compare_bulk()
        rows.findings += state_findings(work.connection)
        rows.findings += projection_findings(work.connection, work.organisation_keys)
        rows.findings += internal_findings(work.connection, work.organisation_keys)
        rows.findings += search_findings(
            work.connection, work.organisation_keys, database.subject_keys
        )
        rows.findings += subject_key_findings(work.connection, database.subject_keys)
        pending = _pending(work.connection)
    return AuditReport(
        entries=len(tree.leaves),
        pending=pending,
        rows=rows.as_recorded,
        erased=rows.erased,
        heads=len(heads),
        findings=(*findings, *summarised(rows.findings)),
    )


def _notes(connection: Connection) -> dict[str, str]:
    rows = connection.execute(select(log_heads.c.size, log_heads.c.note))
    return {f"log_heads/{row.size}": row.note for row in rows}


def _open_heads(
    notes: Mapping[str, str], public_keys: Sequence[PublicKey]
) -> tuple[list[Head], list[Finding]]:
    heads: list[Head] = []
    findings: list[Finding] = []
    for source, note in notes.items():
        try:
            heads.append(Head(source=source, checkpoint=_open(note, public_keys)))
        except HeadInvalid as error:
            findings.append(
                Finding(code=FindingCode.HEAD_INVALID, subject=source, message=error.message)
            )
    return heads, findings


def _open(note: str, public_keys: Sequence[PublicKey]) -> Checkpoint:
    origin = read_checkpoint(note).origin
    failure = HeadInvalid("a key of this log to check it with", "none")
    for public_key in public_keys:
        try:
            return open_checkpoint(note, origin=origin, public_key=public_key)
        except HeadInvalid as error:
            failure = error
    raise failure


def _missing_heads(heads: Sequence[Head], stored: Mapping[str, str]) -> list[Finding]:
    """Name heads that were published and are gone from the database."""
    return [
        Finding(
            code=FindingCode.HEAD_MISSING,
            subject=head.source,
            message=(
                f"The head over {head.checkpoint.size} entries in {head.source} is not in the "
                "database any more."
            ),
        )
        for head in heads
        if f"log_heads/{head.checkpoint.size}" not in stored
    ]


def _end(connection: Connection, heads: Sequence[Head]) -> int:
    """Return the first place that nothing can have: an entry gets one together with a head."""
    count = connection.scalar(select(func.count()).select_from(log_entries)) or 0
    return max((head.checkpoint.size for head in heads), default=count)


@dataclass(slots=True)
class _Placed:
    """Entries by position, and those at a place where nothing was ever sequenced.

    One that was moved there is missing at its own place as well; a copy is missing nowhere.

    end: the first place that no head reaches
    """

    connection: Connection
    end: int
    beyond: list[Finding] = field(default_factory=list)

    def __iter__(self) -> Iterator[tuple[int, Entry]]:
        query = _entries().where(log_entries.c.position.is_not(None))
        ordered = query.order_by(log_entries.c.position)
        streaming = ordered.execution_options(yield_per=_BATCH)
        for row in self.connection.execute(streaming).mappings():
            position = row["position"]
            if isinstance(position, int) and 0 <= position < self.end:
                yield position, _entry(row)
            else:
                self.beyond.append(_placed_beyond(_entry(row), position))


def _placed_beyond(entry: Entry, position: object) -> Finding:
    return Finding(
        code=FindingCode.ENTRY_ADDED,
        subject=entry.subject,
        message=(
            f"An entry of {entry.subject} says that its place is {position}, where nothing was "
            "ever sequenced: it was put in afterwards, or moved there."
        ),
    )


def _entries() -> Select[Any]:
    """Return a query of entries whose times are as the driver gives them, mangled ones included."""
    others = [column for column in log_entries.columns if column.key != "time"]
    return select(type_coerce(log_entries.c.time, NullType()).label("time"), *others)


def _entry(row: RowMapping) -> Entry:
    """Return an entry; one whose time cannot be read differs from what was sequenced."""
    try:
        time = read_instant(str(row["time"]))
    except ValueError:
        time = _UNREADABLE
    return entry_of({**row, "time": time})


def _leaves(connection: Connection) -> Sequence[bytes]:
    leaves = connection.scalars(select(log_leaves.c.leaf).order_by(log_leaves.c.position))
    return [leaf if _is_octets(leaf, HASH_BYTES) else bytes(HASH_BYTES) for leaf in leaves]


def _pending(connection: Connection) -> int:
    unsequenced = select(func.count()).where(log_entries.c.position.is_(None))
    return connection.scalar(unsequenced) or 0


@dataclass(slots=True)
class _RowAudit:
    """Compares every logged row with its entries, table by table."""

    connection: Connection
    subject_keys: SubjectKeys
    as_recorded: int = 0
    erased: int = 0
    findings: list[Finding] = field(default_factory=list)
    erasures: set[str] = field(default_factory=set)

    def run(self) -> None:
        self.erasures = _erased(self.connection)
        named = select(log_entries.c.table_name).distinct()
        logged = {table.name for table in metadata.tables.values() if is_logged(table)}
        for name in sorted(logged | set(self.connection.scalars(named))):
            table = metadata.tables.get(name)
            self._compare_entries(name, table)
            if table is not None and is_logged(table):
                self._find_unrecorded(table)

    def compare_bulk(self) -> None:
        """Compare the rows of bulk tables with the digests of their changes."""
        as_recorded, findings = bulk_findings(self.connection)
        self.as_recorded += as_recorded
        self.findings += findings

    def _compare_entries(self, name: str, table: Table | None) -> None:
        query = (
            _entries()
            .where(log_entries.c.table_name == name)
            .order_by(log_entries.c.time, log_entries.c.id)
        )
        for batch in _batches(self._stream(query)):
            facts = _facts(self.connection, table, batch) if table is not None else {}
            keys = self._keys(batch)
            for entry in batch:
                self._compare(entry, facts.get(entry["row_id"]), keys)

    def _compare(
        self, row: RowMapping, facts: Facts | None, keys: Mapping[str, SubjectKey]
    ) -> None:
        try:
            salt = open_salt(row, keys.get(row["subject_key_id"]))
        except (SealBroken, TypeError):
            salt = b""
        if salt is not None and not _is_octets(salt, SALT_BYTES):
            # The salt was altered; what it committed to can no longer be shown.
            salt = bytes(SALT_BYTES)
        entry = _entry(row)
        erased = entry.subject in self.erasures
        state = compare_row(entry, facts=facts, salt=salt, erasure_recorded=erased)
        if state is RowState.AS_RECORDED:
            self.as_recorded += 1
        elif state is RowState.ERASED:
            self.erased += 1
        else:
            self.findings.append(_row_finding(state, entry, row["position"]))

    def _find_unrecorded(self, table: Table) -> None:
        columns = list(table.primary_key)
        for batch in _batches(self._stream(select(*columns))):
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

    def _stream(self, query: Select[Any]) -> Iterator[RowMapping]:
        streaming = query.execution_options(yield_per=_BATCH)
        return iter(self.connection.execute(streaming).mappings())


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


def _is_octets(value: object, length: int) -> bool:
    """Return whether a value is what it should be: SQLite keeps anything in any column."""
    return isinstance(value, bytes) and len(value) == length


def _batches(rows: Iterable[RowMapping]) -> Iterator[list[RowMapping]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, _BATCH)):
        yield batch


def _row_finding(state: RowState, entry: Entry, position: int | None) -> Finding:
    place = f"at place {position}" if position is not None else "and not yet sequenced"
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
            f"{entry.subject} {happened} ({entry.kind}, recorded {entry.time.isoformat()} {place})."
        ),
    )


def _added_row(table: Table, name: str) -> Finding:
    return Finding(
        code=FindingCode.ROW_ADDED,
        subject=f"{table.name}/{name}",
        message=f"{table.name}/{name} has no entry in the log: it was put in past the log.",
    )
