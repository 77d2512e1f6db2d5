"""Bitstring Status List: every index, every limit."""

import gzip
import zlib
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.clock import rfc3339
from skillpassport.vc.bitstring_status import (
    REVOCATION,
    StatusEntry,
    bit_at,
    decode_list,
    encode_list,
    new_bits,
    read_status,
    set_bit,
    set_bits,
    set_status,
    validate_status_list_credential,
)
from skillpassport.vc.multibase import encode_multibase64url
from skillpassport.vc.status_refusals import (
    MAX_LIST_BYTES,
    MIN_ENTRIES,
    StatusEntryMalformed,
    StatusIndexOutOfRange,
    StatusListError,
    StatusListMalformed,
    StatusListMismatch,
    StatusListStale,
    StatusListTooLarge,
    StatusListTooShort,
)
from skillpassport.vc.strict_json import JsonObject, JsonValue
from tests.support.credentials import (
    ISSUER,
    NOW,
    REVOCATION_LIST,
    STRANGER,
    a_list,
    did_of,
)

ENTRY = StatusEntry(purpose=REVOCATION, list_url=REVOCATION_LIST, index=7)


def packed(bits: bytes) -> str:
    return encode_multibase64url(gzip.compress(bits))


@given(st.sets(st.integers(0, MIN_ENTRIES - 1), max_size=8), st.integers(0, MIN_ENTRIES - 1))
def test_an_index_is_set_exactly_when_it_was_set(indexes: set[int], other: int) -> None:
    bits = new_bits()
    for index in indexes:
        set_bit(bits, index, 1)
    encoded = encode_list(bits)
    assert all(read_status(encoded, index) == 1 for index in indexes)
    assert read_status(encoded, other) == int(other in indexes)
    for index in indexes:
        set_bit(bits, index, 0)
    assert not any(bits)


@given(st.sets(st.integers(0, MIN_ENTRIES - 1), max_size=20))
def test_many_indexes_are_set_like_one_after_the_other(indexes: set[int]) -> None:
    one_by_one, at_once = new_bits(), new_bits()
    for index in indexes:
        set_bit(one_by_one, index, 1)
    set_bits(at_once, indexes)
    assert at_once == one_by_one


@pytest.mark.parametrize("index", [-1, MIN_ENTRIES])
def test_no_index_outside_the_list_is_set(index: int) -> None:
    with pytest.raises(StatusIndexOutOfRange):
        set_bits(new_bits(), [index])


def test_index_zero_is_the_left_most_bit() -> None:
    bits = new_bits()
    set_bit(bits, 0, 1)
    assert bits[0] == 0b1000_0000
    set_bit(bits, 15, 1)
    assert bits[1] == 0b0000_0001


def test_the_specifications_empty_list_is_read() -> None:
    """The encodedList of the examples in Bitstring Status List 1.0, section 2.2."""
    published = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
    assert decode_list(published) == bytes(MIN_ENTRIES // 8)


def test_the_same_bits_give_the_same_text() -> None:
    bits = new_bits()
    set_bit(bits, 4711, 1)
    assert encode_list(bits) == encode_list(bytes(bits))
    assert decode_list(encode_list(bits)) == bits


@pytest.mark.parametrize("index", [-1, MIN_ENTRIES, 10**9])
def test_an_index_outside_the_list_is_refused(index: int) -> None:
    with pytest.raises(StatusIndexOutOfRange):
        read_status(encode_list(new_bits()), index)
    with pytest.raises(StatusIndexOutOfRange):
        set_bit(new_bits(), index, 1)
    assert bit_at(new_bits(), MIN_ENTRIES - 1) == 0


def test_a_list_is_never_shorter_than_the_herd() -> None:
    with pytest.raises(StatusListTooShort):
        new_bits(MIN_ENTRIES - 8)
    with pytest.raises(StatusListTooLarge):
        new_bits(MAX_LIST_BYTES * 8 + 8)


GOOD = gzip.compress(bytes(MIN_ENTRIES // 8))
HOSTILE_LISTS: list[tuple[str, str, type[StatusListError]]] = [
    ("no multibase prefix", encode_list(new_bits())[1:], StatusListMalformed),
    ("base58btc", "z" + encode_list(new_bits())[1:], StatusListMalformed),
    ("padded", encode_list(new_bits()) + "=", StatusListMalformed),
    ("not gzip", encode_multibase64url(b"plain"), StatusListMalformed),
    ("zlib", encode_multibase64url(zlib.compress(bytes(16384))), StatusListMalformed),
    ("cut off", encode_multibase64url(GOOD[:-4]), StatusListMalformed),
    ("wrong checksum", encode_multibase64url(GOOD[:-8] + bytes(8)), StatusListMalformed),
    ("two members", encode_multibase64url(GOOD + GOOD), StatusListMalformed),
    ("text behind", encode_multibase64url(GOOD + b"x"), StatusListMalformed),
    ("empty", "u", StatusListMalformed),
    ("one bit short", packed(bytes(MIN_ENTRIES // 8 - 1)), StatusListTooShort),
    ("no bits", packed(b""), StatusListTooShort),
    ("a bomb", packed(bytes(MAX_LIST_BYTES + 1)), StatusListTooLarge),
    ("a large bomb", packed(bytes(200_000_000)), StatusListTooLarge),
]


@pytest.mark.parametrize(
    ("name", "encoded", "cause"), HOSTILE_LISTS, ids=[row[0] for row in HOSTILE_LISTS]
)
def test_a_hostile_list_is_refused(name: str, encoded: str, cause: type[StatusListError]) -> None:
    with pytest.raises(cause):
        read_status(encoded, 0)


def test_an_entry_reads_back_as_written() -> None:
    assert StatusEntry.from_json(ENTRY.as_json()) == ENTRY


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("statusPurpose", None),
        ("statusPurpose", ""),
        ("statusPurpose", ["revocation"]),
        ("statusListCredential", None),
        ("statusListCredential", {"id": REVOCATION_LIST}),
        ("statusListIndex", None),
        ("statusListIndex", 7),
        ("statusListIndex", "-7"),
        ("statusListIndex", "+7"),
        ("statusListIndex", "07"),
        ("statusListIndex", "7.0"),
        ("statusListIndex", "0x7"),
        ("statusListIndex", " 7"),
        ("statusListIndex", "٧"),
        ("statusListIndex", "7" * 5000),
        ("statusListIndex", ""),
        ("statusSize", 0),
        ("statusSize", -1),
        ("statusSize", 9),
        ("statusSize", 1.0),
        ("statusSize", True),
        ("statusSize", "1"),
        ("statusSize", None),
    ],
)
def test_an_entry_that_cannot_be_followed_is_refused(member: str, value: JsonValue) -> None:
    with pytest.raises(StatusEntryMalformed) as caught:
        StatusEntry.from_json({**ENTRY.as_json(), member: value})
    assert caught.value.member == member


def validated(credential: JsonObject, entry: StatusEntry = ENTRY) -> str:
    return validate_status_list_credential(
        credential, entry, issuer=did_of(ISSUER), now=NOW
    ).encoded


def subject(**changes: JsonValue) -> JsonObject:
    credential = a_list()
    claims = credential["credentialSubject"]
    assert isinstance(claims, dict)
    return {**credential, "credentialSubject": {**claims, **changes}}


def instant(**ahead: int) -> str:
    return rfc3339(NOW + timedelta(**ahead))


ANSWERING: list[tuple[str, JsonObject]] = [
    ("as built", a_list()),
    ("issuer as an object", {**a_list(), "issuer": {"id": did_of(ISSUER)}}),
    ("several purposes", subject(statusPurpose=["suspension", "revocation"])),
    ("without its id", {k: v for k, v in a_list().items() if k != "id"}),
    ("until later", a_list(validUntil=instant(days=1))),
    ("until now", a_list(validUntil=instant(days=0))),
]
MISMATCHED: list[tuple[str, JsonObject, type[StatusListError]]] = [
    ("another type", {**a_list(), "type": ["VerifiableCredential"]}, StatusListMismatch),
    ("another issuer", a_list(issuer=STRANGER), StatusListMismatch),
    ("no issuer", {**a_list(), "issuer": None}, StatusListMismatch),
    ("another id", {**a_list(), "id": "https://issuer.example/status/2"}, StatusListMismatch),
    ("another purpose", subject(statusPurpose="suspension"), StatusListMismatch),
    ("purpose missing", subject(statusPurpose=None), StatusListMismatch),
    ("another size", subject(statusSize=2), StatusListMismatch),
    ("size of another kind", subject(statusSize="1"), StatusListMismatch),
    ("messages too few", subject(statusMessages=[]), StatusEntryMalformed),
    ("subject of another type", subject(type="StatusList2021"), StatusListMismatch),
    ("subject missing", {**a_list(), "credentialSubject": None}, StatusListMismatch),
    ("several subjects", {**a_list(), "credentialSubject": [{}, {}]}, StatusListMismatch),
    ("no list", subject(encodedList=None), StatusListMalformed),
    ("list no text", subject(encodedList=[]), StatusListMalformed),
    ("not yet", a_list(validFrom=instant(seconds=1)), StatusListStale),
    ("over", a_list(validUntil=instant(seconds=-1)), StatusListStale),
    ("period unreadable", a_list(validUntil="soon"), StatusListMalformed),
]


@pytest.mark.parametrize(("name", "credential"), ANSWERING, ids=[row[0] for row in ANSWERING])
def test_a_list_that_answers_for_the_entry_is_read(name: str, credential: JsonObject) -> None:
    assert read_status(validated(credential), ENTRY.index) == 0


@pytest.mark.parametrize(
    ("name", "credential", "cause"), MISMATCHED, ids=[row[0] for row in MISMATCHED]
)
def test_a_list_that_does_not_answer_for_the_entry_is_refused(
    name: str, credential: JsonObject, cause: type[StatusListError]
) -> None:
    with pytest.raises(cause):
        validated(credential)


MESSAGES = ("pending_review", "accepted", "rejected", "undefined")
SEVERAL = replace(ENTRY, purpose="message", size=2, messages=MESSAGES)


def told(*statuses: tuple[str, str]) -> list[JsonValue]:
    return [{"status": status, "message": message} for status, message in statuses]


@given(
    st.integers(1, 8),
    st.dictionaries(st.integers(0, MIN_ENTRIES - 1), st.integers(0, 255), max_size=6),
    st.integers(0, MIN_ENTRIES - 1),
)
def test_a_status_of_several_bits_reads_back_as_written(
    size: int, values: dict[int, int], other: int
) -> None:
    bits = new_bits(MIN_ENTRIES * size)
    for index, value in values.items():
        set_status(bits, index, value % 2**size, size=size)
    encoded = encode_list(bits)
    for index in (*values, other):
        assert read_status(encoded, index, size) == values.get(index, 0) % 2**size


def test_the_first_bit_of_an_entry_is_its_most_significant() -> None:
    bits = new_bits(2 * MIN_ENTRIES)
    set_status(bits, 0, 0b10, size=2)
    set_status(bits, 1, 0b01, size=2)
    assert bits[0] == 0b1001_0000
    assert [bit_at(bits, index) for index in range(4)] == [1, 0, 0, 1]


def test_the_herd_is_counted_in_entries_and_not_in_bits() -> None:
    encoded = encode_list(new_bits(MIN_ENTRIES))
    with pytest.raises(StatusListTooShort):
        read_status(encoded, 0, 2)
    wide = encode_list(new_bits(2 * MIN_ENTRIES))
    assert read_status(wide, MIN_ENTRIES - 1, 2) == 0
    with pytest.raises(StatusIndexOutOfRange):
        read_status(wide, MIN_ENTRIES, 2)


def test_an_entry_with_messages_reads_back_as_written() -> None:
    entry = replace(SEVERAL, references=("https://issuer.example/meaning",))
    assert StatusEntry.from_json(entry.as_json()) == entry


def test_messages_are_read_by_their_value_and_not_by_their_place() -> None:
    turned = {**SEVERAL.as_json(), "statusMessage": list(reversed(listed(SEVERAL)))}
    assert StatusEntry.from_json(turned).messages == MESSAGES


def listed(entry: StatusEntry) -> list[JsonValue]:
    messages = entry.as_json()["statusMessage"]
    assert isinstance(messages, list)
    return messages


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("statusMessage", None),
        ("statusMessage", {}),
        ("statusMessage", []),
        ("statusMessage", told(("0x0", "a"), ("0x1", "b"), ("0x2", "c"))),
        ("statusMessage", told(("0x0", "a"), ("0x1", "b"), ("0x2", "c"), ("0x2", "d"))),
        ("statusMessage", told(("0x0", "a"), ("0x1", "b"), ("0x2", "c"), ("0x4", "d"))),
        ("statusMessage", told(("0", "a"), ("1", "b"), ("2", "c"), ("3", "d"))),
        ("statusMessage", told(("0x0", "a"), ("0x1", "b"), ("0x2", "c"), ("0x3\n", "d"))),
        ("statusMessage", [*told(("0x0", "a"), ("0x1", "b"), ("0x2", "c")), "0x3"]),
        ("statusMessage", [{"status": f"0x{n}", "message": n} for n in range(4)]),
        ("statusReference", 1),
        ("statusReference", "meaning"),
        ("statusReference", ["https://issuer.example/", {}]),
        ("statusReference", ["https://issuer.example/"] * 9),
        ("id", REVOCATION_LIST),
    ],
)
def test_messages_that_leave_a_value_open_are_refused(member: str, value: JsonValue) -> None:
    with pytest.raises(StatusEntryMalformed) as caught:
        StatusEntry.from_json({**SEVERAL.as_json(), member: value})
    assert caught.value.member == member


def test_a_status_of_several_bits_needs_messages() -> None:
    entry = SEVERAL.as_json()
    del entry["statusMessage"]
    with pytest.raises(StatusEntryMalformed):
        StatusEntry.from_json(entry)


def test_the_lists_messages_stand_in_where_the_entry_has_none() -> None:
    messages = told(("0x0", "unset"), ("0x1", "being looked at"))
    entry = replace(ENTRY, purpose="message")
    answering = validate_status_list_credential(
        subject(statusPurpose="message", statusSize=1, statusMessages=messages),
        entry,
        issuer=did_of(ISSUER),
        now=NOW,
    )
    assert answering.messages == ("unset", "being looked at")


@given(st.text(max_size=200) | st.binary(max_size=200).map(encode_multibase64url), st.integers())
def test_any_text_is_a_list_or_is_refused(text: str, index: int) -> None:
    with pytest.raises(StatusListError):
        read_status(text, index)
