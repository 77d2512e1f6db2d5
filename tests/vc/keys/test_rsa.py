"""RSA keys of strangers: neither too small nor too large, and they verify only."""

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from skillpassport.vc.keys import RSA, KeyRefused, PublicKey
from skillpassport.vc.keys.rsa import verify_pkcs1, verify_pss
from skillpassport.vc.multibase import encode_base64url
from skillpassport.vc.strict_json import JsonObject


def jwk_of(n: int, e: int = 65537) -> JsonObject:
    def octets(number: int) -> str:
        return encode_base64url(number.to_bytes((number.bit_length() + 7) // 8))

    return {"kty": "RSA", "n": octets(n), "e": octets(e)}


@pytest.fixture(scope="module")
def private() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def modulus(private: rsa.RSAPrivateKey) -> int:
    return private.public_key().public_numbers().n


def test_a_jwk_gives_back_the_key(modulus: int) -> None:
    key = PublicKey.from_jwk(jwk_of(modulus))
    assert key.algorithm == RSA
    assert key.jwk == jwk_of(modulus)
    assert PublicKey(RSA, key.raw) == key


def test_a_key_of_an_unusable_size_or_exponent_is_refused(modulus: int) -> None:
    hostile: list[JsonObject] = [
        jwk_of((1 << 2046) + 1),
        jwk_of((1 << 1023) + 1),
        jwk_of((1 << 8192) + 1),
        jwk_of((1 << 16384) + 1),
        jwk_of(modulus + 1),
        jwk_of(modulus, 3),
        jwk_of(modulus, 1),
        jwk_of(modulus, 65536),
        jwk_of(modulus, (1 << 32) + 1),
        jwk_of(modulus, modulus - 2),
        {**jwk_of(modulus), "n": "AA" + str(jwk_of(modulus)["n"])},
        {**jwk_of(modulus), "e": encode_base64url(b"\x00\x01\x00\x01")},
        {**jwk_of(modulus), "e": ""},
        {**jwk_of(modulus), "n": ""},
        {**jwk_of(modulus), "d": "AQ"},
        {**jwk_of(modulus), "crv": "P-256"},
        {**jwk_of(modulus), "use": "enc"},
        {"kty": "RSA", "e": "AQAB"},
    ]
    for jwk in hostile:
        with pytest.raises(KeyRefused):
            PublicKey.from_jwk(jwk)


def test_a_key_in_der_is_of_that_kind_and_has_one_spelling(private: rsa.RSAPrivateKey) -> None:
    public = private.public_key()
    spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pkcs1 = public.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    assert PublicKey(RSA, spki).raw == spki
    for raw in (pkcs1, spki + b"\x00", spki[:-1], b"", b"\x30\x80", spki * 50):
        with pytest.raises(KeyRefused):
            PublicKey(RSA, raw)


def test_each_padding_holds_for_its_own_algorithm_only(private: rsa.RSAPrivateKey) -> None:
    raw = PublicKey.from_jwk(jwk_of(private.public_key().public_numbers().n)).raw
    pkcs1 = private.sign(b"m", PKCS1v15(), SHA256())
    pss = private.sign(b"m", PSS(MGF1(SHA256()), 32), SHA256())
    short_salt = private.sign(b"m", PSS(MGF1(SHA256()), 8), SHA256())
    weak_hash = private.sign(b"m", PKCS1v15(), SHA1())
    assert verify_pkcs1(raw, pkcs1, b"m")
    assert verify_pss(raw, pss, b"m")
    for signature in (pss, short_salt, weak_hash, pkcs1[:-1], pkcs1 + b"\x00", bytes(256), b""):
        assert not verify_pkcs1(raw, signature, b"m")
    for signature in (pkcs1, short_salt, pss[:-1], bytes(256), b""):
        assert not verify_pss(raw, signature, b"m")
    assert not verify_pkcs1(raw, pkcs1, b"n")
    assert not verify_pss(raw, pss, b"n")


def test_an_rsa_key_has_no_scheme_of_its_own_and_no_multikey(modulus: int) -> None:
    key = PublicKey.from_jwk(jwk_of(modulus))
    assert not key.verify(bytes(256), b"m")
    with pytest.raises(KeyRefused):
        _ = key.multikey
