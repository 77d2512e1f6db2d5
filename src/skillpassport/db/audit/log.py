"""Reading everything that the log vouches for, for `skillpassport log verify`.

The comparison itself is in `skillpassport.transparency.audit`; this module brings the evidence:
entries, leaves and heads of the database, heads and leaves outside it, a head that someone kept,
and every row of every logged table as it is now, with the changeable state that follows from them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, select

from skillpassport.db.audit.bulk_rows import bulk_findings
from skillpassport.db.audit.internals import internal_findings
from skillpassport.db.audit.projections import projection_findings
from skillpassport.db.audit.rows import RowAudit, is_octets
from skillpassport.db.audit.search import search_findings
from skillpassport.db.audit.states import state_findings
from skillpassport.db.audit.subject_keys import subject_key_findings
from skillpassport.db.head_files import HeadFiles
from skillpassport.db.kept_entries import entries_as_kept, kept_entry
from skillpassport.db.kept_values import BATCH
from skillpassport.db.tables.log import log_entries, log_heads, log_leaves
from skillpassport.db.unit_of_work import Database
from skillpassport.transparency.audit import (
    AuditReport,
    Finding,
    FindingCode,
    Head,
    Tree,
    audit_tree,
    summarised,
)
from skillpassport.transparency.checkpoint import (
    Checkpoint,
    HeadInvalid,
    open_checkpoint,
    read_checkpoint,
)
from skillpassport.transparency.entries import Entry
from skillpassport.transparency.merkle import HASH_BYTES
from skillpassport.vc.keys import PublicKey

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
        rows = RowAudit(work.connection, work.organisation_keys, database.subject_keys)
        rows.run()
        bulk_rows, of_bulk = bulk_findings(work.connection)
        others = [
            *rows.findings,
            *of_bulk,
            *state_findings(work.connection),
            *projection_findings(work.connection, work.organisation_keys),
            *internal_findings(work.connection, work.organisation_keys),
            *search_findings(work.connection, work.organisation_keys, database.subject_keys),
            *subject_key_findings(work.connection, database.subject_keys),
        ]
        pending = _pending(work.connection)
    return AuditReport(
        entries=len(tree.leaves),
        pending=pending,
        rows=rows.as_recorded + bulk_rows,
        erased=rows.erased,
        heads=len(heads),
        findings=(*findings, *summarised(others)),
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
    log = Counter(head.checkpoint.origin for head in heads).most_common(1)
    findings += [_of_another_log(head) for head in heads if head.checkpoint.origin != log[0][0]]
    return [head for head in heads if head.checkpoint.origin == log[0][0]], findings


def _of_another_log(head: Head) -> Finding:
    return Finding(
        code=FindingCode.HEAD_INVALID,
        subject=head.source,
        message=f"{head.source} is a head of another log, '{head.checkpoint.origin}'.",
    )


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
        query = entries_as_kept().where(log_entries.c.position.is_not(None))
        ordered = query.order_by(log_entries.c.position)
        streaming = ordered.execution_options(yield_per=BATCH)
        for row in self.connection.execute(streaming).mappings():
            position = row["position"]
            if isinstance(position, int) and 0 <= position < self.end:
                yield position, kept_entry(row)
            else:
                self.beyond.append(_placed_beyond(kept_entry(row), position))


def _placed_beyond(entry: Entry, position: object) -> Finding:
    return Finding(
        code=FindingCode.ENTRY_ADDED,
        subject=entry.subject,
        message=(
            f"An entry of {entry.subject} says that its place is {position}, where nothing was "
            "ever sequenced: it was put in afterwards, or moved there."
        ),
    )


def _leaves(connection: Connection) -> Sequence[bytes]:
    leaves = connection.scalars(select(log_leaves.c.leaf).order_by(log_leaves.c.position))
    return [leaf if is_octets(leaf, HASH_BYTES) else bytes(HASH_BYTES) for leaf in leaves]


def _pending(connection: Connection) -> int:
    unsequenced = select(func.count()).where(log_entries.c.position.is_(None))
    return connection.scalar(unsequenced) or 0
