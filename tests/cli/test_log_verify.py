"""`skillpassport log verify --head`: what somebody did to the data folder, found and named."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import Commands, Done
from tests.support.lived_in import LivedIn

pytestmark = pytest.mark.slow

# What is done by hand, and what must be named: code, and the beginning of the subject.
PLANTED: dict[str, tuple[tuple[str, ...], set[tuple[str, str]]]] = {
    "a row changed": (
        ("UPDATE credentials SET awarded_on = '2019-01-01' WHERE id = '{good}'",),
        {("row-changed", "credentials/{good}")},
    ),
    "a row deleted": (
        ("DELETE FROM status_events WHERE credential = '{revoked}' AND action = 'revoke'",),
        {("row-deleted", "status_events/"), ("state-changed", "status_entries/")},
    ),
    "a row added without an entry": (
        (
            (
                "INSERT INTO key_events (id, signing_key, event, recorded_at) "
                "SELECT 'intruder', signing_key, 'revoked', recorded_at FROM key_events LIMIT 1"
            ),
        ),
        {("row-added", "key_events/intruder")},
    ),
    "two entries exchanged": (
        (
            "UPDATE log_entries SET position = 1000 WHERE position = 20",
            "UPDATE log_entries SET position = 20 WHERE position = 60",
            "UPDATE log_entries SET position = 60 WHERE position = 1000",
        ),
        {("entry-reordered", "")},
    ),
    "a row and its entry back-dated": (
        (
            "UPDATE credentials SET issued_at = '2020-01-01T00:00:00.000000Z' WHERE id = '{late}'",
            "UPDATE log_entries SET time = '2020-01-01T00:00:00.000000Z' WHERE row_id = '{late}'",
        ),
        {
            ("row-changed", "credentials/{late}"),
            ("entry-changed", "credentials/{late}"),
            ("entry-back-dated", "credentials/{late}"),
        },
    ),
    "the tail dropped together with its head": (
        (
            "DELETE FROM status_entries WHERE subject = '{after}'",
            "DELETE FROM credentials WHERE id = '{after}'",
            (
                "DELETE FROM log_entries WHERE position >= (SELECT max(size) FROM log_heads "
                "WHERE size < (SELECT max(size) FROM log_heads))"
            ),
            (
                "DELETE FROM log_leaves WHERE position >= (SELECT max(size) FROM log_heads "
                "WHERE size < (SELECT max(size) FROM log_heads))"
            ),
            "DELETE FROM log_heads WHERE size = (SELECT max(size) FROM log_heads)",
        ),
        {("tail-dropped", "entries "), ("head-missing", "the given head")},
    ),
    "a revocation cleared": (
        ("UPDATE status_entries SET set_since = NULL WHERE subject = '{revoked}'",),
        {("state-changed", "status_entries/")},
    ),
}


def verify(commands: Commands, lived_in: LivedIn) -> Done:
    return commands.run("log", "verify", "--head", str(lived_in.head), "--json")


def by_hand(database: Path, *statements: str) -> None:
    with closing(sqlite3.connect(database)) as hands, hands:
        for statement in statements:
            hands.execute(statement)


@pytest.mark.parametrize("name", PLANTED)
def test_what_was_done_by_hand_is_named(commands: Commands, lived_in: LivedIn, name: str) -> None:
    ids = {state: made.id for state, made in lived_in.credentials.items()}
    statements, expected = PLANTED[name]
    by_hand(lived_in.database, *(each.format(**ids) for each in statements))
    done = verify(commands, lived_in)
    assert done.code == 1
    found: list[dict[str, Any]] = done.json["findings"]
    for code, subject in expected:
        wanted = subject.format(**ids)
        assert any(each["code"] == code and each["subject"].startswith(wanted) for each in found)


def test_the_tail_dropped_with_every_head_of_the_folder_is_found_by_the_kept_head(
    commands: Commands, lived_in: LivedIn
) -> None:
    by_hand(lived_in.database, *PLANTED["the tail dropped together with its head"][0][2:])
    for file in (lived_in.folder / "heads").iterdir():
        if file.is_file():
            file.unlink()
    assert "tail-dropped" in verify(commands, lived_in).out


def test_an_untouched_folder_fits(commands: Commands, lived_in: LivedIn) -> None:
    done = commands.run("log", "verify", "--head", str(lived_in.head))
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("Everything fits.\n")


def test_looking_changes_nothing(commands: Commands, lived_in: LivedIn) -> None:
    """Evidence is not mended by examining it."""
    by_hand(lived_in.database, "DELETE FROM registry_changes")
    before = lived_in.database.read_bytes()
    for _ in range(2):
        assert "registry_changes/1" in verify(commands, lived_in).out
    assert lived_in.database.read_bytes() == before


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"no head at all"])
def test_a_head_that_is_none_is_refused(
    commands: Commands, lived_in: LivedIn, content: bytes | None
) -> None:
    lived_in.head.unlink()
    if content is not None:
        lived_in.head.write_bytes(content)
    done = verify(commands, lived_in)
    assert done.code in {2, 3}
    assert "Traceback" not in done.err


def test_a_fresh_folder_is_set_up_and_fits(fresh: Commands) -> None:
    assert fresh.run("log", "verify", "--json").json["ok"] is True
