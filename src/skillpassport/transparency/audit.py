"""Comparing a log with everything that vouches for it, and naming what does not fit.

Three things must agree: the rows of the database with the entries that commit to them, the entries
with the leaves that were written down when they were sequenced, and the leaves with the signed
heads. A head proves *that* something was altered; the leaves tell *what*.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from skillpassport.transparency.checkpoint import Checkpoint
from skillpassport.transparency.entries import Entry, Facts, commit_to
from skillpassport.transparency.merkle import CompactRange

MAX_DISORDER: Final = timedelta(minutes=10)
"""How much earlier than an entry before it an entry may say it was recorded.

Transactions that run side by side commit in another order than they began; none may last longer.
"""

MAX_NAMED: Final = 50
"""How many findings of one kind are named; the rest is counted."""


class FindingCode(StrEnum):
    """What does not fit."""

    ROW_CHANGED = "row-changed"
    ROW_DELETED = "row-deleted"
    ROW_ADDED = "row-added"
    STATE_CHANGED = "state-changed"
    ERASURE_UNRECORDED = "erasure-unrecorded"
    ENTRY_CHANGED = "entry-changed"
    ENTRY_MISSING = "entry-missing"
    ENTRY_ADDED = "entry-added"
    ENTRY_FORGED = "entry-forged"
    ENTRY_REORDERED = "entry-reordered"
    ENTRY_BACK_DATED = "entry-back-dated"
    TAIL_DROPPED = "tail-dropped"
    HISTORY_REWRITTEN = "history-rewritten"
    HEAD_MISSING = "head-missing"
    HEAD_INVALID = "head-invalid"
    LEAVES_CHANGED = "leaves-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that does not fit.

    subject: row, entry or head that it is about, `credentials/<id>` for instance
    position: place in the log, counted from zero
    """

    code: FindingCode
    subject: str
    message: str
    position: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A head whose signature held, and where it was found."""

    source: str
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """What was compared, and every finding.

    entries: entries in the tree; pending: entries that have no place yet
    rows: rows that are as recorded; erased: rows whose person was erased, and the erasure recorded
    heads: heads compared
    """

    entries: int
    pending: int
    rows: int
    erased: int
    heads: int
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing was found and at least one head vouches for what is there."""
        return not self.findings and (self.heads > 0 or self.entries + self.pending == 0)


class RowState(StrEnum):
    """How a row compares with the entry that commits to it."""

    AS_RECORDED = "as-recorded"
    ERASED = "erased"
    CHANGED = "changed"
    DELETED = "deleted"
    ERASURE_UNRECORDED = "erasure-unrecorded"


def compare_row(
    entry: Entry,
    *,
    facts: Facts | None,
    salt: bytes | None,
    erasure_recorded: bool,
    carries_code: bool = True,
) -> RowState:
    """Return how a row compares with its entry.

    facts: of the row as it is now; None when there is none. Rows outlive the erasure of their
        person: what was issued can still be verified
    salt: None when it cannot be opened any more
    erasure_recorded: whether the log says that the row's person was erased
    carries_code: whether the facts are those of the entry's code, which tells without a salt
    """
    if salt is None and not erasure_recorded:
        return RowState.ERASURE_UNRECORDED
    if facts is None:
        return RowState.DELETED
    if salt is None:
        return RowState.ERASED if carries_code else RowState.CHANGED
    same = commit_to(facts, salt) == entry.commitment
    return RowState.AS_RECORDED if same else RowState.CHANGED


class Tree:
    """The log as its entries say it is, place by place."""

    def __init__(self, placed: Iterable[tuple[int, Entry]]) -> None:
        """Read entries in the order of their positions; positions may be missing."""
        self.leaves: list[bytes | None] = []
        self.subjects: list[str] = []
        self.findings: list[Finding] = []
        newest: datetime | None = None
        for position, entry in placed:
            while len(self.leaves) < position:
                self._add_hole()
            self.leaves.append(entry.leaf())
            self.subjects.append(entry.subject)
            if newest is not None and entry.time < newest - MAX_DISORDER:
                self.findings.append(_back_dated(entry, position, newest))
            newest = entry.time if newest is None else max(newest, entry.time)

    def _add_hole(self) -> None:
        position = len(self.leaves)
        self.findings.append(_missing(position))
        self.leaves.append(None)
        self.subjects.append("a missing entry")


def audit_tree(
    tree: Tree, *, witnesses: Mapping[str, Sequence[bytes]], heads: Sequence[Head]
) -> list[Finding]:
    """Return everything in which the entries differ from what vouches for them.

    witnesses: leaf hashes as they were written down, by where; the most trusted first
    heads: signed heads in any order
    """
    findings = [*tree.findings, *_dropped(tree, heads)]
    contradicted = bool(_heads_against(tree.leaves, heads))
    mended = list(tree.leaves)
    for source, leaves in witnesses.items():
        differing = _differences(tree, leaves)
        if not _heads_against(leaves, heads):
            findings += differing
            # What these leaves explain is put right, to see whether a head still disagrees.
            mended[: len(leaves)] = leaves[: len(mended)]
        elif differing and not contradicted:
            findings.append(_leaves_changed(source))
    findings += _rewritten(_heads_against(mended, heads), heads)
    return summarised(findings)


def _heads_against(leaves: Sequence[bytes | None], heads: Sequence[Head]) -> list[Head]:
    """Return the heads whose root is not that of the leaves; those beyond them say nothing."""
    roots = _roots(leaves, {head.checkpoint.size for head in heads})
    return [
        head
        for head in heads
        if roots.get(head.checkpoint.size, head.checkpoint.root) != head.checkpoint.root
    ]


def _roots(leaves: Sequence[bytes | None], sizes: set[int]) -> dict[int, bytes]:
    """Return the root at each size, up to the first leaf that is missing."""
    grown = CompactRange()
    roots = {0: grown.root()}
    for leaf in leaves:
        if leaf is None:
            break
        grown = grown.append(leaf)
        if grown.size in sizes:
            roots[grown.size] = grown.root()
    return roots


def _differences(tree: Tree, written: Sequence[bytes]) -> list[Finding]:
    """Name the entries that differ from the leaves that were written down."""
    found: list[Finding] = []
    present, known = set(tree.leaves), set(written)
    for position, (leaf, expected) in enumerate(zip(tree.leaves, written, strict=False)):
        if leaf is None or leaf == expected:  # a hole was named when the tree was read
            continue
        subject = tree.subjects[position]
        if leaf in known:
            found.append(_reordered(subject, position))
            found += [] if expected in present else [_missing(position)]
        else:
            found.append((_added if expected in present else _changed)(subject, position))
    return found


def _dropped(tree: Tree, heads: Sequence[Head]) -> list[Finding]:
    held = len(tree.leaves)
    furthest = max(heads, key=lambda head: head.checkpoint.size, default=None)
    if furthest is None or furthest.checkpoint.size <= held:
        return []
    size = furthest.checkpoint.size
    return [
        Finding(
            code=FindingCode.TAIL_DROPPED,
            subject=f"entries {held} to {size - 1}",
            position=held,
            message=(
                f"{furthest.source} vouches for {size} entries, the database holds {held}: the "
                f"last {size - held} were dropped, or an older backup was restored."
            ),
        )
    ]


def _rewritten(against: Sequence[Head], heads: Sequence[Head]) -> list[Finding]:
    """Narrow down what no leaves are left to name: after the last good head, up to the next."""
    if not against:
        return []
    first = min(against, key=lambda head: head.checkpoint.size)
    size = first.checkpoint.size
    good = [head.checkpoint.size for head in heads if head not in against]
    start = max((each for each in good if each < size), default=0)
    return [
        Finding(
            code=FindingCode.HISTORY_REWRITTEN,
            subject=f"entries {start} to {size - 1}",
            position=start,
            message=(
                f"The root of the first {size} entries is not the one in {first.source}: "
                f"something among entries {start} to {size - 1} was changed, reordered, added "
                "or removed."
            ),
        )
    ]


def summarised(findings: Sequence[Finding]) -> list[Finding]:
    """Return at most `MAX_NAMED` findings of each kind, each once, and how many more there are."""
    kept: list[Finding] = []
    counted: Counter[FindingCode] = Counter()
    for finding in dict.fromkeys(findings):
        counted[finding.code] += 1
        if counted[finding.code] <= MAX_NAMED:
            kept.append(finding)
    for code, number in counted.items():
        if number > MAX_NAMED:
            more = f"{number - MAX_NAMED} further findings of this kind."
            kept.append(Finding(code=code, subject="others", message=more))
    return kept


def _back_dated(entry: Entry, position: int, newest: datetime) -> Finding:
    return Finding(
        code=FindingCode.ENTRY_BACK_DATED,
        subject=entry.subject,
        position=position,
        message=(
            f"Entry {position} ({entry.kind} of {entry.subject}) says {entry.time.isoformat()} "
            f"but stands after an entry of {newest.isoformat()}: it was back-dated."
        ),
    )


def _missing(position: int) -> Finding:
    return Finding(
        code=FindingCode.ENTRY_MISSING,
        subject=f"entry {position}",
        position=position,
        message=f"Entry {position} is gone from the log.",
    )


def _changed(subject: str, position: int) -> Finding:
    return Finding(
        code=FindingCode.ENTRY_CHANGED,
        subject=subject,
        position=position,
        message=f"Entry {position}, now of {subject}, is not the one that was sequenced there.",
    )


def _added(subject: str, position: int) -> Finding:
    return Finding(
        code=FindingCode.ENTRY_ADDED,
        subject=subject,
        position=position,
        message=f"Entry {position}, of {subject}, was never sequenced: it was put in afterwards.",
    )


def _reordered(subject: str, position: int) -> Finding:
    return Finding(
        code=FindingCode.ENTRY_REORDERED,
        subject=subject,
        position=position,
        message=f"Entry {position}, of {subject}, was sequenced at another place.",
    )


def _leaves_changed(source: str) -> Finding:
    return Finding(
        code=FindingCode.LEAVES_CHANGED,
        subject=source,
        message=f"The leaves in {source} differ from entries that every signed head vouches for.",
    )
