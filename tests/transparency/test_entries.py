"""What an entry says, and what it keeps to itself."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.transparency.entries import Entry, Kind, commit_to
from skillpassport.transparency.merkle import hash_leaf
from skillpassport.vc.multibase import encode_base64url

SALT = bytes(range(16))
ENTRY = Entry(
    kind=Kind.CREDENTIAL_ISSUED,
    subject="credentials/abc",
    time=datetime(2026, 11, 22, 9, 30, 0, 1, tzinfo=UTC),
    commitment="c",
)


def test_a_leaf_is_canonical_json_of_four_members() -> None:
    assert ENTRY.encoded() == (
        b'{"commitment":"c","kind":"credential-issued","subject":"credentials/abc",'
        b'"time":"2026-11-22T09:30:00.000001Z"}'
    )
    assert ENTRY.leaf() == hash_leaf(ENTRY.encoded())


def test_an_instant_in_another_zone_is_the_same_leaf() -> None:
    elsewhere = ENTRY.time.astimezone(timezone(timedelta(hours=5, minutes=30)))
    moved = Entry(
        kind=ENTRY.kind, subject=ENTRY.subject, time=elsewhere, commitment=ENTRY.commitment
    )
    assert moved.leaf() == ENTRY.leaf()


def test_a_commitment_is_the_salted_hash_of_canonical_facts() -> None:
    expected = hashlib.sha256(SALT + b'{"a":"1","b":"x"}').digest()
    assert commit_to({"b": "x", "a": "1"}, SALT) == encode_base64url(expected)


facts = st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=5).filter(
    lambda value: json.dumps(value).isascii() and "\\ud" not in json.dumps(value)
)


@given(facts, facts, st.binary(min_size=16, max_size=16))
def test_other_facts_are_another_commitment(
    one: dict[str, str], other: dict[str, str], salt: bytes
) -> None:
    assert (commit_to(one, salt) == commit_to(other, salt)) == (one == other)


def test_the_same_facts_under_another_salt_cannot_be_recognised() -> None:
    assert commit_to({"name": "x"}, SALT) != commit_to({"name": "x"}, SALT[::-1])


@pytest.mark.parametrize("salt", [b"", bytes(15), bytes(17)])
def test_a_salt_has_its_length(salt: bytes) -> None:
    with pytest.raises(ValueError, match="16 octets"):
        commit_to({}, salt)


def test_a_naive_time_is_refused() -> None:
    naive = Entry(kind="x", subject="y", time=datetime(2026, 1, 1), commitment="c")  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        naive.leaf()


def test_kinds_are_never_renamed() -> None:
    """They stand in leaves that were signed; add to this list, change nothing in it."""
    assert {
        "organisation-registered",
        "api-key-created",
        "key-created",
        "key-rotated",
        "key-revoked",
        "accreditation-granted",
        "accreditation-withdrawn",
        "late-award-approved",
        "achievement-registered",
        "credential-issued",
        "status-changed",
        "status-list-opened",
        "registry-edited",
        "subject-erased",
        "log-recovered",
    } <= {kind.value for kind in Kind}
