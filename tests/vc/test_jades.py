"""Seals: the signature is checked, and who vouches for its owner is the caller's choice."""

import copy
import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillpassport.vc.foreign import ALL_FOREIGN, Foreign
from skillpassport.vc.jose.jades import JadesMalformed, parse_jades
from skillpassport.vc.multibase import encode_base64url
from skillpassport.vc.recognition import Form
from skillpassport.vc.report import Outcome, Verdict
from skillpassport.vc.strict_json import JsonObject, JsonValue, StrictJsonError
from skillpassport.vc.verify import Policy, Verification
from tests.support.certificates import a_certified_signer, an_authority
from tests.support.credentials import ISSUED, NOW, as_text, codes_of, verified
from tests.support.foreign import OPEN_TO_ALL
from tests.support.seals import OWNER, a_diploma, a_seal
from tests.support.shared_data import shared_data

AUTHORITY = an_authority()
SIGNER = a_certified_signer(AUTHORITY, names=(), organisation=OWNER)
ANCHORED = replace(OPEN_TO_ALL, trust_anchors=(AUTHORITY.der,))
SEALED = a_seal(a_diploma(), SIGNER)


def read(sealed: JsonObject, policy: Policy = ANCHORED, now: datetime = NOW) -> Verification:
    return verified(as_text(sealed), policy=policy, now=now)


@pytest.mark.parametrize("is_encoded", [False, True])
def test_a_seal_under_a_trusted_authority_is_valid(is_encoded: bool) -> None:
    verification = read(a_seal(a_diploma(), SIGNER, is_encoded=is_encoded))
    assert verification.report.verdict is Verdict.VALID, verification.report.failures
    assert verification.form is Form.JADES
    assert verification.document == a_diploma()


def test_a_seal_under_an_authority_that_nobody_named_holds_and_is_left_open() -> None:
    verification = read(SEALED, OPEN_TO_ALL)
    assert verification.report.verdict is Verdict.UNDETERMINED
    assert codes_of(verification) == {"trust-anchor-unknown"}
    outcomes = {check.code: check.outcome for check in verification.report.checks}
    assert outcomes["proof-valid"] is Outcome.PASSED


def test_a_seal_is_read_only_where_the_caller_says_so() -> None:
    policy = replace(ANCHORED, foreign=ALL_FOREIGN - {Foreign.JADES})
    verification = read(SEALED, policy)
    assert verification.report.verdict is Verdict.UNREADABLE
    assert "JAdES" in str(verification.seems_to_be)


def resealed(**header: JsonValue) -> JsonObject:
    return a_seal(a_diploma(), SIGNER, at=ISSUED, is_encoded=False, **header)


def changed(**changes: JsonValue) -> JsonObject:
    sealed: Any = copy.deepcopy(SEALED)
    sealed["signatures"][0].update(changes)
    return sealed  # type: ignore[no-any-return]


STRANGER = a_certified_signer(an_authority("Other"), names=(), organisation=OWNER)
OTHER_OWNER = a_certified_signer(AUTHORITY, names=(), organisation="VATGH-0000002")
NOBODY = a_certified_signer(AUTHORITY, names=())

OTHER_DIGEST: dict[str, Any] = {"x5t#S256": "AAAA"}

HOSTILE: list[tuple[str, JsonObject, str]] = [
    ("another payload", {**SEALED, "payload": as_text(a_diploma(name="Surgeon"))},
     "proof-invalid"),
    ("another owner's certificate", a_seal(a_diploma(), OTHER_OWNER), "issuer-key-mismatch"),
    ("a certificate without an owner", a_seal(a_diploma(), NOBODY), "issuer-key-mismatch"),
    ("another owner's certificate before the signature's", a_seal(
        a_diploma(), replace(STRANGER, chain=SIGNER.chain)), "proof-invalid"),
    ("no certificate", resealed(x5c=None), "certificate-refused"),
    ("no certificate inside", resealed(x5c=["AAAA"]), "certificate-refused"),
    ("a certificate in other letters", resealed(x5c=["MIIB\u0641"]), "certificate-refused"),
    ("another digest", resealed(**OTHER_DIGEST), "certificate-refused"),
    ("an algorithm for another key", resealed(alg="RS256"), "proof-invalid"),
    ("no algorithm", resealed(alg="none"), "jws-algorithm-refused"),
    ("a shared secret", resealed(alg="HS256"), "jws-algorithm-refused"),
    ("not yet issued", a_seal(a_diploma(issuanceDate="2027-01-01T00:00:00Z"), SIGNER),
     "credential-not-yet-valid"),
    ("no more in force", a_seal(a_diploma(expirationDate="2026-11-02T00:00:00Z"), SIGNER),
     "credential-expired"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "sealed", "code"), HOSTILE, ids=[row[0] for row in HOSTILE])
def test_a_seal_that_does_not_hold_is_refused(name: str, sealed: JsonObject, code: str) -> None:
    verification = read(sealed)
    assert verification.report.verdict is Verdict.INVALID
    assert code in codes_of(verification)


MALFORMED: dict[str, JsonObject] = {
    "two signatures": {**SEALED, "signatures": SEALED["signatures"] * 2},  # type: ignore[operator]
    "no signature": {**SEALED, "signatures": []},
    "both forms": {**SEALED, "signature": "AA"},
    "a payload elsewhere": resealed(sigD={"mId": "http://uri.etsi.org/19182/ObjectIdByURI"}),
    "b64 unsaid": resealed(crit=["sigT"]),
    "an unknown extension": resealed(crit=["b64", "sigT", "exp"]),
    "an extension that is not there": resealed(crit=["b64", "sigT", "adoTst"]),
    "an empty crit": resealed(crit=[]),
    "a key besides": resealed(jwk={"kty": "EC"}),
    "certificates outside": changed(header={"x5c": [*SIGNER.chain]}),
    "a member twice": changed(header={"sigT": "2026-01-01T00:00:00Z"}),
    "a header that is none": changed(protected="AAAA"),
    "a payload that is none": {**SEALED, "payload": "[]"},
    "duplicate members": {**SEALED, "payload": '{"type":"VerifiableCredential","type":"x"}'},
    "no credential": a_seal(a_diploma(type=["Anything"]), SIGNER),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_seal_of_another_form_is_named_and_not_read(name: str) -> None:
    verification = read(MALFORMED[name])
    assert verification.report.verdict is Verdict.UNREADABLE
    assert "JAdES" in str(verification.seems_to_be)


def test_an_issuer_without_the_identifier_is_left_open() -> None:
    verification = read(a_seal(a_diploma(issuer="urn:epass:org:1"), SIGNER))
    assert verification.report.verdict is Verdict.UNDETERMINED
    assert codes_of(verification) == {"seal-owner-unknown"}


def test_a_certificate_that_ended_after_sealing_leaves_it_open_and_before_fails() -> None:
    """The time in the seal is the sealer's own word, so that it never makes a seal valid."""
    ended = a_certified_signer(
        AUTHORITY, names=(), organisation=OWNER, until=datetime(2026, 11, 10, tzinfo=UTC)
    )
    verification = read(a_seal(a_diploma(), ended))
    assert verification.report.verdict is Verdict.UNDETERMINED
    assert "seal-certificate-ended" in codes_of(verification)
    later = a_seal(a_diploma(), ended, at=datetime(2026, 11, 15, tzinfo=UTC))
    assert read(later).report.verdict is Verdict.INVALID
    untimed = a_seal(a_diploma(), ended, sigT=None, crit=["b64"])
    assert read(untimed).report.verdict is Verdict.INVALID


@pytest.mark.data
def test_a_seal_of_the_european_union_holds() -> None:
    path = "elm-edc/Credentials/JSON-LD_Examples_ELM_v3/Sample-CertOfPart-signed.jsonld"
    raw = (shared_data() / "credentials" / path).read_bytes()
    verification = verified(raw, policy=OPEN_TO_ALL)
    assert verification.report.verdict is Verdict.UNDETERMINED
    assert codes_of(verification) == {"trust-anchor-unknown", "schema-type-unknown"}
    sealed = json.loads(raw)
    sealed["payload"] = sealed["payload"].replace("ORGANIZACION TEST", "ORGANIZACION TESU", 1)
    assert "proof-invalid" in codes_of(verified(as_text(sealed), policy=OPEN_TO_ALL))


HEADERS = st.dictionaries(
    st.sampled_from(["alg", "x5c", "b64", "crit", "sigT", "sigD", "typ", "kid"]),
    st.none() | st.booleans() | st.text(max_size=5) | st.lists(st.text(max_size=5), max_size=3),
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(HEADERS, st.text(max_size=20), st.text(max_size=20))
def test_any_header_and_payload_are_refused_or_parsed(
    header: JsonObject, payload: str, signature: str
) -> None:
    protected = encode_base64url(json.dumps(header).encode())
    document: JsonObject = {"payload": payload, "protected": protected, "signature": signature}
    with suppress(JadesMalformed, StrictJsonError):
        parse_jades(document)
    assert read(document).report.verdict is Verdict.UNREADABLE
