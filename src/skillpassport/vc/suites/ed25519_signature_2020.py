"""The suite Ed25519Signature2020, for reading badges that were signed with it.

Follows Ed25519 Signature 2020 (W3C Credentials Community Group, final report), section 3.1: the canonical
statements of document and proof configuration, hashed with SHA-256, the configuration's hash first. It
differs from eddsa-rdfc-2022 in the proof's `type` alone, and in asking for URDNA2015, which RDFC-1.0
names anew; they differ in how control characters are escaped.
"""

from functools import cache
from pathlib import Path
from types import MappingProxyType

from skillpassport.vc.instants import parse_instant
from skillpassport.vc.keys import ED25519
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.suites.protocol import ED25519_SIGNATURE_2020, ProofMalformed
from skillpassport.vc.suites.rdfc_suite import RdfcSuite


class Ed25519Signature2020(RdfcSuite):
    """Ed25519 signatures over canonical N-Quads, under a proof type of their own."""

    cryptosuite = ED25519_SIGNATURE_2020
    key_algorithms = frozenset({ED25519})
    hash_names = MappingProxyType({ED25519: "sha256"})

    def _check_configuration(self, options: JsonObject) -> None:
        if options.get("type") != ED25519_SIGNATURE_2020:
            raise ProofMalformed("type", f"'{ED25519_SIGNATURE_2020}'")
        if "cryptosuite" in options:
            raise ProofMalformed("cryptosuite", "nothing, the type naming the suite,")
        if parse_instant(options.get("created")) is None:
            raise ProofMalformed("created", "an instant with a time zone")


@cache
def ed25519_signature_2020_over(contexts_folder: Path | None) -> Ed25519Signature2020:
    """Return the suite with further JSON-LD contexts from a folder; the same one for the same."""
    return Ed25519Signature2020(contexts_folder)
