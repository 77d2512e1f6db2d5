"""The master key as people give it, and what it wraps."""

import base64

import pytest

from skillpassport.custody.master import (
    MasterKeyInvalid,
    MasterKeys,
    MasterKeyUnknown,
    WrappedKey,
    format_master_key,
    key_version,
    parse_master_key,
)
from skillpassport.custody.sealing import SealBroken, new_key

KEY = bytes(range(224, 256))
OTHER = bytes(range(32))


@pytest.mark.parametrize(
    "text",
    [
        KEY.hex(),
        KEY.hex().upper(),
        format_master_key(KEY),
        base64.urlsafe_b64encode(KEY).decode(),
        base64.b64encode(KEY).decode(),
        f"  {KEY.hex()}\n",
    ],
)
def test_a_master_key_is_read_in_every_usual_spelling(text: str) -> None:
    assert parse_master_key(text) == KEY


@pytest.mark.parametrize(
    "text", ["", "secret", "00" * 31, "0" * 63, "zz" * 32, "é" * 43, "A" * 44 + "\x00", "A" * 42]
)
def test_another_text_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(MasterKeyInvalid) as caught:
        parse_master_key(text)
    assert "openssl rand" in caught.value.message
    assert len(text) < 6 or text not in caught.value.message


def test_a_wrapped_key_names_its_parent_and_comes_back() -> None:
    master, key = MasterKeys(KEY), new_key()
    wrapped = master.wrap(key, context="organisation-key:one")
    assert wrapped.parent_version == master.version == key_version(KEY)
    assert master.unwrap(wrapped, context="organisation-key:one") == key


def test_an_older_master_key_still_opens_what_it_wrapped() -> None:
    key = new_key()
    wrapped = MasterKeys(KEY).wrap(key, context="x")
    changed = MasterKeys(OTHER, older=(KEY,))
    assert changed.unwrap(wrapped, context="x") == key
    assert changed.wrap(key, context="x").parent_version == key_version(OTHER)


def test_a_wrong_master_key_is_named_as_such() -> None:
    wrapped = MasterKeys(KEY).wrap(new_key(), context="x")
    with pytest.raises(MasterKeyUnknown) as caught:
        MasterKeys(OTHER).unwrap(wrapped, context="x")
    assert caught.value.wanted == key_version(KEY)


def test_a_wrapped_key_opens_only_in_its_place_and_whole() -> None:
    master = MasterKeys(KEY)
    wrapped = master.wrap(new_key(), context="x")
    with pytest.raises(SealBroken):
        master.unwrap(wrapped, context="y")
    with pytest.raises(SealBroken):
        master.unwrap(WrappedKey(wrapped.parent_version, wrapped.sealed[:-1]), context="x")


def test_keys_are_not_shown() -> None:
    assert KEY.hex() not in repr(MasterKeys(KEY, (OTHER,)))
    assert "bytes" not in repr(MasterKeys(KEY))
    assert repr(MasterKeys(KEY)) == "MasterKeys()"
