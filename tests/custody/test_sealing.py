"""What is sealed opens in its place, under its key, unchanged, and nowhere else."""

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.custody.sealing import (
    SealBroken,
    blind,
    derive,
    new_key,
    open_sealed,
    seal,
)

KEY = bytes(range(32))
PLACE = "credentials:abc"
SEALED = seal(KEY, b"a worker's name", context=PLACE)


@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_is_sealed_opens(plaintext: bytes, context: str) -> None:
    context = context.encode("utf-8", "ignore").decode()
    assert open_sealed(KEY, seal(KEY, plaintext, context=context), context=context) == plaintext


def test_the_form_is_version_nonce_and_gcm() -> None:
    nonce = bytes(12)
    sealed = seal(KEY, b"x", context="p", random=lambda size: nonce[:size])
    assert sealed == b"\x01" + nonce + AESGCM(KEY).encrypt(nonce, b"x", b"skillpassport:sealed:p")


@pytest.mark.parametrize("place", range(len(SEALED)))
def test_every_changed_octet_is_noticed(place: int) -> None:
    changed = bytearray(SEALED)
    changed[place] ^= 1
    with pytest.raises(SealBroken):
        open_sealed(KEY, bytes(changed), context=PLACE)


@pytest.mark.parametrize("length", range(len(SEALED)))
def test_a_cut_value_is_noticed(length: int) -> None:
    with pytest.raises(SealBroken):
        open_sealed(KEY, SEALED[:length], context=PLACE)


def test_a_value_moved_to_another_row_does_not_open() -> None:
    with pytest.raises(SealBroken):
        open_sealed(KEY, SEALED, context="credentials:abd")


def test_a_value_does_not_open_under_another_key() -> None:
    with pytest.raises(SealBroken):
        open_sealed(new_key(), SEALED, context=PLACE)


def test_sealing_twice_looks_different() -> None:
    assert seal(KEY, b"a worker's name", context=PLACE) != SEALED


@pytest.mark.parametrize("length", [0, 16, 24, 31, 33])
def test_a_key_of_another_length_is_a_fault_of_the_program(length: int) -> None:
    """AES-GCM itself would take 16 and 24 octets without a word."""
    for use in (
        lambda key: seal(key, b"", context=""),
        lambda key: open_sealed(key, SEALED, context=PLACE),
        lambda key: derive(key, "x"),
        lambda key: blind(key, "x"),
    ):
        with pytest.raises(ValueError, match="32 octets"):
            use(bytes(length))


def test_derived_keys_differ_by_purpose_and_from_their_parent() -> None:
    keys = {KEY, derive(KEY, "a"), derive(KEY, "b"), derive(derive(KEY, "a"), "a")}
    assert len(keys) == 4


def test_derivation_is_hkdf_without_salt() -> None:
    """RFC 5869, section 2, by hand."""
    pseudorandom = hmac.digest(bytes(32), KEY, hashlib.sha256)
    expected = hmac.digest(pseudorandom, b"skillpassport:a\x01", hashlib.sha256)
    assert derive(KEY, "a") == expected


def test_a_blind_tag_depends_on_key_and_text() -> None:
    tags = {blind(KEY, "a"), blind(KEY, "b"), blind(derive(KEY, "x"), "a")}
    assert len(tags) == 3
    assert blind(KEY, "a") == blind(KEY, "a")
    assert all(len(tag) == 43 for tag in tags)


def test_a_blind_tag_of_hostile_text_is_a_tag() -> None:
    assert len(blind(KEY, "\ud800\x00")) == 43
