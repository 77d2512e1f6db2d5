"""ecdsa-jcs-2019 on both curves, at every intermediate value."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from skillpassport.vc.data_integrity import ProofOptions, add_proof, verify_proof
from skillpassport.vc.keys import P256, P384, EcdsaSigner, PublicKey, Signer
from skillpassport.vc.multibase import (
    MULTICODEC_P256_PRIVATE,
    MULTICODEC_P384_PRIVATE,
    decode_multibase58,
    encode_multibase58,
)
from skillpassport.vc.report import Verdict
from skillpassport.vc.strict_json import JsonObject, JsonValue, parse_object
from skillpassport.vc.suites import (
    ECDSA_JCS_2019,
    EDDSA_JCS_2022,
    HashData,
    ProofInvalid,
    ProofMalformed,
)
from tests.support.checkout import CHECKOUT
from tests.support.credentials import (
    ISSUED,
    ISSUER,
    P256_ISSUER,
    P384_ISSUER,
    a_credential,
    as_text,
    did_of,
    method_of,
    proof_of,
    signed,
    verified,
    without,
)
from tests.support.shared_data import shared_data

P384_VECTOR = CHECKOUT / "tests" / "vectors" / "ecdsa-jcs-2019" / "p384"
P384_SECRET = "z2fanyY7zgwNpZGxX5fXXibvScNaUWNprHU9dKx7qpVj7mws9J8LLt4mDB5TyH2GLHWkUc"
P384_PUBLIC = "z82LkuBieyGShVBhvtE2zoiD6Kma4tJGFtkAhxR5pfkp5QPw4LutoYWhvQCnGjdVn14kujQ"

SIGNERS = pytest.mark.parametrize("signer", [P256_ISSUER, P384_ISSUER], ids=[P256, P384])


def with_proof(document: JsonObject, **changes: JsonValue) -> JsonObject:
    return {**document, "proof": {**proof_of(document), **changes}}


def own_credential(signer: Signer) -> JsonObject:
    return a_credential(issuer=did_of(signer))


def check_intermediates(hashes: HashData, folder: Path, names: Mapping[str, str]) -> None:
    def text(name: str) -> str:
        return (folder / names.get(name, f"{name}.txt")).read_text().strip()

    assert hashes.canonical_document.decode() == text("canonical_document")
    assert hashes.canonical_proof.decode() == text("canonical_proof")
    assert hashes.document_hash.hex() == text("document_hash")
    assert hashes.proof_hash.hex() == text("proof_hash")


def check_vector(secured: JsonObject, key: PublicKey, secret: str, prefix: bytes) -> None:
    """Verify the vector, and sign its document anew: the W3C's signatures are RFC 6979's."""
    proof = proof_of(secured)
    unsecured = without(secured, "proof")
    assert verify_proof(secured, proof, suite=ECDSA_JCS_2019, key=key) == unsecured
    private = decode_multibase58(secret).removeprefix(prefix)
    signer = EcdsaSigner.from_private_bytes(private, key.algorithm)
    assert signer.public_key == key
    again = ECDSA_JCS_2019.create(unsecured, without(proof, "proofValue", "@context"), signer)
    assert again == proof


@pytest.mark.data
def test_the_w3c_vector_of_p256_matches_at_every_intermediate_value() -> None:
    w3c = shared_data() / "credentials" / "w3c-di-ecdsa"
    folder = w3c / "ecdsa-jcs-2019-p256"
    secured = parse_object((folder / "signedJCSECDSAP256.json").read_bytes())
    configuration = parse_object((folder / "proofConfigJCSECDSAP256.json").read_bytes())
    assert without(proof_of(secured), "proofValue") == configuration
    hashes = ECDSA_JCS_2019.hash_data(without(secured, "proof"), configuration)
    names = {
        "canonical_document": "canonDocJCSECDSAP256.txt",
        "canonical_proof": "proofCanonJCSECDSAP256.txt",
        "document_hash": "docHashJCSECDSAP256.txt",
        "proof_hash": "proofHashJCSECDSAP256.txt",
    }
    check_intermediates(hashes, folder, names)
    combined = (folder / "combinedHashJCSECDSAP256.txt").read_text().strip()
    assert hashes.signed_bytes.hex() == combined
    value = str(proof_of(secured)["proofValue"])
    assert value == (folder / "sigBTC58JCSECDSAP256.txt").read_text().strip()
    assert decode_multibase58(value).hex() == (folder / "sigHexJCSECDSAP256.txt").read_text()

    pair = parse_object((w3c / "p256KeyPair.json").read_bytes())
    key = PublicKey.from_multikey(str(pair["publicKeyMultibase"]))
    check_vector(secured, key, str(pair["secretKeyMultibase"]), MULTICODEC_P256_PRIVATE)


def test_the_w3c_vector_of_p384_matches_at_every_intermediate_value() -> None:
    secured = parse_object((P384_VECTOR / "secured.json").read_bytes())
    proof = proof_of(secured)
    hashes = ECDSA_JCS_2019.hash_data(
        without(secured, "proof"), without(proof, "proofValue"), hash_name="sha384"
    )
    check_intermediates(hashes, P384_VECTOR, {})
    assert proof["proofValue"] == (P384_VECTOR / "proof_value.txt").read_text().strip()
    signature = decode_multibase58(str(proof["proofValue"]))
    assert signature.hex() == (P384_VECTOR / "signature.txt").read_text().strip()
    key = PublicKey.from_multikey(P384_PUBLIC)
    check_vector(secured, key, P384_SECRET, MULTICODEC_P384_PRIVATE)


@SIGNERS
def test_a_credential_is_issued_and_verified(signer: Signer) -> None:
    secured = signed(own_credential(signer), signer)
    assert proof_of(secured)["@context"] == secured["@context"]
    verification = verified(as_text(secured))
    assert verification.report.verdict is Verdict.VALID, verification.report.failures


@SIGNERS
def test_every_change_of_the_document_is_noticed(signer: Signer) -> None:
    secured = signed(own_credential(signer), signer)
    key = signer.public_key
    for member in without(secured, "proof"):
        for tampered in (without(secured, member), {**secured, member: "x"}):
            with pytest.raises(ProofInvalid):
                verify_proof(tampered, proof_of(secured), suite=ECDSA_JCS_2019, key=key)
    for member in ("created", "id", "expires", "domain", "challenge", "nonce", "x"):
        tampered = with_proof(secured, **{member: "2026-11-02T00:00:00Z"})
        with pytest.raises(ProofInvalid):
            verify_proof(tampered, proof_of(tampered), suite=ECDSA_JCS_2019, key=key)


@SIGNERS
def test_only_the_two_numbers_side_by_side_are_a_signature(signer: Signer) -> None:
    """DER, another length, zeros, swapped halves: none is the signature in another spelling."""
    secured = signed(own_credential(signer), signer)
    signature = decode_multibase58(str(proof_of(secured)["proofValue"]))
    half = len(signature) // 2
    r, s = signature[:half], signature[half:]
    der = encode_dss_signature(int.from_bytes(r), int.from_bytes(s))
    hostile = [der, s + r, bytes(2 * half), signature[:-1], signature + b"\x00", b"", r]
    for forged in hostile:
        tampered = with_proof(secured, proofValue=encode_multibase58(forged))
        with pytest.raises((ProofInvalid, ProofMalformed)):
            verify_proof(tampered, proof_of(tampered), suite=ECDSA_JCS_2019, key=signer.public_key)
    for text in ("", "z", "u" + "A" * 86, "f" + signature.hex(), "z0OIl", "z" + "1" * 63):
        tampered = with_proof(secured, proofValue=text)
        with pytest.raises((ProofInvalid, ProofMalformed)):
            verify_proof(tampered, proof_of(tampered), suite=ECDSA_JCS_2019, key=signer.public_key)


@SIGNERS
def test_the_suite_and_the_curve_belong_together(signer: Signer) -> None:
    options = ProofOptions(verification_method=method_of(signer), created=ISSUED)
    with pytest.raises(ProofMalformed):
        add_proof(own_credential(signer), suite=EDDSA_JCS_2022, signer=signer, options=options)
    with pytest.raises(ProofMalformed):
        add_proof(own_credential(signer), suite=ECDSA_JCS_2019, signer=ISSUER, options=options)
    secured = signed(own_credential(signer), signer)
    for other in (P256_ISSUER, P384_ISSUER, ISSUER):
        if other is not signer:
            with pytest.raises((ProofInvalid, ProofMalformed)):
                verify_proof(secured, proof_of(secured), suite=ECDSA_JCS_2019, key=other.public_key)
    renamed = with_proof(secured, cryptosuite="eddsa-jcs-2022")
    with pytest.raises(ProofInvalid):
        verify_proof(renamed, proof_of(renamed), suite=EDDSA_JCS_2022, key=signer.public_key)


def test_the_hash_of_the_other_curve_does_not_hold() -> None:
    """P-384 with SHA-256 would be a signature as weak as the weaker half."""
    document = own_credential(P384_ISSUER)
    configuration = without(proof_of(signed(document, P384_ISSUER)), "proofValue")
    weak = ECDSA_JCS_2019.hash_data(document, configuration, hash_name="sha256")
    value = encode_multibase58(P384_ISSUER.sign(weak.signed_bytes))
    secured: JsonObject = {**document, "proof": {**configuration, "proofValue": value}}
    with pytest.raises(ProofInvalid):
        verify_proof(secured, proof_of(secured), suite=ECDSA_JCS_2019, key=P384_ISSUER.public_key)


@SIGNERS
def test_a_context_that_was_changed_after_signing_is_refused(signer: Signer) -> None:
    secured = signed(own_credential(signer), signer)
    contexts: list[JsonValue] = ["https://vocab.example/more", *_contexts(secured)]
    for tampered in ({**secured, "@context": contexts}, {**secured, "@context": []}):
        with pytest.raises(ProofInvalid):
            verify_proof(tampered, proof_of(secured), suite=ECDSA_JCS_2019, key=signer.public_key)


def _contexts(document: JsonObject) -> list[JsonValue]:
    contexts = document["@context"]
    assert isinstance(contexts, list)
    return contexts
