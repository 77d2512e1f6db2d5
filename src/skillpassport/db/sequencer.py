"""Giving entries their place in the tree, and signing its head.

Entries are written without a place, in the transactions of those who record them. One writer at a
time takes those that are committed, in the order of their times, appends their leaves, signs the
new head, and then leaves head and leaves outside the database too. Within a second of a commit its
entry is under a signed head.

The database commits before the files are written: a crash in between leaves files that lag, which
the next pass mends. Files that are *ahead* therefore mean one thing only: the database was set
back.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, text, update

from skillpassport.db.head_files import HeadFiles
from skillpassport.db.kept_entries import entries_as_kept, kept_entry
from skillpassport.db.log import CLOCK_TOLERANCE, ClockBehindLog
from skillpassport.db.log_state import LogState, read_state, require_in_step
from skillpassport.db.tables.log import log_entries, log_heads, log_leaves
from skillpassport.db.unit_of_work import Database, UnitOfWork
from skillpassport.errors import SkillPassportError
from skillpassport.transparency.checkpoint import Checkpoint, sign_checkpoint
from skillpassport.transparency.merkle import CompactRange
from skillpassport.vc.keys import Signer

PAUSE_SECONDS: Final = 0.4
"""Between two passes: an entry is under a head within a second even when a pass takes long."""

MAX_ENTRIES_A_PASS: Final = 5_000
"""Keeps the write lock short when a large import was committed at once."""

_SEQUENCER_LOCK: Final = 0x5E90E7C  # any number, the same in every process

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequencer:
    """Sequences the log of one database.

    origin: name of the log, for its first head; later heads keep the first one's
    active_signer: gives the Ed25519 key of the instance that signs now; asked for at each head,
        since a key may be rotated while this runs
    heads_dir: where heads and leaves are kept outside the database
    """

    database: Database
    origin: str
    active_signer: Callable[[UnitOfWork], Signer]
    heads_dir: Path

    def sequence_once(self) -> Checkpoint:
        """Return the head over everything that was committed before the call.

        Raises: LogAheadOfDatabase, ClockBehindLog, NoSigningKey, DatabaseFailure and its kinds
        """
        files = HeadFiles(self.heads_dir)
        if (settled := self._nothing_to_do(files)) is not None:
            return settled
        with files.locked():
            while True:
                checkpoint, more = self._pass(files)
                if not more:
                    return checkpoint

    def run(self, stop: threading.Event) -> None:
        """Sequence until told to stop, and once more then; the body of a daemon thread."""
        failing: str | None = None
        while not stop.wait(PAUSE_SECONDS):
            failing = self._report(self._attempt(), failing)
        self._report(self._attempt(), failing)

    def _attempt(self) -> SkillPassportError | None:
        try:
            self.sequence_once()
        except SkillPassportError as error:
            return error
        return None

    def _report(self, error: SkillPassportError | None, failing: str | None) -> str | None:
        """Log a cause once when it begins and once when it ends, not at every pass."""
        code = error.code if error else None
        if code != failing:
            _logger.warning("log sequencing: %s", error.message if error else "works again")
        return code

    def _nothing_to_do(self, files: HeadFiles) -> Checkpoint | None:
        with self.database.snapshot() as work:
            state = read_state(work.connection)
            if state is None or _unsequenced(work.connection, limit=1):
                return None
        return state.checkpoint if files.count() == state.checkpoint.size else None

    def _pass(self, files: HeadFiles) -> tuple[Checkpoint, bool]:
        """Sequence one lot; return the head, and whether there may be more."""
        with self.database.transaction() as work:
            if work.connection.dialect.name == "postgresql":
                work.connection.execute(text(f"SELECT pg_advisory_xact_lock({_SEQUENCER_LOCK})"))
            state = require_in_step(work.connection, files)
            rows = _unsequenced(work.connection, limit=MAX_ENTRIES_A_PASS)
            if rows or state is None:
                state = self._append(work, state, rows)
            size = state.checkpoint.size
            missing = _leaves_from(work.connection, files.count(), size)
        files.extend(missing, size=size, note=state.note)
        return state.checkpoint, len(rows) == MAX_ENTRIES_A_PASS

    def _append(
        self, work: UnitOfWork, state: LogState | None, rows: Sequence[RowMapping]
    ) -> LogState:
        start = state.compact_range if state else CompactRange()
        grown = start
        leaves = [kept_entry(row).leaf() for row in rows]
        for leaf in leaves:
            grown = grown.append(leaf)
        _place(work.connection, start.size, rows, leaves)
        checkpoint = self._checkpoint(state, grown)
        note = sign_checkpoint(checkpoint, self.active_signer(work))
        work.connection.execute(
            insert(log_heads),
            {"size": grown.size, "note": note, "compact_range": grown.to_bytes()},
        )
        return LogState(checkpoint=checkpoint, note=note, compact_range=grown)

    def _checkpoint(self, state: LogState | None, grown: CompactRange) -> Checkpoint:
        now = self.database.clock.now()
        if state is not None:
            if now < state.checkpoint.time - CLOCK_TOLERANCE:
                raise ClockBehindLog(now, state.checkpoint.time)
            now = max(now, state.checkpoint.time)
        origin = state.checkpoint.origin if state else self.origin
        return Checkpoint(
            origin=origin, size=grown.size, root=grown.root(), time=now.replace(microsecond=0)
        )


def _unsequenced(connection: Connection, *, limit: int) -> Sequence[RowMapping]:
    query = (
        entries_as_kept()
        .where(log_entries.c.position.is_(None))
        .order_by(log_entries.c.time, log_entries.c.id)
        .limit(limit)
    )
    return connection.execute(query).mappings().all()


def _place(
    connection: Connection, start: int, rows: Sequence[RowMapping], leaves: Sequence[bytes]
) -> None:
    if not rows:
        return
    places: list[dict[str, Any]] = [
        {"entry": row["id"], "place": start + number} for number, row in enumerate(rows)
    ]
    connection.execute(
        update(log_entries)
        .where(log_entries.c.id == bindparam("entry"))
        .values(position=bindparam("place")),
        places,
    )
    connection.execute(
        insert(log_leaves),
        [{"position": start + number, "leaf": leaf} for number, leaf in enumerate(leaves)],
    )


def _leaves_from(connection: Connection, start: int, end: int) -> Sequence[bytes]:
    query = (
        select(log_leaves.c.leaf)
        .where(log_leaves.c.position >= start, log_leaves.c.position < end)
        .order_by(log_leaves.c.position)
    )
    return connection.scalars(query).all()
