"""Public keys: read strictly, weak ones refused, signatures checked."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.vc.keys import ED25519, Ed25519Signer, KeyRefused, PublicKey
from skillpassport.vc.multibase import encode_base64url, encode_multibase58
from skillpassport.vc.strict_json import JsonObject
from tests.support.credentials import ISSUER, STRANGER

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def point_of(y: int, sign: int) -> tuple[int, int] | None:
    """Return the affine point with this y, or None when y is on no point (RFC 8032, 5.1.3)."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != square:
        return None
    return (P - x if x % 2 != sign else x, y)


def doubled(point: tuple[int, int]) -> tuple[int, int]:
    """Return twice a point of the twisted Edwards curve."""
    x, y = point
    product = D * x * x * y * y
    return (
        2 * x * y * pow(1 + product, -1, P) % P,
        (y * y + x * x) * pow(1 - product, -1, P) % P,
    )


def small_order_encodings() -> set[bytes]:
    """Return the encodings of the eight points of small order, computed from the curve."""
    found: set[bytes] = set()
    for y in {1, P - 1, 0, *_order_eight_ys()}:
        for sign in (0, 1):
            point = point_of(y, sign)
            assert point is not None
            eight_times = doubled(doubled(doubled(point)))
            assert eight_times == (0, 1)
            found.add((y | sign << 255).to_bytes(32, "little"))
    return found


def _order_eight_ys() -> list[int]:
    """Return the y of the points of order eight, which are those whose double has y = 0.

    There x² = -y², and the curve's equation -x² + y² = 1 + d x² y² becomes d y⁴ + 2 y² - 1 = 0.
    """
    root = _square_root((1 + D) % P)
    assert root is not None
    ys = []
    for sign in (1, -1):
        y_squared = (-1 + sign * root) * pow(D, -1, P) % P
        y = _square_root(y_squared)
        if y is not None:
            ys += [y, P - y]
    return ys


def _square_root(value: int) -> int | None:
    root = pow(value, (P + 3) // 8, P)
    if root * root % P != value:
        root = root * pow(2, (P - 1) // 4, P) % P
    return root if root * root % P == value else None


def test_every_point_of_small_order_is_refused() -> None:
    """With such a key anyone makes signatures that hold for many messages."""
    encodings = small_order_encodings()
    assert len({int.from_bytes(e, "little") & ~(1 << 255) for e in encodings}) >= 5
    for encoding in encodings:
        with pytest.raises(KeyRefused):
            PublicKey(ED25519, encoding)


@pytest.mark.parametrize("y", [P, P + 1, P + 18])
def test_a_second_spelling_of_a_point_is_refused(y: int) -> None:
    with pytest.raises(KeyRefused):
        PublicKey(ED25519, y.to_bytes(32, "little"))


RAW = ISSUER.public_key.raw
MULTIKEY_CASES = [
    ("private key prefix", encode_multibase58(b"\x80\x26" + RAW)),
    ("P-256 prefix", encode_multibase58(b"\x80\x24" + RAW + b"\x02")),
    ("no prefix", encode_multibase58(RAW)),
    ("one octet short", encode_multibase58(b"\xed\x01" + RAW[:-1])),
    ("one octet more", encode_multibase58(b"\xed\x01" + RAW + b"\x00")),
    ("another base", "u" + encode_base64url(b"\xed\x01" + RAW)),
    ("empty", ""),
    ("only the prefix letter", "z"),
    ("leading zero", "z1" + ISSUER.public_key.multikey[1:]),
]


@pytest.mark.parametrize(("name", "text"), MULTIKEY_CASES, ids=[case[0] for case in MULTIKEY_CASES])
def test_a_malformed_multikey_is_refused(name: str, text: str) -> None:
    with pytest.raises(KeyRefused):
        PublicKey.from_multikey(text)


X = encode_base64url(RAW)
JWK_CASES: list[tuple[str, JsonObject]] = [
    ("private", {"kty": "OKP", "crv": "Ed25519", "x": X, "d": X}),
    ("symmetric", {"kty": "oct", "k": X}),
    ("symmetric in disguise", {"kty": "OKP", "crv": "Ed25519", "x": X, "k": X}),
    ("key agreement", {"kty": "OKP", "crv": "X25519", "x": X}),
    ("elliptic curve", {"kty": "EC", "crv": "P-256", "x": X, "y": X}),
    ("padded", {"kty": "OKP", "crv": "Ed25519", "x": X + "="}),
    ("no x", {"kty": "OKP", "crv": "Ed25519"}),
    ("x of another type", {"kty": "OKP", "crv": "Ed25519", "x": 1}),
    ("lower-case curve", {"kty": "OKP", "crv": "ed25519", "x": X}),
]


@pytest.mark.parametrize(("name", "jwk"), JWK_CASES, ids=[case[0] for case in JWK_CASES])
def test_a_jwk_that_is_no_public_ed25519_key_is_refused(name: str, jwk: JsonObject) -> None:
    with pytest.raises(KeyRefused):
        PublicKey.from_jwk(jwk)
    assert PublicKey.from_jwk({"kty": "OKP", "crv": "Ed25519", "x": X}) == ISSUER.public_key


def test_both_published_forms_give_back_the_key() -> None:
    key = ISSUER.public_key
    assert key.multikey.startswith("z6Mk")
    assert PublicKey.from_multikey(key.multikey) == key
    assert PublicKey.from_jwk(key.jwk) == key


def test_rfc_8037_gives_the_same_jwk() -> None:
    """RFC 8037, appendix A.1 and A.2."""
    signer = Ed25519Signer.from_private_bytes(
        bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    )
    assert signer.public_key.jwk["x"] == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"


def test_rfc_8032_gives_the_same_signature() -> None:
    """RFC 8032, section 7.1, test 2."""
    signer = Ed25519Signer.from_private_bytes(
        bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    )
    assert signer.sign(b"\x72").hex().startswith("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8f")


@given(st.binary(max_size=80))
def test_a_signature_holds_for_its_own_message_and_key_only(message: bytes) -> None:
    signature = ISSUER.sign(message)
    assert ISSUER.public_key.verify(signature, message)
    assert not ISSUER.public_key.verify(signature, message + b"\x00")
    assert not STRANGER.public_key.verify(signature, message)


def test_a_signature_with_a_scalar_beyond_the_order_is_refused() -> None:
    """Otherwise every signature has a second one (RFC 8032, section 5.1.7)."""
    signature = ISSUER.sign(b"message")
    scalar = int.from_bytes(signature[32:], "little") + L
    assert not ISSUER.public_key.verify(signature[:32] + scalar.to_bytes(32, "little"), b"message")


@pytest.mark.parametrize("length", [0, 63, 65, 128])
def test_a_signature_of_another_length_is_refused(length: int) -> None:
    assert not ISSUER.public_key.verify(bytes(length), b"message")


def test_a_private_key_of_another_length_is_refused() -> None:
    with pytest.raises(KeyRefused):
        Ed25519Signer.from_private_bytes(b"short")


def test_a_private_key_is_given_back_and_never_shown() -> None:
    signer = Ed25519Signer.generate()
    again = Ed25519Signer.from_private_bytes(signer.private_bytes)
    assert again.public_key == signer.public_key
    assert signer.private_bytes.hex() not in repr(signer)


def test_a_key_of_another_algorithm_is_refused() -> None:
    with pytest.raises(KeyRefused):
        PublicKey("Ed448", RAW)


def _openssl_accepts(raw: bytes, signature: bytes, data: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, data)
    except InvalidSignature:
        return False
    return True


SIGNATURE = ISSUER.sign(b"data")
ODD_SIGNATURES = [
    SIGNATURE,
    SIGNATURE[:32] + (int.from_bytes(SIGNATURE[32:], "little") + L).to_bytes(32, "little"),
    SIGNATURE[:32] + bytes(32),
    bytes(64),
    b"\xff" * 64,
    *(point + SIGNATURE[32:] for point in sorted(small_order_encodings())),
    *(point + bytes(32) for point in sorted(small_order_encodings())),
    *(bytes([*SIGNATURE[:n], SIGNATURE[n] ^ 1, *SIGNATURE[n + 1 :]]) for n in range(64)),
]


@pytest.mark.parametrize("signature", ODD_SIGNATURES, ids=lambda each: each.hex()[:16])
def test_what_one_library_accepts_another_one_accepts_too(signature: bytes) -> None:
    accepted = ISSUER.public_key.verify(signature, b"data")
    assert accepted is (signature == SIGNATURE)
    assert accepted is _openssl_accepts(RAW, signature, b"data")


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=300))
def test_two_libraries_make_the_same_signature(seed: bytes, data: bytes) -> None:
    signature = Ed25519Signer.from_private_bytes(seed).sign(data)
    assert signature == Ed25519PrivateKey.from_private_bytes(seed).sign(data)
    assert _openssl_accepts(Ed25519Signer.from_private_bytes(seed).public_key.raw, signature, data)
