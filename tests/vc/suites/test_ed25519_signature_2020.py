"""Ed25519Signature2020, at every intermediate value of the published vector."""

import pytest

from skillpassport.vc.data_integrity import split_proofs
from skillpassport.vc.keys import PublicKey
from skillpassport.vc.multibase import decode_multibase58
from skillpassport.vc.strict_json import parse_object
from skillpassport.vc.suites.ed25519_signature_2020 import ed25519_signature_2020_over
from skillpassport.vc.suites.protocol import ProofInvalid
from tests.support.shared_data import shared_data, text_of


@pytest.mark.data
def test_the_w3c_vector_matches_at_every_intermediate_value() -> None:
    """Only the suite is asked: the vector's issuer is not the controller of its key."""
    w3c = shared_data() / "credentials" / "w3c-di-eddsa"
    folder = w3c / "Ed25519Signature2020"
    suite = ed25519_signature_2020_over(None)
    unsecured, (proof,) = split_proofs(parse_object((folder / "signedEdSig.json").read_bytes()))
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    configuration = parse_object((folder / "proofConfigEdSig.json").read_bytes())
    assert options | {"@context": unsecured["@context"]} == configuration
    hashes = suite.hash_data(unsecured, options)
    assert hashes.canonical_document == (folder / "canonDocEdSig.txt").read_bytes()
    assert hashes.canonical_proof == (folder / "proofCanonEdSig.txt").read_bytes()
    assert hashes.document_hash.hex() == text_of(folder / "docHashEdSig.txt")
    assert hashes.proof_hash.hex() == text_of(folder / "proofHashEdSig.txt")
    assert hashes.signed_bytes.hex() == text_of(folder / "combinedHashEdSig.txt")
    assert proof["proofValue"] == text_of(folder / "sigBTC58EdSig.txt")
    signature = decode_multibase58(str(proof["proofValue"]))
    assert signature.hex() == text_of(folder / "sigHexEdSig.txt")
    pair = parse_object((w3c / "keyPair.json").read_bytes())
    key = PublicKey.from_multikey(str(pair["publicKeyMultibase"]))
    assert suite.verify(unsecured, proof, key) == unsecured
    with pytest.raises(ProofInvalid):
        suite.verify(unsecured | {"name": "Another"}, proof, key)
