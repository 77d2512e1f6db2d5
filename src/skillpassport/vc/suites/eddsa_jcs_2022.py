"""The cryptosuite eddsa-jcs-2022: Ed25519 over RFC 8785 canonical JSON.

Follows Data Integrity EdDSA Cryptosuites 1.0, section 3.3; step numbers are the specification's.

`@context` is the delicate part. JCS signs the letters of a document, not their meaning, and the
context decides the meaning; therefore it is signed twice, in the document and in the proof.
"""

from hashlib import sha256

from skillpassport.vc.instants import parse_instant
from skillpassport.vc.jcs import canonicalize
from skillpassport.vc.keys import ED25519, PublicKey, Signer
from skillpassport.vc.multibase import MultibaseInvalid, decode_multibase58, encode_multibase58
from skillpassport.vc.strict_json import JsonObject, one_or_many
from skillpassport.vc.suites.protocol import (
    DATA_INTEGRITY_PROOF,
    HashData,
    ProofInvalid,
    ProofMalformed,
)

CRYPTOSUITE = "eddsa-jcs-2022"

_SIGNATURE_BYTES = 64


class EddsaJcs2022:
    """Ed25519 signatures over RFC 8785 canonical JSON."""

    cryptosuite = CRYPTOSUITE
    key_algorithms = frozenset({ED25519})

    def create(
        self, unsecured: JsonObject, proof_options: JsonObject, signer: Signer
    ) -> JsonObject:
        """Return the proof to attach; it carries the document's `@context`.

        Raises: ProofMalformed, NotCanonicalizable
        Source: vc-di-eddsa, section 3.3.1 (Create Proof)
        """
        if signer.algorithm not in self.key_algorithms:
            raise ProofMalformed("verificationMethod", "an Ed25519 key")
        proof = dict(proof_options)  # step 1
        if "@context" in unsecured:  # step 2
            proof["@context"] = unsecured["@context"]
        hash_data = self.hash_data(unsecured, proof)  # steps 3 to 5
        signature = signer.sign(hash_data.signed_bytes)  # step 6
        proof["proofValue"] = encode_multibase58(signature)  # step 7
        return proof

    def verify(self, unsecured: JsonObject, proof: JsonObject, key: PublicKey) -> JsonObject:
        """Return the verified document: with the proof's `@context`, when the proof has one.

        A context that was appended after signing is thereby dropped, so that it cannot give the
        signed claims another meaning; one that was swapped or removed fails.

        Raises: ProofInvalid, ProofMalformed, NotCanonicalizable
        Source: vc-di-eddsa, section 3.3.2 (Verify Proof)
        """
        options = {name: value for name, value in proof.items() if name != "proofValue"}  # step 2
        signature = _signature_of(proof)  # step 3
        verified = unsecured
        if "@context" in options:  # step 4
            _check_context_prefix(unsecured, options)
            verified = {**unsecured, "@context": options["@context"]}
        hash_data = self.hash_data(verified, options)  # steps 5 to 7
        if not key.verify(signature, hash_data.signed_bytes):  # step 8
            raise ProofInvalid("one that does not match")
        return verified

    def hash_data(self, unsecured: JsonObject, proof_options: JsonObject) -> HashData:
        """Return the canonical forms of document and proof configuration, and their hashes.

        Raises: ProofMalformed, NotCanonicalizable
        Source: vc-di-eddsa, sections 3.3.3 (Transformation), 3.3.4 (Hashing) and 3.3.5 (Proof
        Configuration)
        """
        _check_configuration(proof_options)
        canonical_document = canonicalize(unsecured)
        canonical_proof = canonicalize(proof_options)
        return HashData(
            canonical_document=canonical_document,
            canonical_proof=canonical_proof,
            document_hash=sha256(canonical_document).digest(),
            proof_hash=sha256(canonical_proof).digest(),
        )


def _check_configuration(options: JsonObject) -> None:
    if options.get("type") != DATA_INTEGRITY_PROOF:
        raise ProofMalformed("type", f"'{DATA_INTEGRITY_PROOF}'")
    if options.get("cryptosuite") != CRYPTOSUITE:
        raise ProofMalformed("cryptosuite", f"'{CRYPTOSUITE}'")
    if "created" in options and parse_instant(options["created"]) is None:
        raise ProofMalformed("created", "an instant with a time zone")


def _check_context_prefix(unsecured: JsonObject, options: JsonObject) -> None:
    """Step 4.1: the document's contexts start with all contexts of the proof, in the same order."""
    signed = one_or_many(options["@context"])
    presented = one_or_many(unsecured.get("@context"))
    if presented[: len(signed)] != signed:
        raise ProofInvalid("another @context than the one that was signed")


def _signature_of(proof: JsonObject) -> bytes:
    value = proof.get("proofValue")
    if not isinstance(value, str):
        raise ProofMalformed("proofValue", "a multibase base58btc text")
    try:
        signature = decode_multibase58(value)
    except MultibaseInvalid as error:
        raise ProofMalformed("proofValue", "a multibase base58btc text") from error
    if len(signature) != _SIGNATURE_BYTES:
        raise ProofMalformed("proofValue", f"a signature of {_SIGNATURE_BYTES} octets")
    return signature
