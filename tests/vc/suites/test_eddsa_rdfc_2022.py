"""eddsa-rdfc-2022, at every intermediate value, in sets and in chains."""

from pathlib import Path

import pytest

from skillpassport.vc.data_integrity import ProofOptions, add_proof, split_proofs, verify_proof
from skillpassport.vc.did import did_key
from skillpassport.vc.keys import P256, EcdsaSigner, Ed25519Signer, PublicKey
from skillpassport.vc.multibase import (
    MULTICODEC_ED25519_PRIVATE,
    decode_multibase58,
)
from skillpassport.vc.strict_json import JsonObject, JsonValue, parse_object
from skillpassport.vc.suites import EDDSA_RDFC_2022, ProofInvalid, ProofMalformed
from tests.support.checkout import CHECKOUT
from tests.support.credentials import (
    ISSUED,
    ISSUER,
    STRANGER,
    a_credential,
    did_of,
    method_of,
    proof_of,
    without,
)
from tests.support.shared_data import shared_data, text_of

VECTORS = CHECKOUT / "tests" / "vectors"
CONTEXTS = VECTORS / "contexts"


@pytest.fixture(params=[".", "employ"])
def w3c(request: pytest.FixtureRequest) -> Path:
    folder = shared_data() / "credentials" / "w3c-di-eddsa" / "eddsa-rdfc-2022"
    return folder / str(request.param)


@pytest.mark.data
def test_the_w3c_vectors_match_at_every_intermediate_value(w3c: Path) -> None:
    """Only the suite is asked: the vector's issuer is not the controller of its key."""
    suite = type(EDDSA_RDFC_2022)(CONTEXTS)  # type: ignore[call-arg]
    secured = parse_object((w3c / "signedDataInt.json").read_bytes())
    unsigned = "employmentAuth.json" if w3c.name == "employ" else "unsigned.json"
    published = shared_data() / "credentials" / "w3c-di-eddsa" / unsigned
    assert without(secured, "proof") == parse_object(published.read_bytes())
    configuration = parse_object((w3c / "proofConfigDataInt.json").read_bytes())
    hashes = suite.hash_data(without(secured, "proof"), without(configuration, "@context"))

    assert hashes.canonical_document == (w3c / "canonDocDataInt.txt").read_bytes()
    assert hashes.canonical_proof == (w3c / "proofCanonDataInt.txt").read_bytes()
    assert hashes.document_hash.hex() == text_of(w3c / "docHashDataInt.txt")
    assert hashes.proof_hash.hex() == text_of(w3c / "proofHashDataInt.txt")
    assert hashes.signed_bytes.hex() == text_of(w3c / "combinedHashDataInt.txt")

    proof = proof_of(secured)
    signature = decode_multibase58(str(proof["proofValue"]))
    assert signature.hex() == text_of(w3c / "sigHexDataInt.txt")
    assert proof["proofValue"] == text_of(w3c / "sigBTC58DataInt.txt")

    key_pair = parse_object((shared_data() / "credentials/w3c-di-eddsa/keyPair.json").read_bytes())
    key = PublicKey.from_multikey(str(key_pair["publicKeyMultibase"]))
    assert verify_proof(secured, proof, suite=suite, key=key) == without(secured, "proof")

    private = decode_multibase58(str(key_pair["privateKeyMultibase"]))
    signer = Ed25519Signer.from_private_bytes(private.removeprefix(MULTICODEC_ED25519_PRIVATE))
    again = suite.create(without(secured, "proof"), without(proof, "proofValue"), signer)
    assert again == proof


PUBLISHED = sorted(path.name for path in (VECTORS / "proof-set-chain").glob("signed*.json"))


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_sets_and_chains_hold(name: str) -> None:
    document = parse_object((VECTORS / "proof-set-chain" / name).read_bytes())
    _, proofs = split_proofs(document)
    assert proofs
    for proof in proofs:
        key = PublicKey.from_multikey(str(proof["verificationMethod"]).partition("#")[2])
        verify_proof(document, proof, suite=EDDSA_RDFC_2022, key=key)
        other = {**document, "name": "Doctor"}
        with pytest.raises(ProofInvalid):
            verify_proof(other, proof, suite=EDDSA_RDFC_2022, key=key)


@pytest.mark.parametrize("name", [name for name in PUBLISHED if "Chain" in name])
def test_a_link_of_a_published_chain_covers_the_ones_before_it(name: str) -> None:
    document = parse_object((VECTORS / "proof-set-chain" / name).read_bytes())
    _, proofs = split_proofs(document)
    last = proofs[-1]
    changed: list[JsonValue] = [
        {**proof, "created": "2023-02-24T23:36:39Z"} for proof in proofs[:-1]
    ]
    key = PublicKey.from_multikey(str(last["verificationMethod"]).partition("#")[2])
    verify_proof(document, last, suite=EDDSA_RDFC_2022, key=key)
    with pytest.raises(ProofInvalid):
        verify_proof({**document, "proof": [*changed, last]}, last, suite=EDDSA_RDFC_2022, key=key)


def signed(document: JsonObject, signer: Ed25519Signer = ISSUER, **options: str) -> JsonObject:
    return add_proof(
        document,
        suite=EDDSA_RDFC_2022,
        signer=signer,
        options=ProofOptions(verification_method=method_of(signer), created=ISSUED, **options),  # type: ignore[arg-type]
    )


def verify(document: JsonObject, *, key: PublicKey = ISSUER.public_key) -> JsonObject:
    return verify_proof(document, proof_of(document), suite=EDDSA_RDFC_2022, key=key)


def test_what_is_signed_verifies_in_another_order_and_layout() -> None:
    document = a_credential()
    secured = signed(document)
    assert verify(secured) == document
    shuffled: JsonObject = dict(reversed(secured.items()))
    verify(shuffled | {"type": "VerifiableCredential"})  # an array of one states the same


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Doctor"},
        {"issuer": did_of(STRANGER)},
        {"validFrom": "2026-11-01T00:00:01Z"},
        {"validUntil": "2126-11-01T00:00:00Z"},
        {"id": "urn:uuid:6b1d9a4e-3c5f-4c0e-9d5e-0d7f6a1b2c3e"},
        {"credentialSubject": {"id": "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950f"}},
        {"name": {"@value": "Welder, arc", "@language": "en"}},
    ],
)
def test_a_changed_statement_is_refused(changes: JsonObject) -> None:
    with pytest.raises(ProofInvalid):
        verify({**signed(a_credential()), **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"created": "2026-11-01T08:00:01Z"},
        {"created": None},
        {"expires": "2126-11-01T00:00:00Z"},
        {"proofPurpose": "authentication"},
        {"domain": "a.example"},
        {"challenge": "1"},
        {"nonce": "1"},
        {"verificationMethod": method_of(STRANGER)},
        {"id": "urn:proof"},
    ],
)
def test_a_changed_proof_is_refused(changes: JsonObject) -> None:
    secured = signed(a_credential())
    proof = {**proof_of(secured), **changes}
    proof = {name: value for name, value in proof.items() if value is not None}
    with pytest.raises(ProofInvalid):
        verify({**secured, "proof": proof})


def test_the_key_of_another_is_refused() -> None:
    with pytest.raises(ProofInvalid):
        verify(signed(a_credential()), key=STRANGER.public_key)


def test_a_key_of_another_algorithm_neither_signs_nor_verifies() -> None:
    other = EcdsaSigner.generate(P256)
    options = ProofOptions(verification_method=f"{did_key(other.public_key)}#x", created=ISSUED)
    with pytest.raises(ProofMalformed):
        add_proof(a_credential(), suite=EDDSA_RDFC_2022, signer=other, options=options)
    with pytest.raises(ProofInvalid):
        verify(signed(a_credential()), key=other.public_key)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("proofValue", "z"),
        ("proofValue", "uAAAA"),
        ("proofValue", "z" + "2" * 2000),
        ("created", "yesterday"),
        ("type", "Ed25519Signature2020"),
        ("cryptosuite", "eddsa-jcs-2022"),
    ],
)
def test_a_malformed_proof_is_refused(member: str, value: JsonValue) -> None:
    secured = signed(a_credential())
    with pytest.raises(ProofMalformed) as caught:
        verify({**secured, "proof": {**proof_of(secured), member: value}})
    assert caught.value.member == member


def test_signing_changes_nothing_of_the_document() -> None:
    document = a_credential()
    assert without(signed(document), "proof") == document == a_credential()
