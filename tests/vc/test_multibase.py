"""Multibase: one text for one byte string."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.vc.multibase import (
    MAX_BASE58_CHARACTERS,
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


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"\x00", "1"),
        (b"\x00\x00\x28\x7f\xb4\xcd", "11233QC4"),
        (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
        (
            b"The quick brown fox jumps over the lazy dog.",
            "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
        ),
    ],
)
def test_base58_follows_the_published_examples(data: bytes, text: str) -> None:
    """Examples of the Base58 Encoding Scheme draft, section 5."""
    assert encode_base58(data) == text
    assert decode_base58(text) == data


@pytest.mark.parametrize(
    ("name", "decode", "hostile", "control"),
    [
        ("base64 alphabet", decode_base64url, "+/+/", "-_-_"),
        ("padding", decode_base64url, "AA==", "AA"),
        ("spare bits", decode_base64url, "AB", "AA"),
        ("spare bits of three", decode_base64url, "AAB", "AAE"),
        ("impossible length", decode_base64url, "AAAAA", "AAAA"),
        ("white space", decode_base64url, "AA AA", "AAAA"),
        ("line break at the end", decode_base64url, "AAAA\n", "AAAA"),
        ("letter beyond ASCII", decode_base64url, "ÀAAA", "AAAA"),
        ("digit zero", decode_base58, "10", "11"),
        ("letters left out", decode_base58, "OIl", "oiL"),
        ("endless", decode_base58, "2" * (MAX_BASE58_CHARACTERS + 1), "2" * 64),
        ("no prefix", decode_multibase58, "2NEpo", "z2NEpo"),
        ("empty", decode_multibase58, "", "z"),
        ("other base", decode_multibase64url, "zAAAA", "uAAAA"),
        ("upper-case prefix", decode_multibase64url, "UAAAA", "uAAAA"),
    ],
)
def test_a_second_spelling_is_refused(
    name: str, decode: Callable[[str], bytes], hostile: str, control: str
) -> None:
    with pytest.raises(MultibaseInvalid):
        decode(hostile)
    decode(control)


@given(st.binary(max_size=200))
def test_what_is_encoded_is_decoded(data: bytes) -> None:
    assert decode_multibase58(encode_multibase58(data)) == data
    assert decode_multibase64url(encode_multibase64url(data)) == data


@given(st.text("ABCab012-_", max_size=12))
def test_a_text_that_decodes_is_the_only_one_for_its_bytes(text: str) -> None:
    try:
        data = decode_base64url(text)
    except MultibaseInvalid:
        return
    assert encode_base64url(data) == text
