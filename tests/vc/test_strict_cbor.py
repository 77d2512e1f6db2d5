"""CBOR of strangers: what tokens are made of is read, everything else is refused."""

from contextlib import suppress

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.vc.strict_cbor import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_ITEMS,
    CborRefused,
    CborValue,
    Tagged,
    parse,
    parse_map,
)

keys = st.integers(-(2**64), 2**64 - 1) | st.text(max_size=8)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=30)
    | st.binary(max_size=300),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_what_another_encoder_wrote_is_read(value: CborValue) -> None:
    assert parse(cbor2.dumps(value)) == value
    assert parse(cbor2.dumps(value, canonical=True)) == value


@given(st.binary(max_size=300))
def test_any_octets_are_a_value_or_are_refused(data: bytes) -> None:
    with suppress(CborRefused):
        parse(data)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("1bffffffffffffffff", 2**64 - 1),
        ("3bffffffffffffffff", -(2**64)),
        ("f93c00", 1.0),
        ("fa47c35000", 100000.0),
        ("fb3ff199999999999a", 1.1),
        ("c11a514b67b0", Tagged(1, 1363896240)),
        ("d28440a04040", Tagged(18, [b"", {}, b"", b""])),
        ("64f0908591", "\U00010151"),
    ],
)
def test_the_examples_of_the_rfc_are_read(data: str, value: CborValue) -> None:
    assert parse(bytes.fromhex(data)) == value


@pytest.mark.parametrize(
    "data",
    [
        "",
        "18",
        "1c",
        "ff",
        "5f42010243030405ff",
        "7f657374726561646d696e67ff",
        "9f01ff",
        "bf6161019f0203ffff",
        "f7",
        "f8ff",
        "f0",
        "a2010201 03",
        "a261610161 6102",
        "a1f501",
        "a1f93c0001",
        "a1410101",
        "a1800001",
        "61ff",
        "62c328",
        "63eda080",
        "4201",
        "8201",
        "a101",
        "9bffffffffffffffff",
        "bbffffffffffffffff",
        "5bffffffffffffffff",
        "0000",
        "c1",
    ],
)
def test_a_hostile_value_is_refused(data: str) -> None:
    with pytest.raises(CborRefused):
        parse(bytes.fromhex(data))


def test_depth_size_and_number_have_their_limits() -> None:
    parse(b"\x81" * MAX_DEPTH + b"\x00")
    for data in (
        b"\x81" * (MAX_DEPTH + 1) + b"\x00",
        b"\xc1" * 100_000,
        b"\x00" * (MAX_BYTES + 1),
        b"\x9a" + (MAX_ITEMS + 1).to_bytes(4) + b"\x00" * (MAX_ITEMS + 1),
    ):
        with pytest.raises(CborRefused):
            parse(data)


def test_a_map_is_asked_for() -> None:
    assert parse_map(b"\xa1\x01\x02") == {1: 2}
    with pytest.raises(CborRefused):
        parse_map(b"\x81\x01")
