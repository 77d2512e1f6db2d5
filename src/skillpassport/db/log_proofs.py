"""Reading proofs out of the stored log: leaves, and the roots of the subtrees above them."""

from typing import Final

from sqlalchemy import Connection, select

from skillpassport.db.log import Recorded, entry_of
from skillpassport.db.log_state import LogStateBroken
from skillpassport.db.tables.log import log_entries, log_heads, log_leaves
from skillpassport.transparency.merkle import (
    consistency_path,
    hash_node,
    inclusion_path,
    split_of,
    tree_root,
)
from skillpassport.transparency.proofs import (
    ConsistencyProof,
    EntryUnknown,
    InclusionProof,
    TreeSizeUnknown,
)

_BLOCK: Final = 1 << 10
"""Leaves that are hashed anew for each proof; above them, roots are remembered."""


class SubtreeRoots:
    """Roots of perfect subtrees, kept in memory: a proof then costs two blocks and not the tree.

    They never change while the log only grows. A restore may put another log in its place, so
    what is remembered holds only while the head that it was read under is still there.
    """

    def __init__(self) -> None:
        self._roots: dict[tuple[int, int], bytes] = {}
        self._under: tuple[int, str] | None = None

    def of(self, connection: Connection) -> "StoredTree":
        """Return the tree of one transaction, with what is remembered of it.

        Raises: EntryUnknown before the first head
        """
        head = log_heads.c
        if self._under is not None:
            note = connection.scalar(select(head.note).where(head.size == self._under[0]))
            if note != self._under[1]:
                self._roots = {}
        newest = connection.execute(
            select(head.size, head.note).order_by(head.size.desc()).limit(1)
        ).one_or_none()
        if newest is None:
            raise EntryUnknown
        self._under = (newest.size, newest.note)
        return StoredTree(connection, newest.size, self._roots)


class StoredTree:
    """The tree under the newest head, as one transaction sees it."""

    def __init__(
        self, connection: Connection, size: int, roots: dict[tuple[int, int], bytes]
    ) -> None:
        self._connection = connection
        self._roots = roots
        self.size = size

    def inclusion(self, position: int, size: int | None = None) -> InclusionProof:
        """Return the proof that an entry is in the tree; in the newest where no size is named.

        Raises: EntryUnknown, TreeSizeUnknown, LogStateBroken
        """
        if not 0 <= position < self.size:
            raise EntryUnknown
        wanted = self.size if size is None else size
        if not position < wanted <= self.size:
            raise TreeSizeUnknown(self.size)
        return InclusionProof(
            position=position,
            size=wanted,
            leaf=self._leaves(position, position + 1)[0],
            root=self._root_of(0, wanted),
            path=inclusion_path(self._root_of, position, wanted),
        )

    def consistency(self, old_size: int, size: int | None = None) -> ConsistencyProof:
        """Return the proof that an older tree is the beginning of a newer one.

        Raises: TreeSizeUnknown, LogStateBroken
        """
        wanted = self.size if size is None else size
        if not 0 < old_size <= wanted <= self.size:
            raise TreeSizeUnknown(self.size)
        return ConsistencyProof(
            old_size=old_size,
            old_root=self._root_of(0, old_size),
            size=wanted,
            root=self._root_of(0, wanted),
            path=consistency_path(self._root_of, old_size, wanted),
        )

    def _root_of(self, start: int, end: int) -> bytes:
        count = end - start
        if count < _BLOCK:
            return tree_root(self._leaves(start, end))
        known = self._roots.get((start, end))
        if known is None:
            known = self._joined(start, end)
            if count & (count - 1) == 0:  # a perfect one, which nothing is added to
                self._roots[start, end] = known
        return known

    def _joined(self, start: int, end: int) -> bytes:
        if end - start == _BLOCK:
            return tree_root(self._leaves(start, end))
        middle = start + split_of(end - start)
        return hash_node(self._root_of(start, middle), self._root_of(middle, end))

    def _leaves(self, start: int, end: int) -> list[bytes]:
        query = (
            select(log_leaves.c.leaf)
            .where(log_leaves.c.position >= start, log_leaves.c.position < end)
            .order_by(log_leaves.c.position)
        )
        leaves = list(self._connection.scalars(query))
        if len(leaves) != end - start:
            raise LogStateBroken
        return leaves


def entry_at(connection: Connection, position: int) -> Recorded:
    """Return the entry at a position.

    Raises: EntryUnknown
    """
    query = select(log_entries).where(log_entries.c.position == position)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise EntryUnknown
    return Recorded(entry=entry_of(row), position=position)


def position_of(connection: Connection, subject: str) -> int:
    """Return where the entry about a row stands.

    subject: the row as its entry names it, `credentials/<id>`
    Raises: EntryUnknown, also while it has no place yet
    """
    table, _, name = subject.partition("/")
    query = select(log_entries.c.position).where(
        log_entries.c.table_name == table,
        log_entries.c.row_id == name,
        log_entries.c.position.is_not(None),
    )
    found: int | None = connection.scalar(query.limit(1))
    if found is None:
        raise EntryUnknown
    return found
