"""What a cryptosuite does, and the values that pass in and out of it.

Follows Data Integrity 1.0, section 3 (Cryptographic Suites) and 4 (Algorithms).
"""

from dataclasses import dataclass
from typing import Protocol

from skillpassport.errors import SkillPassportError
from skillpassport.vc.keys import PublicKey, Signer
from skillpassport.vc.strict_json import JsonObject

DATA_INTEGRITY_PROOF = "DataIntegrityProof"
ED25519_SIGNATURE_2020 = "Ed25519Signature2020"
ECDSA_SD_2023 = "ecdsa-sd-2023"
"""Named here, since the suite itself is loaded on first use."""


class ProofError(SkillPassportError):
    """A proof cannot be made or does not hold."""


class ProofInvalid(ProofError):
    """The signature does not belong to this document and key."""

    code = "proof-invalid"

    def __init__(self, found: str) -> None:
        super().__init__(
            f"Expected the issuer's signature over exactly this document; found {found}. "
            "Do not rely on the document; ask for the original file."
        )


class ProofMalformed(ProofError):
    """The proof object lacks a member or holds a value of the wrong kind."""

    code = "proof-malformed"
    public = ("member",)

    def __init__(self, member: str, expected: str) -> None:
        self.member = member
        super().__init__(
            f"Expected {expected} in the proof's '{member}'; found another value or none. "
            "Ask the issuer to sign again with software that follows Data Integrity 1.0."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HashData:
    """Every intermediate value between a document and the bytes that are signed.

    canonical_document, canonical_proof: canonical UTF-8
    document_hash, proof_hash: 32 octets each (SHA-256), for P-384 keys 48 (SHA-384)
    """

    canonical_document: bytes
    canonical_proof: bytes
    document_hash: bytes
    proof_hash: bytes

    @property
    def signed_bytes(self) -> bytes:
        """What the signature covers: the hash of the proof configuration, then the document's."""
        return self.proof_hash + self.document_hash


class ProofSuite(Protocol):
    """One cryptosuite: transforms, hashes, signs and verifies."""

    @property
    def cryptosuite(self) -> str:
        """The identifier in a proof's `cryptosuite`."""
        ...

    @property
    def key_algorithms(self) -> frozenset[str]:
        """The algorithms of keys that the suite signs with."""
        ...

    def hash_data(
        self, unsecured: JsonObject, proof_options: JsonObject, *, hash_name: str = "sha256"
    ) -> HashData:
        """Return what is hashed for a document without the proof, and a proof without its value.

        hash_name: that goes with the key, as `hashlib` spells it
        Raises: ProofMalformed, NotCanonicalizable
        """
        ...

    def create(
        self, unsecured: JsonObject, proof_options: JsonObject, signer: Signer
    ) -> JsonObject:
        """Return the proof to attach; neither argument is changed.

        Raises: ProofMalformed, NotCanonicalizable
        """
        ...

    def verify(self, unsecured: JsonObject, proof: JsonObject, key: PublicKey) -> JsonObject:
        """Return the document that the proof vouches for; it may differ in its `@context`.

        Raises: ProofInvalid, ProofMalformed, NotCanonicalizable
        """
        ...
