"""What eddsa-jcs-2022 and ecdsa-jcs-2019 have in common, which is all but the key and the hash.

Follows Data Integrity EdDSA Cryptosuites 1.0, section 3.3, and Data Integrity ECDSA Cryptosuites
1.0, section 3.3, whose texts are the same; step numbers are theirs.

`@context` is the delicate part. JCS signs the letters of a document, not their meaning, and the
context decides the meaning; therefore it is signed twice, in the document and in the proof.
"""

import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from skillpassport.vc.jcs import canonicalize
from skillpassport.vc.keys import ED25519, P256, P384, PublicKey, Signer
from skillpassport.vc.multibase import MultibaseInvalid, decode_multibase58, encode_multibase58
from skillpassport.vc.strict_json import JsonObject, one_or_many
from skillpassport.vc.suites.configuration import check_configuration
from skillpassport.vc.suites.protocol import (
    HashData,
    ProofInvalid,
    ProofMalformed,
)

SIGNATURE_BYTES: Mapping[str, int] = MappingProxyType({ED25519: 64, P256: 64, P384: 96})
"""Octets of a signature by the algorithm of the key; ECDSA has r and s side by side."""


class JcsSuite:
    """Signatures over RFC 8785 canonical JSON; a cryptosuite names itself and its hashes."""

    cryptosuite: ClassVar[str]
    key_algorithms: ClassVar[frozenset[str]]
    hash_names: ClassVar[Mapping[str, str]]
    """Algorithm of the key to the hash of document and configuration, as `hashlib` spells it."""

    def create(
        self, unsecured: JsonObject, proof_options: JsonObject, signer: Signer
    ) -> JsonObject:
        """Return the proof to attach; it carries the document's `@context`.

        Raises: ProofMalformed, NotCanonicalizable
        Source: section 3.3.1 (Create Proof)
        """
        if signer.algorithm not in self.key_algorithms:
            raise ProofMalformed("verificationMethod", f"a key of {self._expected_keys}")
        proof = dict(proof_options)  # step 1
        if "@context" in unsecured:  # step 2
            proof["@context"] = unsecured["@context"]
        hash_name = self.hash_names[signer.algorithm]
        hash_data = self.hash_data(unsecured, proof, hash_name=hash_name)  # steps 3 to 5
        signature = signer.sign(hash_data.signed_bytes)  # step 6
        proof["proofValue"] = encode_multibase58(signature)  # step 7
        return proof

    def verify(self, unsecured: JsonObject, proof: JsonObject, key: PublicKey) -> JsonObject:
        """Return the verified document: with the proof's `@context`, when the proof has one.

        A context that was appended after signing is thereby dropped, so that it cannot give the
        signed claims another meaning; one that was swapped or removed fails.

        Raises: ProofInvalid, ProofMalformed, NotCanonicalizable
        Source: section 3.3.2 (Verify Proof)
        """
        if key.algorithm not in self.key_algorithms:
            raise ProofInvalid("a key of another algorithm than the cryptosuite's")
        options = {name: value for name, value in proof.items() if name != "proofValue"}  # step 2
        signature = signature_of(proof, SIGNATURE_BYTES[key.algorithm])  # step 3
        verified = unsecured
        if "@context" in options:  # step 4
            _check_context_prefix(unsecured, options)
            verified = {**unsecured, "@context": options["@context"]}
        hash_name = self.hash_names[key.algorithm]
        hash_data = self.hash_data(verified, options, hash_name=hash_name)  # steps 5 to 7
        if not key.verify(signature, hash_data.signed_bytes):  # step 8
            raise ProofInvalid("one that does not match")
        return verified

    def hash_data(
        self, unsecured: JsonObject, proof_options: JsonObject, *, hash_name: str = "sha256"
    ) -> HashData:
        """Return the canonical forms of document and proof configuration, and their hashes.

        hash_name: as `hashlib` spells it
        Raises: ProofMalformed, NotCanonicalizable
        Source: sections 3.3.3 (Transformation), 3.3.4 (Hashing) and 3.3.5 (Proof Configuration)
        """
        check_configuration(proof_options, self.cryptosuite)
        canonical_document = canonicalize(unsecured)
        canonical_proof = canonicalize(proof_options)
        return HashData(
            canonical_document=canonical_document,
            canonical_proof=canonical_proof,
            document_hash=hashlib.new(hash_name, canonical_document).digest(),
            proof_hash=hashlib.new(hash_name, canonical_proof).digest(),
        )

    @property
    def _expected_keys(self) -> str:
        return " or ".join(sorted(self.key_algorithms))


def signature_of(proof: JsonObject, length: int) -> bytes:
    """Return the signature in a proof's `proofValue`, multibase base58btc of so many octets.

    Raises: ProofMalformed
    """
    value = proof.get("proofValue")
    if not isinstance(value, str):
        raise ProofMalformed("proofValue", "a multibase base58btc text")
    try:
        signature = decode_multibase58(value)
    except MultibaseInvalid as error:
        raise ProofMalformed("proofValue", "a multibase base58btc text") from error
    if len(signature) != length:
        raise ProofMalformed("proofValue", f"a signature of {length} octets")
    return signature


def _check_context_prefix(unsecured: JsonObject, options: JsonObject) -> None:
    """Step 4.1: the document's contexts start with all contexts of the proof, in the same order."""
    signed = one_or_many(options["@context"])
    presented = one_or_many(unsecured.get("@context"))
    if presented[: len(signed)] != signed:
        raise ProofInvalid("another @context than the one that was signed")
