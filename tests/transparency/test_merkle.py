"""RFC 6962 hashing and proofs, against the vectors that the Certificate Transparency code uses."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.transparency.merkle import (
    EMPTY_ROOT,
    CompactRange,
    compact_range,
    consistency_proof,
    hash_leaf,
    hash_node,
    inclusion_proof,
    tree_root,
    verify_consistency,
    verify_inclusion,
)

# Inputs and roots of the reference implementation of RFC 6962 (certificate-transparency,
# merkle_tree_test; also in transparency-dev/merkle, testonly).
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [hash_leaf(data) for data in INPUTS]


def path(*nodes: str) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(node) for node in nodes)


# (index, size, audit path) of the same test.
PATHS = [
    (0, 1, path()),
    (
        0,
        8,
        path(
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ),
    ),
    (
        5,
        8,
        path(
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ),
    ),
    (
        2,
        3,
        path("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
    ),
    (
        1,
        5,
        path(
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ),
    ),
]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert hashlib.sha256().digest() == EMPTY_ROOT == tree_root([]) == CompactRange().root()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_match_the_reference(size: int) -> None:
    assert tree_root(LEAVES[:size]).hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("index", "size", "expected"), PATHS)
def test_audit_paths_match_the_reference(
    index: int, size: int, expected: tuple[bytes, ...]
) -> None:
    assert inclusion_proof(LEAVES[:size], index) == expected


def test_a_node_is_not_a_leaf() -> None:
    """Without the prefixes an inner node could be shown as an entry."""
    assert hash_leaf(LEAVES[0] + LEAVES[1]) != hash_node(LEAVES[0], LEAVES[1])


def leaves_of(size: int) -> list[bytes]:
    return [hash_leaf(number.to_bytes(4, "big")) for number in range(size)]


@given(st.integers(1, 70), st.data())
def test_every_leaf_is_proved_and_no_other(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))
    proof, root = inclusion_proof(leaves, index), tree_root(leaves)
    assert verify_inclusion(leaves[index], index=index, size=size, proof=proof, root=root)
    other = hash_leaf(b"another")
    assert not verify_inclusion(other, index=index, size=size, proof=proof, root=root)
    if size > 1:
        wrong = (index + 1) % size
        assert not verify_inclusion(leaves[index], index=wrong, size=size, proof=proof, root=root)
        assert not verify_inclusion(
            leaves[index], index=index, size=size, proof=proof[:-1], root=root
        )
    longer = (*proof, other)
    assert not verify_inclusion(leaves[index], index=index, size=size, proof=longer, root=root)


@given(st.integers(0, 70), st.integers(0, 70))
def test_every_prefix_is_proved_and_no_other_tree(one: int, two: int) -> None:
    old_size, new_size = sorted((one, two))
    leaves = leaves_of(new_size)
    true_proof = consistency_proof(leaves, old_size)
    old_root, new_root = tree_root(leaves[:old_size]), tree_root(leaves)
    wrong = hash_leaf(b"another")

    def holds(old: bytes, new: bytes, proof: tuple[bytes, ...]) -> bool:
        return verify_consistency(
            old_size=old_size, old_root=old, new_size=new_size, new_root=new, proof=proof
        )

    assert holds(old_root, new_root, true_proof)
    assert not holds(wrong, new_root, true_proof)
    assert not holds(old_root, wrong, true_proof) or old_size == 0
    assert not holds(old_root, new_root, (*true_proof, wrong))
    assert not holds(old_root, new_root, true_proof[:-1]) or not true_proof


def test_a_tree_is_not_consistent_with_a_larger_one_as_its_past() -> None:
    leaves = leaves_of(5)
    root = tree_root(leaves)
    assert not verify_consistency(old_size=6, old_root=root, new_size=5, new_root=root, proof=())


@given(st.integers(0, 200))
def test_a_compact_range_grows_to_the_same_root_and_survives_storage(size: int) -> None:
    grown = compact_range(leaves_of(size))
    assert grown.root() == _root_by_definition(leaves_of(size))
    assert CompactRange.from_bytes(size, grown.to_bytes()) == grown


def test_appending_one_at_a_time_leads_through_consistent_trees() -> None:
    leaves = leaves_of(33)
    for size, following in pairwise(range(1, 34)):
        proof = consistency_proof(leaves[:following], size)
        assert verify_consistency(
            old_size=size,
            old_root=tree_root(leaves[:size]),
            new_size=following,
            new_root=tree_root(leaves[:following]),
            proof=proof,
        )


@pytest.mark.parametrize("data", [b"", bytes(31), bytes(96)])
def test_a_stored_range_of_the_wrong_length_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="one hash for each bit"):
        CompactRange.from_bytes(3, data)


def test_proofs_outside_the_tree_are_refused() -> None:
    with pytest.raises(ValueError, match="below 2"):
        inclusion_proof(leaves_of(2), 2)
    with pytest.raises(ValueError, match="up to 2"):
        consistency_proof(leaves_of(2), 3)


def _root_by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = max(1 << k for k in range(len(leaves).bit_length()) if 1 << k < len(leaves))
    return hash_node(_root_by_definition(leaves[:split]), _root_by_definition(leaves[split:]))
