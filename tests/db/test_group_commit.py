"""Writes that wait for each other on SQLite: one commit, and none harms its neighbours."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event, insert, select

from skillpassport.db import engine as engine_module
from skillpassport.db import group_commit
from skillpassport.db.failures import ConstraintBroken, DatabaseBusy, DatabaseFull
from skillpassport.db.group_commit import MAX_TOGETHER
from skillpassport.db.tables.log import subject_erasures
from skillpassport.db.unit_of_work import Database, UnitOfWork
from skillpassport.errors import SkillPassportError
from skillpassport.idempotency import AlreadyDone, RequestKey
from skillpassport.organisations.model import SERVICE
from tests.support.database import NOON
from tests.support.patience import PATIENCE, comes_true

Work = Callable[[UnitOfWork], None]


@pytest.fixture(autouse=True)
def groups_stay_young(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a group take in whoever waits, however long this machine takes for it."""
    monkeypatch.setattr(group_commit, "MAX_SECONDS", float(PATIENCE))


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(MAX_TOGETHER + 8) as made:
        yield made


@pytest.fixture
def commits(sqlite_database: Database) -> list[int]:
    """Return a list that grows with each commit."""
    found: list[int] = []
    event.listen(sqlite_database.engine, "commit", lambda _: found.append(1))
    return found


def adding(name: str) -> Work:
    def add(work: UnitOfWork) -> None:
        row = {"subject_key_id": name, "erased_at": NOON, "reason": "", "covers": []}
        work.connection.execute(insert(subject_erasures), row)

    return add


def names(database: Database) -> set[str]:
    with database.snapshot() as work:
        return set(work.connection.scalars(select(subject_erasures.c.subject_key_id)))


def waiting(database: Database) -> int:
    groups = database._transactions._groups
    assert groups is not None
    return len(groups._turns._waiting)


def in_a_row(
    database: Database, pool: ThreadPoolExecutor, works: list[Work], *, alone: tuple[int, ...] = ()
) -> list[Future[None]]:
    """Do several works, of which each asks for its turn while the first is still at its own."""
    begun, go = threading.Event(), threading.Event()

    def do(number: int) -> None:
        with database.transaction(together=number not in alone) as work:
            if number == 0:
                begun.set()
                go.wait(PATIENCE)
            works[number](work)

    futures = []
    for number in range(len(works)):
        futures.append(pool.submit(do, number))
        assert begun.wait(PATIENCE)  # the first takes the turn, and waits for no one
        assert comes_true(lambda number=number: waiting(database) == number)  # type: ignore[misc]
    go.set()
    return futures


def failures(futures: list[Future[None]]) -> list[BaseException | None]:
    return [future.exception(PATIENCE) for future in futures]


def test_writes_that_wait_for_each_other_are_committed_once(
    sqlite_database: Database, pool: ThreadPoolExecutor, commits: list[int]
) -> None:
    futures = in_a_row(sqlite_database, pool, [adding(name) for name in "abcd"])
    assert failures(futures) == [None] * 4
    assert len(commits) == 1
    assert names(sqlite_database) == set("abcd")


def test_a_write_that_nobody_waits_for_is_committed_at_once(
    sqlite_database: Database, commits: list[int]
) -> None:
    for name in "ab":
        with sqlite_database.transaction(together=True) as work:
            adding(name)(work)
    assert len(commits) == 2


def test_a_group_has_an_end(
    sqlite_database: Database, pool: ThreadPoolExecutor, commits: list[int]
) -> None:
    wanted = [str(number) for number in range(MAX_TOGETHER + 4)]
    assert not any(failures(in_a_row(sqlite_database, pool, [adding(name) for name in wanted])))
    assert len(commits) >= 2
    assert names(sqlite_database) == set(wanted)


@pytest.mark.parametrize("failing", [0, 1, 3])
def test_one_that_fails_harms_no_neighbour(
    sqlite_database: Database, pool: ThreadPoolExecutor, failing: int
) -> None:
    def fail(work: UnitOfWork) -> None:
        adding("x")(work)
        raise KeyError("its own")

    works = [adding(name) for name in "abcd"]
    works[failing] = fail
    found = failures(in_a_row(sqlite_database, pool, works))
    assert [type(each) for each in found if each is not None] == [KeyError]
    assert isinstance(found[failing], KeyError)
    assert names(sqlite_database) == set("abcd") - {"abcd"[failing]}


def test_a_contradiction_within_the_group_is_the_second_ones_alone(
    sqlite_database: Database, pool: ThreadPoolExecutor
) -> None:
    works = [adding("a"), adding("same"), adding("same"), adding("d")]
    found = failures(in_a_row(sqlite_database, pool, works))
    assert [type(each) for each in found] == [
        type(None), type(None), ConstraintBroken, type(None),
    ]  # fmt: skip
    assert names(sqlite_database) == {"a", "same", "d"}


def test_nobody_is_told_before_the_commit(
    sqlite_database: Database, pool: ThreadPoolExecutor
) -> None:
    """Not even a refusal, which may rest on what a neighbour wrote."""
    before_the_commit: list[bool] = []
    futures: list[Future[None]] = []

    def fail(_: UnitOfWork) -> None:
        raise KeyError("its own")

    def last(_: UnitOfWork) -> None:
        time.sleep(0.02)
        before_the_commit.extend(future.done() for future in futures)

    futures += in_a_row(sqlite_database, pool, [adding("a"), fail, adding("c"), last])
    assert [each is None for each in failures(futures)] == [True, False, True, True]
    assert before_the_commit in ([False] * 4, [])
    assert names(sqlite_database) == {"a", "c"}


def test_a_repeat_within_the_group_finds_what_the_first_one_made(
    sqlite_database: Database, pool: ThreadPoolExecutor
) -> None:
    with sqlite_database.transaction() as work:
        work.organisation_keys.create(SERVICE)
    key = RequestKey(owner="o", key="k", fingerprint="f")
    found: list[bool] = []

    def claim(work: UnitOfWork) -> None:
        work.claim(key, "made")

    def ask(future: Future[None]) -> None:
        if isinstance(future.exception(), AlreadyDone):
            with sqlite_database.snapshot() as work:
                found.append(work.idempotency.find(key, NOON) is not None)

    futures = in_a_row(sqlite_database, pool, [adding("a"), claim, claim, claim])
    for future in futures:
        future.add_done_callback(ask)
    assert [type(each) for each in failures(futures)] == [
        type(None), type(None), AlreadyDone, AlreadyDone,
    ]  # fmt: skip
    pool.shutdown()
    assert found == [True, True]


def test_when_the_commit_fails_everybody_is_told_and_nothing_is_kept(
    sqlite_database: Database, pool: ThreadPoolExecutor
) -> None:
    def refuse(_: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    event.listen(sqlite_database.engine, "commit", refuse)
    found = failures(in_a_row(sqlite_database, pool, [adding(name) for name in "abc"]))
    event.remove(sqlite_database.engine, "commit", refuse)
    assert all(isinstance(each, SkillPassportError) for each in found)
    assert len({id(each) for each in found}) == 3  # each thread raises its own
    assert names(sqlite_database) == set()
    with sqlite_database.transaction(together=True) as work:
        adding("later")(work)
    assert names(sqlite_database) == {"later"}


def test_a_disk_that_fills_up_undoes_the_group_and_heals(
    sqlite_database: Database, pool: ThreadPoolExecutor
) -> None:
    """SQLite itself may undo the whole transaction: then it is everybody's failure."""

    def fill(work: UnitOfWork) -> None:
        pages = work.connection.exec_driver_sql("PRAGMA page_count").scalar()
        work.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        row = {"subject_key_id": "x", "erased_at": NOON, "reason": "x" * 900_000, "covers": []}
        work.connection.execute(insert(subject_erasures), row)

    found = failures(in_a_row(sqlite_database, pool, [adding("a"), fill, adding("c")]))
    assert isinstance(found[1], DatabaseFull)
    kept = {name for name, failure in zip("axc", found, strict=True) if failure is None}
    assert names(sqlite_database) == kept
    with sqlite_database.transaction() as work:
        work.connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    with sqlite_database.transaction(together=True) as work:
        adding("later")(work)
    assert names(sqlite_database) == {*kept, "later"}


def test_a_transaction_that_was_undone_by_itself_is_everybodys_failure(
    sqlite_database: Database, pool: ThreadPoolExecutor
) -> None:
    def undo_all(work: UnitOfWork) -> None:
        adding("b")(work)
        work.connection.exec_driver_sql("ROLLBACK")
        raise KeyError("its own")

    found = failures(in_a_row(sqlite_database, pool, [adding("a"), undo_all, adding("c")]))
    assert isinstance(found[0], SkillPassportError)
    assert isinstance(found[1], SkillPassportError)
    assert found[2] is None  # it found no group to join and began anew
    assert names(sqlite_database) == {"c"}


def test_who_writes_alone_joins_no_group(
    sqlite_database: Database, pool: ThreadPoolExecutor, commits: list[int]
) -> None:
    seen: list[Any] = []

    def look(_: UnitOfWork) -> None:
        seen.append(names(sqlite_database))

    works = [adding("a"), adding("b"), look, adding("d")]
    assert not any(failures(in_a_row(sqlite_database, pool, works, alone=(2,))))
    assert seen == [{"a", "b"}]
    assert len(commits) >= 3


def test_who_waits_too_long_is_told_and_costs_nobody_the_turn(
    sqlite_database: Database, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with sqlite_database.transaction(together=True) as work:
            held.set()
            done.wait(PATIENCE)
            adding("a")(work)

    future = pool.submit(hold)
    held.wait(PATIENCE)
    monkeypatch.setattr(engine_module, "LOCK_TIMEOUT_SECONDS", 0.02)
    with pytest.raises(DatabaseBusy), sqlite_database.transaction(together=True):
        pass
    monkeypatch.undo()
    done.set()
    future.result(PATIENCE)
    with sqlite_database.transaction(together=True) as work:
        adding("b")(work)
    assert names(sqlite_database) == {"a", "b"}


def test_many_threads_lose_nothing(sqlite_database: Database) -> None:
    def fail(number: int) -> None:
        with sqlite_database.transaction(together=True) as work:
            adding(f"undone {number}")(work)
            raise KeyError

    def write(number: int) -> None:
        if number % 7 == 3:
            with pytest.raises(KeyError):
                fail(number)
        with sqlite_database.transaction(together=number % 5 != 0) as work:
            adding(str(number))(work)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(300)))
    assert names(sqlite_database) == {str(number) for number in range(300)}
