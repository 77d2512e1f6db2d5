"""eddsa-jcs-2022, at every intermediate value."""

import json
from pathlib import Path

import pytest

from skillpassport.vc.data_integrity import ProofOptions, add_proof, verify_proof
from skillpassport.vc.jcs import canonicalize
from skillpassport.vc.keys import Ed25519Signer, PublicKey
from skillpassport.vc.multibase import (
    MULTICODEC_ED25519_PRIVATE,
    decode_multibase58,
    encode_multibase58,
)
from skillpassport.vc.strict_json import JsonObject, JsonValue, parse_object
from skillpassport.vc.suites import EDDSA_JCS_2022, ProofInvalid, ProofMalformed
from tests.support.checkout import CHECKOUT
from tests.support.credentials import (
    ISSUED,
    ISSUER,
    STRANGER,
    a_credential,
    method_of,
    proof_of,
    signed,
    without,
)
from tests.support.shared_data import shared_data

VECTORS = CHECKOUT / "tests" / "vectors" / "eddsa-jcs-2022"
CASES = sorted(path.parent.name for path in VECTORS.glob("*/input.json"))


@pytest.fixture
def w3c() -> Path:
    return shared_data() / "credentials" / "w3c-di-eddsa"


@pytest.mark.data
def test_the_w3c_vector_matches_at_every_intermediate_value(w3c: Path) -> None:
    """Only the suite is asked: the vector's issuer is not the controller of its key."""
    folder = w3c / "eddsa-jcs-2022"
    secured = parse_object((folder / "signedJCS.json").read_bytes())
    configuration = parse_object((folder / "proofConfigJCS.json").read_bytes())
    hashes = EDDSA_JCS_2022.hash_data(without(secured, "proof"), configuration)

    assert hashes.canonical_document == (folder / "canonDocJCS.txt").read_bytes().strip()
    assert hashes.canonical_proof == (folder / "proofCanonJCS.txt").read_bytes().strip()
    assert hashes.document_hash.hex() == (folder / "docHashJCS.txt").read_text().strip()
    assert hashes.proof_hash.hex() == (folder / "proofHashJCS.txt").read_text().strip()
    assert hashes.signed_bytes.hex() == (folder / "combinedHashJCS.txt").read_text().strip()

    proof = proof_of(secured)
    assert without(proof, "proofValue") == configuration
    signature = decode_multibase58(str(proof["proofValue"]))
    assert signature.hex() == (folder / "sigHexJCS.txt").read_text().strip()
    assert proof["proofValue"] == (folder / "sigBTC58JCS.txt").read_text().strip()

    key_pair = parse_object((w3c / "keyPair.json").read_bytes())
    key = PublicKey.from_multikey(str(key_pair["publicKeyMultibase"]))
    verified = verify_proof(secured, proof, suite=EDDSA_JCS_2022, key=key)
    assert verified == parse_object((w3c / "unsigned.json").read_bytes())


@pytest.mark.data
def test_the_w3c_vector_is_signed_alike(w3c: Path) -> None:
    secured = parse_object((w3c / "eddsa-jcs-2022" / "signedJCS.json").read_bytes())
    key_pair = parse_object((w3c / "keyPair.json").read_bytes())
    private = decode_multibase58(str(key_pair["privateKeyMultibase"]))
    signer = Ed25519Signer.from_private_bytes(private.removeprefix(MULTICODEC_ED25519_PRIVATE))
    options = without(proof_of(secured), "proofValue", "@context")
    proof = EDDSA_JCS_2022.create(without(secured, "proof"), options, signer)
    assert proof == proof_of(secured)


@pytest.mark.parametrize("case", CASES)
def test_our_own_vectors_still_match(case: str) -> None:
    folder = VECTORS / case
    document = parse_object((folder / "input.json").read_bytes())
    options = ProofOptions(verification_method=method_of(ISSUER), created=ISSUED)
    secured = add_proof(document, suite=EDDSA_JCS_2022, signer=ISSUER, options=options)
    assert secured == parse_object((folder / "secured.json").read_bytes())
    proof = proof_of(secured)
    assert f"{proof['proofValue']}\n" == (folder / "proof_value.txt").read_text()
    hashes = EDDSA_JCS_2022.hash_data(document, without(proof, "proofValue"))
    assert hashes.canonical_document == (folder / "canonical_document.txt").read_bytes()
    assert hashes.canonical_proof == (folder / "canonical_proof.txt").read_bytes()
    assert hashes.document_hash.hex() + "\n" == (folder / "document_hash.txt").read_text()
    assert hashes.proof_hash.hex() + "\n" == (folder / "proof_hash.txt").read_text()


def verify(document: JsonObject, *, key: PublicKey = ISSUER.public_key) -> JsonObject:
    return verify_proof(document, proof_of(document), suite=EDDSA_JCS_2022, key=key)


def with_contexts(document: JsonObject, *contexts: JsonValue) -> JsonObject:
    return {**document, "@context": list(contexts)}


V2 = "https://www.w3.org/ns/credentials/v2"
MORE = "https://vocab.example/more"


def test_the_proof_and_its_configuration_carry_the_context() -> None:
    document = a_credential()
    assert proof_of(signed(document))["@context"] == document["@context"]


def test_signing_changes_nothing_of_the_document() -> None:
    document = a_credential()
    before = json.dumps(document)
    signed(document)
    assert json.dumps(document) == before


def test_a_context_appended_after_signing_is_left_out_of_what_is_verified() -> None:
    """Section 3.3.2, steps 4.1 and 4.2."""
    secured = signed(a_credential())
    verified = verify(with_contexts(secured, V2, MORE))
    assert verified == without(secured, "proof")


@pytest.mark.parametrize(
    "contexts",
    [
        [MORE, V2],
        [MORE],
        [],
        [{"@vocab": "https://vocab.example/"}, V2],
        ["https://www.w3.org/ns/credentials/V2"],
    ],
    ids=["put first", "replaced", "removed", "inline first", "other letter"],
)
def test_another_context_is_refused(contexts: list[JsonValue]) -> None:
    with pytest.raises(ProofInvalid):
        verify(with_contexts(signed(a_credential()), *contexts))


def test_two_contexts_that_trade_places_are_refused() -> None:
    """Otherwise two claims could trade their meaning under a valid signature."""
    a: JsonObject = {"x": "https://a.example/", "y": "https://b.example/"}
    b: JsonObject = {"z": "https://c.example/"}
    swapped: JsonObject = {"x": "https://b.example/", "y": "https://a.example/"}
    secured = signed(with_contexts(a_credential(), V2, a, b))
    verify(secured)
    with pytest.raises(ProofInvalid):
        verify(with_contexts(secured, V2, b, a))
    with pytest.raises(ProofInvalid):
        verify(with_contexts(secured, V2, swapped, b))


def test_a_proof_without_context_holds_by_the_letter_of_the_algorithm() -> None:
    """Some libraries sign so; then the document's own context is what was hashed."""
    document = a_credential()
    configuration: JsonObject = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": method_of(ISSUER),
        "proofPurpose": "assertionMethod",
    }
    hashes = EDDSA_JCS_2022.hash_data(document, configuration)
    value = encode_multibase58(ISSUER.sign(hashes.signed_bytes))
    secured: JsonObject = {**document, "proof": {**configuration, "proofValue": value}}
    assert verify(secured) == document
    with pytest.raises(ProofInvalid):
        verify(with_contexts(secured, V2, MORE))
    with pytest.raises(ProofInvalid):
        verify({**secured, "proof": {**proof_of(secured), "@context": [V2]}})


def test_a_context_taken_from_the_proof_is_refused() -> None:
    secured = signed(a_credential())
    with pytest.raises(ProofInvalid):
        verify({**secured, "proof": without(proof_of(secured), "@context")})


def test_the_key_of_another_is_refused() -> None:
    with pytest.raises(ProofInvalid):
        verify(signed(a_credential()), key=STRANGER.public_key)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("proofValue", "z"),
        ("proofValue", "uAAAA"),
        ("proofValue", "z0OIl"),
        ("proofValue", "z" + "1" * 63),
        ("proofValue", "z" + "2" * 2000),
        ("created", "yesterday"),
        ("created", "2026-11-01T08:00:00"),
        ("created", 1),
        ("type", "Ed25519Signature2020"),
        ("cryptosuite", "eddsa-rdfc-2022"),
    ],
)
def test_a_malformed_proof_is_refused(member: str, value: JsonValue) -> None:
    secured = signed(a_credential())
    with pytest.raises(ProofMalformed) as caught:
        verify({**secured, "proof": {**proof_of(secured), member: value}})
    assert caught.value.member == member


def test_members_in_another_order_are_the_same_document() -> None:
    secured = signed(a_credential())
    shuffled: JsonObject = dict(reversed(secured.items()))
    assert canonicalize(verify(shuffled)) == canonicalize(verify(secured))
