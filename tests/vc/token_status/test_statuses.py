"""The byte array of a Token Status List: the draft's own vectors, each size, each limit."""

import json
import re
import tracemalloc
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.vc.multibase import encode_base64url
from skillpassport.vc.status_refusals import (
    MAX_LIST_BYTES,
    StatusIndexOutOfRange,
    StatusListError,
    StatusListMalformed,
    StatusListTooLarge,
)
from skillpassport.vc.strict_cbor import parse_map
from skillpassport.vc.token_status import (
    INVALID,
    SUSPENDED,
    TokenStatusList,
    new_statuses,
    set_invalid,
    set_status,
    status_at,
)
from tests.support.shared_data import shared_data

SIXTEEN = (1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1)
TWELVE = (1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3)
LONG_1 = dict.fromkeys(
    (0, 1993, 25460, 159495, 495669, 554353, 645645, 723232, 854545, 934534, 1000345), 1
)
LONG_2 = dict(zip(LONG_1, (1, 2, 1, 3, 1, 1, 2, 1, 1, 2, 3), strict=True))
LONG_4 = {
    0: 1, 1993: 2, 35460: 3, 459495: 4, 595669: 5, 754353: 6, 845645: 7, 923232: 8, 924445: 9,
    934534: 10, 1004534: 11, 1000345: 12, 1030203: 13, 1030204: 14, 1030205: 15,
}  # fmt: skip
LONG = 2**20


def folder() -> Path:
    return shared_data() / "vectors" / "status-list" / "examples"


def from_json(name: str) -> TokenStatusList:
    text = (folder() / f"status_list_{name}_json.md").read_text()
    members = json.loads(re.sub(r"\s+", "", text[text.index("{") :]))
    return TokenStatusList.from_members(members)


def from_cbor(name: str) -> TokenStatusList:
    text = (folder() / f"status_list_{name}_cbor.md").read_text().rpartition("encoded:")[2]
    return TokenStatusList.from_members(
        {str(key): value for key, value in parse_map(bytes.fromhex(text)).items()}
    )


VECTORS: list[tuple[str, int, Mapping[int, int], int]] = [
    ("encoding", 1, dict(enumerate(SIXTEEN)), 16),
    ("encoding2", 2, dict(enumerate(TWELVE)), 12),
    ("encoding1_long", 1, LONG_1, LONG),
    ("encoding2_long", 2, LONG_2, LONG),
    ("encoding4", 4, LONG_4, LONG),
]


@pytest.mark.parametrize(
    ("name", "bits", "statuses", "entries"), VECTORS, ids=lambda v: str(v)[:14]
)
def test_the_drafts_vectors_are_read(
    name: str, bits: int, statuses: Mapping[int, int], entries: int
) -> None:
    for published in (from_json(name), from_cbor(name)):
        array = published.expanded()
        assert published.bits == bits
        assert len(array) * 8 // bits == entries
        assert sum(map(int.bit_count, array)) == sum(map(int.bit_count, statuses.values()))
        for index, value in statuses.items():
            assert status_at(array, index, bits=bits) == value
            assert published.status(index) == value


@pytest.mark.parametrize(
    ("name", "bits", "statuses", "entries"), VECTORS, ids=lambda v: str(v)[:14]
)
def test_the_drafts_vectors_are_built(
    name: str, bits: int, statuses: Mapping[int, int], entries: int
) -> None:
    array = new_statuses(entries, bits)
    for index, value in statuses.items():
        set_status(array, index, value, bits=bits)
    assert bytes(array) == from_json(name).expanded()
    assert TokenStatusList.of(array, bits=bits, level=9) == from_json(name) == from_cbor(name)


def test_the_drafts_vector_of_eight_bits_is_read() -> None:
    published = from_json("encoding8")
    assert published == from_cbor("encoding8")
    array = published.expanded()
    assert len(array) == LONG
    assert {array.index(value) for value in range(1, 256)} == {
        index for index, value in enumerate(array) if value
    }
    assert (published.status(233478), published.status(52451)) == (0x00, 0x01)


def test_the_first_status_is_in_the_least_significant_bits() -> None:
    """Counted from the other end, as the Bitstring Status List is, each answer is another's."""
    array = new_statuses(8)
    set_status(array, 0, INVALID, bits=1)
    assert array == b"\x01"
    wide = new_statuses(4, 2)
    set_status(wide, 1, SUSPENDED, bits=2)
    assert wide == b"\x08"


@given(
    st.sampled_from((1, 2, 4, 8)),
    st.dictionaries(st.integers(0, 99), st.integers(0, 255), max_size=9),
)
def test_a_status_reads_back_as_written(bits: int, values: Mapping[int, int]) -> None:
    array = new_statuses(100, bits)
    for index, value in values.items():
        set_status(array, index, value % 2**bits, bits=bits)
    built = TokenStatusList.of(array, bits=bits)
    read = TokenStatusList.from_members(built.as_json())
    assert read == built == TokenStatusList.from_members(built.as_cbor())
    for index in range(100):
        assert read.status(index) == values.get(index, 0) % 2**bits


def test_a_status_is_changed_and_its_neighbours_are_not() -> None:
    array = bytearray(b"\xff\xff")
    set_status(array, 2, 0, bits=4)
    assert array == b"\xff\xf0"


@given(st.sets(st.integers(0, 799), max_size=20))
def test_many_statuses_are_set_like_one_after_the_other(indexes: set[int]) -> None:
    one_by_one, at_once = new_statuses(800), new_statuses(800)
    for index in indexes:
        set_status(one_by_one, index, INVALID, bits=1)
    set_invalid(at_once, indexes)
    assert at_once == one_by_one
    for outside in (-1, 800):
        with pytest.raises(StatusIndexOutOfRange):
            set_invalid(at_once, [outside])


@pytest.mark.parametrize("index", [-1, 16, 2**40])
def test_an_index_outside_the_list_is_refused(index: int) -> None:
    with pytest.raises(StatusIndexOutOfRange):
        TokenStatusList.of(b"\x00\x00", bits=1).status(index)


@pytest.mark.parametrize("value", [-1, 2])
def test_a_value_that_does_not_fit_is_refused(value: int) -> None:
    with pytest.raises(StatusListMalformed):
        set_status(bytearray(1), 0, value, bits=1)


LST = encode_base64url(zlib.compress(b"\x00\x00"))


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"bits": 1},
        {"lst": LST},
        {"bits": 3, "lst": LST},
        {"bits": 16, "lst": LST},
        {"bits": 0, "lst": LST},
        {"bits": "1", "lst": LST},
        {"bits": True, "lst": LST},
        {"bits": 1.0, "lst": LST},
        {"bits": 1, "lst": None},
        {"bits": 1, "lst": LST + "="},
        {"bits": 1, "lst": LST + "\n"},
        {"bits": 1, "lst": "u" + LST + "+"},
        {"bits": 1, "lst": LST, "aggregation_uri": 1},
    ],
    ids=str,
)
def test_members_of_another_form_are_refused(members: dict[str, object]) -> None:
    with pytest.raises(StatusListMalformed):
        TokenStatusList.from_members(members)
    assert TokenStatusList.from_members({"bits": 1, "lst": LST}).status(15) == 0


@pytest.mark.parametrize(
    ("octets", "cause"),
    [
        (b"", StatusListMalformed),
        (b"\x00" * 100, StatusListMalformed),
        (zlib.compress(b"\x00" * 100)[:-1], StatusListMalformed),
        (zlib.compress(b"\x00" * 100) + b"\x00", StatusListMalformed),
        (zlib.compress(b"\x00")[:-1] + b"\x00", StatusListMalformed),
        (b"\x1f\x8b" + zlib.compress(b"\x00" * 100), StatusListMalformed),
        (zlib.compress(b"\x00" * (MAX_LIST_BYTES + 1)), StatusListTooLarge),
    ],
)
def test_octets_that_do_not_expand_are_refused(octets: bytes, cause: type[StatusListError]) -> None:
    with pytest.raises(cause):
        TokenStatusList(bits=1, compressed=octets).status(0)


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    bomb = zlib.compress(b"\x00" * 2**28)
    tracemalloc.start()
    with pytest.raises(StatusListTooLarge):
        TokenStatusList(bits=1, compressed=bomb).expanded()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * MAX_LIST_BYTES


def test_a_list_is_never_longer_than_others_read() -> None:
    with pytest.raises(StatusListTooLarge):
        new_statuses(MAX_LIST_BYTES + 1, 8)


@given(st.binary(max_size=300), st.sampled_from((1, 2, 4, 8)), st.integers(-1, 2**33))
def test_any_octets_are_a_list_or_are_refused(octets: bytes, bits: int, index: int) -> None:
    with suppress(StatusListError):
        assert 0 <= TokenStatusList(bits=bits, compressed=octets).status(index) < 2**bits
