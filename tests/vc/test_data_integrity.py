"""Proof sets and chains: every proof counts, and covers what it says it covers."""

import dataclasses

import pytest

from skillpassport.vc.data_integrity import (
    MAX_PROOFS,
    CryptosuiteUnknown,
    PreviousProofMissing,
    ProofOptions,
    add_proof,
    check_chain,
    check_shape,
    split_proofs,
    suite_of,
    verify_proof,
)
from skillpassport.vc.keys import Ed25519Signer
from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.vc.suites import (
    BUILT_IN_SUITES,
    EDDSA_JCS_2022,
    ProofInvalid,
    ProofMalformed,
)
from tests.support.credentials import ISSUED, ISSUER, STRANGER, a_credential, method_of, signed


def more_signed(
    document: JsonObject, signer: Ed25519Signer, *, proof_id: str | None = None, after: str = ""
) -> JsonObject:
    options = ProofOptions(
        verification_method=method_of(signer),
        created=ISSUED,
        id=proof_id,
        previous_proof=(after,) if after else (),
    )
    return add_proof(document, suite=EDDSA_JCS_2022, signer=signer, options=options)


def a_chain() -> JsonObject:
    first = more_signed(a_credential(), ISSUER, proof_id="urn:uuid:1")
    return more_signed(first, STRANGER, proof_id="urn:uuid:2", after="urn:uuid:1")


def verify_all(document: JsonObject) -> None:
    keys = {method_of(signer): signer.public_key for signer in (ISSUER, STRANGER)}
    for proof in split_proofs(document)[1]:
        key = keys[str(proof["verificationMethod"])]
        verify_proof(document, proof, suite=EDDSA_JCS_2022, key=key)


def test_one_proof_is_an_object_and_a_second_makes_an_array() -> None:
    once = more_signed(a_credential(), ISSUER)
    assert isinstance(once["proof"], dict)
    twice = more_signed(once, STRANGER)
    assert isinstance(twice["proof"], list)
    verify_all(twice)


def test_a_proof_set_holds_in_any_order_and_after_one_is_taken_away() -> None:
    unsecured, proofs = split_proofs(more_signed(more_signed(a_credential(), ISSUER), STRANGER))
    verify_all({**unsecured, "proof": [proofs[1], proofs[0]]})
    verify_all({**unsecured, "proof": proofs[1]})


def test_a_chain_holds_as_a_whole() -> None:
    verify_all(a_chain())


def test_a_link_of_a_chain_does_not_hold_without_the_one_before() -> None:
    unsecured, proofs = split_proofs(a_chain())
    with pytest.raises(PreviousProofMissing):
        verify_all({**unsecured, "proof": proofs[1]})


def test_a_link_of_a_chain_does_not_hold_on_another_one() -> None:
    unsecured, proofs = split_proofs(a_chain())
    other = more_signed(a_credential(name="Another"), ISSUER, proof_id="urn:uuid:1")["proof"]
    stranger = STRANGER.public_key
    with pytest.raises(ProofInvalid):
        verify_proof(
            {**unsecured, "proof": [other, proofs[1]]},
            proofs[1],
            suite=EDDSA_JCS_2022,
            key=stranger,
        )


def test_a_chain_cannot_start_at_a_proof_that_is_not_there() -> None:
    with pytest.raises(PreviousProofMissing):
        more_signed(a_credential(), ISSUER, after="urn:uuid:9")


def test_an_existing_proof_is_not_changed_by_the_next() -> None:
    once = more_signed(a_credential(), ISSUER)
    twice = more_signed(once, STRANGER)
    assert split_proofs(twice)[1][0] == once["proof"]


@pytest.mark.parametrize(
    "proof",
    ["text", [1], [[]], 7, True],
    ids=["text", "number in an array", "array in an array", "number", "boolean"],
)
def test_what_is_no_proof_object_is_refused(proof: JsonValue) -> None:
    with pytest.raises(ProofMalformed):
        split_proofs({**a_credential(), "proof": proof})


def test_more_proofs_than_anyone_uses_are_refused() -> None:
    proof = signed(a_credential())["proof"]
    split_proofs({"proof": [proof] * MAX_PROOFS})
    with pytest.raises(ProofMalformed):
        split_proofs({"proof": [proof] * (MAX_PROOFS + 1)})


def test_two_proofs_under_one_id_are_refused() -> None:
    """Otherwise a chain could be read over the one or the other."""
    twice: list[JsonValue] = [{"id": "urn:uuid:1"}, {"id": "urn:uuid:1"}]
    with pytest.raises(ProofMalformed):
        split_proofs({"proof": twice})


def test_the_callers_list_decides_which_suites_are_used() -> None:
    proof = split_proofs(signed(a_credential()))[1][0]
    assert suite_of(proof, BUILT_IN_SUITES) is EDDSA_JCS_2022
    with pytest.raises(CryptosuiteUnknown):
        suite_of(proof, {})
    with pytest.raises(CryptosuiteUnknown):
        suite_of({**proof, "cryptosuite": "eddsa-jcs-2023"}, BUILT_IN_SUITES)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("type", None),
        ("cryptosuite", None),
        ("verificationMethod", None),
        ("verificationMethod", {"id": "did:key:z6Mk#a"}),
        ("verificationMethod", "ftp://issuer.example/key"),
        ("verificationMethod", "key-1"),
        ("proofPurpose", None),
        ("proofPurpose", ["assertionMethod"]),
        ("proofValue", None),
        ("proofValue", {}),
        ("created", "2026-11-01"),
        ("created", None),
        ("expires", "2026-11-01T08:00:00"),
        ("expires", 0),
        ("id", 1),
        ("challenge", 1),
        ("nonce", {}),
        ("domain", [1]),
        ("domain", []),
        ("previousProof", [{}]),
        ("previousProof", None),
    ],
)
def test_each_member_of_a_wrong_kind_is_named(member: str, value: JsonValue) -> None:
    proof = split_proofs(signed(a_credential()))[1][0]
    check_shape(proof)
    with pytest.raises(ProofMalformed) as caught:
        check_shape({**proof, member: value})
    assert caught.value.member == member


@pytest.mark.parametrize("member", ["type", "cryptosuite", "verificationMethod", "proofPurpose"])
def test_each_missing_member_is_named(member: str) -> None:
    proof = split_proofs(signed(a_credential()))[1][0]
    del proof[member]
    with pytest.raises(ProofMalformed) as caught:
        check_shape(proof)
    assert caught.value.member == member


def test_a_signer_of_another_algorithm_is_refused() -> None:
    class OtherSigner:
        algorithm = "P-256"
        public_key = ISSUER.public_key

        def sign(self, data: bytes) -> bytes:
            raise AssertionError

    options = ProofOptions(verification_method=method_of(ISSUER), created=ISSUED)
    with pytest.raises(ProofMalformed):
        add_proof(a_credential(), suite=EDDSA_JCS_2022, signer=OtherSigner(), options=options)


def test_every_option_ends_up_under_the_signature() -> None:
    options = ProofOptions(
        verification_method=method_of(ISSUER),
        created=ISSUED,
        expires=ISSUED,
        id="urn:uuid:1",
        domain="verifier.example",
        challenge="abc",
    )
    secured = add_proof(a_credential(), suite=EDDSA_JCS_2022, signer=ISSUER, options=options)
    proof = split_proofs(secured)[1][0]
    for member in ("created", "expires", "id", "domain", "challenge"):
        changed: JsonObject = {**proof, member: "2026-11-02T00:00:00Z"}
        with pytest.raises(ProofInvalid):
            verify_proof(secured, changed, suite=EDDSA_JCS_2022, key=ISSUER.public_key)
    assert dataclasses.replace(options, created=None).as_json("x").get("created") is None


def test_a_chain_is_the_shorter_the_larger_its_document() -> None:
    """Each link covers another document; sixteen over a megabyte would take seconds."""
    small, large = a_credential(), a_credential(name="x" * 30_000)
    chain: list[JsonObject] = [{"id": f"urn:{n}", "previousProof": "urn:0"} for n in range(16)]
    check_chain(small, chain)
    check_chain(large, chain[:6])
    check_chain(large, [{"id": f"urn:{number}"} for number in range(16)])
    with pytest.raises(ProofMalformed):
        check_chain(large, chain)
