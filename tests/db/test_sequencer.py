"""Every committed entry gets one place, under a signed head, in the database and outside."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from skillpassport.clock import FixedClock
from skillpassport.db import sequencer as sequencer_module
from skillpassport.db.head_files import HeadFiles, HeadsUnwritable
from skillpassport.db.log import ClockBehindLog, TransactionTooLong
from skillpassport.db.log_state import (
    LogAheadOfDatabase,
    LogStateBroken,
    latest_head,
    log_is_ahead,
)
from skillpassport.db.recovery import accept_restore
from skillpassport.db.tables.log import log_entries, log_leaves, log_recoveries
from skillpassport.db.tables.metadata import metadata
from skillpassport.db.unit_of_work import Database, UnitOfWork
from skillpassport.transparency.checkpoint import open_checkpoint
from skillpassport.transparency.entries import Kind
from skillpassport.transparency.merkle import EMPTY_ROOT, tree_root
from tests.support.database import LOG_SIGNER, NOON, ORIGIN, a_sequencer, later
from tests.support.log import a_log, audit, named, record_rows, tamper
from tests.support.patience import comes_true


def leaves(database: Database) -> list[bytes]:
    with database.snapshot() as work:
        query = select(log_leaves.c.leaf).order_by(log_leaves.c.position)
        return list(work.connection.scalars(query))


def set_clock(database: Database, by: timedelta) -> None:
    assert isinstance(database.clock, FixedClock)
    database.clock.instant += by


def test_an_empty_log_has_a_head_too(database: Database, tmp_path: Path) -> None:
    checkpoint = a_sequencer(database, tmp_path).sequence_once()
    assert (checkpoint.size, checkpoint.root) == (0, EMPTY_ROOT)
    assert audit(database, tmp_path).holds


def test_a_head_vouches_for_everything_committed_before(database: Database, tmp_path: Path) -> None:
    record_rows(database, "a", "b", "c")
    checkpoint = a_sequencer(database, tmp_path).sequence_once()
    assert checkpoint.size == 3
    assert checkpoint.root == tree_root(leaves(database))
    note = latest_head(database)
    assert note is not None
    assert open_checkpoint(note, origin=ORIGIN, public_key=LOG_SIGNER.public_key) == checkpoint


def test_heads_and_leaves_lie_outside_the_database_too(database: Database, tmp_path: Path) -> None:
    a_log(database, tmp_path)
    files = HeadFiles(tmp_path / "heads")
    assert files.leaves() == leaves(database)
    assert files.latest() == latest_head(database)
    assert sorted(files.heads()) == [
        "000000000002.checkpoint",
        "000000000004.checkpoint",
        "000000000006.checkpoint",
        "latest.checkpoint",
    ]


def test_nothing_new_makes_no_new_head(database: Database, tmp_path: Path) -> None:
    head = a_log(database, tmp_path)
    later(database)
    a_sequencer(database, tmp_path).sequence_once()
    assert latest_head(database) == head


def test_entries_of_one_transaction_keep_their_order(database: Database, tmp_path: Path) -> None:
    names = [f"row-{number:02}" for number in range(20)]
    record_rows(database, *names)
    a_sequencer(database, tmp_path).sequence_once()
    with database.snapshot() as work:
        query = select(log_entries.c.row_id).order_by(log_entries.c.position)
        assert list(work.connection.scalars(query)) == names


def test_a_rolled_back_row_leaves_no_entry(database: Database, tmp_path: Path) -> None:
    def fail() -> None:
        with database.transaction() as work:
            row = {
                "id": "a", "accepted_at": NOON, "reason": "", "continued_from": 0,
                "abandoned_size": 0,
            }  # fmt: skip
            work.connection.execute(insert(log_recoveries), row)
            work.log.record(Kind.LOG_RECOVERED, log_recoveries, row)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert a_sequencer(database, tmp_path).sequence_once().size == 0


def test_many_at_once_while_the_sequencer_runs(database: Database, tmp_path: Path) -> None:
    """Eight threads record, two sequencers race: each entry has one place, and all holds."""
    stop = threading.Event()

    def sequence() -> None:
        while not stop.is_set():
            a_sequencer(database, tmp_path).sequence_once()

    threads = [threading.Thread(target=sequence) for _ in range(2)]
    for thread in threads:
        thread.start()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: record_rows(database, f"row-{number}"), range(64)))
    stop.set()
    for thread in threads:
        thread.join()
    assert a_sequencer(database, tmp_path).sequence_once().size == 64
    report = audit(database, tmp_path)
    assert report.findings == ()
    assert (report.entries, report.rows) == (64, 64)


def test_a_large_commit_is_sequenced_in_lots(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequencer_module, "MAX_ENTRIES_A_PASS", 7)
    record_rows(database, *(f"row-{number:02}" for number in range(20)))
    assert a_sequencer(database, tmp_path).sequence_once().size == 20
    assert audit(database, tmp_path).holds


def test_the_thread_sequences_what_is_recorded_by_and_by(
    database: Database, tmp_path: Path
) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=a_sequencer(database, tmp_path).run, args=[stop])
    thread.start()
    try:
        record_rows(database, "a")
        assert comes_true(lambda: leaves(database))
        assert len(leaves(database)) == 1
        assert sequencer_module.PAUSE_SECONDS < 1  # what the documentation promises
    finally:
        stop.set()
        thread.join()


def test_the_thread_says_a_cause_once_and_when_it_is_over(
    sqlite_database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sequencer = a_sequencer(sqlite_database, tmp_path)
    failing = sequencer._report(ClockBehindLog(NOON, NOON), None)
    assert sequencer._report(ClockBehindLog(NOON, NOON), failing) == failing
    assert sequencer._report(None, failing) is None
    assert [record.getMessage()[:40] for record in caplog.records] == [
        "log sequencing: Expected a clock past 20",
        "log sequencing: works again",
    ]


def test_files_that_lag_after_a_crash_are_mended(database: Database, tmp_path: Path) -> None:
    a_log(database, tmp_path)
    file = tmp_path / "heads" / "leaves"
    file.write_bytes(file.read_bytes()[: 3 * 32 + 5])  # two leaves lost, one torn
    (tmp_path / "heads" / "latest.checkpoint").unlink()
    a_sequencer(database, tmp_path).sequence_once()
    assert HeadFiles(tmp_path / "heads").leaves() == leaves(database)
    assert audit(database, tmp_path).holds


def test_a_new_folder_of_heads_is_filled_from_the_database(
    database: Database, tmp_path: Path
) -> None:
    a_log(database, tmp_path)
    a_sequencer(database, tmp_path / "elsewhere").sequence_once()
    assert HeadFiles(tmp_path / "elsewhere" / "heads").leaves() == leaves(database)


def test_a_folder_that_cannot_be_written_is_said_and_loses_nothing(
    sqlite_database: Database, tmp_path: Path
) -> None:
    (tmp_path / "heads").write_text("a file where the folder should be")
    record_rows(sqlite_database, "a")
    with pytest.raises(HeadsUnwritable, match="heads"):
        a_sequencer(sqlite_database, tmp_path).sequence_once()
    (tmp_path / "heads").unlink()
    assert a_sequencer(sqlite_database, tmp_path).sequence_once().size == 1


def test_the_log_keeps_its_first_name(sqlite_database: Database, tmp_path: Path) -> None:
    """A change of the public address is no reason to start another log."""
    a_log(sqlite_database, tmp_path)
    record_rows(sqlite_database, "after")
    moved = sequencer_module.Sequencer(
        database=sqlite_database,
        origin="moved.example/log",
        active_signer=lambda _: LOG_SIGNER,
        heads_dir=tmp_path / "heads",
    )
    assert moved.sequence_once().origin == ORIGIN


def test_nothing_is_recorded_while_the_clock_is_behind_the_log(
    database: Database, tmp_path: Path
) -> None:
    a_log(database, tmp_path)
    set_clock(database, timedelta(hours=-1))
    with pytest.raises(ClockBehindLog):
        record_rows(database, "early")
    set_clock(database, timedelta(hours=1))
    record_rows(database, "in time")


def test_no_head_is_signed_while_the_clock_is_behind_the_log(
    database: Database, tmp_path: Path
) -> None:
    a_log(database, tmp_path)
    record_rows(database, "waiting")
    set_clock(database, timedelta(hours=-1))
    with pytest.raises(ClockBehindLog):
        a_sequencer(database, tmp_path).sequence_once()


def test_clocks_that_differ_a_little_are_no_reason_to_stop(
    database: Database, tmp_path: Path
) -> None:
    a_log(database, tmp_path)
    set_clock(database, timedelta(seconds=-2))
    record_rows(database, "a moment early")
    a_sequencer(database, tmp_path).sequence_once()
    assert audit(database, tmp_path).holds


@pytest.mark.postgresql
def test_a_transaction_that_took_too_long_is_refused(
    postgresql_database: Database, tmp_path: Path
) -> None:
    """Its entries would look back-dated to every later audit."""
    a_log(postgresql_database, tmp_path)

    def take_long() -> None:
        with postgresql_database.transaction() as work:
            row = {
                "id": "slow", "accepted_at": work.now, "reason": "", "continued_from": 0,
                "abandoned_size": 0,
            }  # fmt: skip
            work.connection.execute(insert(log_recoveries), row)
            work.log.record(Kind.LOG_RECOVERED, log_recoveries, row)
            set_clock(postgresql_database, timedelta(minutes=11))
            record_rows(postgresql_database, "quick")
            a_sequencer(postgresql_database, tmp_path).sequence_once()

    with pytest.raises(TransactionTooLong):
        take_long()


def test_a_table_whose_rows_are_not_logged_is_a_fault_of_the_program(
    sqlite_database: Database,
) -> None:
    with pytest.raises(ValueError, match="LOGGED"), sqlite_database.transaction() as work:
        work.log.record(Kind.KEY_CREATED, metadata.tables["organisation_keys"], {})


def test_a_stored_range_that_was_changed_stops_the_sequencer(
    sqlite_database: Database, tmp_path: Path
) -> None:
    a_log(sqlite_database, tmp_path)
    tamper(sqlite_database, "UPDATE log_heads SET compact_range = zeroblob(64) WHERE size = 6")
    record_rows(sqlite_database, "after")
    with pytest.raises(LogStateBroken):
        a_sequencer(sqlite_database, tmp_path).sequence_once()


RESTORE = (
    "DELETE FROM log_entries WHERE position >= 4",
    "DELETE FROM log_leaves WHERE position >= 4",
    "DELETE FROM log_heads WHERE size > 4",
    "DELETE FROM log_recoveries WHERE id IN ('row-4', 'row-5')",
)


@pytest.mark.parametrize("lost", ["nothing", "leaves", "heads"])
def test_a_restored_backup_is_noticed_before_anything_is_sequenced(
    database: Database, tmp_path: Path, lost: str
) -> None:
    a_log(database, tmp_path)
    files = HeadFiles(tmp_path / "heads")
    assert not log_is_ahead(database, files)
    tamper(database, *RESTORE)
    if lost == "leaves":
        (tmp_path / "heads" / "leaves").unlink()
    if lost == "heads":
        (tmp_path / "heads" / "latest.checkpoint").unlink()
    assert log_is_ahead(database, files)
    record_rows(database, "after")
    with pytest.raises(LogAheadOfDatabase) as caught:
        a_sequencer(database, tmp_path).sequence_once()
    assert (caught.value.published, caught.value.held) == (6, 4)


def test_a_restored_database_that_grew_again_is_noticed(
    sqlite_database: Database, tmp_path: Path
) -> None:
    """Elsewhere, without this folder, it was written to until it was as long as before."""
    a_log(sqlite_database, tmp_path)
    tamper(sqlite_database, *RESTORE)
    record_rows(sqlite_database, "other-4", "other-5", "other-6")
    a_sequencer(sqlite_database, tmp_path / "elsewhere").sequence_once()
    assert log_is_ahead(sqlite_database, HeadFiles(tmp_path / "heads"))


def test_an_accepted_restore_goes_on_and_says_so(database: Database, tmp_path: Path) -> None:
    lost_head = a_log(database, tmp_path)
    tamper(database, *RESTORE)
    opened: list[bool] = []

    def start_anew(work: UnitOfWork) -> None:
        opened.append(work.now is not None)

    sequencer = a_sequencer(database, tmp_path)
    checkpoint = accept_restore(sequencer, reason="disk failed", start_anew=start_anew)
    assert checkpoint.size == 5
    assert opened == [True]
    assert audit(database, tmp_path).holds
    assert not log_is_ahead(database, HeadFiles(tmp_path / "heads"))
    with database.snapshot() as work:
        row = work.connection.execute(
            select(log_recoveries).where(log_recoveries.c.reason == "disk failed")
        ).one()
    assert (row.continued_from, row.abandoned_size, row.abandoned_head) == (4, 6, lost_head)
    assert len(list((tmp_path / "heads").glob("abandoned-*/latest.checkpoint"))) == 1
    # Whoever kept a head of the lost stretch is told, for ever.
    codes = {code for code, _ in named(audit(database, tmp_path, lost_head))}
    assert {"tail-dropped", "head-missing"} <= codes


def test_old_head_files_are_thinned_out_to_one_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skillpassport.db.head_files.KEEP_HEADS", 5)
    files = HeadFiles(tmp_path / "heads")
    with files.locked():
        for size in range(1, 21):
            files.extend([bytes(32)], size=size, note=f"head {size}")
    names = sorted(files.heads())
    assert names[0] == "000000000001.checkpoint"
    assert names[-1] == "latest.checkpoint"
    assert len(names) <= 12
    assert files.count() == 20


@pytest.mark.parametrize("mangled", ["time = 'x'", "kind = x'00'", "row_id = x'ff'"])
def test_an_entry_that_cannot_be_read_gets_a_place_and_stops_nothing(
    sqlite_database: Database, tmp_path: Path, mangled: str
) -> None:
    """Whoever may write to the table could otherwise keep everything else from being sequenced."""
    record_rows(sqlite_database, "mangled", "whole")
    tamper(sqlite_database, f"UPDATE log_entries SET {mangled} WHERE row_id = 'mangled'")
    assert a_sequencer(sqlite_database, tmp_path).sequence_once().size == 2
    report = audit(sqlite_database, tmp_path)
    assert {each.code.value for each in report.findings} >= {"entry-forged"}
    assert report.pending == 0
    assert report.rows >= 1
