"""Subject keys made ahead: committed before they are handed out, each to one, never an old one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from skillpassport.bootstrap import ORPHANED_AFTER
from skillpassport.db import key_blocks
from skillpassport.db.key_blocks import MAX_AGE, MAX_BLOCK, KeyBlocks
from skillpassport.db.tables.custody import subject_keys
from skillpassport.db.unit_of_work import Database
from tests.support.database import later


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the time of the monotonic clock, to be set."""
    now = [1000.0]
    monkeypatch.setattr(key_blocks, "monotonic", lambda: now[0])
    return now


def kept(database: Database) -> int:
    with database.subject_keys._transactions.read() as connection:
        number: int = connection.execute(
            select(func.count()).select_from(subject_keys)
        ).scalar_one()
    return number


def test_a_key_is_committed_before_it_is_handed_out(database: Database) -> None:
    blocks = KeyBlocks(database.subject_keys, database.clock)
    for _ in range(20):
        key = blocks.take()
        assert database.subject_keys.get(key.id) == key


def test_no_two_awards_get_one_key(sqlite_database: Database) -> None:
    blocks = KeyBlocks(sqlite_database.subject_keys, sqlite_database.clock)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: blocks.take(), range(200)))
    assert len({key.id for key in taken}) == len({key.key for key in taken}) == 200


def test_as_many_are_made_ahead_as_are_wanted(
    sqlite_database: Database, seconds: list[float]
) -> None:
    blocks = KeyBlocks(sqlite_database.subject_keys, sqlite_database.clock)
    for number in range(5):
        blocks.take()
        seconds[0] += 60
        assert kept(sqlite_database) == number + 1  # a quiet hour: one award, one key
    for _ in range(400):
        blocks.take()
    assert kept(sqlite_database) - 405 <= MAX_BLOCK
    later(sqlite_database, MAX_AGE)
    seconds[0] += MAX_AGE.total_seconds()
    before = kept(sqlite_database)
    blocks.take()
    assert kept(sqlite_database) == before + 1  # it is quiet again


def test_a_key_near_the_age_of_the_sweep_is_never_handed_out(
    sqlite_database: Database, seconds: list[float]
) -> None:
    assert 6 * MAX_AGE < ORPHANED_AFTER
    blocks = KeyBlocks(sqlite_database.subject_keys, sqlite_database.clock)
    for _ in range(4):
        blocks.take()
    assert blocks._ready
    left = {key.id for key in blocks._ready}
    now = later(sqlite_database, ORPHANED_AFTER + timedelta(seconds=1))
    swept = sqlite_database.subject_keys.sweep(lambda _: False, now - ORPHANED_AFTER)
    assert swept == 4 + len(left)
    seconds[0] += 1  # the machine slept: its own clock hardly moved
    key = blocks.take()
    assert key.id not in left
    assert sqlite_database.subject_keys.get(key.id) == key


def test_a_clock_that_was_set_back_makes_new_keys(sqlite_database: Database) -> None:
    blocks = KeyBlocks(sqlite_database.subject_keys, sqlite_database.clock)
    for _ in range(4):
        blocks.take()
    left = {key.id for key in blocks._ready}
    later(sqlite_database, -timedelta(hours=1))
    assert blocks.take().id not in left
