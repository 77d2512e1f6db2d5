"""ecdsa-rdfc-2019 on both curves, at every intermediate value."""

import pytest

from skillpassport.vc.data_integrity import ProofOptions, add_proof, verify_proof
from skillpassport.vc.did import did_key, own_verification_method
from skillpassport.vc.keys import P256, P384, EcdsaSigner, PublicKey
from skillpassport.vc.multibase import decode_multibase58
from skillpassport.vc.strict_json import parse_object
from skillpassport.vc.suites import ECDSA_RDFC_2019, ProofInvalid, ProofMalformed
from skillpassport.vc.suites.ecdsa_rdfc_2019 import EcdsaRdfc2019
from tests.support.checkout import CHECKOUT
from tests.support.credentials import (
    ISSUED,
    ISSUER,
    a_credential,
    method_of,
    proof_of,
    without,
)
from tests.support.shared_data import shared_data, text_of

VECTORS = CHECKOUT / "tests" / "vectors"
SUITE = EcdsaRdfc2019(VECTORS / "contexts")
P384_KEY = "z82LkuBieyGShVBhvtE2zoiD6Kma4tJGFtkAhxR5pfkp5QPw4LutoYWhvQCnGjdVn14kujQ"


@pytest.mark.data
@pytest.mark.parametrize(
    ("case", "unsigned"), [(".", "unsigned.json"), ("employ", "employmentAuth.json")]
)
def test_the_w3c_vectors_for_p_256_match_at_every_intermediate_value(
    case: str, unsigned: str
) -> None:
    root = shared_data() / "credentials" / "w3c-di-ecdsa"
    folder = root / "ecdsa-rdfc-2019-p256" / case
    secured = parse_object((folder / "signedECDSAP256.json").read_bytes())
    proof = proof_of(secured)
    assert without(secured, "proof") == parse_object((root / unsigned).read_bytes())
    configuration = parse_object((folder / "proofConfigECDSAP256.json").read_bytes())
    assert without(proof, "proofValue") == without(configuration, "@context")
    hashes = SUITE.hash_data(without(secured, "proof"), without(proof, "proofValue"))
    assert hashes.canonical_document == (folder / "canonDocECDSAP256.txt").read_bytes()
    assert hashes.canonical_proof == (folder / "proofCanonECDSAP256.txt").read_bytes()
    assert hashes.document_hash.hex() == text_of(folder / "docHashECDSAP256.txt")
    assert hashes.proof_hash.hex() == text_of(folder / "proofHashECDSAP256.txt")
    assert hashes.signed_bytes.hex() == text_of(folder / "combinedHashECDSAP256.txt")
    assert proof["proofValue"] == text_of(folder / "sigBTC58ECDSAP256.txt")
    signature = decode_multibase58(str(proof["proofValue"]))
    assert signature.hex() == text_of(folder / "sigHexECDSAP256.txt")
    pair = parse_object((root / "p256KeyPair.json").read_bytes())
    key = PublicKey.from_multikey(str(pair["publicKeyMultibase"]))
    assert verify_proof(secured, proof, suite=SUITE, key=key) == without(secured, "proof")


@pytest.mark.parametrize("case", ["p384", "p384-employ"])
def test_the_w3c_vectors_for_p_384_match_at_every_intermediate_value(case: str) -> None:
    """The hash within RDFC-1.0 is SHA-384 as well (vc-di-ecdsa, section 3)."""
    folder = VECTORS / "ecdsa-rdfc-2019" / case
    secured = parse_object((folder / "secured.json").read_bytes())
    proof = proof_of(secured)
    unsecured, options = without(secured, "proof"), without(proof, "proofValue")
    hashes = SUITE.hash_data(unsecured, options, hash_name="sha384")
    assert hashes.canonical_document == (folder / "canonical_document.txt").read_bytes()
    assert hashes.canonical_proof == (folder / "canonical_proof.txt").read_bytes()
    assert hashes.document_hash.hex() == text_of(folder / "document_hash.txt")
    assert hashes.proof_hash.hex() == text_of(folder / "proof_hash.txt")
    assert proof["proofValue"] == text_of(folder / "proof_value.txt")
    signature = decode_multibase58(str(proof["proofValue"]))
    assert signature.hex() == text_of(folder / "signature.txt")
    key = PublicKey.from_multikey(P384_KEY)
    assert verify_proof(secured, proof, suite=SUITE, key=key) == unsecured
    with pytest.raises(ProofInvalid):
        verify_proof({**secured, "name": "Doctor"}, proof, suite=SUITE, key=key)


@pytest.mark.parametrize("signer", [EcdsaSigner.generate(P256), EcdsaSigner.generate(P384)])
def test_what_is_signed_verifies_and_what_is_changed_does_not(
    signer: EcdsaSigner,
) -> None:
    method = own_verification_method(did_key(signer.public_key))
    options = ProofOptions(verification_method=method, created=ISSUED)
    secured = add_proof(a_credential(), suite=ECDSA_RDFC_2019, signer=signer, options=options)
    proof, key = proof_of(secured), signer.public_key
    assert verify_proof(secured, proof, suite=ECDSA_RDFC_2019, key=key) == a_credential()
    with pytest.raises(ProofInvalid):
        verify_proof({**secured, "name": "x"}, proof, suite=ECDSA_RDFC_2019, key=key)


def test_an_ed25519_key_does_not_sign() -> None:
    options = ProofOptions(verification_method=method_of(ISSUER), created=ISSUED)
    with pytest.raises(ProofMalformed):
        add_proof(a_credential(), suite=ECDSA_RDFC_2019, signer=ISSUER, options=options)
