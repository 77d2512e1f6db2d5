"""P-256 and P-384: points on the curve only, signatures as two numbers side by side."""

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.vc.keys import (
    ED25519,
    P256,
    P384,
    RSA,
    EcdsaSigner,
    KeyRefused,
    PublicKey,
    generate_signer,
    signer_from_private_bytes,
)
from skillpassport.vc.keys.elliptic import CURVES
from skillpassport.vc.multibase import (
    MULTICODEC_P256_PUBLIC,
    MULTICODEC_P384_PUBLIC,
    encode_base64url,
    encode_multibase58,
)
from skillpassport.vc.strict_json import JsonObject, JsonValue

ORDER = {
    P256: 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    P384: int(
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB2"
        "48B0A77AECEC196ACCC52973",
        16,
    ),
}
SIGNERS = {
    P256: EcdsaSigner.from_private_bytes(bytes(range(1, 33)), P256),
    P384: EcdsaSigner.from_private_bytes(bytes(range(1, 49)), P384),
}
CURVE_NAMES = pytest.mark.parametrize("curve", [P256, P384])


@CURVE_NAMES
def test_both_published_forms_give_back_the_key(curve: str) -> None:
    key = SIGNERS[curve].public_key
    assert key.multikey.startswith({P256: "zDna", P384: "z82L"}[curve])
    assert PublicKey.from_multikey(key.multikey) == key
    assert PublicKey.from_jwk(key.jwk) == key
    assert PublicKey.from_jwk({**key.jwk, "use": "sig", "kid": "1", "alg": "ES256"}) == key


def test_rfc_7515_gives_the_same_key_and_its_signature_holds() -> None:
    """RFC 7515, appendix A.3."""
    jwk: JsonObject = {
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    }
    assert PublicKey.from_jwk(jwk).jwk == jwk


def test_rfc_6979_gives_the_same_signatures() -> None:
    """RFC 6979, appendices A.2.5 and A.2.6: message "sample" with the curve's own hash."""
    p256 = EcdsaSigner.from_private_bytes(
        bytes.fromhex("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721"), P256
    )
    signature = p256.sign(b"sample").hex().upper()
    assert signature.startswith("EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716")
    assert signature.endswith("F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8")
    p384 = EcdsaSigner.from_private_bytes(
        bytes.fromhex(
            "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D8"
            "96D5724E4C70A825F872C9EA60D2EDF5"
        ),
        P384,
    )
    assert p384.sign(b"sample").hex().upper().startswith("94EDBB92A5ECB8AAD4736E56C691916B3F88")


@CURVE_NAMES
def test_the_constants_are_the_curves(curve: str) -> None:
    """The base point is on the curve, and one step beside it is not."""
    one = EcdsaSigner.from_private_bytes((1).to_bytes(CURVES[curve].size), curve).public_key.jwk
    base = PublicKey.from_jwk(one)
    x = int.from_bytes(base.raw[1:])
    assert not CURVES[curve].contains(x, 1)
    assert not CURVES[curve].contains(CURVES[curve].prime + 1, 1)


def hostile_points(curve: str) -> list[tuple[str, bytes]]:
    raw, size = SIGNERS[curve].public_key.raw, CURVES[curve].size
    prime = CURVES[curve].prime
    x = int.from_bytes(raw[1:])
    off_curve = next(
        candidate.to_bytes(size)
        for candidate in range(x, x + 64)
        if pow((candidate**3 - 3 * candidate + CURVES[curve].b) % prime, (prime - 1) // 2, prime)
        != 1
    )
    return [
        ("empty", b""),
        ("point at infinity", b"\x00"),
        ("infinity, long", bytes(size + 1)),
        ("uncompressed", b"\x04" + raw[1:] + raw[1:]),
        ("hybrid", b"\x06" + raw[1:] + raw[1:]),
        ("another first octet", b"\x05" + raw[1:]),
        ("one octet short", raw[:-1]),
        ("one octet more", raw + b"\x00"),
        ("x at the prime", b"\x02" + prime.to_bytes(size)),
        ("x beyond the prime", b"\x02" + b"\xff" * size),
        ("x without a point", b"\x02" + off_curve),
    ]


@CURVE_NAMES
def test_what_is_no_point_is_refused(curve: str) -> None:
    prefix = {P256: MULTICODEC_P256_PUBLIC, P384: MULTICODEC_P384_PUBLIC}[curve]
    for name, raw in hostile_points(curve):
        with pytest.raises(KeyRefused):
            PublicKey(curve, raw)
        with pytest.raises(KeyRefused):
            PublicKey.from_multikey(encode_multibase58(prefix + raw))
        assert name


def hostile_jwks(curve: str) -> list[tuple[str, dict[str, JsonValue]]]:
    size, prime = CURVES[curve].size, CURVES[curve].prime
    jwk = SIGNERS[curve].public_key.jwk
    other = {P256: P384, P384: P256}[curve]
    y = str(jwk["y"])
    flipped = ("A" if y[0] != "A" else "B") + y[1:]
    return [
        ("private", {"d": jwk["x"]}),
        ("symmetric", {"k": jwk["x"]}),
        ("prime factor", {"p": jwk["x"]}),
        ("other primes", {"oth": []}),
        ("for encryption", {"use": "enc"}),
        ("another curve", {"crv": other}),
        ("secp256k1", {"crv": "secp256k1"}),
        ("Ed25519 as EC", {"crv": "Ed25519"}),
        ("another kind", {"kty": "OKP"}),
        ("kind in lower case", {"kty": "ec"}),
        ("kind as list", {"kty": ["EC"]}),
        ("curve as list", {"crv": [curve]}),
        ("no x", {"x": None}),
        ("no y", {"y": None}),
        ("y as number", {"y": 1}),
        ("off the curve", {"y": flipped}),
        ("x at the prime", {"x": encode_base64url(prime.to_bytes(size))}),
        ("leading zero", {"x": encode_base64url(b"\x00" + bytes(size))}),
        ("one octet short", {"x": encode_base64url(bytes(size - 1))}),
        ("padded", {"x": f"{jwk['x']}="}),
        ("infinity", {"x": encode_base64url(bytes(size)), "y": encode_base64url(bytes(size))}),
        ("huge", {"x": "A" * 1_000_000}),
    ]


@CURVE_NAMES
def test_a_jwk_that_is_no_public_point_is_refused(curve: str) -> None:
    jwk = SIGNERS[curve].public_key.jwk
    for name, changes in hostile_jwks(curve):
        members: JsonObject = {
            key: value for key, value in {**jwk, **changes}.items() if value is not None
        }
        with pytest.raises(KeyRefused):
            PublicKey.from_jwk(members)
        assert name


@CURVE_NAMES
def test_only_two_numbers_in_range_side_by_side_are_a_signature(curve: str) -> None:
    signer, size, order = SIGNERS[curve], CURVES[curve].size, ORDER[curve]
    signature = signer.sign(b"message")
    r, s = signature[:size], signature[size:]
    assert signer.public_key.verify(signature, b"message")
    number = int.from_bytes(s)
    hostile = [
        b"",
        signature[:-1],
        signature + b"\x00",
        encode_dss_signature(int.from_bytes(r), number),
        s + r,
        bytes(2 * size),
        bytes(size) + s,
        r + bytes(size),
        r + order.to_bytes(size),
        order.to_bytes(size) + s,
        b"\xff" * (2 * size),
        b"\x00" + r[:-1] + s,
    ]
    for forged in hostile:
        assert not signer.public_key.verify(forged, b"message"), forged.hex()


@CURVE_NAMES
def test_a_signature_does_not_hold_for_another_message_or_key(curve: str) -> None:
    signer = SIGNERS[curve]
    signature = signer.sign(b"message")
    assert not signer.public_key.verify(signature, b"messagf")
    for other in (SIGNERS[P256], SIGNERS[P384], generate_signer(curve), generate_signer(ED25519)):
        if other is not signer:
            assert not other.public_key.verify(signature, b"message")


def test_a_key_knows_its_curve() -> None:
    """The same octets under another name are another key, or none."""
    assert PublicKey(P256, SIGNERS[P256].public_key.raw) == SIGNERS[P256].public_key
    for algorithm in (P384, ED25519, RSA, "P-521", "secp256k1", ""):
        with pytest.raises(KeyRefused):
            PublicKey(algorithm, SIGNERS[P256].public_key.raw)


@pytest.mark.parametrize("algorithm", [ED25519, P256, P384])
def test_a_private_key_is_given_back_and_never_shown(algorithm: str) -> None:
    signer = generate_signer(algorithm)
    again = signer_from_private_bytes(algorithm, signer.private_bytes)
    assert again.public_key == signer.public_key
    assert signer.private_bytes.hex() not in repr(signer)


@CURVE_NAMES
def test_a_private_number_out_of_range_is_refused(curve: str) -> None:
    size = CURVES[curve].size
    for scalar in (bytes(size), ORDER[curve].to_bytes(size), b"\xff" * size, b"\x01", b""):
        with pytest.raises(KeyRefused):
            EcdsaSigner.from_private_bytes(scalar, curve)


@pytest.mark.parametrize("algorithm", [RSA, "P-521", "", "HS256"])
def test_nothing_is_signed_with_another_algorithm(algorithm: str) -> None:
    with pytest.raises(KeyRefused):
        generate_signer(algorithm)
    with pytest.raises(KeyRefused):
        signer_from_private_bytes(algorithm, bytes(32))


@given(st.binary(max_size=49), st.sampled_from([P256, P384]))
def test_no_octets_are_read_as_two_keys(raw: bytes, curve: str) -> None:
    try:
        key = PublicKey(curve, raw)
    except KeyRefused:
        return
    assert PublicKey.from_multikey(key.multikey).raw == raw
    assert PublicKey.from_jwk(key.jwk) == key
