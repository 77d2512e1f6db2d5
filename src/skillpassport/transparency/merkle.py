"""Merkle tree hashing and proofs.

Follows RFC 6962, section 2.1, with the verification algorithms of RFC 9162, sections 2.1.3.2 and
2.1.4.2. All hashes are SHA-256, 32 octets.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
"""Root of the tree without leaves (RFC 6962, section 2.1)."""

RootOf = Callable[[int, int], bytes]
"""Gives the root over the leaves from a start up to, and without, an end."""

_LEAF_PREFIX = b"\x00"
_NODE_PREFIX = b"\x01"


def hash_leaf(entry: bytes) -> bytes:
    """Return the leaf hash of an entry.

    The prefix differs from a node's, so that no inner node can be passed off as an entry.
    """
    return hashlib.sha256(_LEAF_PREFIX + entry).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(_NODE_PREFIX + left + right).digest()


@dataclass(frozen=True, slots=True)
class CompactRange:
    """All that is needed of a tree to append to it: the roots of its perfect subtrees.

    size: number of leaves
    hashes: one root for each bit set in `size`, largest subtree first
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise ValueError("A compact range has one hash for each bit set in its size.")

    def append(self, leaf: bytes) -> "CompactRange":
        """Return the range with one more leaf hash; at most log2(size) nodes are hashed."""
        hashes = list(self.hashes)
        completed = self.size
        while completed & 1:
            leaf = hash_node(hashes.pop(), leaf)
            completed >>= 1
        return CompactRange(self.size + 1, (*hashes, leaf))

    def root(self) -> bytes:
        """Return the root of the whole tree."""
        if not self.hashes:
            return EMPTY_ROOT
        *larger, root = self.hashes
        for subtree in reversed(larger):
            root = hash_node(subtree, root)
        return root

    def to_bytes(self) -> bytes:
        """Return the hashes one after another; with the size they are the whole range."""
        return b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, size: int, data: bytes) -> "CompactRange":
        """Return the range of that size from its hashes.

        Raises: ValueError when they are not as many as the size asks for
        """
        if len(data) != size.bit_count() * HASH_BYTES:
            raise ValueError("A compact range has one hash for each bit set in its size.")
        starts = range(0, len(data), HASH_BYTES)
        return cls(size, tuple(data[start : start + HASH_BYTES] for start in starts))


def compact_range(leaves: Sequence[bytes]) -> CompactRange:
    """Return the compact range of leaf hashes."""
    grown = CompactRange()
    for leaf in leaves:
        grown = grown.append(leaf)
    return grown


def tree_root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes (RFC 6962, section 2.1)."""
    return compact_range(leaves).root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the audit path of one leaf, nearest sibling first.

    leaves: the leaf hashes of the whole tree
    Raises: ValueError when the index is outside the tree
    Source: RFC 6962, section 2.1.1
    """
    return inclusion_path(_roots_of(leaves), index, len(leaves))


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """Return the proof that the tree of `old_size` leaves is a prefix of this one.

    leaves: the leaf hashes of the whole tree
    Returns: nothing where the sizes are equal or the old tree was empty
    Raises: ValueError when the old size is above the size of this tree
    Source: RFC 6962, section 2.1.2
    """
    return consistency_path(_roots_of(leaves), old_size, len(leaves))


def inclusion_path(root_of: RootOf, index: int, size: int) -> tuple[bytes, ...]:
    """Return the audit path of one leaf in the tree of the first `size` leaves.

    root_of: root over the leaves from a start up to, and without, an end
    Raises: ValueError when the index is outside the tree
    Source: RFC 6962, section 2.1.1
    """
    if not 0 <= index < size:
        raise ValueError(f"Expected an index below {size}, found {index}.")
    return _path(root_of, 0, size, index)


def consistency_path(root_of: RootOf, old_size: int, size: int) -> tuple[bytes, ...]:
    """Return the proof that the first `old_size` leaves are a prefix of the first `size`.

    root_of: root over the leaves from a start up to, and without, an end
    Returns: nothing where the sizes are equal or the old tree was empty
    Raises: ValueError when the old size is above the new one
    Source: RFC 6962, section 2.1.2
    """
    if not 0 <= old_size <= size:
        raise ValueError(f"Expected an old size up to {size}, found {old_size}.")
    if old_size in {0, size}:
        return ()
    return _subproof(root_of, 0, size, old_size, whole=True)


def verify_inclusion(
    leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Return whether a leaf hash stands at an index of the tree with this size and root.

    Source: RFC 9162, section 2.1.3.2
    """
    if not 0 <= index < size:
        return False
    position, last, computed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            computed = hash_node(sibling, computed)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            computed = hash_node(computed, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and computed == root


def verify_consistency(
    *, old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Return whether the old tree is a prefix of the new one.

    Source: RFC 9162, section 2.1.4.2
    """
    if old_size in {0, new_size}:
        expected = EMPTY_ROOT if old_size == 0 else new_root
        return not proof and old_root == expected
    if not 0 < old_size < new_size or not proof:
        return False
    # A tree that was perfect is itself the first node of the proof.
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for node in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = hash_node(node, old), hash_node(node, new)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            new = hash_node(new, node)
        position, last = position >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def split_of(size: int) -> int:
    """Return how many leaves are in the left subtree: the largest power of two below a size."""
    return 1 << ((size - 1).bit_length() - 1)


def _roots_of(leaves: Sequence[bytes]) -> RootOf:
    return lambda start, end: tree_root(leaves[start:end])


def _path(root_of: RootOf, start: int, end: int, index: int) -> tuple[bytes, ...]:
    """Return the audit path of a leaf among those from start to end; all count from zero."""
    if end - start == 1:
        return ()
    middle = start + split_of(end - start)
    if index < middle:
        return (*_path(root_of, start, middle, index), root_of(middle, end))
    return (*_path(root_of, middle, end, index), root_of(start, middle))


def _subproof(
    root_of: RootOf, start: int, end: int, old_end: int, *, whole: bool
) -> tuple[bytes, ...]:
    """Return SUBPROOF for the leaves from start to end; `whole`: the old tree is this one."""
    if old_end == end:
        return () if whole else (root_of(start, end),)
    middle = start + split_of(end - start)
    if old_end <= middle:
        inner = _subproof(root_of, start, middle, old_end, whole=whole)
        return (*inner, root_of(middle, end))
    inner = _subproof(root_of, middle, end, old_end, whole=False)
    return (*inner, root_of(start, middle))
