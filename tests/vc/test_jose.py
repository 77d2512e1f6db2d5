"""Compact JWS for credentials: the header narrows, it never chooses."""

import hashlib
import hmac
import json

import pytest
from hypothesis import given

from skillpassport.vc.jose import (
    JoseError,
    JwsAlgorithmRefused,
    JwsHeaderRefused,
    JwsKeyUnnamed,
    JwsMalformed,
    JwsTypeRefused,
    JwtClaimRefused,
    check_algorithm,
    check_vc_jwt,
    key_id,
    numeric_date,
    parse_jws,
    sign_vc_jwt,
    verify_jws,
)
from skillpassport.vc.keys import KeyRefused
from skillpassport.vc.multibase import encode_base64url
from skillpassport.vc.strict_json import JsonObject, JsonValue, StrictJsonError
from tests.support.credentials import ISSUER, STRANGER, a_credential, a_token, did_of, method_of
from tests.vc.test_strict_json import JSON

ALLOWED = ("EdDSA", "Ed25519")


def encoded(value: object) -> str:
    return encode_base64url(json.dumps(value).encode())


def forged(header: JsonObject, payload: JsonValue = None) -> str:
    """Return a token with any header, signed by the issuer's key nevertheless."""
    start = f"{encoded(header)}.{encoded(payload or a_credential())}"
    return f"{start}.{encode_base64url(ISSUER.sign(start.encode()))}"


def header(**changes: JsonValue) -> JsonObject:
    members: JsonObject = {"alg": "EdDSA", "typ": "vc+jwt", "kid": method_of(ISSUER)}
    members.update(changes)
    return {name: value for name, value in members.items() if value is not None}


def check(token: str) -> None:
    """Run every rule in the order of a verification."""
    jws = parse_jws(token)
    check_vc_jwt(jws)
    check_algorithm(jws, ALLOWED)
    key_id(jws, did_of(ISSUER))
    assert verify_jws(jws, ISSUER.public_key)


HEADERS: list[tuple[str, JsonObject, type[JoseError]]] = [
    ("none", header(alg="none"), JwsAlgorithmRefused),
    ("None", header(alg="None"), JwsAlgorithmRefused),
    ("no algorithm", header(alg=None), JwsAlgorithmRefused),
    ("algorithm of another kind", header(alg=["EdDSA"]), JwsAlgorithmRefused),
    ("lower case", header(alg="eddsa"), JwsAlgorithmRefused),
    ("HS256", header(alg="HS256"), JwsAlgorithmRefused),
    ("HS512", header(alg="HS512"), JwsAlgorithmRefused),
    ("RS256", header(alg="RS256"), JwsAlgorithmRefused),
    ("ES256", header(alg="ES256"), JwsAlgorithmRefused),
    ("Ed448", header(alg="Ed448"), JwsAlgorithmRefused),
    ("embedded key", header(jwk=ISSUER.public_key.jwk), JwsHeaderRefused),
    ("key by address", header(jku="https://evil.example/jwks"), JwsHeaderRefused),
    ("certificates", header(x5c=["AA"]), JwsHeaderRefused),
    ("certificates by address", header(x5u="https://evil.example/x5u"), JwsHeaderRefused),
    ("critical extension", header(crit=["exp"], exp=1), JwsHeaderRefused),
    ("empty critical", header(crit=[]), JwsHeaderRefused),
    ("unencoded payload", header(b64=False), JwsHeaderRefused),
    ("compressed", header(zip="DEF"), JwsHeaderRefused),
    ("type JWT", header(typ="JWT"), JwsTypeRefused),
    ("no type", header(typ=None), JwsTypeRefused),
    ("presentation", header(typ="vp+jwt"), JwsTypeRefused),
    ("access token", header(typ="at+jwt"), JwsTypeRefused),
    ("SD-JWT", header(typ="vc+sd-jwt"), JwsTypeRefused),
    ("type of another kind", header(typ=["vc+jwt"]), JwsTypeRefused),
    ("no kid", header(kid=None), JwsKeyUnnamed),
    ("kid of another kind", header(kid=1), JwsKeyUnnamed),
    ("kid empty", header(kid=""), JwsKeyUnnamed),
]


@pytest.mark.parametrize(("name", "members", "cause"), HEADERS, ids=[row[0] for row in HEADERS])
def test_a_hostile_header_is_refused_although_the_signature_holds(
    name: str, members: JsonObject, cause: type[JoseError]
) -> None:
    with pytest.raises(cause):
        check(forged(members))
    check(forged(header()))


@pytest.mark.parametrize(
    "members",
    [header(alg="Ed25519"), header(typ="VC+JWT"), header(typ="application/vc+jwt"), header(x=1)],
    ids=["RFC 9864 name", "type in capitals", "type in full", "unknown member"],
)
def test_other_spellings_that_the_standards_allow_are_accepted(members: JsonObject) -> None:
    check(forged(members))


CLAIMS: list[tuple[str, JsonObject]] = [
    ("vc", {"vc": {}}),
    ("vp", {"vp": {}}),
    ("exp as text", {"exp": "1893456000"}),
    ("exp as boolean", {"exp": True}),
    ("exp null", {"exp": None}),
    ("exp negative", {"exp": -1}),
    ("exp beyond the calendar", {"exp": 10**12}),
    ("nbf as text", {"nbf": "0"}),
    ("iat as array", {"iat": [0]}),
    ("another iss", {"iss": did_of(STRANGER)}),
    ("another jti", {"jti": "urn:uuid:other"}),
    ("another sub", {"sub": "urn:uuid:other"}),
]


@pytest.mark.parametrize(("name", "claims"), CLAIMS, ids=[row[0] for row in CLAIMS])
def test_a_claim_against_the_rules_is_refused(name: str, claims: JsonObject) -> None:
    with pytest.raises(JwtClaimRefused) as caught:
        check(forged(header(), {**a_credential(), **claims}))
    assert caught.value.claim in claims


def test_claims_that_repeat_the_credential_are_accepted() -> None:
    document = a_credential()
    claims: JsonObject = {
        "iss": document["issuer"],
        "jti": document["id"],
        "sub": "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e",
        "iat": 1793520000,
        "nbf": 1793520000.5,
        "exp": 1893456000,
    }
    check(forged(header(), {**document, **claims}))


def a_split_token() -> tuple[str, str, str]:
    start, middle, end = a_token(a_credential()).split(".")
    return start, middle, end


START, MIDDLE, END = a_split_token()
DUPLICATE = b'{"alg":"EdDSA","alg":"none"}'
LATIN_1 = b'{"name":"\xe9"}'
MALFORMED: list[tuple[str, str]] = [
    ("two parts", f"{START}.{MIDDLE}"),
    ("four parts", f"{START}.{MIDDLE}.{END}.{END}"),
    ("five parts", f"{START}.{MIDDLE}.{END}.{END}.{END}"),
    ("empty", ""),
    ("dots", ".."),
    ("padded", f"{START}.{MIDDLE}.{END}=="),
    ("other alphabet", f"{START}.{MIDDLE}.{END[:-2]}+/"),
    ("white space", f"{START}. {MIDDLE}.{END}"),
    ("line break", f"{START}.{MIDDLE}.{END}\n"),
    (
        "spare bits",
        f"{START}.{MIDDLE}.{END[:-1]}{'B' if END[-1] == 'A' else chr(ord(END[-1]) + 1)}",
    ),
    ("header no JSON", f"{encode_base64url(b'x')}.{MIDDLE}.{END}"),
    ("header array", f"{encoded([])}.{MIDDLE}.{END}"),
    ("payload array", f"{START}.{encoded([])}.{END}"),
    ("payload text", f"{START}.{encoded('x')}.{END}"),
    ("header member twice", f"{encode_base64url(DUPLICATE)}.{MIDDLE}.{END}"),
    ("payload member twice", f"{START}.{encode_base64url(DUPLICATE)}.{END}"),
    ("payload not UTF-8", f"{START}.{encode_base64url(LATIN_1)}.{END}"),
    ("payload too large", f"{START}.{'A' * 2_000_000}.{END}"),
]


@pytest.mark.parametrize(("name", "token"), MALFORMED, ids=[row[0] for row in MALFORMED])
def test_a_malformed_token_is_refused(name: str, token: str) -> None:
    with pytest.raises((JwsMalformed, StrictJsonError)):
        parse_jws(token)


def test_a_public_key_is_no_shared_secret() -> None:
    """The classic confusion: HMAC with the published key as its secret."""
    start = f"{encoded(header(alg='HS256'))}.{encoded(a_credential())}"
    digest = hmac.new(ISSUER.public_key.raw, start.encode(), hashlib.sha256).digest()
    with pytest.raises(JwsAlgorithmRefused):
        check(f"{start}.{encode_base64url(digest)}")
    jws = parse_jws(f"{start}.{encode_base64url(digest)}")
    assert not verify_jws(jws, ISSUER.public_key)


def test_an_algorithm_that_the_caller_does_not_list_is_refused() -> None:
    jws = parse_jws(a_token(a_credential()))
    check_algorithm(jws, ALLOWED)
    for allowed in ((), ("ES256",), ("Ed25519",)):
        with pytest.raises(JwsAlgorithmRefused):
            check_algorithm(jws, allowed)


def test_the_callers_list_cannot_bring_an_algorithm_without_a_reader() -> None:
    with pytest.raises(JwsAlgorithmRefused):
        check_algorithm(parse_jws(forged(header(alg="none"))), ["none"])


def test_a_relative_kid_belongs_to_the_issuer() -> None:
    jws = parse_jws(forged(header(kid="#key-1")))
    assert key_id(jws, "did:web:issuer.example") == "did:web:issuer.example#key-1"
    assert key_id(parse_jws(forged(header())), None) == method_of(ISSUER)


def test_a_credential_with_a_vc_claim_is_not_signed() -> None:
    with pytest.raises(JwtClaimRefused):
        sign_vc_jwt({**a_credential(), "vc": {}}, ISSUER, kid=method_of(ISSUER))


def test_a_signer_of_another_algorithm_is_refused() -> None:
    class OtherSigner:
        algorithm = "P-256"
        public_key = ISSUER.public_key

        def sign(self, data: bytes) -> bytes:
            raise AssertionError

    with pytest.raises((JwsAlgorithmRefused, KeyRefused)):
        sign_vc_jwt(a_credential(), OtherSigner(), kid=method_of(ISSUER))


def test_a_date_claim_reads_as_an_instant() -> None:
    assert numeric_date({}, "exp") is None
    instant = numeric_date({"exp": 1767225600}, "exp")
    assert instant is not None
    assert instant.isoformat() == "2026-01-01T00:00:00+00:00"


@given(JSON)
def test_the_payload_is_the_document_as_it_was(value: JsonValue) -> None:
    document: JsonObject = {**a_credential(), "evidence": value}
    jws = parse_jws(a_token(document))
    assert jws.payload == {**document, "iss": document["issuer"]}
    assert verify_jws(jws, ISSUER.public_key)
    assert not verify_jws(jws, STRANGER.public_key)
