"""ecdsa-sd-2023: every published file of both vectors, from the pointers to the verified part."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from skillpassport.vc.keys import EcdsaSigner
from skillpassport.vc.multibase import (
    MULTICODEC_P256_PRIVATE,
    decode_multibase58,
    encode_multibase64url,
)
from skillpassport.vc.strict_json import JsonObject, parse_object
from skillpassport.vc.suites.ecdsa_sd_2023 import EcdsaSd2023, ProofSecrets
from skillpassport.vc.suites.sd_proof_value import parse_base_proof, parse_derived_proof
from skillpassport.vc.suites.selection import select
from tests.support.checkout import CHECKOUT
from tests.support.shared_data import shared_data

pytestmark = pytest.mark.data

OWN = CHECKOUT / "tests" / "vectors" / "ecdsa-sd-2023"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """One published walk through the cryptosuite.

    folder: of the files of its steps
    mandatory, selective: what every holder, and what this holder, discloses
    """

    folder: Path
    unsigned: JsonObject
    mandatory: list[str]
    selective: list[str]
    keys: dict[str, Any]

    def json(self, name: str) -> Any:  # noqa: ANN401 - JSON
        return json.loads((self.folder / name).read_text())

    def document(self, name: str) -> tuple[JsonObject, JsonObject]:
        """Return a published document and its proof."""
        document = parse_object((self.folder / name).read_bytes())
        proof = document.pop("proof")
        assert isinstance(proof, dict)
        return document, proof

    def signer(self, pair: str) -> EcdsaSigner:
        secret = decode_multibase58(self.keys[pair]["secretKeyMultibase"])
        signer = EcdsaSigner.from_private_bytes(secret.removeprefix(MULTICODEC_P256_PRIVATE))
        assert signer.public_key.multikey == self.keys[pair]["publicKeyMultibase"]
        return signer

    @property
    def hmac_key(self) -> bytes:
        return bytes.fromhex(self.keys["hmacKeyString"])

    @property
    def suite(self) -> EcdsaSd2023:
        own = ProofSecrets(hmac_key=self.hmac_key, signer=self.signer("proofKeyPair"))
        return EcdsaSd2023(
            OWN / "contexts", mandatory_pointers=self.mandatory, new_secrets=lambda: own
        )


@pytest.fixture(params=["prCred", "employ"])
def vector(request: pytest.FixtureRequest) -> Vector:
    w3c = shared_data() / "credentials" / "w3c-di-ecdsa"
    name = str(request.param)
    unsigned = "prCredUnsigned.json" if name == "prCred" else "employmentAuth.json"
    return Vector(
        folder=w3c / "ecdsa-sd-2023" / "prc" if name == "prCred" else OWN / "employ",
        unsigned=parse_object((w3c / unsigned).read_bytes()),
        mandatory=json.loads((w3c / f"{name}Mandatory.json").read_text()),
        selective=json.loads((w3c / f"{name}Selective.json").read_text()),
        keys=json.loads((w3c / "ecdsa-sd-2023" / "SDKeyMaterial.json").read_text()),
    )


def test_the_document_is_the_published_one_but_for_a_description(vector: Vector) -> None:
    """In one vector the signed description lost three words; the signature is over the signed one."""
    document, _ = vector.document("addSignedSDBase.json")
    assert document.keys() == vector.unsigned.keys()
    differing = {name for name in document if document[name] != vector.unsigned[name]}
    assert differing <= {"description"}


def test_the_statements_of_a_base_proof_match(vector: Vector) -> None:
    document, proof = vector.document("addSignedSDBase.json")
    suite = vector.suite
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    configuration = options | {"@context": document["@context"]}
    assert configuration == vector.json("addProofConfig.json")
    hashes = suite.hash_data(document, options)
    assert "".join(vector.json("addBaseDocCanon.json")).encode() == hashes.canonical_document
    assert hashes.canonical_proof == (vector.folder / "addProofConfigCanon.txt").read_bytes()
    assert hashes.proof_hash.hex() == vector.json("addHashData.json")["proofHash"]

    for chosen in vector.json("addPointerValues.json"):
        part = select(document, [chosen["pointer"]])
        assert part is not None
        assert part[chosen["pointer"].removeprefix("/")] == chosen["value"]

    grouped = suite._grouped(document, vector.hmac_key)
    assert list(grouped.lines) == vector.json("addBaseDocHMACCanon.json")
    transformed = vector.json("addBaseTransform.json")
    mandatory = grouped.positions(vector.mandatory)
    assert transformed["mandatoryPointers"] == vector.mandatory
    assert transformed["hmacKeyString"] == vector.keys["hmacKeyString"]
    assert entries(transformed["mandatory"]) == at(grouped.lines, mandatory)
    assert entries(transformed["nonMandatory"]) == at(
        grouped.lines, others(grouped.lines, mandatory)
    )


def test_the_base_proof_matches_to_the_octet(vector: Vector) -> None:
    document, proof = vector.document("addSignedSDBase.json")
    suite, issuer = vector.suite, vector.signer("baseKeyPair")
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    assert suite.create(document, options, issuer) == proof
    base = parse_base_proof(proof["proofValue"])
    raw = vector.json("addRawBaseSignatureInfo.json")
    recovered = vector.json("derivedRecoveredBaseData.json")
    for said, key in ((raw, "publicKey"), (recovered, "proofPublicKey")):
        assert base.base_signature.hex() == said["baseSignature"]
        assert base.public_key.multikey == said[key]
        assert [signature.hex() for signature in base.signatures] == said["signatures"]
        assert list(base.mandatory_pointers) == said["mandatoryPointers"]
    assert base.hmac_key.hex() == recovered["hmacKey"]
    suite.verify_base(document, proof, issuer.public_key)


def test_the_parts_of_a_derived_proof_match(vector: Vector) -> None:
    document, proof = vector.document("addSignedSDBase.json")
    suite = vector.suite
    grouped = suite._grouped(document, vector.hmac_key)
    mandatory = grouped.positions(vector.mandatory)
    selective = grouped.positions(vector.selective)
    combined = grouped.positions([*vector.mandatory, *vector.selective])
    lines = grouped.lines
    indexes = vector.json("derivedGroupIndexes.json")
    assert sorted(mandatory) == indexes["mandatoryIndexes"]
    assert sorted(selective) == indexes["selectiveIndexes"]
    assert sorted(combined) == indexes["combinedIndexes"]
    assert sorted(others(lines, mandatory)) == indexes["nonMandatoryIndexes"]

    told = vector.json("derivedAllGroupData.json")
    for name, found in (("mandatory", mandatory), ("selective", selective), ("combined", combined)):
        group = told["groups"][name]
        assert entries(group["matching"]) == at(lines, found)
        assert entries(group["nonMatching"]) == at(lines, others(lines, found))
    assert told["nquads"] == list(lines)
    published_labels = {f"_:{label}" for _, label in told["labelMap"]["value"]}
    assert published_labels == set(grouped.labels.values())

    shown = sorted(combined)
    positions = [place for place, index in enumerate(shown) if index in mandatory]
    assert positions == vector.json("derivedAdjMandatoryIndexes.json")["adjMandatoryIndexes"]
    signed = sorted(others(lines, mandatory))
    kept = [place for place, index in enumerate(signed) if index in selective]
    adjusted = vector.json("derivedAdjSignatures.json")
    assert kept == adjusted["adjSignatureIndexes"]
    base = parse_base_proof(proof["proofValue"])
    assert [base.signatures[place].hex() for place in kept] == adjusted["filteredSignatures"]


def test_the_derived_proof_matches_to_the_octet_and_verifies(vector: Vector) -> None:
    document, proof = vector.document("addSignedSDBase.json")
    suite, key = vector.suite, vector.signer("baseKeyPair").public_key
    part, derived_proof = vector.document("derivedRevealDocument.json")
    assert part == vector.json("derivedUnsignedReveal.json")
    assert suite.derive(document, proof, vector.selective) == part | {"proof": derived_proof}

    derived = parse_derived_proof(derived_proof["proofValue"])
    labels = {
        f"c14n{number}": encode_multibase64url(label) for number, label in derived.labels.items()
    }
    disclosed, parsed = (
        vector.json("derivedDisclosureData.json"),
        vector.json("verifyDerivedProofValue.json"),
    )
    for said, published in (
        (disclosed, disclosed["labelMap"]["value"]),
        (parsed, parsed["labelMap"]),
    ):
        assert derived.base_signature.hex() == said["baseSignature"]
        assert derived.public_key.multikey == said["publicKey"]
        assert [signature.hex() for signature in derived.signatures] == said["signatures"]
        assert sorted(derived.mandatory_indexes) == said["mandatoryIndexes"]
        assert labels == pairs(published)

    lines = suite._labelled_lines(part, derived.labels)
    assert lines == vector.json("verifyNQuads.json")
    data = vector.json("verifyCreateVerifyData.json")
    optional = sorted(others(lines, derived.mandatory_indexes))
    assert [lines[index] for index in optional] == data["nonMandatory"]
    options = {name: value for name, value in derived_proof.items() if name != "proofValue"}
    mandatory = [lines[index] for index in sorted(derived.mandatory_indexes)]
    to_verify = suite._to_sign(part, options, derived.public_key, mandatory)
    assert (to_verify[:32].hex(), to_verify[-32:].hex()) == (
        data["proofHash"],
        data["mandatoryHash"],
    )
    assert data["mandatoryHash"] == vector.json("addHashData.json")["mandatoryHash"]
    assert (data["baseSignature"], data["signatures"]) == (
        parsed["baseSignature"],
        parsed["signatures"],
    )
    assert suite.verify(part, derived_proof, key) == part


def entries(published: dict[str, Any]) -> dict[int, str]:
    """Return a published map, which stands in JSON as a list of pairs."""
    assert published["dataType"] == "Map"
    return dict(published["value"])


def pairs(published: list[Any]) -> dict[str, str]:
    """Return a map that was published as a list of pairs, or of names and values in turn."""
    if published and isinstance(published[0], list):
        return dict(published)
    return dict(zip(published[::2], published[1::2], strict=True))


def at(lines: Sequence[str], positions: frozenset[int]) -> dict[int, str]:
    return {index: lines[index] for index in sorted(positions)}


def others(lines: Sequence[str], positions: frozenset[int]) -> frozenset[int]:
    return frozenset(range(len(lines))) - positions
