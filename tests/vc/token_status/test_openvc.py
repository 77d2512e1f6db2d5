"""Status lists of an independent library, and ours in it."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openvc.keys import Ed25519SigningKey, P256SigningKey
from openvc.status import bitstring
from openvc.status.issue import build_status_list_token, verify_status_list_token
from openvc.status.token_status_list import (
    decode_status_list,
    encode_status_list,
    get_status,
    new_status_list,
)
from openvc.status.token_status_list import set_status as their_set_status

from skillpassport.vc.bitstring_status import bit_at, decode_list, encode_list, new_bits, set_bit
from skillpassport.vc.jose import parse_jws, verify_jws
from skillpassport.vc.keys import PublicKey, Signer
from skillpassport.vc.multibase import encode_base64url
from skillpassport.vc.status_refusals import MIN_ENTRIES
from skillpassport.vc.token_status import (
    StatusListToken,
    TokenStatusList,
    check_status_list_header,
    new_statuses,
    read_status_list_token,
    set_status,
    sign_status_list_jwt,
)
from tests.support.credentials import ISSUER, NOW, P256_ISSUER, method_of

URI = "https://issuer.example/status/1"
SIZES = st.sampled_from((1, 2, 4, 8))
VALUES = st.dictionaries(st.integers(0, 799), st.integers(0, 255), max_size=6)


@given(SIZES, VALUES)
def test_statuses_are_read_alike(bits: int, values: dict[int, int]) -> None:
    ours, theirs = new_statuses(800, bits), new_status_list(800, bits=bits)
    for index, value in values.items():
        set_status(ours, index, value % 2**bits, bits=bits)
        their_set_status(theirs, index, value % 2**bits, bits=bits)
    assert bytes(ours) == bytes(theirs)
    built = TokenStatusList.of(ours, bits=bits)
    assert decode_status_list(encode_base64url(built.compressed)) == bytes(ours)
    read = TokenStatusList.from_members({"bits": bits, "lst": encode_status_list(bytes(theirs))})
    for index, value in values.items():
        assert read.status(index) == get_status(bytes(ours), index, bits=bits) == value % 2**bits


@settings(max_examples=20)
@given(st.sets(st.integers(0, MIN_ENTRIES - 1), max_size=6))
def test_bits_are_read_alike(indexes: set[int]) -> None:
    bits = new_bits()
    for index in indexes:
        set_bit(bits, index, 1)
    theirs = bitstring.decode_bitstring(encode_list(bits))
    back = decode_list(bitstring.encode_bitstring(bytes(bits)))
    for index in {0, 7, 8, *indexes}:
        assert bitstring.get_status_bit(theirs, index) == bit_at(back, index)


@pytest.mark.parametrize("signer", [ISSUER, P256_ISSUER], ids=lambda s: s.algorithm)
def test_our_token_holds_there(signer: Signer) -> None:
    token = StatusListToken(
        uri=URI,
        issued_at=NOW,
        expires_at=NOW + timedelta(days=1),
        ttl=timedelta(minutes=1),
        statuses=TokenStatusList.of(b"\xb9\xa3", bits=1),
    )
    text = sign_status_list_jwt(token, signer, kid=method_of(signer))
    claims = verify_status_list_token(
        text, public_key_jwk=signer.public_key.jwk, expected_uri=URI, now=NOW
    )
    assert claims == token.as_claims()


@pytest.mark.parametrize("kind", [Ed25519SigningKey, P256SigningKey])
def test_their_token_holds_here(kind: type[Ed25519SigningKey] | type[P256SigningKey]) -> None:
    key = kind.generate("did:example:1#key")
    text = build_status_list_token(
        signing_key=key, uri=URI, status_list=b"\xb9\xa3", issued_at=NOW, ttl=60, issuer="did:x:1"
    )
    jws = parse_jws(text)
    check_status_list_header(jws)
    public = {name: value for name, value in key.public_jwk().items() if name not in {"kid", "alg"}}
    assert verify_jws(jws, PublicKey.from_jwk(public))
    token = read_status_list_token(jws.payload)
    assert [token.statuses.status(index) for index in range(4)] == [1, 0, 0, 1]
    assert (token.uri, token.issued_at, token.ttl) == (URI, NOW, timedelta(minutes=1))
