"""DIDs: parsed strictly, computed where possible, mapped to safe places otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.vc.controllers import ASSERTION, resolve_verification_method
from skillpassport.vc.did import (
    DidInvalid,
    DidJwk,
    DidKey,
    DidMethod,
    DidUnresolvable,
    did_jwk,
    did_key,
    did_web,
    did_web_url,
    own_verification_method,
    parse_did,
    parse_did_url,
    resolve_did,
)
from skillpassport.vc.keys import EcdsaSigner, PublicKey, generate_signer
from skillpassport.vc.multibase import (
    MULTICODEC_P384_PUBLIC,
    encode_base64url,
    encode_multibase58,
)
from tests.support.credentials import ISSUER, NOW, FakeResolvers

MULTICODEC_SECP256K1 = b"\xe7\x01"
P256 = EcdsaSigner.from_private_bytes(bytes(range(1, 33)))
KEY_DID = did_key(ISSUER.public_key)
JWK_DID = did_jwk(ISSUER.public_key)


@pytest.mark.parametrize(
    ("did", "url"),
    [
        ("did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
        ("did:web:example.org:user:alice", "https://example.org/user/alice/did.json"),
        ("did:web:localhost%3A8000:orgs:x", "https://localhost:8000/orgs/x/did.json"),
        ("did:web:example.org%3a3000", "https://example.org:3000/.well-known/did.json"),
        ("did:web:xn--bcher-kva.example", "https://xn--bcher-kva.example/.well-known/did.json"),
        ("did:web:example.org:a%20b", "https://example.org/a%20b/did.json"),
    ],
)
def test_did_web_maps_to_its_url(did: str, url: str) -> None:
    assert did_web_url(did) == url


@pytest.mark.parametrize(
    "did",
    [
        "did:web:127.0.0.1",
        "did:web:127.0.0.1%3A8000",
        "did:web:10.0.0.1:orgs:x",
        "did:web:2130706433",
        "did:web:0x7f000001",
        "did:web:127.1",
        "did:web:127.0.0.0x1",
        "did:web:example.0x",
        "did:web:%5B%3A%3A1%5D",
        "did:web:%5B%3A%3A1%5D%3A80",
        "did:web:user%40example.org",
        "did:web:example.org%2Fpath",
        "did:web:example.org%3Fquery",
        "did:web:example.org%23fragment",
        "did:web:example.org%3A0",
        "did:web:example.org%3A65536",
        "did:web:example.org%3A99999999999999999999",
        "did:web:example.org%3A",
        "did:web:example.org%3Aport",
        "did:web:example.org%3A80%3A80",
        "did:web:example..org",
        "did:web:.example.org",
        "did:web:example.org.",
        "did:web:-example.org",
        "did:web:example_org",
        "did:web:%00.org",
        "did:web:example%2Eorg",
        "did:web:%65xample.org",
        "did:web:%E2%91%A0.org",
        "did:web:" + "a" * 64 + ".org",
        "did:web:" + "a." * 130 + "org",
        "did:web:example.org:..:etc",
        "did:web:example.org:%2e%2e",
        "did:web:example.org:.",
        "did:web:example.org:a%2Fb",
        "did:web:example.org:a%5Cb",
        "did:web:example.org::a",
        "did:web:example.org:",
        "did:web:example.org:%0d%0aHost%3A",
        "did:web:example.org:a%3Fb",
        "did:web::a",
        "did:web:",
        "did:key:z6Mk",
    ],
)
def test_a_did_web_that_could_lead_elsewhere_is_refused(did: str) -> None:
    with pytest.raises(DidInvalid):
        did_web_url(did)


@pytest.mark.parametrize(
    ("base", "segments", "did"),
    [
        ("http://localhost:8000", ("orgs", "x"), "did:web:localhost%3A8000:orgs:x"),
        ("https://skills.example", (), "did:web:skills.example"),
        ("https://skills.example/app/", ("orgs", "x"), "did:web:skills.example:app:orgs:x"),
    ],
)
def test_a_place_becomes_its_did_web(base: str, segments: tuple[str, ...], did: str) -> None:
    assert did_web(base, *segments) == did


def test_an_address_has_no_did_web() -> None:
    with pytest.raises(DidInvalid):
        did_web("http://127.0.0.1:8000", "orgs", "x")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "did:",
        "did:key",
        "did:key:",
        "DID:key:z6Mk",
        "did:KEY:z6Mk",
        "did:key:z6Mk z",
        "did:key:z6Mk\n",
        "did:key:%zz",
        "did:key:é",
        "https://example.org",
        " did:key:z6Mk",
        "did:example:" + "a" * 2048,
    ],
)
def test_what_is_no_did_is_refused(text: str) -> None:
    with pytest.raises(DidInvalid):
        parse_did(text)


def test_a_did_url_is_taken_apart_and_put_together() -> None:
    url = parse_did_url("did:web:example.org:a/path?versionId=1#key-1")
    assert (url.did, url.path, url.query, url.fragment) == (
        "did:web:example.org:a",
        "/path",
        "?versionId=1",
        "#key-1",
    )
    assert url.method == "web"
    assert str(url) == "did:web:example.org:a/path?versionId=1#key-1"
    with pytest.raises(DidInvalid):
        parse_did(str(url))


class MethodContract:
    """What every DID method that needs no port keeps."""

    method: DidMethod
    own: str
    foreign: str

    def test_it_resolves_its_own_example(self) -> None:
        document = self.method.resolve(self.own)
        assert document["id"] == self.own
        assert document["assertionMethod"] == [own_verification_method(self.own)]

    def test_it_refuses_a_foreign_did(self) -> None:
        with pytest.raises(DidInvalid):
            self.method.resolve(self.foreign)

    def test_it_is_computed_without_asking_anyone(self) -> None:
        port = FakeResolvers()
        assert resolve_did(self.own, port) == self.method.resolve(self.own)
        assert port.asked == []


class TestDidKey(MethodContract):
    """did:key."""

    method = DidKey()
    own = KEY_DID
    foreign = JWK_DID


class TestDidJwk(MethodContract):
    """did:jwk."""

    method = DidJwk()
    own = JWK_DID
    foreign = KEY_DID


@pytest.mark.parametrize(
    "jwk",
    [
        b'{"kty":"OKP","crv":"Ed25519","x":"%s","use":"enc"}',
        b'{"kty":"OKP","crv":"Ed25519","x":"%s","d":"AA"}',
        b'{"kty":"OKP","crv":"Ed25519","x":"%s","x":"%s"}',
        b'{"kty":"OKP","crv":"X25519","x":"%s"}',
        b"[]",
        b"{",
    ],
)
def test_a_did_jwk_of_an_unusable_key_is_refused(jwk: bytes) -> None:
    x = encode_base64url(ISSUER.public_key.raw).encode()
    did = f"did:jwk:{encode_base64url(jwk.replace(b'%s', x))}"
    with pytest.raises(DidInvalid):
        DidJwk().resolve(did)


@pytest.mark.parametrize(
    "did",
    [
        "did:key:z6Mk",
        "did:key:z" + "1" * 2000,
        "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU216A",
        f"did:key:{encode_multibase58(MULTICODEC_SECP256K1 + P256.public_key.raw)}",
        f"did:key:{encode_multibase58(MULTICODEC_P384_PUBLIC + P256.public_key.raw)}",
        "did:key:u7QEDoQe_s7cVq",
    ],
)
def test_a_did_key_of_an_unusable_key_is_refused(did: str) -> None:
    with pytest.raises(DidInvalid):
        DidKey().resolve(did)


PUBLISHED = [
    "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
    "did:key:z82LkvCwHNreneWpsgPEbV3gu1C6NFJEBg4srfJ5gdxEsMGRJUz2sG9FE42shbn2xkZJh54",
    (
        "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6"
        "OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9"
    ),
]
"""Of did:key 0.9, section 8, and of the did:jwk specification's examples."""


def the_key_of(did: str) -> PublicKey:
    """Return the key of the one method that may assert for a computed DID."""
    document = resolve_did(did, FakeResolvers())
    method = resolve_verification_method(document, own_verification_method(did), ASSERTION, now=NOW)
    return method.public_key


@pytest.mark.parametrize("did", PUBLISHED, ids=["P-256", "P-384", "did:jwk of P-256"])
def test_a_published_identifier_of_an_elliptic_key_is_computed(did: str) -> None:
    assert did in {did_key(the_key_of(did)), did_jwk(the_key_of(did))}


@pytest.mark.parametrize("algorithm", ["Ed25519", "P-256", "P-384"])
def test_every_kind_of_key_has_both_identifiers(algorithm: str) -> None:
    key = generate_signer(algorithm).public_key
    assert the_key_of(did_key(key)) == key
    assert the_key_of(did_jwk(key)) == key


def test_a_document_under_another_id_is_refused() -> None:
    port = FakeResolvers({"did:web:a.example": {"id": "did:web:b.example"}})
    with pytest.raises(DidInvalid):
        resolve_did("did:web:a.example", port)


def test_an_unreachable_document_is_told_apart_from_a_bad_one() -> None:
    with pytest.raises(DidUnresolvable):
        resolve_did("did:web:a.example", FakeResolvers())


SEGMENT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(st.from_regex(r"[a-z]{1,10}\.example", fullmatch=True), st.lists(SEGMENT))
def test_any_segments_map_back_to_their_host_or_are_refused(host: str, path: list[str]) -> None:
    try:
        did = did_web(f"https://{host}", *path)
    except DidInvalid:
        return
    assert did_web_url(did).startswith(f"https://{host}/")
