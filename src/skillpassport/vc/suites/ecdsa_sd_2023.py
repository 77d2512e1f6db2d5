"""The cryptosuite ecdsa-sd-2023: statements that a holder discloses one by one, over P-256.

Follows Data Integrity ECDSA Cryptosuites 1.0, sections 3.5 and 3.6. The issuer signs each statement
with a key made for this proof, and that key with its own ("base proof"). The holder passes on the
statements that it chooses, with their signatures ("derived proof"). Statements that the issuer made
mandatory are always passed on.

A base proof is for the holder alone: its HMAC key lets one guess what is not disclosed. It therefore
does not verify as a proof; `verify_base` is for the issuer and the holder.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import orjson

from skillpassport.vc.jcs import NotCanonicalizable
from skillpassport.vc.json_ld import expand_safely
from skillpassport.vc.json_ld_rdf import quads_of
from skillpassport.vc.keys import P256, EcdsaSigner, PublicKey, Signer
from skillpassport.vc.multibase import decode_multibase64url, encode_multibase64url
from skillpassport.vc.rdf import Quad, Term, blank, line_of
from skillpassport.vc.rdfc import canonicalize_dataset
from skillpassport.vc.shapes import copy_of_refusal
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.suites.protocol import ECDSA_SD_2023, ProofInvalid, ProofMalformed
from skillpassport.vc.suites.rdfc_suite import RdfcSuite
from skillpassport.vc.suites.sd_proof_value import (
    MAX_SIGNATURES,
    BaseProof,
    DerivedProof,
    encoded_key,
    parse_base_proof,
    parse_derived_proof,
)
from skillpassport.vc.suites.selection import Named, SelectionRefused, name_nodes, select

_HMAC_KEY_BYTES = 32
_CANONICAL = "_:c14n"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofSecrets:
    """What is made anew for each base proof.

    signer: its private half is forgotten when the proof is made
    """

    hmac_key: bytes
    signer: EcdsaSigner

    @classmethod
    def new(cls) -> "ProofSecrets":
        """Return fresh ones from the operating system's randomness."""
        return cls(hmac_key=secrets.token_bytes(_HMAC_KEY_BYTES), signer=EcdsaSigner.generate(P256))


class EcdsaSd2023(RdfcSuite):
    """ECDSA on P-256 with selective disclosure of single statements."""

    cryptosuite = ECDSA_SD_2023
    key_algorithms = frozenset({P256})
    hash_names = MappingProxyType({P256: "sha256"})

    def __init__(
        self,
        contexts_folder: Path | None = None,
        *,
        mandatory_pointers: Sequence[str] = ("/issuer",),
        new_secrets: Callable[[], ProofSecrets] = ProofSecrets.new,
    ) -> None:
        """Take what every holder must disclose of documents that are signed here.

        mandatory_pointers: JSON pointers into them
        new_secrets: replaced in tests alone
        """
        super().__init__(contexts_folder)
        self._mandatory_pointers = tuple(mandatory_pointers)
        self._new_secrets = new_secrets

    def create(
        self, unsecured: JsonObject, proof_options: JsonObject, signer: Signer
    ) -> JsonObject:
        """Return a base proof, for the holder alone.

        Raises: ProofMalformed, SelectionRefused, NotCanonicalizable, ContextUnknown, ContextDamaged
        Source: section 3.6.1 (Create Base Proof)
        """
        if signer.algorithm not in self.key_algorithms:
            raise ProofMalformed("verificationMethod", f"a key of {P256}")
        own = self._new_secrets()
        grouped = self._grouped(unsecured, own.hmac_key)
        if len(grouped.lines) > MAX_SIGNATURES:
            raise SelectionRefused(f"at most {MAX_SIGNATURES} statements", str(len(grouped.lines)))
        mandatory = grouped.positions(self._mandatory_pointers)
        to_sign = self._to_sign(
            unsecured,
            proof_options,
            own.signer.public_key,
            [line for index, line in enumerate(grouped.lines) if index in mandatory],
        )
        base = BaseProof(
            base_signature=signer.sign(to_sign),
            public_key=own.signer.public_key,
            hmac_key=own.hmac_key,
            signatures=tuple(
                own.signer.sign(line.encode())
                for index, line in enumerate(grouped.lines)
                if index not in mandatory
            ),
            mandatory_pointers=self._mandatory_pointers,
        )
        return {**proof_options, "proofValue": base.proof_value}

    def derive(
        self, document: JsonObject, proof: JsonObject, pointers: Sequence[str]
    ) -> JsonObject:
        """Return the part of a document that the holder discloses, with a derived proof.

        document: without its proofs, whole as it was issued
        proof: the base proof, which is checked by `verify_base` and not here
        pointers: JSON pointers to what is disclosed beside the mandatory parts
        Raises: ProofMalformed, SelectionRefused, NotCanonicalizable, ContextUnknown, ContextDamaged
        Source: sections 3.5.4 (createDisclosureData) and 3.6.6 (Add Derived Proof)
        """
        base = parse_base_proof(proof.get("proofValue"))
        combined = [*base.mandatory_pointers, *pointers]
        grouped = self._grouped(document, base.hmac_key)
        mandatory = grouped.positions(base.mandatory_pointers)
        selective = grouped.positions(pointers)
        shown = sorted(grouped.positions(combined))
        signed = [index for index in range(len(grouped.lines)) if index not in mandatory]
        if len(signed) != len(base.signatures):
            raise ProofInvalid("a base proof of another document")
        revealed = select(document, combined)
        if revealed is None:
            raise SelectionRefused("something to disclose", "nothing")
        derived = DerivedProof(
            base_signature=base.base_signature,
            public_key=base.public_key,
            signatures=tuple(
                signature
                for index, signature in zip(signed, base.signatures, strict=True)
                if index in selective
            ),
            labels=grouped.labels_for_verifier(combined),
            mandatory_indexes=frozenset(
                position for position, index in enumerate(shown) if index in mandatory
            ),
        )
        return {**revealed, "proof": {**proof, "proofValue": derived.proof_value}}

    def verify(self, unsecured: JsonObject, proof: JsonObject, key: PublicKey) -> JsonObject:
        """Return the verified document, which is the one that was given.

        Raises: ProofInvalid, ProofMalformed, NotCanonicalizable, ContextUnknown, ContextDamaged
        Source: section 3.6.7 (Verify Derived Proof)
        """
        if key.algorithm not in self.key_algorithms:
            raise ProofInvalid("a key of another algorithm than the cryptosuite's")
        derived = parse_derived_proof(proof.get("proofValue"))
        lines = self._labelled_lines(unsecured, derived.labels)
        if any(index >= len(lines) for index in derived.mandatory_indexes):
            raise ProofInvalid("places of statements that are not there")
        mandatory = [line for i, line in enumerate(lines) if i in derived.mandatory_indexes]
        others = [line for i, line in enumerate(lines) if i not in derived.mandatory_indexes]
        if len(others) != len(derived.signatures):
            raise ProofInvalid("another number of signatures than of statements")
        options = {name: value for name, value in proof.items() if name != "proofValue"}
        to_verify = self._to_sign(unsecured, options, derived.public_key, mandatory)
        if not key.verify(derived.base_signature, to_verify):
            raise ProofInvalid("one that does not match")
        _check_statements(others, derived.signatures, derived.public_key)
        return unsecured

    def verify_base(self, unsecured: JsonObject, proof: JsonObject, key: PublicKey) -> None:
        """Refuse a base proof that does not hold, as its holder and its issuer do.

        Raises: ProofInvalid, ProofMalformed, SelectionRefused, NotCanonicalizable, ContextUnknown,
        ContextDamaged
        """
        base = parse_base_proof(proof.get("proofValue"))
        grouped = self._grouped(unsecured, base.hmac_key)
        mandatory = grouped.positions(base.mandatory_pointers)
        lines = [line for index, line in enumerate(grouped.lines) if index in mandatory]
        others = [line for index, line in enumerate(grouped.lines) if index not in mandatory]
        options = {name: value for name, value in proof.items() if name != "proofValue"}
        to_verify = self._to_sign(unsecured, options, base.public_key, lines)
        if len(others) != len(base.signatures) or not key.verify(base.base_signature, to_verify):
            raise ProofInvalid("one that does not match")
        _check_statements(others, base.signatures, base.public_key)

    def _to_sign(
        self,
        unsecured: JsonObject,
        options: JsonObject,
        proof_key: PublicKey,
        mandatory: Sequence[str],
    ) -> bytes:
        """Return what the issuer's own key signs (section 3.5.1, serializeSignData)."""
        self._check_configuration(options)
        configuration = {**options, "@context": unsecured.get("@context", [])}
        canonical = self._shapes.canonicalize(configuration, "sha256")
        proof_hash = hashlib.sha256(canonical).digest()
        mandatory_hash = hashlib.sha256("".join(mandatory).encode()).digest()
        return proof_hash + encoded_key(proof_key) + mandatory_hash

    def _labelled_lines(self, document: JsonObject, labels: Mapping[int, bytes]) -> list[str]:
        """Return the statements under the labels with which they were signed (section 3.4.2)."""
        quads, canonical = self._canonical(document)
        if len(labels) != len(canonical):
            raise ProofInvalid("another number of labels than of unnamed nodes")
        try:
            own = {
                node: blank(encode_multibase64url(labels[_number_of(label)]))
                for node, label in canonical.items()
            }
        except KeyError as error:
            raise ProofInvalid("labels of other nodes") from error
        return _lines(quads, own)

    def _canonical(self, document: JsonObject) -> tuple[tuple[Quad, ...], Mapping[Term, Term]]:
        """Return the statements of a document and its canonical labels.

        Remembered for a while, refusals too: a document may carry many proofs, and each asks.
        """
        answer = _canonicalized(orjson.dumps(document), self._folder)
        if isinstance(answer, NotCanonicalizable):
            raise copy_of_refusal(answer)
        return answer

    def _grouped(self, document: JsonObject, hmac_key: bytes) -> "_Grouped":
        named = name_nodes(document, self._folder)
        labels = {
            node: blank(encode_multibase64url(_digest(hmac_key, label)))
            for node, label in canonicalize_dataset(named.quads).labels.items()
        }
        return _Grouped(named, labels, tuple(_lines(named.quads, labels)), self._folder)


@dataclass(frozen=True, slots=True)
class _Grouped:
    """The statements of a whole document under secret labels, and which parts make them.

    labels: blank node of the whole to the label under which it is signed
    """

    named: Named
    labels: Mapping[Term, Term]
    lines: tuple[str, ...]
    folder: Path | None

    def positions(self, pointers: Sequence[str]) -> frozenset[int]:
        """Return the positions of the statements that a part makes (canonicalizeAndGroup)."""
        part = set(_lines(self.named.quads_of_part(pointers, self.folder), self.labels))
        found = frozenset(i for i, line in enumerate(self.lines) if line in part)
        if len(found) != len(part):
            raise SelectionRefused("parts that state what the whole states", "others")
        return found

    def labels_for_verifier(self, pointers: Sequence[str]) -> Mapping[int, bytes]:
        """Return the labels of the nodes as a verifier of the part will number them."""
        part = canonicalize_dataset(self.named.quads_of_part(pointers, self.folder)).labels
        return {
            _number_of(label): _digest_in(self.labels[node])
            for node, label in sorted(part.items(), key=lambda entry: _number_of(entry[1]))
        }


@lru_cache(maxsize=8)
def _canonicalized(
    raw: bytes, folder: Path | None
) -> tuple[tuple[Quad, ...], Mapping[Term, Term]] | NotCanonicalizable:
    try:
        quads = tuple(quads_of(expand_safely(orjson.loads(raw), contexts_folder=folder)))
        return quads, canonicalize_dataset(quads).labels
    except NotCanonicalizable as refusal:
        return copy_of_refusal(refusal)


def _check_statements(lines: Sequence[str], signatures: Sequence[bytes], key: PublicKey) -> None:
    for line, signature in zip(lines, signatures, strict=True):
        if not key.verify(signature, line.encode()):
            raise ProofInvalid("a statement that was not signed")


def _lines(quads: Sequence[Quad], labels: Mapping[Term, Term]) -> list[str]:
    relabelled = {
        line_of((labels.get(s, s), p, labels.get(o, o), labels.get(g, g))) for s, p, o, g in quads
    }
    return sorted(relabelled)


def _digest(hmac_key: bytes, label: Term) -> bytes:
    """Return the digest of a canonical label `_:c14n0`, without its `_:` (section 3.4.5)."""
    return hmac.new(hmac_key, label.removeprefix("_:").encode(), hashlib.sha256).digest()


def _number_of(label: Term) -> int:
    return int(label.removeprefix(_CANONICAL))


def _digest_in(label: Term) -> bytes:
    return decode_multibase64url(label.removeprefix("_:"))
