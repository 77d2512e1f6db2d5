"""Add Data Integrity proofs to a document and verify them: single proofs, sets and chains.

Follows Data Integrity 1.0, section 4; the cryptography of one proof is in `suites`. This module
checks that each proof is well formed and covers what its `previousProof` says; whose key it is
and whether that key may vouch for the issuer is decided elsewhere, in one place (`checks.binding`).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from skillpassport.clock import rfc3339
from skillpassport.vc.controllers import ASSERTION
from skillpassport.vc.did import DidInvalid, parse_did_url
from skillpassport.vc.instants import parse_instant
from skillpassport.vc.keys import PublicKey, Signer
from skillpassport.vc.quoting import quoted
from skillpassport.vc.strict_json import JsonObject, JsonValue, one_or_many
from skillpassport.vc.suites.protocol import (
    DATA_INTEGRITY_PROOF,
    ED25519_SIGNATURE_2020,
    ProofError,
    ProofInvalid,
    ProofMalformed,
    ProofSuite,
)

MAX_PROOFS = 16
"""More proofs than any published use; each costs a canonicalisation and a signature check."""


MAX_CHAINED_BYTES = 256 * 1024
"""Each proof that builds upon others covers another document, so that none of the work is shared.

A chain of sixteen may hang on 16 KiB, one of two on 128. Under an RDF suite 100 KiB can take most of
a second.
"""


class ProofMissing(ProofError):
    """The document carries no proof."""

    code = "proof-missing"

    def __init__(self) -> None:
        super().__init__(
            "Expected a proof in the document; found none, so anyone may have written it. "
            "Ask the issuer for the signed document."
        )


class CryptosuiteUnknown(ProofError):
    """No suite of this name is known or allowed here."""

    code = "cryptosuite-not-allowed"
    public = ("allowed",)

    def __init__(self, cryptosuite: str, allowed: Sequence[str]) -> None:
        self.cryptosuite = cryptosuite
        self.allowed = tuple(sorted(allowed))
        super().__init__(
            f"Expected a cryptosuite out of {', '.join(self.allowed) or 'none'}; found "
            f"{quoted(cryptosuite)}. Ask the issuer for a credential under one of those."
        )


class PreviousProofMissing(ProofError):
    """A proof builds upon another that is not there."""

    code = "previous-proof-missing"

    def __init__(self) -> None:
        super().__init__(
            "Expected every proof named in 'previousProof'; found that one is missing. "
            "Ask for the document with all of its proofs."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofOptions:
    """What a new proof says about itself.

    verification_method: absolute DID URL of the signing key
    previous_proof: ids of proofs in the document that this one builds upon
    """

    verification_method: str
    created: datetime | None
    purpose: str = ASSERTION
    id: str | None = None
    expires: datetime | None = None
    domain: str | None = None
    challenge: str | None = None
    previous_proof: tuple[str, ...] = ()

    def as_json(self, cryptosuite: str) -> JsonObject:
        """Return the proof configuration, without `@context`."""
        options: dict[str, JsonValue] = {
            "id": self.id,
            "type": DATA_INTEGRITY_PROOF,
            "cryptosuite": cryptosuite,
            "created": rfc3339(self.created) if self.created else None,
            "expires": rfc3339(self.expires) if self.expires else None,
            "verificationMethod": self.verification_method,
            "proofPurpose": self.purpose,
            "domain": self.domain,
            "challenge": self.challenge,
            "previousProof": list(self.previous_proof) or None,
        }
        return {name: value for name, value in options.items() if value is not None}


def add_proof(
    document: JsonObject, *, suite: ProofSuite, signer: Signer, options: ProofOptions
) -> JsonObject:
    """Return a copy of the document with one more proof; the given one is not changed.

    The first proof is emitted as an object, a second makes it an array.

    Raises: ProofMalformed, PreviousProofMissing, NotCanonicalizable
    Source: Data Integrity 1.0, sections 4.3 (Add Proof) and 4.4 (Add Proof Set/Chain)
    """
    unsecured, proofs = split_proofs(document)
    configuration = options.as_json(suite.cryptosuite)
    check_shape({**configuration, "proofValue": ""})
    covered = _with_previous(unsecured, configuration, proofs)
    proof = suite.create(covered, configuration, signer)
    return {**unsecured, "proof": [*proofs, proof] if proofs else proof}


def split_proofs(document: JsonObject) -> tuple[JsonObject, list[JsonObject]]:
    """Return the document without its proofs, and the proofs in their order.

    Raises: ProofMalformed (not objects, too many, an id twice)
    """
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    proofs: list[JsonObject] = []
    for entry in one_or_many(document.get("proof")):
        if not isinstance(entry, dict):
            raise ProofMalformed("proof", "one proof object or an array of them")
        proofs.append(entry)
    if len(proofs) > MAX_PROOFS:
        raise ProofMalformed("proof", f"at most {MAX_PROOFS} proofs")
    ids = [proof["id"] for proof in proofs if "id" in proof]
    if any(ids.count(proof_id) > 1 for proof_id in ids):
        raise ProofMalformed("id", "a different id for each proof")
    return unsecured, proofs


def check_chain(unsecured: JsonObject, proofs: Sequence[JsonObject]) -> None:
    """Refuse a chain that is too long for the size of the document.

    Raises: ProofMalformed
    """
    chained = sum("previousProof" in proof for proof in proofs)
    if chained and chained * len(json.dumps(unsecured)) > MAX_CHAINED_BYTES:
        raise ProofMalformed("previousProof", "a shorter chain for a document of this size")


def suite_of(proof: JsonObject, suites: Mapping[str, ProofSuite]) -> ProofSuite:
    """Return the suite of a proof, if it is among those that the caller allows.

    Raises: ProofMalformed, CryptosuiteUnknown
    """
    kind = proof.get("type")
    if kind not in (DATA_INTEGRITY_PROOF, ED25519_SIGNATURE_2020):
        raise ProofMalformed("type", f"'{DATA_INTEGRITY_PROOF}'")
    cryptosuite = proof.get("cryptosuite") if kind == DATA_INTEGRITY_PROOF else kind
    if not isinstance(cryptosuite, str):
        raise ProofMalformed("cryptosuite", "the name of a cryptosuite")
    if cryptosuite not in suites:
        raise CryptosuiteUnknown(cryptosuite, list(suites))
    return suites[cryptosuite]


def verify_proof(
    document: JsonObject, proof: JsonObject, *, suite: ProofSuite, key: PublicKey
) -> JsonObject:
    """Return the document that one of its proofs vouches for, without its proofs.

    document: with all of its proofs; `proof` is one of them
    Raises: ProofInvalid, ProofMalformed, PreviousProofMissing, NotCanonicalizable
    Source: Data Integrity 1.0, sections 4.5 (Verify Proof) and 4.6 (Verify Proof Sets and Chains)
    """
    check_shape(proof)
    unsecured, proofs = split_proofs(document)
    if key.algorithm not in suite.key_algorithms:
        raise ProofInvalid("a key of another algorithm than the cryptosuite's")
    covered = _with_previous(unsecured, proof, proofs)
    verified = suite.verify(covered, proof, key)
    return {name: value for name, value in verified.items() if name != "proof"}


def check_shape(proof: JsonObject) -> None:
    """Refuse a proof that lacks a required member or holds a value of the wrong kind.

    Raises: ProofMalformed
    Source: Data Integrity 1.0, section 2.1 (Proofs)
    """
    for member in ("type", "cryptosuite", "verificationMethod", "proofPurpose", "proofValue"):
        is_named_by_type = member == "cryptosuite" and proof.get("type") == ED25519_SIGNATURE_2020
        if not is_named_by_type and not isinstance(proof.get(member), str):
            raise ProofMalformed(member, "a text")
    _check_method_id(str(proof["verificationMethod"]))
    for member in ("created", "expires"):
        if member in proof and parse_instant(proof[member]) is None:
            raise ProofMalformed(member, "an instant with a time zone")
    for member in ("id", "challenge", "nonce"):
        if member in proof and not isinstance(proof[member], str):
            raise ProofMalformed(member, "a text")
    for member in ("domain", "previousProof"):
        if member in proof and not _is_text_or_texts(proof[member]):
            raise ProofMalformed(member, "a text or an array of texts")


def _check_method_id(method_id: str) -> None:
    if method_id.startswith(("https://", "http://")):
        return
    try:
        parse_did_url(method_id)
    except DidInvalid as error:
        raise ProofMalformed("verificationMethod", "a DID URL or a web address") from error


def _is_text_or_texts(value: JsonValue) -> bool:
    values = one_or_many(value)
    return bool(values) and all(isinstance(entry, str) for entry in values)


def _with_previous(
    unsecured: JsonObject, proof: JsonObject, proofs: Sequence[JsonObject]
) -> JsonObject:
    """Return what a proof covers: the document, and the whole proofs that it builds upon.

    A proof without `previousProof` covers the document alone, in a set as well (section 4.6).
    """
    names = one_or_many(proof.get("previousProof"))
    if not names:
        return unsecured
    by_id = {entry["id"]: entry for entry in proofs if isinstance(entry.get("id"), str)}
    if any(name not in by_id for name in names):
        raise PreviousProofMissing
    return {**unsecured, "proof": [by_id[name] for name in names]}
