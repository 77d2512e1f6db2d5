"""Fuzz target: public keys and octets as texts: multibase, Multikey, JWK."""

from contextlib import suppress

from skillpassport.vc.keys import KeyRefused, PublicKey
from skillpassport.vc.multibase import (
    MultibaseInvalid,
    decode_base58,
    decode_base64url,
    decode_multibase58,
    decode_multibase64url,
    encode_base58,
    encode_base64url,
    encode_multibase58,
    encode_multibase64url,
)
from skillpassport.vc.strict_json import StrictJsonError, parse_object

CODINGS = (
    (decode_base58, encode_base58),
    (decode_base64url, encode_base64url),
    (decode_multibase58, encode_multibase58),
    (decode_multibase64url, encode_multibase64url),
)


def check(data: bytes) -> None:
    """Fail for a foreign exception, for a second spelling, and for a key that accepts anything.

    data: a text in multibase, or a JWK
    """
    text = data.decode("latin-1")
    for decode, encode in CODINGS:
        with suppress(MultibaseInvalid):
            assert encode(decode(text)) == text
    with suppress(KeyRefused):
        assert PublicKey.from_multikey(text).multikey == text
    with suppress(KeyRefused, StrictJsonError):
        key = PublicKey.from_jwk(parse_object(data))
        assert PublicKey.from_jwk(key.jwk) == key
        assert not key.verify(bytes(64), data)
        assert not key.verify(data, data)
