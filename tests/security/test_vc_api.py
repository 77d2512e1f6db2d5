"""A stranger at the routes of the VC-API: every attack beside a control that is accepted."""

import base64
import hmac
import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import pytest

from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.envelope import ENVELOPED_PRESENTATION, envelope
from skillpassport.vc.jose import VC_JWT, VP_JWT, sign_vp_jwt
from skillpassport.vc.jose.jws import sign_jws
from skillpassport.vc.keys import Signer
from skillpassport.vc.multibase import encode_base64url
from skillpassport.vc.presentations import build_presentation, sign_presentation
from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.vc.suites import EDDSA_JCS_2022, EDDSA_RDFC_2022
from tests.support.awards import register
from tests.support.credentials import (
    ISSUED,
    ISSUER,
    P256_ISSUER,
    STRANGER,
    a_credential,
    as_text,
    did_of,
    method_of,
    signed,
)
from tests.support.instances import Answer, Served
from tests.support.vc_api import V2, VOCABULARY, Desk, Profile, composed


@pytest.fixture(scope="module")
def desk(standing: Served) -> Desk:
    made = register(standing, "stranger-desk", "provider", country="GH")
    return Desk(served=standing, slug="stranger-desk", key=made.key)


@pytest.fixture(scope="module")
def profiles(desk: Desk) -> list[Profile]:
    return [
        desk.profile(slug="jcs"),
        desk.profile(slug="rdfc", securing="eddsa-rdfc-2022"),
        desk.profile(slug="sd", securing="ecdsa-sd-2023", key_type="P-256"),
        desk.profile(slug="jwt", securing="vc+jwt", key_type="P-256"),
    ]


def holds(answer: Answer) -> bool:
    """Return whether all was good; fail for anything but the two answers that there are."""
    if answer.status_code == 200:
        assert answer.json()["verified"] is True
        return True
    assert answer.status_code == 400, answer.text
    assert answer.json().get("verified", False) is False
    return False


# --- tokens -----------------------------------------------------------------------------------


def a_token(
    header: JsonObject | None = None, payload: JsonObject | None = None, signer: Signer = ISSUER
) -> str:
    """Return a token of the signer; a member of the header given as None is left out."""
    wanted: JsonObject = {"typ": VC_JWT, "kid": method_of(signer), **(header or {})}
    kept: JsonObject = {name: value for name, value in wanted.items() if value is not None}
    return sign_jws(kept, payload or a_credential(issuer=did_of(signer)), signer)


def with_secret(algorithm: str, secret: bytes) -> str:
    """Return a token whose issuer's public key was taken for a shared secret."""
    head, body, _ = a_token({"alg": algorithm}).split(".")
    mac = hmac.digest(secret, f"{head}.{body}".encode(), sha256)
    return f"{head}.{body}.{encode_base64url(mac)}"


def raw_token(header: str, payload: str) -> str:
    """Return a token over octets that no serialiser would write, soundly signed."""
    text = f"{encode_base64url(header.encode())}.{encode_base64url(payload.encode())}"
    return f"{text}.{encode_base64url(ISSUER.sign(text.encode()))}"


def resigned(change: Callable[[bytes], bytes], signer: Signer = P256_ISSUER) -> str:
    """Return a token whose signature was rewritten."""
    head, body, signature = a_token(signer=signer).split(".")
    octets = base64.urlsafe_b64decode(signature + "==")
    return f"{head}.{body}.{encode_base64url(change(octets))}"


def in_der(signature: bytes) -> bytes:
    numbers = b"".join(b"\x02\x21\x00" + signature[at : at + 32] for at in (0, 32))
    return b"\x30" + bytes([len(numbers)]) + numbers


def beyond_the_order(signature: bytes) -> bytes:
    """Return a signature whose second number has the curve's order added, where that fits."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    number = int.from_bytes(signature[32:]) + order
    return signature[:32] + (number % 2**256).to_bytes(32)


HEADER = as_text({"alg": "EdDSA", "typ": VC_JWT, "kid": method_of(ISSUER)})
PAYLOAD = as_text(a_credential())
PUBLIC = ISSUER.public_key

TOKENS: dict[str, str] = {
    "no algorithm": a_token({"alg": "none"}).rpartition(".")[0] + ".",
    "no algorithm, with a signature": a_token({"alg": "none"}),
    "algorithm in other letters": a_token({"alg": "nOnE"}),
    "the public key as secret": with_secret("HS256", PUBLIC.raw),
    "the public key as secret, as multikey": with_secret("HS256", PUBLIC.multikey.encode()),
    "the public key as secret, as JWK": with_secret("HS256", as_text(PUBLIC.jwk).encode()),
    "ES256 over an Ed25519 key": a_token({"alg": "ES256"}),
    "EdDSA over a P-256 key": a_token({"alg": "EdDSA"}, signer=P256_ISSUER),
    "ES384 over a P-256 key": a_token({"alg": "ES384"}, signer=P256_ISSUER),
    "an algorithm for encryption": a_token({"alg": "ECDH-ES", "enc": "A128GCM"}),
    "the kid of another": a_token({"kid": method_of(STRANGER)}),
    "the kid of the issuer over another's signature": a_token(
        {"kid": method_of(ISSUER)}, a_credential(), STRANGER
    ),
    "another's issuer under an own kid": a_token(None, a_credential(issuer=did_of(STRANGER))),
    "a kid that is an address": a_token({"kid": "https://evil.example/key"}),
    "a kid that is a file": a_token({"kid": "../../../../dev/null"}),
    "a kid that is a query": a_token({"kid": f"{did_of(ISSUER)}?versionId=1#key"}),
    "a kid with a line feed": a_token({"kid": f"{method_of(ISSUER)}\n"}),
    "an embedded key": a_token({"jwk": PUBLIC.jwk}),
    "a set of keys by address": a_token({"jku": "https://evil.example/jwks.json"}),
    "certificates": a_token({"x5c": ["AA=="]}),
    "a critical extension": a_token({"crit": ["exp"], "exp": 1}),
    "an unknown critical extension": a_token({"crit": ["https://x.example"]}),
    "b64 critical": a_token({"crit": ["b64"], "b64": False}),
    "b64 unsaid": a_token({"b64": False}),
    "b64 true": a_token({"b64": True}),
    "compressed": a_token({"zip": "DEF"}),
    "a token in the token": a_token({"cty": "JWT"}),
    "a presentation in the token": a_token({"cty": "vp"}),
    "of another type": a_token({"typ": "at+jwt"}),
    "an envelope in the token": a_token(None, envelope(a_token(), VC_JWT)),
    "a presentation as payload": a_token(None, build_presentation([a_credential()], holder=None)),
    "the credential as a claim": a_token(None, {"vc": a_credential(), "iss": did_of(ISSUER)}),
    "a header member twice": raw_token('{"alg":"none",' + HEADER[1:], PAYLOAD),
    "a payload member twice": raw_token(HEADER, '{"issuer":"did:key:z",' + PAYLOAD[1:]),
    "an escaped member twice": raw_token(HEADER, '{"issue\\u0072":"did:key:z",' + PAYLOAD[1:]),
    "a lone surrogate": raw_token(HEADER, PAYLOAD.replace("Welder", "\\ud800")),
    "a number beyond 2^53": raw_token(HEADER, '{"score":9007199254740993,' + PAYLOAD[1:]),
    "not a number": raw_token(HEADER, '{"score":NaN,' + PAYLOAD[1:]),
    "a byte order mark": raw_token(HEADER, "\ufeff" + PAYLOAD),
    "a signature of zeros": resigned(lambda _: bytes(64)),
    "a signature in DER": resigned(in_der),
    "a signature with something after it": resigned(lambda octets: octets + b"\0"),
    "a signature beyond the order": resigned(beyond_the_order),
    "padded": a_token() + "=",
    "with a disclosure": a_token() + "~" + encode_base64url(b'["s","name","x"]') + "~",
}  # fmt: skip

SOUND_AS_PROOFS = {"another's issuer under an own kid", "a presentation as payload"}


def test_tokens_are_held_to_one_reading(desk: Desk) -> None:
    for control in (a_token(), a_token(signer=P256_ISSUER), raw_token(HEADER, PAYLOAD)):
        assert holds(desk.verify(control))
        assert holds(desk.verify(envelope(control, VC_JWT)))
        assert holds(desk.verify_presentation(presented(envelope(control, VC_JWT))))


@pytest.mark.parametrize("name", TOKENS)
def test_no_bent_token_verifies(desk: Desk, name: str) -> None:
    token = TOKENS[name]
    for checks in ({}, {"checks": ["proof"]}):
        # Where the proof alone is asked for, neither binding nor model decides.
        expected = bool(checks) and name in SOUND_AS_PROOFS
        assert holds(desk.verify(token, **checks)) == expected
        enveloped = envelope(token, VC_JWT)
        assert holds(desk.verify(enveloped, **checks)) == expected
        assert holds(desk.verify_presentation(presented(enveloped), **checks)) == expected


def presented(entry: JsonObject) -> JsonObject:
    return build_presentation([entry], holder=None)


# --- proofs -----------------------------------------------------------------------------------


def proven(document: JsonObject | None = None, **options: Any) -> JsonObject:  # noqa: ANN401
    chosen = ProofOptions(verification_method=method_of(ISSUER), created=ISSUED, **options)
    return add_proof(
        document or a_credential(), suite=EDDSA_JCS_2022, signer=ISSUER, options=chosen
    )


def with_proofs(*proofs: JsonValue) -> JsonObject:
    return {**a_credential(), "proof": [*proofs]}


def one_proof(**changes: JsonValue) -> JsonObject:
    proof = signed(a_credential())["proof"]
    assert isinstance(proof, dict)
    return {**proof, **changes}


def chain() -> list[JsonObject]:
    """Return a sound chain of two."""
    first = proven(id="urn:p:1")
    both = proven(first, id="urn:p:2", previous_proof=("urn:p:1",))["proof"]
    assert isinstance(both, list)
    return [proof for proof in both if isinstance(proof, dict)]


ONE, TWO = chain()
PROOFS: dict[str, JsonObject] = {
    "none": a_credential(),
    "null": {**a_credential(), "proof": None},
    "an empty set": with_proofs(),
    "an empty one": {**a_credential(), "proof": {}},
    "a text": {**a_credential(), "proof": "x"},
    "a set in a set": with_proofs([one_proof()]),
    "a sound one beside none": with_proofs(one_proof(), {}),
    "a sound one beside an unknown suite": with_proofs(one_proof(), one_proof(cryptosuite="x-1")),
    "a sound one beside another type": with_proofs(one_proof(), one_proof(type="JwtProof2020")),
    "a sound one beside another suite's": with_proofs(
        one_proof(), one_proof(cryptosuite="ecdsa-jcs-2019")
    ),
    "a sound one beside one for nobody": with_proofs(
        one_proof(), one_proof(verificationMethod="did:example:x#1")
    ),
    "seventeen": with_proofs(*[one_proof()] * 17),
    "ten thousand": with_proofs(*[{}] * 10_000),
    "two of one id": with_proofs(ONE, {**one_proof(), "id": "urn:p:1"}),
    "one that builds upon itself": with_proofs({**ONE, "previousProof": "urn:p:1"}),
    "two that build upon each other": with_proofs({**ONE, "previousProof": "urn:p:2"}, TWO),
    "one that builds upon what is missing": with_proofs(TWO),
    "a chain whose first is changed": with_proofs({**ONE, "created": "2026-01-01T00:00:00Z"}, TWO),
    "one that builds upon a thousand": with_proofs(
        ONE, {**TWO, "previousProof": [f"urn:p:{n}" for n in range(1000)]}
    ),
    "one that builds upon no text": with_proofs(ONE, {**TWO, "previousProof": {"id": "urn:p:1"}}),
    "a proof in the proof": with_proofs(one_proof(proof=one_proof())),
    "an own context": with_proofs({**one_proof(), "@context": ["https://w3id.org/security/v2"]}),
    "a method that is an object": with_proofs(one_proof(verificationMethod=PUBLIC.jwk)),
    "a method that is a file": with_proofs(one_proof(verificationMethod="file:///etc/passwd")),
    "a method that is an address": with_proofs(one_proof(verificationMethod="http://127.0.0.1/k")),
    "a method with a line feed": with_proofs(
        one_proof(verificationMethod=f"{method_of(ISSUER)}\n")
    ),
}  # fmt: skip


def test_sets_and_chains_hold(desk: Desk) -> None:
    rdfc = ProofOptions(verification_method=method_of(ISSUER), created=ISSUED)
    mixed = add_proof(proven(), suite=EDDSA_RDFC_2022, signer=ISSUER, options=rdfc)
    for control in (proven(), with_proofs(ONE, TWO), with_proofs(TWO, ONE), mixed):
        assert holds(desk.verify(control))
        assert holds(desk.verify_presentation(presented(control)))


@pytest.mark.parametrize("name", PROOFS)
def test_no_bent_proof_verifies(desk: Desk, name: str) -> None:
    document = PROOFS[name]
    for checks in ({}, {"checks": ["proof"]}):
        assert not holds(desk.verify(document, **checks))
        assert not holds(desk.verify_presentation(presented(document), **checks))


# --- content ----------------------------------------------------------------------------------


CONTEXTS = (
    "file:///etc/passwd", "http://www.w3.org/ns/credentials/v2", "http://127.0.0.1:8000/",
    "https://localhost/", "https://unknown.example/v1", "data:application/json,{}",
    "javascript:alert(1)", "../v2", "", "//www.w3.org/ns/credentials/v2", "urn:x:y",
    "https://www.w3.org/ns/credentials/v2#", "https://www.w3.org/ns/credentials/v2\u0000",
    "HTTPS://www.w3.org/ns/credentials/v2", {"@import": "https://evil.example/"},
    {"@import": "file:///etc/passwd"}, {"x": {"@id": "urn:x", "@context": "file:///etc/passwd"}},
    7, True, [[V2]], {"@version": 7}, {"id": "urn:x:id"}, {"type": "urn:x:type"},
    {"VerifiableCredential": "urn:x:vc"},
)  # fmt: skip
"""What stands behind the first context; nothing of it is fetched, bent or passed over."""


@pytest.mark.parametrize("context", CONTEXTS, ids=repr)
def test_no_context_is_fetched_and_none_changes_what_is_meant(
    desk: Desk, profiles: list[Profile], context: JsonValue
) -> None:
    document = composed(**{"@context": [V2, VOCABULARY, context]})
    for profile in profiles[1:3]:
        answer = profile.ask(document)
        assert answer.status_code in {400, 422}, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
    good = profiles[1].sign(composed())
    assert not holds(desk.verify({**good, "@context": [*good["@context"], context]}))


@pytest.mark.parametrize("context", [{"@base": "https://evil.example/"}, {"issuer": "urn:x:other"}])
def test_a_context_without_effect_is_not_passed_over_in_silence(
    desk: Desk, profiles: list[Profile], context: JsonValue
) -> None:
    """Every address is absolute, and `issuer` is protected by the type: no statement is another."""
    good = profiles[1].sign(composed())
    answer = desk.verify({**good, "@context": [*good["@context"], context]})
    outcomes = {check["outcome"] for check in answer.json()["report"]["checks"]}
    assert outcomes & {"warned", "unchecked", "failed"}
    named = {**good, "issuer": {"id": good["issuer"], "name": "Another"}}
    assert not holds(desk.verify({**named, "@context": [*good["@context"], context]}))


IDENTIFIERS = (
    "urn:x:\n", "https://a.example/\u0000", "https://a.example/ b", "https://a.example/\u202e",
    "https://a.example/<script>", 'https://a.example/"', "https://a.example/{x}", "relative",
    "/a", "", "_:b0", "https://a.example/\\", "https://a.example/`", "urn:x:\u007f", "urn:x:\t",
    7, None, {"a": 1}, ["urn:x:1", "urn:x:2"],
)  # fmt: skip


@pytest.mark.parametrize("identifier", IDENTIFIERS, ids=repr)
def test_no_identifier_that_is_none_is_signed_or_verified(
    desk: Desk, profiles: list[Profile], identifier: JsonValue
) -> None:
    for profile in profiles:
        answer = profile.ask({**composed(), "id": identifier})
        assert answer.status_code in {400, 422}, (profile.id, answer.text)
    forged = proven({**a_credential(), "id": identifier})
    assert not holds(desk.verify(forged))


def bodies() -> Iterator[tuple[str, bytes]]:
    """Yield bodies that no strict reader takes, each one change away from a sound one."""
    sound = json.dumps({"verifiableCredential": proven(), "options": {}})
    yield "a member twice", (sound[:-1] + ',"options":{}}').encode()
    yield (
        "an inner member twice",
        sound.replace('"issuer"', '"issuer":"did:key:z","issuer"').encode(),
    )
    yield "an escaped member twice", sound.replace('"issuer"', '"issu\\u0065r":1,"issuer"').encode()
    yield "a lone surrogate", sound.replace("Welder", "\\udc00").encode()
    yield "a surrogate in UTF-8", sound.encode().replace(b"Welder", b"\xed\xa0\x80")
    yield "an integer beyond 2^53", sound.replace('"name"', '"n":9007199254740993,"name"').encode()
    yield "an integer of a kilobyte", sound.replace('"name"', f'"n":{"9" * 1000},"name"').encode()
    yield "not a number", sound.replace('"name"', '"n":NaN,"name"').encode()
    yield "infinity", sound.replace('"name"', '"n":-Infinity,"name"').encode()
    yield "a double that overflows", sound.replace('"name"', '"n":1e400,"name"').encode()
    yield "a byte order mark", b"\xef\xbb\xbf" + sound.encode()
    yield "UTF-16", sound.encode("utf-16")
    yield "something after the end", sound.encode() + b"{}"
    yield "a comment", sound.encode() + b"//"
    yield "too deep", sound.replace('"name"', f'"n":{"[" * 101}{"]" * 101},"name"').encode()
    yield (
        "very deep",
        sound.replace('"name"', f'"n":{"[" * 100_000}{"]" * 100_000},"name"').encode(),
    )
    yield "cut", sound.encode()[:-1]


BODIES = dict(bodies())


@pytest.mark.parametrize("name", BODIES)
def test_each_route_reads_strict_json_alone(desk: Desk, profiles: list[Profile], name: str) -> None:
    sound = {"verifiableCredential": proven(), "options": {}}
    assert holds(desk.served.post("/vc/credentials/verify", sound))
    paths = ["/vc/credentials/verify", "/vc/presentations/verify", "/vc/credentials/derive"]
    paths += [profile.issue_url.partition("example")[2] for profile in profiles]
    for path in paths:
        answer = desk.served.http.post(
            path,
            content=BODIES[name],
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {desk.key}"},
        )
        assert answer.status_code in {400, 413, 422}, (path, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"


GOOD_DATES = (
    "2026-11-01T00:00:00Z", "2026-11-01T00:00:00+14:00", "2026-11-01T00:00:00.123456Z",
    "2026-11-01T00:00:00-12:00", "2024-02-29T00:00:00Z",
)  # fmt: skip
BAD_DATES: tuple[JsonValue, ...] = (
    "2026-02-29T00:00:00Z", "2026-11-01", "2026-11-01T00:00:00", "2026-11-01T24:00:01Z",
    "2026-11-01T00:00:00+25:00", "2026-13-01T00:00:00Z", "2026-11-01T00:60:00Z", "0000-01-01T00:00:00Z",
    "10000-01-01T00:00:00Z", "-2026-11-01T00:00:00Z", "20261101T000000Z", "2026-W44-7T00:00:00Z",
    "2026-305T00:00:00Z", " 2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z\n", "2026-11-01 00:00:00Z",
    "\u0662\u0660\u0662\u0666-11-01T00:00:00Z", "1793000000", 1793000000, True, None, ["2026-11-01T00:00:00Z"],
    {"@value": "2026-11-01T00:00:00Z"},
)  # fmt: skip


def test_instants_are_read_by_the_letter(desk: Desk, profiles: list[Profile]) -> None:
    for good in GOOD_DATES:
        assert holds(desk.verify(proven(a_credential(validFrom=good)))), good
        for profile in profiles:
            assert profile.ask(composed(validFrom=good)).status_code == 201, good
    for bad in BAD_DATES:
        for member in ("validFrom", "validUntil"):
            assert not holds(desk.verify(proven({**a_credential(), member: bad}))), bad
            for profile in profiles:
                answer = profile.ask({**composed(), member: bad})
                assert answer.status_code in {400, 422}, (bad, answer.text)


def test_a_leap_second_is_no_reason_to_fail(desk: Desk) -> None:
    """XML Schema has none, RFC 3339 has: either reading is an answer, and a fault is not."""
    for instant in ("2016-12-31T23:59:60Z", "2026-06-30T23:59:60Z", "2026-11-22T12:30:61Z"):
        for member in ("validFrom", "validUntil"):
            holds(desk.verify(proven(a_credential(**{member: instant}))))


def entry(**changes: JsonValue) -> JsonObject:
    return {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "1",
        "statusListCredential": "https://127.0.0.1/list",
        **changes,
    }


STATUSES: dict[str, JsonValue] = {
    "nine": [entry(statusListIndex=str(n)) for n in range(9)],
    "a thousand": [entry(statusListIndex=str(n)) for n in range(1000)],
    "a thousand empty ones": [{}] * 1000,
    "at a file": entry(statusListCredential="file:///etc/passwd"),
    "by http": entry(statusListCredential="http://issuer.example/list"),
    "at this machine": entry(),
    "at an index that is negative": entry(statusListIndex="-1"),
    "at an index that is huge": entry(statusListIndex="9" * 400),
    "at an index in other figures": entry(statusListIndex="\u0661"),
    "of a size without end": entry(statusSize=2**40),
    "of another type": entry(type="RevocationList2020Status"),
    "a text": "https://127.0.0.1/list",
}


@pytest.mark.parametrize("name", STATUSES)
def test_no_bent_status_counts_as_clear(desk: Desk, name: str) -> None:
    document = {**a_credential(), "credentialStatus": STATUSES[name]}
    assert not holds(desk.verify(proven(document)))
    assert not holds(desk.verify_presentation(presented(proven(document))))


def test_a_client_brings_no_thousand_statuses(profiles: list[Profile]) -> None:
    seven: list[JsonValue] = [entry(statusListIndex=str(n)) for n in range(7)]
    assert profiles[0].ask(composed(credentialStatus=seven)).status_code == 201
    for profile in profiles:
        for name in ("nine", "a thousand"):
            answer = profile.ask(composed(credentialStatus=STATUSES[name]))
            assert answer.status_code in {400, 422}, name


# --- nesting ----------------------------------------------------------------------------------


def a_vp_token(document: JsonObject) -> str:
    return sign_vp_jwt(document, ISSUER, kid=method_of(ISSUER))


def test_nothing_is_a_credential_because_of_what_it_lies_in(desk: Desk) -> None:
    good = proven()
    inner = presented(good)
    assert holds(desk.verify_presentation(inner))
    options = ProofOptions(verification_method=method_of(ISSUER), created=ISSUED)
    shown = sign_presentation(inner, ISSUER, suite=EDDSA_JCS_2022, options=options)
    enveloped = envelope(a_vp_token(inner), VP_JWT, ENVELOPED_PRESENTATION)
    for presentation in (shown, enveloped, a_vp_token(inner)):
        assert holds(desk.verify_presentation(presentation))
        assert not holds(desk.verify(presentation)), "a presentation is no credential"
    for hidden in (inner, shown, enveloped, [good], [[good]], "x", 7, {}, a_token()):
        for credentials in ([hidden], [good, hidden]):
            nested = {**presented(good), "verifiableCredential": credentials}
            assert not holds(desk.verify_presentation(nested)), hidden
            assert not holds(desk.verify_presentation(nested, checks=["proof"])), hidden
    forged = {**good, "name": "Surgeon"}
    in_subject = {**good, "credentialSubject": {"verifiableCredential": forged}}
    assert not holds(desk.verify(in_subject))


def test_what_lies_deep_inside_is_not_verified_on_the_way(desk: Desk) -> None:
    """A presentation in a credential in a presentation, twenty times over."""
    document: JsonObject = proven()
    for _ in range(20):
        document = proven(a_credential(evidence={"type": ["E"], "inside": presented(document)}))
    answer = desk.verify_presentation(presented(document))
    assert len(answer.json()["report"]["credentials"]) == 1
    holds(answer)


def test_a_presentation_holds_so_many_credentials_and_no_more(desk: Desk) -> None:
    good = proven()
    assert holds(desk.verify_presentation(build_presentation([good] * 16, holder=None)))
    for number in (17, 500):
        crowd = build_presentation([good] * number, holder=None)
        assert not holds(desk.verify_presentation(crowd))
        assert not holds(desk.verify_presentation(crowd, checks=["proof"]))


def test_no_credential_is_left_out_where_the_proofs_alone_are_asked_for(desk: Desk) -> None:
    """The seventeenth, one that is a text, and all of a presentation too large were passed over."""
    good, forged = proven(), {**proven(), "name": "Surgeon"}
    options = ProofOptions(verification_method=method_of(ISSUER), created=ISSUED)
    values: list[JsonValue] = [0] * 10_000
    large: JsonObject = {**good, "evidence": {"type": "E", "values": values}}
    for credentials in ([good] * 16 + [forged], [good, a_token()], [large], [good, 7]):
        unsigned = {**presented(good), "verifiableCredential": [*credentials]}
        shown = sign_presentation(unsigned, ISSUER, suite=EDDSA_JCS_2022, options=options)
        for presentation in (unsigned, shown, a_vp_token(unsigned)):
            assert not holds(desk.verify_presentation(presentation, checks=["proof"]))


def test_a_credential_of_another_does_not_become_the_presenters(desk: Desk) -> None:
    stolen = proven(a_credential(credentialSubject={"id": did_of(STRANGER)}))
    unsigned = build_presentation([stolen], holder=did_of(ISSUER))
    options = ProofOptions(
        verification_method=method_of(STRANGER), created=ISSUED, challenge="c", domain="d"
    )
    shown = sign_presentation(unsigned, STRANGER, suite=EDDSA_JCS_2022, options=options)
    assert not holds(desk.verify_presentation(shown, challenge="c", domain="d"))


# --- deriving ---------------------------------------------------------------------------------


POINTERS: dict[str, list[str]] = {
    "nowhere": ["/nothing"],
    "not a pointer": ["credentialSubject"],
    "a broken escape": ["/credentialSubject/~2"],
    "the length of an array": ["/type/-"],
    "a negative place": ["/type/-1"],
    "a place in other figures": ["/type/\u0660"],
    "a member of a text": ["/issuer/0/0"],
    "a thousand": ["/credentialSubject"] * 1000,
    "very long": ["/a" * 100_000],
    "a member of the language": ["/__class__"],
}


@pytest.mark.parametrize("name", POINTERS)
def test_no_bent_pointer_shows_anything(desk: Desk, profiles: list[Profile], name: str) -> None:
    whole = profiles[2].sign(composed())
    assert desk.derive(whole, "/credentialSubject/skill").status_code == 201
    answer = desk.derive(whole, *POINTERS[name])
    assert answer.status_code in {400, 422}, answer.text
