"""The store of subject keys is looked at too: keys that open nowhere, erasures that are half there."""

import sqlite3
from contextlib import closing

import pytest

from tests.support.lived_in import LivedIn
from tests.support.planting import audit
from tests.support.planting_in_the_log import KEYS

PLANTED = {
    "the store's key deleted": ("DELETE FROM store_keys", "store_keys"),
    "a second key of the store": (
        "INSERT INTO store_keys SELECT 2, parent_version, wrapped, created_at FROM store_keys",
        "store_keys",
    ),
    "the store's key tied to another master key": (
        "UPDATE store_keys SET parent_version = 'another'",
        "subject_keys/",
    ),
    "a key copied under another name": (
        (
            "INSERT INTO subject_keys SELECT 'intruder', parent_version, wrapped, created_at, "
            "erased_at FROM subject_keys WHERE wrapped IS NOT NULL LIMIT 1"
        ),
        "subject_keys/intruder",
    ),
    "a key taken without an erasure": (
        (
            "UPDATE subject_keys SET wrapped = NULL, erased_at = '2026-01-01T00:00:00.000000Z' "
            "WHERE id = (SELECT id FROM subject_keys WHERE wrapped IS NOT NULL LIMIT 1)"
        ),
        "subject_keys/",
    ),
    "a key called erased and kept": (
        "UPDATE subject_keys SET erased_at = '2026-01-01T00:00:00.000000Z'",
        "subject_keys/",
    ),
    "an erasure without its time": (
        "UPDATE subject_keys SET erased_at = NULL WHERE wrapped IS NULL",
        "subject_keys/",
    ),
    "the trace of an erased person removed": (
        "DELETE FROM subject_keys WHERE wrapped IS NULL",
        "subject_keys/",
    ),
    "a mangled key": (
        "UPDATE subject_keys SET wrapped = 'x' WHERE wrapped IS NOT NULL",
        "subject_keys/",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PLANTED)
def test_what_was_done_to_the_store_is_named(lived_in: LivedIn, name: str) -> None:
    statement, subject = PLANTED[name]
    with closing(sqlite3.connect(lived_in.folder / KEYS)) as hands, hands:
        hands.execute(statement)
    found = audit(lived_in.folder, lived_in.head.read_text())
    assert any(each.startswith(f"state-changed {subject}") for each in found), found
