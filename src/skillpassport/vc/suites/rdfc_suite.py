"""What eddsa-rdfc-2022 and ecdsa-rdfc-2019 have in common, which is all but the key and the hash.

Follows Data Integrity EdDSA Cryptosuites 1.0, section 3.2, and Data Integrity ECDSA Cryptosuites
1.0, section 3.2, whose texts are the same; step numbers are theirs.

What is signed are the statements of the document (`shapes`, `rdfc`), not its letters, and `@context`
is not signed at all: whoever changes contexts and names of members together keeps the signature.
`json_ld` refuses the forms that would hide a statement from readers of JSON, and `checks.contexts`
says whose contexts may be relied upon.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias

import orjson

from skillpassport.vc.keys import PublicKey, Signer
from skillpassport.vc.multibase import encode_multibase58
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.suites.configuration import check_configuration
from skillpassport.vc.suites.jcs_suite import SIGNATURE_BYTES, signature_of
from skillpassport.vc.suites.protocol import (
    HashData,
    ProofInvalid,
    ProofMalformed,
)

if TYPE_CHECKING:
    from skillpassport.vc.rdfc import HashAlgorithm
    from skillpassport.vc.shapes import Shapes

MAX_REMEMBERED: Final = 8
MAX_REMEMBERED_BYTES: Final = 16 * 1024
"""Recent documents with their canonical forms, and how long one may be."""

_Key: TypeAlias = "tuple[HashAlgorithm, bytes]"


class RdfcSuite:
    """Signatures over RDFC-1.0 canonical N-Quads; a cryptosuite names itself and its hashes."""

    cryptosuite: ClassVar[str]
    key_algorithms: ClassVar[frozenset[str]]
    hash_names: ClassVar[Mapping[str, "HashAlgorithm"]]
    """Algorithm of the key to the hash of document and configuration, and within RDFC-1.0."""

    def __init__(self, contexts_folder: Path | None = None) -> None:
        """Take further contexts from a folder, see `contexts.load_context`."""
        self._folder = contexts_folder
        self._recent: OrderedDict[_Key, bytes] = OrderedDict()
        self._lock = Lock()

    @cached_property
    def _shapes(self) -> "Shapes":
        # Loaded on first use: who verifies tokens alone never needs it.
        from skillpassport.vc.shapes import Shapes  # noqa: PLC0415

        return Shapes(self._folder)

    def create(
        self, unsecured: JsonObject, proof_options: JsonObject, signer: Signer
    ) -> JsonObject:
        """Return the proof to attach.

        Raises: ProofMalformed, NotCanonicalizable, ContextUnknown, ContextDamaged
        Source: section 3.2.1 (Create Proof)
        """
        if signer.algorithm not in self.key_algorithms:
            raise ProofMalformed("verificationMethod", f"a key of {self._expected_keys}")
        hash_name = self.hash_names[signer.algorithm]
        hash_data = self.hash_data(unsecured, proof_options, hash_name=hash_name)  # steps 2 to 4
        signature = signer.sign(hash_data.signed_bytes)  # step 5
        return {**proof_options, "proofValue": encode_multibase58(signature)}  # steps 1, 6

    def verify(self, unsecured: JsonObject, proof: JsonObject, key: PublicKey) -> JsonObject:
        """Return the verified document, which is the one that was given.

        Raises: ProofInvalid, ProofMalformed, NotCanonicalizable, ContextUnknown, ContextDamaged
        Source: section 3.2.2 (Verify Proof)
        """
        if key.algorithm not in self.key_algorithms:
            raise ProofInvalid("a key of another algorithm than the cryptosuite's")
        options = {name: value for name, value in proof.items() if name != "proofValue"}  # step 2
        signature = signature_of(proof, SIGNATURE_BYTES[key.algorithm])  # step 3
        hash_name = self.hash_names[key.algorithm]
        hash_data = self.hash_data(unsecured, options, hash_name=hash_name)  # steps 4 to 6
        if not key.verify(signature, hash_data.signed_bytes):  # step 7
            raise ProofInvalid("one that does not match")
        return unsecured

    def is_quick_with(self, document: JsonObject, key_algorithm: str) -> bool:
        """Return whether a document has its canonical form already, or at once.

        It is then remembered for a moment, so that signing and verifying do not ask again.

        document: without its proofs, or the configuration of a proof with the document's contexts
        """
        hash_name = self.hash_names[key_algorithm]
        key = _key_of(document, hash_name)
        if key is None:
            return False
        with self._lock:
            if key in self._recent:
                return True
        found = self._shapes.canonicalize_quickly(document, hash_name)
        if found is None:
            return False
        self._remember(key, found)
        return True

    def is_quick_to_hash(self, unsecured: JsonObject, proof: JsonObject) -> bool:
        """Return whether `is_quick_with` holds of a document and of its proof, whichever key made it."""
        options = {name: value for name, value in proof.items() if name != "proofValue"}
        configuration = _configuration(options, unsecured)
        return all(
            self.is_quick_with(part, algorithm)
            for algorithm in self.hash_names
            for part in (configuration, unsecured)
        )

    def hash_data(
        self,
        unsecured: JsonObject,
        proof_options: JsonObject,
        *,
        hash_name: "HashAlgorithm" = "sha256",
    ) -> HashData:
        """Return the canonical forms of document and proof configuration, and their hashes.

        Raises: ProofMalformed, NotCanonicalizable, ContextUnknown, ContextDamaged
        Source: sections 3.2.3 (Transformation), 3.2.4 (Hashing) and 3.2.5 (Proof Configuration)
        """
        self._check_configuration(proof_options)
        configuration = _configuration(proof_options, unsecured)
        canonical_proof = self._remembered(configuration, hash_name)
        canonical_document = self._remembered(unsecured, hash_name)
        return HashData(
            canonical_document=canonical_document,
            canonical_proof=canonical_proof,
            document_hash=hashlib.new(hash_name, canonical_document).digest(),
            proof_hash=hashlib.new(hash_name, canonical_proof).digest(),
        )

    def _remembered(self, document: JsonObject, hash_name: "HashAlgorithm") -> bytes:
        """Return a canonical form, which is remembered for a moment.

        What is signed is verified at once, and within a second all configurations are the same.
        """
        key = _key_of(document, hash_name)
        if key is None:
            return self._shapes.canonicalize(document, hash_name)
        with self._lock:
            known = self._recent.get(key)
        if known is None:
            known = self._shapes.canonicalize(document, hash_name)
            self._remember(key, known)
        return known

    def _remember(self, key: _Key, canonical: bytes) -> None:
        if len(key[1]) > MAX_REMEMBERED_BYTES:
            return
        with self._lock:
            self._recent[key] = canonical
            if len(self._recent) > MAX_REMEMBERED:
                self._recent.popitem(last=False)

    @property
    def _expected_keys(self) -> str:
        return " or ".join(sorted(self.key_algorithms))

    def _check_configuration(self, options: JsonObject) -> None:
        check_configuration(options, self.cryptosuite)


def _configuration(proof_options: JsonObject, unsecured: JsonObject) -> JsonObject:
    """Return what the proof configuration states; section 3.2.5, step 4."""
    return {**proof_options, "@context": unsecured.get("@context", [])}


def _key_of(document: JsonObject, hash_name: "HashAlgorithm") -> "_Key | None":
    """Return what tells a document from every other one; None for one that has no such writing."""
    try:
        return hash_name, orjson.dumps(document)
    except (TypeError, RecursionError):  # half a character, too deep
        return None
