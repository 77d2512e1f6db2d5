"""What the VC-API says of credentials and presentations, hostile beside control."""

import base64
import copy
import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from skillpassport.vc.contexts import read_bundled
from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.did import did_key, own_verification_method
from skillpassport.vc.envelope import ENVELOPED_PRESENTATION, envelope
from skillpassport.vc.jose import VP_JWT, sign_vp_jwt
from skillpassport.vc.keys import Ed25519Signer
from skillpassport.vc.presentations import build_presentation, sign_presentation
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.suites import EDDSA_JCS_2022, EDDSA_RDFC_2022
from tests.support.instances import NOON, Answer
from tests.support.vc_api import V2, Desk, composed

HOLDER = Ed25519Signer.from_private_bytes(bytes(range(32)))
HOLDER_DID = did_key(HOLDER.public_key)
OPTIONS = ProofOptions(
    verification_method=own_verification_method(HOLDER_DID),
    created=NOON,
    challenge="4fa1",
    domain="employer.example",
)
ASKED = {"challenge": "4fa1", "domain": "employer.example"}


@pytest.fixture
def signed(desk: Desk) -> dict[str, Any]:
    """Have a credential about the holder signed."""
    signed: dict[str, Any] = desk.profile(securing="eddsa-rdfc-2022").sign(
        composed(credentialSubject={"id": HOLDER_DID, "skill": "welding"})
    )
    return signed


def said(answer: Answer) -> tuple[int, bool]:
    assert answer.headers["content-type"] == "application/json"
    return answer.status_code, answer.json()["verified"]


VERIFIED, REFUSED = (200, True), (400, False)


def test_the_report_names_each_check_and_what_was_not_asked(
    desk: Desk, signed: dict[str, Any]
) -> None:
    report = desk.verify(signed).json()["report"]
    outcomes = {each["name"]: each["outcome"] for each in report["checks"]}
    assert outcomes["proof"] == outcomes["issuer-binding"] == "passed"
    assert {outcomes[each] for each in ("issuer-trust", "register", "sandbox", "meaning")} == {
        "not_applicable"
    }
    assert report["problemDetails"] == []
    signed["credentialSubject"]["skill"] = "surgery"
    report = desk.verify(signed).json()["report"]
    assert [each["type"] for each in report["problemDetails"]] == [
        "https://w3id.org/security#PROOF_VERIFICATION_ERROR"
    ]


NO_REQUESTS: tuple[object, ...] = (
    None, [], {}, {"verifiableCredential": None}, {"verifiableCredential": 7},
    {"verifiableCredential": ""}, {"verifiableCredential": {}},
    {"verifiableCredential": {"a": 1}, "options": "proof"},
    {"verifiableCredential": {"a": 1}, "options": {"checks": "proof"}},
    {"verifiableCredential": {"a": 1}, "options": {"checks": [7]}},
    {"verifiableCredential": {"a": 1}, "options": {"challenge": 7}},
    {"verifiablePresentation": {"a": 1}},
)  # fmt: skip


def test_a_body_that_is_no_request_is_a_problem(desk: Desk) -> None:
    for body in NO_REQUESTS:
        answer = desk.served.post("/vc/credentials/verify", body)
        assert answer.status_code == 400, answer.text
        assert answer.headers["content-type"] == "application/problem+json"


def test_what_is_no_credential_does_not_verify(desk: Desk) -> None:
    documents: tuple[object, ...] = (
        {"a": 1},
        "text",
        "a.b.c",
        "e30.e30.e30",
        {"@context": [V2]},
        composed(),
        [],
        "~",
    )
    for document in documents:
        assert desk.verify(document).status_code == 400, document


HOSTILE_PROOFS: tuple[tuple[str, object], ...] = (
    ("type", "DataIntegrityProofX"), ("type", None), ("cryptosuite", "invented-2022"),
    ("cryptosuite", None), ("verificationMethod", None), ("verificationMethod", 7),
    ("verificationMethod", "not a url"), ("proofPurpose", None),
    ("proofPurpose", "authentication"), ("proofPurpose", "invented"), ("proofValue", None),
    ("proofValue", ""), ("proofValue", "zNotBase58!"), ("proofValue", 7),
    ("created", "yesterday"), ("created", "2026-03-02"), ("created", 7),
    ("expires", "2020-01-01T00:00:00Z"), ("expires", "never"), ("domain", 7),
    ("previousProof", "urn:example:gone"),
)  # fmt: skip
"""A member of a proof and what stands there instead; None where it is left out."""


def test_a_proof_with_a_member_lost_or_changed_does_not_verify(
    desk: Desk, signed: dict[str, Any]
) -> None:
    assert said(desk.verify(signed, checks=["proof"])) == VERIFIED
    for member, value in HOSTILE_PROOFS:
        forged = copy.deepcopy(signed)
        forged["proof"][member] = value
        if value is None:
            del forged["proof"][member]
        assert said(desk.verify(forged, checks=["proof"])) == REFUSED, (member, value)
        assert said(desk.verify(forged)) == REFUSED, (member, value)


def test_the_proof_alone_is_judged_where_only_that_is_asked(desk: Desk) -> None:
    """Somebody signs under their own key what names another issuer, and has expired."""
    document: JsonObject = {
        "@context": [V2],
        "type": ["VerifiableCredential"],
        "issuer": "did:web:issuer.example",
        "validUntil": "2020-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:x"},
        "credentialSchema": {"id": "https://s.example/1", "type": "JsonSchema"},
    }
    options = replace(OPTIONS, challenge=None, domain=None)
    signed = add_proof(document, suite=EDDSA_JCS_2022, signer=HOLDER, options=options)
    assert said(desk.verify(signed, checks=["proof"])) == VERIFIED
    del document["credentialSchema"]
    signed = add_proof(document, suite=EDDSA_JCS_2022, signer=HOLDER, options=options)
    for checks in (None, [], ["proof", "invented"]):
        answer = desk.verify(signed, **({} if checks is None else {"checks": checks}))
        assert said(answer) == REFUSED
        failed = {each["title"] for each in answer.json()["report"]["problemDetails"]}
        assert failed == {"issuer-key-mismatch", "credential-expired"}


def test_every_proof_of_a_set_and_of_a_chain_is_checked(desk: Desk, signed: dict[str, Any]) -> None:
    options = replace(OPTIONS, challenge=None, domain=None)
    first = {**signed, "proof": {**signed["proof"]}}
    both = add_proof(first, suite=EDDSA_RDFC_2022, signer=HOLDER, options=options)
    assert said(desk.verify(both)) == VERIFIED
    proofs: Any = both["proof"]
    forged = {**both, "proof": [proofs[0], {**proofs[1], "proofValue": proofs[0]["proofValue"]}]}
    assert said(desk.verify(forged)) == REFUSED
    assert said(desk.verify(forged, checks=["proof"])) == REFUSED


def test_a_presentation_is_verified_with_all_its_credentials(
    desk: Desk, signed: dict[str, Any]
) -> None:
    for suite in (EDDSA_JCS_2022, EDDSA_RDFC_2022):
        unsigned = build_presentation([signed], holder=HOLDER_DID)
        shown = sign_presentation(unsigned, HOLDER, suite=suite, options=OPTIONS)
        answer = desk.verify_presentation(shown, **ASKED)
        assert said(answer) == VERIFIED, answer.text
        report = answer.json()["report"]
        assert report["holder"] == HOLDER_DID
        assert len(report["credentials"]) == 1
        for asked in ({"challenge": "other"}, {"domain": "other"}, {"challenge": "4fa"}):
            assert said(desk.verify_presentation(shown, **(ASKED | asked))) == REFUSED
            assert said(desk.verify_presentation(shown, **asked, checks=["proof"])) == REFUSED
        inside = copy.deepcopy(shown)
        inside["verifiableCredential"][0]["credentialSubject"]["skill"] = "x"  # type: ignore[index,call-overload]
        assert said(desk.verify_presentation(inside, **ASKED)) == REFUSED


def test_a_presentation_made_for_another_purpose_does_not_verify(
    desk: Desk, signed: dict[str, Any]
) -> None:
    unsigned = build_presentation([signed], holder=HOLDER_DID)
    shown = add_proof(unsigned, suite=EDDSA_JCS_2022, signer=HOLDER, options=OPTIONS)
    assert said(desk.verify_presentation(shown, **ASKED)) == REFUSED


def test_an_unsigned_presentation_stands_for_its_credentials(
    desk: Desk, signed: dict[str, Any]
) -> None:
    unsigned = build_presentation([signed], holder=HOLDER_DID)
    assert said(desk.verify_presentation(unsigned)) == VERIFIED
    assert said(desk.verify_presentation(unsigned, checks=["proof"])) == VERIFIED
    assert said(desk.verify_presentation(unsigned, challenge="4fa1")) == REFUSED
    forged = copy.deepcopy(signed)
    forged["credentialSubject"]["skill"] = "surgery"
    both = build_presentation([signed, forged], holder=HOLDER_DID)
    assert said(desk.verify_presentation(both)) == REFUSED
    assert said(desk.verify_presentation(both, checks=["proof"])) == REFUSED
    bare = build_presentation([composed(issuer="did:example:x")], holder=HOLDER_DID)
    assert said(desk.verify_presentation(bare)) == REFUSED


def test_a_presentation_as_a_token_verifies_bare_and_in_its_envelope(
    desk: Desk, signed: dict[str, Any]
) -> None:
    unsigned = build_presentation([signed], holder=HOLDER_DID)
    payload = {**unsigned, "nonce": "4fa1", "aud": "employer.example"}
    token = sign_vp_jwt(payload, HOLDER, kid=OPTIONS.verification_method)
    enveloped = envelope(token, VP_JWT, ENVELOPED_PRESENTATION)
    for shown in (token, enveloped):
        answer = desk.verify_presentation(shown, **ASKED)
        assert said(answer) == VERIFIED, answer.text
        assert said(desk.verify_presentation(shown, challenge="other")) == REFUSED
    head, body, signature = token.split(".")
    assert said(desk.verify_presentation(f"{head}.{body}.{signature[::-1]}", **ASKED)) == REFUSED


def test_tokens_verify_bare_and_in_an_envelope(desk: Desk) -> None:
    profile = desk.profile(securing="vc+jwt")
    enveloped = profile.sign(composed())
    assert enveloped["@context"] == V2
    token = enveloped["id"].partition(",")[2]
    assert said(desk.verify(enveloped)) == VERIFIED
    assert said(desk.verify(token)) == VERIFIED
    assert said(desk.verify({**enveloped, "credentialSubject": {}})) == REFUSED
    shown = build_presentation([enveloped], holder=None)
    assert said(desk.verify_presentation(shown)) == VERIFIED
    assert said(desk.verify_presentation(enveloped)) == REFUSED
    assert said(desk.verify(shown)) == REFUSED


def test_who_the_issuer_is_changes_nothing(desk: Desk) -> None:
    """A stranger's credential verifies; the product's own route says that nobody vouches for it."""
    document: JsonObject = {
        "@context": [V2],
        "type": ["VerifiableCredential"],
        "issuer": HOLDER_DID,
        "credentialSubject": {"id": "did:example:x"},
    }
    options = replace(OPTIONS, challenge=None, domain=None)
    signed = add_proof(document, suite=EDDSA_JCS_2022, signer=HOLDER, options=options)
    assert said(desk.verify(signed)) == VERIFIED
    report = desk.served.post("/api/v1/verifications", {"document": signed}).json()
    assert report["verdict"] == "undetermined"


def test_time_is_judged_unless_only_the_proof_is_asked(desk: Desk) -> None:
    profile = desk.profile()
    ahead = (NOON + timedelta(days=1)).isoformat().replace("+00:00", "Z")
    past = (NOON - timedelta(days=1)).isoformat().replace("+00:00", "Z")
    for changes in ({"validFrom": ahead}, {"validUntil": past}):
        signed = profile.sign(composed(**changes))
        assert said(desk.verify(signed)) == REFUSED
        assert said(desk.verify(signed, checks=["proof"])) == VERIFIED


def test_only_strict_json_is_read(desk: Desk) -> None:
    headers = {"Content-Type": "application/json"}
    for hostile in (b'{"verifiableCredential":{},"verifiableCredential":{}}', b"{", b"\xff"):
        answer = desk.served.http.post("/vc/credentials/verify", content=hostile, headers=headers)
        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"
    plain = desk.served.http.post("/vc/credentials/verify", content=b"{}")
    assert plain.status_code == 415


def test_only_a_base_proof_can_be_derived_from(desk: Desk, signed: dict[str, Any]) -> None:
    whole = desk.profile(slug="sd", securing="ecdsa-sd-2023", key_type="P-256").sign(composed())
    derived = desk.derive(whole, "/credentialSubject/skill")
    assert derived.status_code == 201
    shown = derived.json()["verifiableCredential"]
    assert shown["credentialSubject"] == {"id": "did:example:somebody", "skill": "welding"}
    assert said(desk.verify(shown)) == VERIFIED
    assert said(desk.verify(whole)) == REFUSED  # a base proof is for its holder alone
    shown["credentialSubject"]["skill"] = "surgery"
    assert said(desk.verify(shown)) == REFUSED
    for document, pointers in (
        (signed, ("/credentialSubject",)),
        (whole, ("/nothing",)),
        (derived.json()["verifiableCredential"], ("/credentialSubject",)),
        ({"a": 1}, ()),
    ):
        answer = desk.derive(document, *pointers)
        assert answer.status_code == 400, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
    for body in ({}, {"verifiableCredential": "x"}, {"verifiableCredential": whole, "options": 7}):
        assert desk.served.post("/vc/credentials/derive", body).status_code == 400


def test_a_digest_of_a_related_resource_is_compared_when_verifying(desk: Desk) -> None:
    profile = desk.profile()
    digest = base64.b64encode(hashlib.sha384(read_bundled(V2)).digest()).decode()
    wrong = base64.b64encode(bytes(48)).decode()
    for each, outcome in ((digest, VERIFIED), (wrong, REFUSED)):
        resource = {"id": V2, "digestSRI": f"sha384-{each}"}
        signed = profile.sign(composed(relatedResource=[resource]))
        assert said(desk.verify(signed)) == outcome
        assert said(desk.verify(signed, checks=["proof"])) == VERIFIED


OWN_TERMS: JsonObject = {"granted": "urn:t:granted", "refused": "urn:t:refused"}


def test_terms_of_the_documents_own_are_verified_and_cannot_trade_places(desk: Desk) -> None:
    profile = desk.profile(securing="eddsa-rdfc-2022", status="bitstring")
    subject = {"id": HOLDER_DID, "granted": "1", "refused": "2"}
    signed = profile.sign(
        composed(**{"@context": [V2, OWN_TERMS], "credentialSubject": subject, "id": "urn:uuid:1"})
    )
    shown = sign_presentation(
        build_presentation([signed], holder=HOLDER_DID),
        HOLDER,
        suite=EDDSA_RDFC_2022,
        options=OPTIONS,
    )
    assert said(desk.verify_presentation(shown, **ASKED)) == VERIFIED
    traded: JsonObject = {"granted": "urn:t:refused", "refused": "urn:t:granted"}
    swapped = signed | {
        "@context": [V2, traded],
        "credentialSubject": {"id": HOLDER_DID, "granted": "2", "refused": "1"},
    }
    for asked in ({}, {"checks": ["proof"]}):
        assert said(desk.verify(signed, **asked)) == VERIFIED
        answer = desk.verify(swapped, **asked)
        assert said(answer) == REFUSED
        checks = answer.json()["report"]["checks"]
        (proof,) = [each for each in checks if each["name"] == "proof"]
        assert (proof["outcome"], proof["code"]) == ("unchecked", "context-not-vouched-for")
    desk.turn(credentialId="urn:uuid:1")
    assert said(desk.verify(signed)) == REFUSED
    hidden = {name: value for name, value in signed.items() if name != "credentialStatus"}
    hidden |= {
        "@context": [
            V2,
            OWN_TERMS | {"note": "https://www.w3.org/2018/credentials#credentialStatus"},
        ],
        "note": signed["credentialStatus"],
    }
    assert said(desk.verify(hidden)) == REFUSED
    assert said(desk.verify(hidden, checks=["proof"])) == REFUSED


def test_who_shows_an_sd_jwt_must_have_signed_for_whoever_asks(desk: Desk) -> None:
    token = desk.profile(securing="dc+sd-jwt").sign({"vct": "urn:example:badge", "name": "Ama"})
    for ask in (desk.verify, desk.verify_presentation):
        assert said(ask(token)) == VERIFIED
        for asked in (ASKED, {"challenge": "4fa1"}, {"domain": "employer.example"}):
            refused = ask(token, **asked)
            assert said(refused) == REFUSED
            assert "key-binding-missing" in refused.text
