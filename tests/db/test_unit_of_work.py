"""Transactions mean the same on both engines."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from skillpassport.clock import FixedClock
from skillpassport.custody.sealing import SealBroken
from skillpassport.db import engine as engine_module
from skillpassport.db.engine import DatabaseUrlInvalid, create_database_engine
from skillpassport.db.failures import (
    ConstraintBroken,
    DatabaseBusy,
    DatabaseFull,
    DatabaseUnavailable,
)
from skillpassport.db.organisation_keys import OrganisationKeyMissing
from skillpassport.db.tables.log import log_recoveries, subject_erasures
from skillpassport.db.unit_of_work import Database
from tests.support.database import MASTER, NOON, a_database
from tests.support.patience import PATIENCE
from tests.support.postgres import Cluster


def an_erasure(key_id: str) -> dict[str, object]:
    return {"subject_key_id": key_id, "erased_at": NOON, "reason": "retention ended", "covers": []}


def count(database: Database) -> int:
    with database.snapshot() as work:
        return len(work.connection.execute(select(subject_erasures)).all())


def test_what_was_written_is_there_after_the_commit(database: Database) -> None:
    with database.transaction() as work:
        work.connection.execute(insert(subject_erasures), an_erasure("a"))
    assert count(database) == 1


def test_an_exception_rolls_everything_back(database: Database) -> None:
    def fail() -> None:
        with database.transaction() as work:
            work.connection.execute(insert(subject_erasures), an_erasure("a"))
            raise KeyError("anything")

    with pytest.raises(KeyError):
        fail()
    assert count(database) == 0


def test_a_snapshot_sees_one_state_for_as_long_as_it_lasts(database: Database) -> None:
    with database.snapshot() as work:
        before = work.connection.execute(select(subject_erasures)).all()
        with database.transaction() as other:
            other.connection.execute(insert(subject_erasures), an_erasure("a"))
        assert work.connection.execute(select(subject_erasures)).all() == before == []


def test_a_transaction_has_one_instant(database: Database) -> None:
    with database.transaction() as work:
        first = work.now
        assert isinstance(database.clock, FixedClock)
        database.clock.instant = NOON.replace(hour=13)
        assert work.now == first == NOON


def test_a_contradiction_is_our_error(database: Database) -> None:
    with pytest.raises(ConstraintBroken), database.transaction() as work:  # noqa: PT012
        work.connection.execute(insert(subject_erasures), an_erasure("a"))
        work.connection.execute(insert(subject_erasures), an_erasure("a"))
    assert count(database) == 0


def test_concurrent_writers_all_succeed(database: Database) -> None:
    def write(number: int) -> None:
        with database.transaction() as work:
            work.connection.execute(insert(subject_erasures), an_erasure(str(number)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(64)))
    assert count(database) == 64


def test_a_read_acted_upon_still_holds_on_sqlite(sqlite_database: Database) -> None:
    """The write lock is taken at the beginning: no update is lost between read and write."""
    with sqlite_database.transaction() as work:
        row = {
            "id": "r", "accepted_at": NOON, "reason": "", "continued_from": 0, "abandoned_size": 0,
        }  # fmt: skip
        work.connection.execute(insert(log_recoveries), row)

    def count_up(_: int) -> None:
        with sqlite_database.transaction() as work:
            size = work.connection.scalar(select(log_recoveries.c.abandoned_size)) or 0
            work.connection.execute(log_recoveries.update().values(abandoned_size=size + 1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count_up, range(40)))
    with sqlite_database.snapshot() as work:
        assert work.connection.scalar(select(log_recoveries.c.abandoned_size)) == 40


def test_a_writer_that_waits_too_long_is_told_that_the_database_is_busy(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "LOCK_TIMEOUT_SECONDS", 0.05)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with sqlite_database.transaction():
            held.set()
            done.wait(PATIENCE)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(PATIENCE)
    try:
        with pytest.raises(DatabaseBusy), sqlite_database.transaction():
            pass
    finally:
        done.set()
        thread.join()


def test_another_process_that_holds_the_lock_makes_it_busy(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "LOCK_TIMEOUT_SECONDS", 0.05)
    other = create_database_engine(f"sqlite:///{tmp_path / 'skillpassport.db'}")
    keys = create_database_engine(f"sqlite:///{tmp_path / 'other-keys.db'}")
    second = a_database(other, keys)
    with sqlite_database.transaction(), pytest.raises(DatabaseBusy), second.transaction():
        pass
    other.dispose()
    keys.dispose()


def test_a_full_disk_is_named_and_heals(sqlite_database: Database) -> None:
    with sqlite_database.snapshot() as work:
        pages = work.connection.exec_driver_sql("PRAGMA page_count").scalar()

    def write_much() -> None:
        with sqlite_database.transaction() as work:
            work.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            row = an_erasure("a") | {"reason": "x" * 100_000}
            work.connection.execute(insert(subject_erasures), row)

    with pytest.raises(DatabaseFull):
        write_much()
    with sqlite_database.transaction() as work:
        work.connection.exec_driver_sql("PRAGMA max_page_count = 100000")
    with sqlite_database.transaction() as work:
        work.connection.execute(insert(subject_erasures), an_erasure("b"))
    assert count(sqlite_database) == 1


def test_a_database_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "not.db").write_bytes(b"not a database at all" * 100)
    engine = create_database_engine(f"sqlite:///{tmp_path / 'not.db'}")
    keys = create_database_engine(f"sqlite:///{tmp_path / 'keys.db'}")
    broken = a_database(engine, keys)
    with pytest.raises(DatabaseUnavailable), broken.snapshot():
        pass
    engine.dispose()
    keys.dispose()


@pytest.mark.postgresql
def test_a_lost_connection_is_unavailable_and_the_next_one_works(
    postgresql_database: Database,
) -> None:
    def lose() -> None:
        with postgresql_database.transaction() as work:
            mine = work.connection.scalar(text("SELECT pg_backend_pid()"))
            with postgresql_database.transaction() as other:
                other.connection.execute(text(f"SELECT pg_terminate_backend({mine})"))
            work.connection.execute(insert(subject_erasures), an_erasure("a"))

    with pytest.raises(DatabaseUnavailable):
        lose()
    assert count(postgresql_database) == 0


@pytest.mark.postgresql
def test_a_restarted_server_is_found_again(
    postgresql_database: Database, postgres_cluster: Cluster
) -> None:
    """Pooled connections are tried before they are used, so not one request fails."""
    with postgresql_database.transaction() as work:
        work.connection.execute(insert(subject_erasures), an_erasure("a"))
    postgres_cluster.restart()
    assert count(postgresql_database) == 1


@pytest.mark.postgresql
def test_a_commit_is_on_the_disk_when_it_returns_whatever_the_server_is_set_to(
    postgresql_database: Database, postgres_cluster: Cluster
) -> None:
    def said() -> object:
        with postgresql_database.snapshot() as work:
            return work.connection.scalar(text("SHOW synchronous_commit"))

    assert said() == "on"  # the cluster of the tests is set to `off`
    name = postgresql_database.engine.url.database
    postgres_cluster.execute(f"ALTER DATABASE {name} SET synchronous_commit = 'remote_apply'")
    postgresql_database.engine.dispose()
    assert said() == "remote_apply"


@pytest.mark.postgresql
def test_a_server_that_is_not_there_is_unavailable(
    postgresql_database: Database,
) -> None:
    nowhere = create_database_engine("postgresql://tests@127.0.0.1:1/nowhere")
    absent = Database(
        nowhere,
        subject_keys=postgresql_database.subject_keys,
        master=MASTER,
        clock=postgresql_database.clock,
    )
    with pytest.raises(DatabaseUnavailable), absent.snapshot():
        pass
    nowhere.dispose()


@pytest.mark.postgresql
def test_a_snapshot_cannot_write(postgresql_database: Database) -> None:
    with pytest.raises(DatabaseUnavailable), postgresql_database.snapshot() as work:
        work.connection.execute(insert(subject_erasures), an_erasure("a"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "no url",
        "mysql://localhost/x",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite+aiosqlite:///x",
    ],
)
def test_an_address_that_is_not_understood_is_refused(url: str) -> None:
    with pytest.raises(DatabaseUrlInvalid):
        create_database_engine(url)


def test_a_refused_address_does_not_show_its_password() -> None:
    with pytest.raises(DatabaseUrlInvalid) as caught:
        create_database_engine("mysql://user:hunter2@localhost/x")
    assert "hunter2" not in caught.value.message


def test_an_organisation_key_comes_back_as_it_was_made(database: Database) -> None:
    with database.transaction() as work:
        first = work.organisation_keys.create("one")
        other = work.organisation_keys.create("two")
    with database.snapshot() as work:
        assert work.organisation_keys.get("one") == first != other
        with pytest.raises(OrganisationKeyMissing):
            work.organisation_keys.get("three")


def test_an_organisation_key_does_not_open_in_another_row(database: Database) -> None:
    with database.transaction() as work:
        work.organisation_keys.create("one")
        work.organisation_keys.create("two")
    swap = text(
        "UPDATE organisation_keys SET wrapped = "
        "(SELECT wrapped FROM organisation_keys WHERE owner = 'two') WHERE owner = 'one'"
    )
    with database.transaction() as work:
        work.connection.execute(swap)
    with pytest.raises(SealBroken), database.snapshot() as work:
        work.organisation_keys.get("one")
