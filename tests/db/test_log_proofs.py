"""Proofs out of the stored tree, of a log longer than what is hashed anew for each."""

from collections.abc import Sequence

import pytest
from sqlalchemy import delete, insert

from skillpassport.db.log_proofs import SubtreeRoots
from skillpassport.db.log_state import LogStateBroken
from skillpassport.db.tables.log import log_heads, log_leaves
from skillpassport.db.unit_of_work import Database
from skillpassport.transparency.merkle import (
    hash_leaf,
    tree_root,
    verify_consistency,
    verify_inclusion,
)

SIZES = (1, 1023, 1024, 1025, 2500)


def keep(database: Database, leaves: Sequence[bytes], note: str) -> None:
    """Keep leaves under a head of their number."""
    with database.transaction() as work:
        work.connection.execute(delete(log_leaves))
        work.connection.execute(delete(log_heads))
        rows = [{"position": n, "leaf": leaf} for n, leaf in enumerate(leaves)]
        work.connection.execute(insert(log_leaves), rows)
        head = {"size": len(leaves), "note": note, "compact_range": b""}
        work.connection.execute(insert(log_heads), head)


def leaves_of(name: str) -> list[bytes]:
    return [hash_leaf(f"{name} {n}".encode()) for n in range(SIZES[-1])]


def test_proofs_hold_for_every_size_with_and_without_what_is_remembered(
    sqlite_database: Database,
) -> None:
    leaves, roots = leaves_of("entry"), SubtreeRoots()
    keep(sqlite_database, leaves, "first")
    for _ in range(2):
        with sqlite_database.snapshot() as work:
            tree = roots.of(work.connection)
            for size in SIZES:
                included = tree.inclusion(size // 2, size)
                assert included.root == tree_root(leaves[:size])
                assert verify_inclusion(
                    leaves[size // 2],
                    index=size // 2,
                    size=size,
                    proof=included.path,
                    root=included.root,
                )
                grown = tree.consistency(size)
                assert verify_consistency(
                    old_size=size,
                    old_root=tree_root(leaves[:size]),
                    new_size=len(leaves),
                    new_root=grown.root,
                    proof=grown.path,
                )


def test_what_is_remembered_is_forgotten_when_another_log_takes_the_place(
    sqlite_database: Database,
) -> None:
    roots = SubtreeRoots()
    for name in ("before", "after"):
        leaves = leaves_of(name)
        keep(sqlite_database, leaves, name)
        with sqlite_database.snapshot() as work:
            assert roots.of(work.connection).inclusion(0).root == tree_root(leaves)


def test_no_proof_is_made_of_a_tree_that_lacks_leaves(sqlite_database: Database) -> None:
    keep(sqlite_database, leaves_of("entry"), "first")
    with sqlite_database.transaction() as work:
        work.connection.execute(delete(log_leaves).where(log_leaves.c.position == 7))
    with sqlite_database.snapshot() as work, pytest.raises(LogStateBroken):
        SubtreeRoots().of(work.connection).inclusion(2000)
