"""A keyed order of the positions of a status list: unique by construction, random to look at.

Positions that were handed out in order would tell which credentials were issued together. A
counter in the database makes them unique; this permutation of the counter makes them look random.
"""

import hashlib
from typing import Final

_ROUNDS: Final = 4


def permuted(counter: int, *, length: int, key: bytes) -> int:
    """Return the position for the n-th reservation of a list.

    counter: zero-based, below `length`
    length: number of positions; any size
    key: 16 to 64 octets, secret, one for each list
    Returns: for one key, a different position below `length` for each counter

    A four-round Feistel network on the next even number of bits, walked until it lands inside
    (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002, section 5).
    """
    if not 0 <= counter < length:
        raise ValueError(f"A counter lies below {length}; found {counter}.")
    half = (max(length - 1, 1).bit_length() + 1) // 2
    position = counter
    while True:
        position = _feistel(position, half, key)
        if position < length:
            return position


def _feistel(value: int, half: int, key: bytes) -> int:
    mask = (1 << half) - 1
    left, right = value >> half, value & mask
    for number in range(_ROUNDS):
        left, right = right, left ^ _round(number, right, half, key)
    return left << half | right


def _round(number: int, value: int, half: int, key: bytes) -> int:
    block = bytes((number,)) + value.to_bytes(8, "big")
    digest = hashlib.blake2b(block, key=key, digest_size=8).digest()
    return int.from_bytes(digest, "big") & ((1 << half) - 1)
