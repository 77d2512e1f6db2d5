"""Status lists are the same octets for many credentials: parsed once, each signature checked once.

Remembered is only what depends on nothing but the octets and the key. Which key it is, whether it
has ended, the list's period and its bits are asked anew for each verification, and a signature
that does not hold is not remembered.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from skillpassport.vc.data_integrity import split_proofs, verify_proof
from skillpassport.vc.keys import PublicKey
from skillpassport.vc.recognition import Recognised, recognise
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.suites import ProofSuite

Prove = Callable[[JsonObject, JsonObject, ProofSuite, PublicKey], JsonObject]
"""Returns the document that a proof vouches for; raises as `verify_proof` does."""

MAX_REMEMBERED: Final = 64
MAX_REMEMBERED_BYTES: Final = 128 * 1024
"""A list of 131,072 entries takes at most 22 KiB; larger ones are read anew each time."""


def prove(document: JsonObject, proof: JsonObject, suite: ProofSuite, key: PublicKey) -> JsonObject:
    """Return the document that a proof vouches for; see `verify_proof`."""
    return verify_proof(document, proof, suite=suite, key=key)


def recognise_list(raw: bytes | str) -> Recognised:
    """Return the form of a published list; its document is shared and must not be changed."""
    return _recognised(raw) if len(raw) <= MAX_REMEMBERED_BYTES else recognise(raw)


def proving_list(raw: bytes | str) -> Prove:
    """Return what proves this list, from memory where the same key has proven the same octets."""
    if len(raw) > MAX_REMEMBERED_BYTES:
        return prove

    def prove_list(
        document: JsonObject, proof: JsonObject, suite: ProofSuite, key: PublicKey
    ) -> JsonObject:
        _, proofs = split_proofs(document)
        position = proofs.index(proof)
        return _proven(raw, position, suite, key)  # type: ignore[arg-type]  # hashed by identity

    return prove_list


@lru_cache(maxsize=MAX_REMEMBERED)
def _recognised(raw: bytes | str) -> Recognised:
    return recognise(raw)


@lru_cache(maxsize=MAX_REMEMBERED)
def _proven(raw: bytes | str, position: int, suite: ProofSuite, key: PublicKey) -> JsonObject:
    document = _recognised(raw).document
    assert document is not None, "a proof was found in it"  # noqa: S101
    _, proofs = split_proofs(document)
    return verify_proof(document, proofs[position], suite=suite, key=key)
