"""Credentials of earlier standards: read when the caller says so, by rules as strict as our own."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillpassport.vc.bitstring_status import REVOCATION, StatusEntry
from skillpassport.vc.foreign import ALL_FOREIGN, Foreign
from skillpassport.vc.jose import JwtClaimRefused, credential_of, sign_jws
from skillpassport.vc.keys import Signer
from skillpassport.vc.multibase import encode_base64url
from skillpassport.vc.report import Outcome, Verdict
from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.vc.verify import Policy, Verification
from tests.support.credentials import (
    ISSUER,
    P256_ISSUER,
    REVOCATION_LIST,
    STRANGER,
    FakeResolvers,
    a_credential,
    a_list,
    a_token,
    as_text,
    codes_of,
    did_of,
    method_of,
    signed,
    signed_text,
    verified,
)
from tests.support.foreign import (
    ED25519_2020,
    OPEN_BADGES,
    OPEN_TO_ALL,
    V1,
    a_jwt_vc,
    an_old_badge,
    signed_as_2020,
)
from tests.support.shared_data import shared_data

ADDRESS = "https://college.example/issuers/1"


def read(raw: str | bytes) -> Verification:
    return verified(raw, policy=OPEN_TO_ALL)


def test_a_badge_with_ed25519_signature_2020_is_verified() -> None:
    verification = read(signed_as_2020(an_old_badge()))
    assert verification.report.verdict is Verdict.VALID
    assert verification.issuer == did_of(ISSUER)


def test_a_credential_of_today_with_ed25519_signature_2020_is_verified() -> None:
    document = a_credential()
    document["@context"] = [*document["@context"], ED25519_2020]  # type: ignore[misc]
    assert read(signed_as_2020(document)).report.verdict is Verdict.VALID


@pytest.mark.parametrize("signer", [ISSUER, P256_ISSUER])
def test_a_token_with_a_vc_claim_is_verified(signer: Signer) -> None:
    verification = read(a_jwt_vc(signer=signer))
    assert verification.report.verdict is Verdict.VALID
    assert verification.document == an_old_badge(issuer=did_of(signer))


NEEDED = [
    (signed_as_2020(an_old_badge()), {Foreign.DATA_MODEL_1, Foreign.ED25519_SIGNATURE_2020}),
    (as_text(signed(an_old_badge())), {Foreign.DATA_MODEL_1}),
    (a_jwt_vc(), {Foreign.JWT_VC}),
]


@pytest.mark.parametrize(("raw", "needs"), NEEDED)
def test_each_foreign_form_is_read_only_where_the_caller_names_it(
    raw: str, needs: set[Foreign]
) -> None:
    assert verified(raw).report.verdict is Verdict.UNREADABLE
    for one in needs:
        policy = Policy(foreign=ALL_FOREIGN - {one})
        verification = verified(raw, policy=policy)
        assert verification.report.verdict is Verdict.UNREADABLE
        assert verification.seems_to_be
    assert verified(raw, policy=Policy(foreign=frozenset(needs))).report.verdict is Verdict.VALID


def test_a_foreign_choice_does_not_open_other_ways() -> None:
    """A proof type that names a cryptosuite of ours is not taken for that cryptosuite."""
    document = signed(a_credential())
    proof: Any = document["proof"]
    for kind in ("eddsa-jcs-2022", "Ed25519Signature2018", "Ed25519Signature2020"):
        forged = {**document, "proof": {**proof, "type": kind}}
        assert read(as_text(forged)).report.verdict in {Verdict.INVALID, Verdict.UNREADABLE}


def changed(raw: str, **changes: JsonValue) -> str:
    return as_text({**json.loads(raw), **changes})


def with_proof(raw: str, **changes: JsonValue) -> str:
    document = json.loads(raw)
    proof = {**document["proof"], **changes}
    return as_text(
        {**document, "proof": {name: value for name, value in proof.items() if value is not None}}
    )


DISORDER: dict[str, Any] = {"@context": [ED25519_2020, V1, OPEN_BADGES]}
BADGE = signed_as_2020(an_old_badge())
HOSTILE: list[tuple[str, str, str]] = [
    ("another name", changed(BADGE, name="Welder, gas"), "proof-invalid"),
    ("a later end", changed(BADGE, expirationDate="2030-01-01T00:00:00Z"), "proof-invalid"),
    ("another issuer", changed(BADGE, issuer=did_of(STRANGER)), "issuer-key-mismatch"),
    ("another signer", signed_as_2020(an_old_badge(), STRANGER), "issuer-key-mismatch"),
    ("a key that is named falsely", signed_as_2020(an_old_badge(), STRANGER,
                                                   method=method_of(ISSUER)), "proof-invalid"),
    ("another purpose", with_proof(BADGE, proofPurpose="authentication"),
     "proof-purpose-mismatch"),
    ("no instant of signing", with_proof(BADGE, created=None), "proof-malformed"),
    ("a cryptosuite besides", with_proof(BADGE, cryptosuite="eddsa-rdfc-2022"),
     "proof-malformed"),
    ("no value", with_proof(BADGE, proofValue=None), "proof-malformed"),
    ("a term without meaning", changed(BADGE, grade="5"),
     "json-ld-term-undefined"),
    ("no issuance date", signed_as_2020(an_old_badge(issuanceDate=None)), "credential-malformed"),
    ("a date without zone", signed_as_2020(an_old_badge(issuanceDate="2026-11-01T00:00:00")),
     "credential-malformed"),
    ("not yet", signed_as_2020(an_old_badge(issuanceDate="2027-11-01T00:00:00Z")),
     "credential-not-yet-valid"),
    ("no more", signed_as_2020(an_old_badge(expirationDate="2026-11-02T00:00:00Z")),
     "credential-expired"),
    ("no more, by a word of later", signed_as_2020(
        an_old_badge(validUntil="2026-11-02T00:00:00Z")), "credential-expired"),
    ("no subject", signed_as_2020(an_old_badge(credentialSubject=[])), "credential-malformed"),
    ("unsigned", as_text(an_old_badge()), "proof-missing"),
    ("contexts in another order", signed_as_2020(
        an_old_badge(**DISORDER)),
     "credential-malformed"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "raw", "code"), HOSTILE, ids=[row[0] for row in HOSTILE])
def test_a_badge_that_does_not_hold_is_refused(name: str, raw: str, code: str) -> None:
    verification = read(raw)
    assert verification.report.verdict is Verdict.INVALID
    assert code in codes_of(verification)


def old(**changes: JsonValue) -> JsonObject:
    return an_old_badge(**{"issuer": did_of(ISSUER), **changes})


def own(**header: JsonValue) -> JsonObject:
    return {"typ": "JWT", "kid": method_of(ISSUER), **header}


ACCEPTED: list[tuple[str, str]] = [
    ("no type", a_jwt_vc(header={"kid": method_of(ISSUER)})),
    ("no kid under did:key", a_jwt_vc(header={"typ": "JWT"})),
    ("a kid that is the DID alone", a_jwt_vc(header={"typ": "JWT", "kid": did_of(ISSUER)})),
    ("claims that agree", a_jwt_vc(
        jti="urn:uuid:3f1d9a4e-3c5f-4c0e-9d5e-0d7f6a1b2c3d",
        sub="urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e", nbf=1793491200)),
    ("members that only the claims have", a_jwt_vc(
        old(id=None, issuanceDate=None), jti="urn:uuid:1", nbf=1793491200, exp=1893491200)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "raw"), ACCEPTED, ids=[row[0] for row in ACCEPTED])
def test_tokens_as_they_are_found_are_read(name: str, raw: str) -> None:
    assert read(raw).report.verdict is Verdict.VALID, read(raw).report.failures


BESIDES: dict[str, Any] = {"@context": [V1]}

HOSTILE_TOKENS: list[tuple[str, str, str]] = [
    ("another issuer in vc", a_jwt_vc(old(issuer=did_of(STRANGER))), "jwt-claim-refused"),
    ("another id", a_jwt_vc(jti="urn:uuid:2"), "jwt-claim-refused"),
    ("another subject", a_jwt_vc(sub="urn:uuid:2"), "jwt-claim-refused"),
    ("another start", a_jwt_vc(nbf=1793491201), "jwt-claim-refused"),
    ("another end", a_jwt_vc(old(expirationDate="2030-01-01T00:00:00Z"), exp=1),
     "jwt-claim-refused"),
    ("an end that has come", a_jwt_vc(exp=1793491200), "credential-expired"),
    ("a date as text", a_jwt_vc(exp="1893491200"), "jwt-claim-refused"),
    ("two subjects", a_jwt_vc(old(credentialSubject=[{"id": "urn:a"}, {"id": "urn:b"}]),
                              sub="urn:a"), "jwt-claim-refused"),
    ("both ways at once", a_jwt_vc(**BESIDES), "jwt-claim-refused"),
    ("a presentation besides", a_jwt_vc(vp={}), "jwt-claim-refused"),
    ("a stranger's key", a_jwt_vc(iss=did_of(ISSUER), signer=STRANGER,
                                  credential=old()), "issuer-key-mismatch"),
    ("a stranger under the issuer's name", a_jwt_vc(
        old(), STRANGER, own(), iss=did_of(ISSUER)), "proof-invalid"),
    ("a key in the header", a_jwt_vc(header=own(jwk=ISSUER.public_key.jwk)),
     "jws-header-refused"),
    ("a key elsewhere", a_jwt_vc(header=own(jku="https://evil.example/k")),
     "jws-header-refused"),
    ("an extension", a_jwt_vc(header=own(crit=["b64"], b64=False)), "jws-header-refused"),
    ("no key named", a_jwt_vc(old(issuer="did:web:a.example"), header={"typ": "JWT"},
                              iss="did:web:a.example"), "jws-key-unnamed"),
    ("data model 2.0 in vc", a_jwt_vc(a_credential()), "jwt-claim-refused"),
    ("no issuance date", a_jwt_vc(old(issuanceDate=None)), "credential-malformed"),
    ("a status without id", a_jwt_vc(old(credentialStatus={"type": "StatusList2021Entry"})),
     "credential-malformed"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "raw", "code"), HOSTILE_TOKENS, ids=[row[0] for row in HOSTILE_TOKENS]
)
def test_a_token_that_does_not_hold_is_refused(name: str, raw: str, code: str) -> None:
    verification = read(raw)
    assert verification.report.verdict is Verdict.INVALID
    assert code in codes_of(verification)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "ES512"])
def test_an_algorithm_that_proves_nothing_is_refused(algorithm: str) -> None:
    header = encode_base64url(json.dumps({"alg": algorithm, "typ": "JWT"}).encode())
    forged = f"{header}.{a_jwt_vc().split('.', 1)[1]}"
    assert read(forged).report.verdict is Verdict.UNREADABLE


def test_an_issuer_on_the_web_is_left_open_and_tampering_is_found() -> None:
    """The key in the fragment or header shows that nothing changed, and not who signed."""
    key = ISSUER.public_key
    embedded = signed_as_2020(an_old_badge(issuer=ADDRESS), method=f"{ADDRESS}#{key.multikey}")
    token = a_jwt_vc(old(issuer=ADDRESS), header={"typ": "JWT", "jwk": key.jwk}, iss=ADDRESS)
    for raw in (embedded, token):
        verification = read(raw)
        assert verification.report.verdict is Verdict.UNDETERMINED
        assert codes_of(verification) == {"issuer-key-elsewhere"}
    assert "proof-invalid" in codes_of(read(changed(embedded, name="Another")))
    forged = token[: token.rindex(".")] + token[token.rindex(".") :].swapcase()
    assert read(forged).report.verdict is not Verdict.VALID
    elsewhere = signed_as_2020(
        an_old_badge(issuer=ADDRESS), method=f"https://evil.example/1#{key.multikey}"
    )
    assert "issuer-key-mismatch" in codes_of(read(elsewhere))


@pytest.mark.parametrize(
    "kind", ["StatusList2021Entry", "RevocationList2020Status", "1EdTechRevocationList"]
)
def test_a_status_that_is_not_read_leaves_it_open_and_is_named(kind: str) -> None:
    token = a_jwt_vc(old(credentialStatus={"id": "https://a.example/1#2", "type": kind}))
    verification = read(token)
    assert verification.report.verdict is Verdict.UNDETERMINED
    (check,) = verification.report.failures
    assert check.code == "status-type-unknown"
    assert kind in check.message


def test_a_newer_version_on_offer_is_remarked_on_and_not_fetched() -> None:
    offer: JsonObject = {"id": "https://a.example/refresh", "type": "1EdTechCredentialRefresh"}
    verification = read(a_jwt_vc(old(refreshService=offer)))
    assert verification.report.verdict is Verdict.VALID
    (remark,) = (c for c in verification.report.checks if c.outcome is Outcome.WARNED)
    assert remark.code == "refresh-not-asked"
    assert "1EdTechCredentialRefresh" in remark.message


OLD_LIST: JsonObject = {**a_list(), "@context": [V1], "issuanceDate": "2026-11-01T00:00:00Z"}
ENDED = 1793664000
LISTS = [
    (as_text(signed(OLD_LIST)), Verdict.VALID),
    (a_jwt_vc(OLD_LIST), Verdict.VALID),
    (a_token({**a_list(), "exp": 1893664000}), Verdict.VALID),
    (as_text(signed({**OLD_LIST, "expirationDate": "2026-11-02T00:00:00Z"})), Verdict.UNDETERMINED),
    (as_text(signed({**OLD_LIST, "issuanceDate": "2027-01-01T00:00:00Z"})), Verdict.UNDETERMINED),
    (a_jwt_vc(OLD_LIST, exp=ENDED), Verdict.UNDETERMINED),
    (a_token({**a_list(), "exp": ENDED}), Verdict.UNDETERMINED),
    (a_token({**a_list(), "nbf": 1893664000}), Verdict.UNDETERMINED),
]


@pytest.mark.parametrize(("published", "verdict"), LISTS)
def test_a_list_that_ended_by_any_name_for_it_answers_nothing(
    published: str, verdict: Verdict
) -> None:
    """An old list replayed would call a revoked credential clear."""
    entry = StatusEntry(purpose=REVOCATION, list_url=REVOCATION_LIST, index=3).as_json()
    resolvers = FakeResolvers(status_lists={REVOCATION_LIST: published})
    document = signed_text(a_credential(credentialStatus=entry))
    report = verified(document, resolvers, policy=OPEN_TO_ALL).report
    assert report.verdict is verdict
    assert {c.code for c in report.failures} <= {"status-stale"}


REAL = [
    ("dcc-docs/example-credentials/expired/credential.json", {"credential-expired"}),
    ("w3c-di-eddsa/Ed25519Signature2020/signedEdSig.json", {"issuer-key-mismatch"}),
    ("dcc-verifier-core/v1/v1Expired.json", {"credential-expired"}),
]


@pytest.mark.data
@pytest.mark.parametrize(("path", "codes"), REAL)
def test_signatures_of_other_makers_hold(path: str, codes: set[str]) -> None:
    verification = read((shared_data() / "credentials" / path).read_bytes())
    assert codes_of(verification) == codes
    outcomes = {c.name: c.outcome for c in verification.report.checks}
    assert outcomes["proof"] is Outcome.PASSED


JSON_VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**40) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
CLAIMS = st.sampled_from(["iss", "sub", "jti", "nbf", "exp", "iat", "vc", "vp", "@context"])


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(CLAIMS, JSON_VALUES, max_size=5))
def test_claims_of_any_kind_are_refused_or_agree_with_the_credential(claims: JsonObject) -> None:
    payload: JsonObject = {"vc": old(), **claims}
    try:
        document = credential_of(payload)
    except JwtClaimRefused:
        pass
    else:
        for claim, member in (("jti", document.get("id")), ("iss", document.get("issuer"))):
            stated = member.get("id") if isinstance(member, dict) else member
            assert payload.get(claim, stated) == stated
    raw = sign_jws({"kid": method_of(ISSUER)}, payload, ISSUER)
    assert read(raw).report.verdict in set(Verdict)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(an_old_badge())), JSON_VALUES)
def test_a_member_that_was_changed_after_signing_never_passes(
    member: str, value: JsonValue
) -> None:
    document = json.loads(BADGE)
    if document[member] == value:
        return
    assert read(as_text({**document, member: value})).report.verdict is not Verdict.VALID
