"""Where the log stands, and whether the database still holds all that was published of it."""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection, bindparam, select

from skillpassport.db.head_files import HeadFiles
from skillpassport.db.tables.log import log_heads, log_leaves
from skillpassport.db.unit_of_work import Database
from skillpassport.errors import SkillPassportError
from skillpassport.transparency.checkpoint import Checkpoint, HeadInvalid, read_checkpoint
from skillpassport.transparency.merkle import CompactRange

# Built once: every transaction that writes asks for these.
_NEWEST_HEAD = select(log_heads).order_by(log_heads.c.size.desc()).limit(1)
_LEAF_AT = select(log_leaves.c.leaf).where(log_leaves.c.position == bindparam("position"))


class LogAheadOfDatabase(SkillPassportError):
    """Heads outside the database vouch for entries that the database does not hold.

    The database was restored from a backup, or its log was cut. Issuing now could hand out a
    status index or a place in the log a second time.
    """

    code = "log-ahead-of-database"

    def __init__(self, published: int, held: int) -> None:
        super().__init__(
            f"Expected the database to hold the {published} log entries that were published, found "
            f"a database whose log agrees up to {held} at most; restore the newest backup, or run "
            "`skillpassport log accept-restore` to go on from what is there."
        )
        self.published = published
        self.held = held


class LogStateBroken(SkillPassportError):
    """The log's own record of its tree contradicts the head that was signed over it."""

    code = "log-state-broken"

    def __init__(self) -> None:
        super().__init__(
            "Expected the stored tree to have the root of the last signed head, found another; "
            "run `skillpassport log verify` to see what was changed, and restore from a backup."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LogState:
    """The newest head, as text and as value, with what is needed to append to its tree."""

    checkpoint: Checkpoint
    note: str
    compact_range: CompactRange


def read_state(connection: Connection) -> LogState | None:
    """Return where the log stands, None before its first head.

    Raises: LogStateBroken, HeadInvalid
    """
    row = connection.execute(_NEWEST_HEAD).one_or_none()
    if row is None:
        return None
    return require_whole(row.size, row.note, row.compact_range)


@lru_cache(maxsize=8)
def require_whole(size: int, note: str, compact_range: bytes) -> LogState:
    """Return one row of `log_heads` as a value, if its subtrees have the head's root.

    Many transactions see one head, so a sound one is judged once for the same row.

    Raises: LogStateBroken, HeadInvalid
    """
    checkpoint = _read_checkpoint(note)
    try:
        grown = CompactRange.from_bytes(size, compact_range)
    except ValueError as error:
        raise LogStateBroken from error
    if (grown.size, grown.root()) != (checkpoint.size, checkpoint.root):
        raise LogStateBroken
    return LogState(checkpoint=checkpoint, note=note, compact_range=grown)


def latest_head(database: Database) -> str | None:
    """Return the newest signed head as text, None before the first."""
    with database.snapshot() as work:
        state = read_state(work.connection)
    return state.note if state else None


def log_is_ahead(database: Database, heads: HeadFiles) -> bool:
    """Return whether entries were published that the database does not hold.

    Costs a look at two files and two indexed reads.
    """
    published = _Published.of(heads)
    with database.snapshot() as work:
        return published.exceeds(work.connection, read_state(work.connection))


def require_in_step(connection: Connection, heads: HeadFiles) -> LogState | None:
    """Return where the log stands, unless entries were published that the database does not hold.

    Raises: LogAheadOfDatabase, LogStateBroken, HeadInvalid
    """
    # Files first: another worker commits before it publishes, so what was published by now is in
    # the database as it is read next.
    published = _Published.of(heads)
    state = read_state(connection)
    if published.exceeds(connection, state):
        raise LogAheadOfDatabase(published.size, state.checkpoint.size if state else 0)
    return state


@dataclass(frozen=True, slots=True, kw_only=True)
class _Published:
    """What is known outside the database: how many entries, and the last leaf that is there.

    size: by the leaves or the newest head, whichever is more; leaves: by the leaves alone
    """

    size: int
    leaves: int
    last_leaf: bytes

    @classmethod
    def of(cls, heads: HeadFiles) -> "_Published":
        leaves = heads.count()
        return cls(
            size=max(leaves, published_size(heads)),
            leaves=leaves,
            last_leaf=heads.leaf(leaves - 1) if leaves else b"",
        )

    def exceeds(self, connection: Connection, state: LogState | None) -> bool:
        if state is None or self.size > state.checkpoint.size:
            return self.size > 0
        if self.leaves == 0:
            return False
        # A restored database that has grown past the published size differs in the last leaf.
        last = connection.scalar(_LEAF_AT, {"position": self.leaves - 1})
        return bool(last != self.last_leaf)


@lru_cache(maxsize=8)
def _read_checkpoint(note: str) -> Checkpoint:
    """Return a head as a value; many transactions see one head."""
    return read_checkpoint(note)


def published_size(heads: HeadFiles) -> int:
    """Return the size of the newest head outside the database, zero where none is readable."""
    note = heads.latest()
    try:
        return _read_checkpoint(note).size if note else 0
    except HeadInvalid:
        return 0  # `log verify` names the file
