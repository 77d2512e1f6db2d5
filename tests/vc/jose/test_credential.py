"""Compact JWS for credentials: the header narrows, it never chooses."""

import hashlib
import hmac
import json
from collections.abc import Collection

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import (
    MGF1,
    PSS,
    AsymmetricPadding,
    PKCS1v15,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given

from skillpassport.vc.jose import (
    FOREIGN_ALGORITHMS,
    KEY_ALGORITHMS,
    OWN_ALGORITHMS,
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
from skillpassport.vc.keys import RSA, PublicKey, Signer
from skillpassport.vc.multibase import decode_base64url, encode_base64url
from skillpassport.vc.report import Verdict
from skillpassport.vc.strict_json import JsonObject, JsonValue, StrictJsonError
from skillpassport.vc.verify import Policy
from tests.support.credentials import (
    ISSUER,
    P256_ISSUER,
    P384_ISSUER,
    STRANGER,
    FakeResolvers,
    a_credential,
    a_token,
    did_of,
    method_of,
    verified,
)
from tests.vc.test_strict_json import JSON

ALLOWED = ("EdDSA", "Ed25519", "ES256", "ES384")


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


HEADERS: list[tuple[str, JsonObject, type[Exception]]] = [
    ("none", header(alg="none"), JwsAlgorithmRefused),
    ("None", header(alg="None"), JwsAlgorithmRefused),
    ("no algorithm", header(alg=None), JwsAlgorithmRefused),
    ("algorithm of another kind", header(alg=["EdDSA"]), JwsAlgorithmRefused),
    ("lower case", header(alg="eddsa"), JwsAlgorithmRefused),
    ("HS256", header(alg="HS256"), JwsAlgorithmRefused),
    ("HS512", header(alg="HS512"), JwsAlgorithmRefused),
    ("ES256K", header(alg="ES256K"), JwsAlgorithmRefused),
    ("ES512", header(alg="ES512"), JwsAlgorithmRefused),
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
    ("presentation inside", header(cty="vp"), JwsTypeRefused),
    ("token inside", header(cty="JWT"), JwsTypeRefused),
    ("content of another kind", header(cty=1), JwsTypeRefused),
    ("ES256 with an Ed25519 key", header(alg="ES256"), AssertionError),
    ("RS256 with an Ed25519 key", header(alg="RS256"), JwsAlgorithmRefused),
    ("type of another kind", header(typ=["vc+jwt"]), JwsTypeRefused),
    ("no kid", header(kid=None), JwsKeyUnnamed),
    ("kid of another kind", header(kid=1), JwsKeyUnnamed),
    ("kid empty", header(kid=""), JwsKeyUnnamed),
]


@pytest.mark.parametrize(("name", "members", "cause"), HEADERS, ids=[row[0] for row in HEADERS])
def test_a_hostile_header_is_refused_although_the_signature_holds(
    name: str, members: JsonObject, cause: type[Exception]
) -> None:
    with pytest.raises(cause):
        check(forged(members))
    check(forged(header()))


@pytest.mark.parametrize(
    "members",
    [
        header(alg="Ed25519"),
        header(typ="VC+JWT"),
        header(typ="application/vc+jwt"),
        header(cty="application/vc"),
        header(x=1),
    ],
    ids=["RFC 9864 name", "type in capitals", "type in full", "content in full", "unknown member"],
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
        algorithm = "P-521"
        public_key = ISSUER.public_key

        def sign(self, data: bytes) -> bytes:
            raise AssertionError

    with pytest.raises(JwsAlgorithmRefused):
        sign_vc_jwt(a_credential(), OtherSigner(), kid=method_of(ISSUER))


CURVES = [("EdDSA", ISSUER), ("ES256", P256_ISSUER), ("ES384", P384_ISSUER)]


@pytest.mark.parametrize(("algorithm", "signer"), CURVES, ids=[row[0] for row in CURVES])
def test_each_own_key_signs_under_its_own_algorithm(algorithm: str, signer: Signer) -> None:
    token = a_token(a_credential(issuer=did_of(signer)), signer)
    jws = parse_jws(token)
    assert jws.header["alg"] == algorithm
    assert verify_jws(jws, signer.public_key)
    verification = verified(token)
    assert verification.report.verdict is Verdict.VALID, verification.report.failures


@pytest.mark.parametrize(("algorithm", "signer"), CURVES, ids=[row[0] for row in CURVES])
def test_no_other_name_of_an_algorithm_fits_a_key(algorithm: str, signer: Signer) -> None:
    """The key decides, whatever the header says: a signature is not tried another way."""
    document = a_credential(issuer=did_of(signer))
    for name in KEY_ALGORITHMS:
        start = f"{encoded(header(alg=name, kid=method_of(signer)))}.{encoded(document)}"
        token = f"{start}.{encode_base64url(signer.sign(start.encode()))}"
        holds = verify_jws(parse_jws(token), signer.public_key)
        assert holds is (KEY_ALGORITHMS[name] == signer.algorithm)
        verdict = verified(token).report.verdict
        assert (verdict is Verdict.VALID) is holds


@pytest.mark.parametrize("signer", [P256_ISSUER, P384_ISSUER], ids=["ES256", "ES384"])
def test_only_the_two_numbers_side_by_side_are_a_signature(signer: Signer) -> None:
    """RFC 7518, section 3.4: "The Signature output MUST be ... R and S as octet sequences"."""
    token = a_token(a_credential(issuer=did_of(signer)), signer)
    start, _, text = token.rpartition(".")
    signature = decode_base64url(text)
    half = len(signature) // 2
    der = encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))
    for forged in (der, bytes(2 * half), signature + b"\x00", signature[1:], b""):
        verdict = verified(f"{start}.{encode_base64url(forged)}").report.verdict
        assert verdict is Verdict.INVALID


RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
RSA_JWK = PublicKey(
    RSA, RSA_KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).jwk
FOREIGN_DID = "did:web:seal.example"
PADDINGS = {"RS256": PKCS1v15(), "PS256": PSS(MGF1(SHA256()), 32)}


def a_foreign_token(algorithm: str, padding: AsymmetricPadding | None = None) -> str:
    """Return a credential that a seal with RSA signed."""
    members = header(alg=algorithm, kid=f"{FOREIGN_DID}#rsa")
    start = f"{encoded(members)}.{encoded(a_credential(issuer=FOREIGN_DID))}"
    signature = RSA_KEY.sign(start.encode(), padding or PADDINGS[algorithm], SHA256())
    return f"{start}.{encode_base64url(signature)}"


def verified_foreign(token: str, jwk: JsonObject, algorithms: Collection[str]) -> Verdict:
    method: JsonObject = {
        "id": "#rsa",
        "type": "JsonWebKey",
        "controller": FOREIGN_DID,
        "publicKeyJwk": jwk,
    }
    document: JsonObject = {
        "id": FOREIGN_DID,
        "verificationMethod": [method],
        "assertionMethod": ["#rsa"],
    }
    policy = Policy(jws_algorithms=frozenset(algorithms))
    resolvers = FakeResolvers({FOREIGN_DID: document})
    return verified(token, resolvers=resolvers, policy=policy).report.verdict


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
def test_rsa_is_verified_where_the_caller_allows_it(algorithm: str) -> None:
    token = a_foreign_token(algorithm)
    assert verified_foreign(token, RSA_JWK, [algorithm]) is Verdict.VALID
    assert verified_foreign(token, RSA_JWK, OWN_ALGORITHMS) is Verdict.INVALID
    assert verified_foreign(token, ISSUER.public_key.jwk, [algorithm]) is Verdict.INVALID
    assert verified_foreign(token[:-8] + "AAAAAAAA", RSA_JWK, [algorithm]) is Verdict.INVALID
    other = {"RS256": "PS256", "PS256": "RS256"}[algorithm]
    mixed = a_foreign_token(algorithm, PADDINGS[other])
    assert verified_foreign(mixed, RSA_JWK, FOREIGN_ALGORITHMS) is Verdict.INVALID


def test_rsa_is_never_signed_with() -> None:
    assert not FOREIGN_ALGORITHMS & OWN_ALGORITHMS
    for secret in (RSA_JWK["n"], json.dumps(RSA_JWK)):
        members = header(alg="HS256", kid=f"{FOREIGN_DID}#rsa")
        start = f"{encoded(members)}.{encoded(a_credential(issuer=FOREIGN_DID))}"
        digest = hmac.new(str(secret).encode(), start.encode(), hashlib.sha256).digest()
        token = f"{start}.{encode_base64url(digest)}"
        algorithms = {"HS256", *KEY_ALGORITHMS}
        assert verified_foreign(token, RSA_JWK, algorithms) is Verdict.INVALID


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
