"""Whatever is altered behind the program's back is found and named."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from skillpassport.db.erasure import erase_subject, finish_erasures
from skillpassport.db.failures import ConstraintBroken
from skillpassport.db.log_facts import facts_of
from skillpassport.db.tables.log import log_entries, log_recoveries
from skillpassport.db.unit_of_work import Database
from skillpassport.transparency.checkpoint import HeadInvalid, read_checkpoint, sign_checkpoint
from skillpassport.transparency.entries import SALT_BYTES, Kind, commit_to
from tests.support.database import LOG_SIGNER, NOON, a_sequencer, later
from tests.support.log import a_log, audit, named, record_rows, tamper

pytestmark = pytest.mark.slow

ADD_ROW = (
    "INSERT INTO log_recoveries (id, accepted_at, reason, continued_from, abandoned_size) "
    "VALUES ('intruder', '2026-11-22T12:00:00.000000Z', 'put in', 0, 0)"
)
SWAP = (
    "UPDATE log_entries SET position = 100 WHERE position = 1",
    "UPDATE log_entries SET position = 1 WHERE position = 4",
    "UPDATE log_entries SET position = 4 WHERE position = 100",
)
FORGE_COMMITMENT = (
    "UPDATE log_entries SET commitment = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' "
    "WHERE position = 2"
)
ALLOW_COPIES = "DROP INDEX ix_log_entries_row"
"""Whoever may write to the tables may alter them too."""

COPY_ENTRY = (
    "INSERT INTO log_entries (id, kind, table_name, row_id, time, commitment, salt, mac, position) "
    "SELECT 'intruder', kind, table_name, row_id, time, commitment, salt, mac, {} "
    "FROM log_entries WHERE position = 2"
)

KEY_GONE = ("state-changed", "organisation_keys/service/1")

# What is done, and what must be named: code and subject.
PLANTED: dict[str, tuple[tuple[str, ...], set[tuple[str, str]]]] = {
    "a row changed": (
        ("UPDATE log_recoveries SET reason = 'another' WHERE id = 'row-3'",),
        {("row-changed", "log_recoveries/row-3")},
    ),
    "a row mangled beyond reading": (
        ("UPDATE log_recoveries SET accepted_at = 'yesterday' WHERE id = 'row-3'",),
        {("row-changed", "log_recoveries/row-3")},
    ),
    "a fact added where there was none": (
        ("UPDATE log_recoveries SET abandoned_head = 'x' WHERE id = 'row-0'",),
        {("row-changed", "log_recoveries/row-0")},
    ),
    "a row deleted": (
        ("DELETE FROM log_recoveries WHERE id = 'row-1'",),
        {("row-deleted", "log_recoveries/row-1")},
    ),
    "a row renamed": (
        ("UPDATE log_recoveries SET id = 'other' WHERE id = 'row-1'",),
        {("row-deleted", "log_recoveries/row-1"), ("row-added", "log_recoveries/other")},
    ),
    "a row added past the log": ((ADD_ROW,), {("row-added", "log_recoveries/intruder")}),
    "a row's own date moved back": (
        (("UPDATE log_recoveries SET accepted_at = '2020-01-01T00:00:00.000000Z' "
         "WHERE id = 'row-5'"),),
        {("row-changed", "log_recoveries/row-5")},
    ),
    "an entry changed": (
        (FORGE_COMMITMENT,),
        {("entry-changed", "log_recoveries/row-2"), ("row-changed", "log_recoveries/row-2")},
    ),
    "an entry and its leaf changed": (
        (FORGE_COMMITMENT, ("UPDATE log_leaves SET leaf = (SELECT leaf FROM log_leaves "
         "WHERE position = 5) WHERE position = 2")),
        {("entry-changed", "log_recoveries/row-2"), ("row-changed", "log_recoveries/row-2")},
    ),
    "an entry back-dated": (
        ("UPDATE log_entries SET time = '2026-11-22T11:00:00.000000Z' WHERE position = 4",),
        {("entry-changed", "log_recoveries/row-4"), ("entry-back-dated", "log_recoveries/row-4")},
    ),
    "two entries exchanged": (
        SWAP,
        {
            ("entry-reordered", "log_recoveries/row-1"),
            ("entry-reordered", "log_recoveries/row-4"),
            ("entry-back-dated", "log_recoveries/row-1"),
            ("entry-back-dated", "log_recoveries/row-2"),
            ("entry-back-dated", "log_recoveries/row-3"),
        },
    ),
    "an entry deleted with its row": (
        ("DELETE FROM log_entries WHERE position = 3",
         "DELETE FROM log_recoveries WHERE id = 'row-3'"),
        {("entry-missing", "entry 3")},
    ),
    "an entry deleted, its row left": (
        ("DELETE FROM log_entries WHERE position = 3",),
        {("entry-missing", "entry 3"), ("row-added", "log_recoveries/row-3")},
    ),
    "an entry deleted and the rest moved up": (
        ("DELETE FROM log_entries WHERE position = 4",
         "DELETE FROM log_recoveries WHERE id = 'row-4'",
         "UPDATE log_entries SET position = 4 WHERE position = 5"),
        {
            ("entry-missing", "entry 4"),
            ("entry-reordered", "log_recoveries/row-5"),
            ("tail-dropped", "entries 5 to 5"),
        },
    ),
    "the tail dropped together with its head": (
        ("DELETE FROM log_entries WHERE position >= 4",
         "DELETE FROM log_leaves WHERE position >= 4",
         "DELETE FROM log_heads WHERE size > 4",
         "DELETE FROM log_recoveries WHERE id IN ('row-4', 'row-5')"),
        {("tail-dropped", "entries 4 to 5"), ("head-missing", "heads/latest.checkpoint"),
         ("head-missing", "heads/000000000006.checkpoint"), ("head-missing", "the given head")},
    ),
    "everything dropped": (
        ("DELETE FROM log_entries", "DELETE FROM log_leaves", "DELETE FROM log_heads",
         "DELETE FROM log_recoveries"),
        {("tail-dropped", "entries 0 to 5")},
    ),
    "a stored leaf changed": (
        (("UPDATE log_leaves SET leaf = (SELECT leaf FROM log_leaves WHERE position = 5) "
         "WHERE position = 2"),),
        {("leaves-changed", "log_leaves")},
    ),
    "a head of the database changed": (
        ("UPDATE log_heads SET note = replace(note, 'time 2026', 'time 2025') WHERE size = 4",),
        {("head-invalid", "log_heads/4")},
    ),
    "a head removed": (
        ("DELETE FROM log_heads WHERE size = 4",),
        {("head-missing", "heads/000000000004.checkpoint")},
    ),
    "octets in place of a table's name": (  # SQLite keeps anything in any column
        ("UPDATE log_entries SET table_name = x'6d616e676c6564' WHERE position = 2",),
        {("entry-changed", "b'mangled'/row-2")},
    ),
    "a name that is no name": (
        ("UPDATE log_entries SET row_id = '%zz/1/2' WHERE position = 0",),
        {("entry-changed", "log_recoveries/%zz/1/2")},
    ),
    "an entry copied to a place far beyond the tree": (
        (ALLOW_COPIES, COPY_ENTRY.format("1028")),
        {("entry-added", "log_recoveries/row-2")},
    ),
    "an entry copied to the next place of the tree": (
        (ALLOW_COPIES, COPY_ENTRY.format("6")),
        {("entry-added", "log_recoveries/row-2")},
    ),
    "an entry copied to a place before the first": (
        (ALLOW_COPIES, COPY_ENTRY.format("-1")),
        {("entry-added", "log_recoveries/row-2")},
    ),
    "an entry copied to a place that is no number": (
        (ALLOW_COPIES, COPY_ENTRY.format("'x'")),
        {("entry-added", "log_recoveries/row-2")},
    ),
    "an entry copied without a place": (
        (ALLOW_COPIES, COPY_ENTRY.format("NULL")),
        {("entry-added", "log_recoveries/row-2"), ("entry-forged", "log_recoveries/row-2")},
    ),
    "an entry put in without a place, for no row": (
        (COPY_ENTRY.format("NULL").replace("row_id, time, commitment, salt, mac, NULL",
         "'nowhere', time, commitment, salt, mac, NULL"),),
        {("row-deleted", "log_recoveries/nowhere"), ("entry-forged", "log_recoveries/nowhere")},
    ),
    "an entry put before the tail, the rest moved down": (
        (ALLOW_COPIES,
         "UPDATE log_entries SET position = position + 100 WHERE position >= 4",
         "UPDATE log_entries SET position = position - 99 WHERE position >= 100",
         COPY_ENTRY.format("4")),
        {("entry-added", "log_recoveries/row-2"), ("entry-reordered", "log_recoveries/row-4")},
    ),
    "an entry moved beyond the tree": (
        ("UPDATE log_entries SET position = 1028 WHERE position = 2",),
        {("entry-added", "log_recoveries/row-2"), ("entry-missing", "entry 2")},
    ),
    "an entry moved to a table that does not exist": (
        ("UPDATE log_entries SET table_name = 'nowhere' WHERE position = 0",),
        {("row-deleted", "nowhere/row-0"), ("row-added", "log_recoveries/row-0")},
    ),
}  # fmt: skip


def test_an_untouched_log_holds(database: Database, tmp_path: Path) -> None:
    head = a_log(database, tmp_path)
    report = audit(database, tmp_path, head)
    assert report.findings == ()
    assert report.holds
    assert (report.entries, report.pending, report.rows, report.erased) == (6, 0, 6, 0)


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_change_is_named(sqlite_database: Database, tmp_path: Path, name: str) -> None:
    _plant(sqlite_database, tmp_path, name)


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "name",
    [
        "a row changed",
        "a row mangled beyond reading",
        "a row added past the log",
        "an entry back-dated",
        "two entries exchanged",
        "the tail dropped together with its head",
        "a name that is no name",
    ],
)
def test_a_planted_change_is_named_on_postgresql(
    postgresql_database: Database, tmp_path: Path, name: str
) -> None:
    """What reads rows and orders entries is the engine's business; the rest is not."""
    _plant(postgresql_database, tmp_path, name)


def _plant(database: Database, folder: Path, name: str) -> None:
    head = a_log(database, folder)
    statements, expected = PLANTED[name]
    tamper(database, *statements)
    report = audit(database, folder, head)
    assert not report.holds
    assert expected <= named(report)


@pytest.mark.parametrize("name", [name for name in PLANTED if "head" not in name])
def test_a_kept_head_alone_is_enough_to_notice(
    sqlite_database: Database, tmp_path: Path, name: str
) -> None:
    """Without the folder of heads the place may be less exact, but nothing passes."""
    head = a_log(sqlite_database, tmp_path)
    tamper(sqlite_database, *PLANTED[name][0])
    assert not audit(sqlite_database, None, head).holds


def test_an_intruder_who_rewrites_all_of_the_database_is_found_by_the_kept_head(
    sqlite_database: Database, tmp_path: Path
) -> None:
    """Entry, leaf, compact range and heads rewritten consistently, but without the key."""
    head = a_log(sqlite_database, tmp_path)
    tamper(sqlite_database, FORGE_COMMITMENT, "DELETE FROM log_heads", "DELETE FROM log_leaves")
    report = audit(sqlite_database, None, head)
    assert ("history-rewritten", "entries 0 to 5") in named(report)


def test_a_range_is_narrowed_down_by_the_heads_around_it(
    sqlite_database: Database, tmp_path: Path
) -> None:
    head = a_log(sqlite_database, tmp_path)
    tamper(sqlite_database, FORGE_COMMITMENT, "DELETE FROM log_leaves")
    assert ("history-rewritten", "entries 2 to 3") in named(audit(sqlite_database, None, head))


def test_leaves_changed_outside_the_database_are_not_believed(
    sqlite_database: Database, tmp_path: Path
) -> None:
    head = a_log(sqlite_database, tmp_path)
    leaves = tmp_path / "heads" / "leaves"
    leaves.write_bytes(leaves.read_bytes()[32:] + bytes(32))
    assert named(audit(sqlite_database, tmp_path, head)) == {("leaves-changed", "heads/leaves")}


def test_a_head_of_another_log_is_named(sqlite_database: Database, tmp_path: Path) -> None:
    head = a_log(sqlite_database, tmp_path)
    forged = head.replace("\n6\n", "\n5\n")
    report = audit(sqlite_database, tmp_path, forged)
    assert named(report) == {("head-invalid", "the given head")}


@pytest.mark.parametrize("text", ["", "not a head", "{}", "\x00" * 100])
def test_a_given_text_that_is_no_head_is_refused(
    sqlite_database: Database, tmp_path: Path, text: str
) -> None:
    a_log(sqlite_database, tmp_path)
    with pytest.raises(HeadInvalid):
        audit(sqlite_database, tmp_path, text)


def test_entries_without_a_place_are_counted_and_their_rows_compared(
    database: Database, tmp_path: Path
) -> None:
    head = a_log(database, tmp_path)
    record_rows(database, "fresh")
    assert audit(database, tmp_path, head).pending == 1
    tamper(database, "UPDATE log_recoveries SET reason = 'x' WHERE id = 'fresh'")
    assert named(audit(database, tmp_path, head)) == {("row-changed", "log_recoveries/fresh")}


def test_the_database_refuses_a_second_entry_of_a_row(database: Database, tmp_path: Path) -> None:
    a_log(database, tmp_path)
    with pytest.raises(ConstraintBroken):
        tamper(database, COPY_ENTRY.format("NULL"))


WAITING = "WHERE row_id = 'waiting'"
OF_ANOTHER = "(SELECT commitment, salt FROM log_entries WHERE position = 2)"
CODE_OF_ANOTHER = "(SELECT mac FROM log_entries WHERE position = 2)"
AN_HOUR_BACK = "UPDATE log_entries SET time = '2026-11-22T12:30:00.000000Z' WHERE position IS NULL"

# What is done to an entry that waits for its place, and what must be named.
PLANTED_WAITING: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "moved in time": ((AN_HOUR_BACK,), {"entry-forged"}),
    "called another event": (
        (f"UPDATE log_entries SET kind = 'subject-erased' {WAITING}",),
        {"entry-forged"},
    ),
    "tied to a person": (
        (
            f"UPDATE log_entries SET subject_key_id = 'x', sealed_salt = salt, salt = NULL {WAITING}",
        ),
        {"entry-forged", "erasure-unrecorded"},
    ),
    "given the content of another": (
        (f"UPDATE log_entries SET (commitment, salt) = {OF_ANOTHER} {WAITING}",),
        {"entry-forged", "row-changed"},
    ),
    "with the code of another": (
        (f"UPDATE log_entries SET mac = {CODE_OF_ANOTHER} {WAITING}",),
        {"entry-forged"},
    ),
    "deleted, its row left": ((f"DELETE FROM log_entries {WAITING}",), {"row-added"}),
    "left, its row deleted": (
        ("DELETE FROM log_recoveries WHERE id = 'waiting'",),
        {"row-deleted"},
    ),
}


@pytest.mark.parametrize("sequenced_after", [False, True])
@pytest.mark.parametrize("name", PLANTED_WAITING)
def test_an_entry_that_waits_for_its_place_is_vouched_for_too(
    sqlite_database: Database, tmp_path: Path, name: str, *, sequenced_after: bool
) -> None:
    """No head covers it yet; once the sequencer gave it a place, one does, whatever it says."""
    head = a_log(sqlite_database, tmp_path)
    record_rows(sqlite_database, "waiting")
    assert audit(sqlite_database, tmp_path, head).holds
    statements, expected = PLANTED_WAITING[name]
    tamper(sqlite_database, *statements)
    if sequenced_after:
        later(sqlite_database)
        a_sequencer(sqlite_database, tmp_path).sequence_once()
    found = named(audit(sqlite_database, tmp_path, head))
    assert {(code, "log_recoveries/waiting") for code in expected} <= found


@pytest.mark.parametrize("sequenced_after", [False, True])
def test_a_row_put_in_with_an_entry_that_commits_to_it_is_named(
    database: Database, tmp_path: Path, *, sequenced_after: bool
) -> None:
    """The intruder knows the program: salt, commitment and place are as it would have made them."""
    head = a_log(database, tmp_path)
    row = {
        "id": "intruder", "accepted_at": later(database), "reason": "put in", "continued_from": 0,
        "abandoned_size": 0,
    }  # fmt: skip
    salt = bytes(range(SALT_BYTES))
    entry = {
        "id": "intruder", "kind": "log-recovered", "table_name": "log_recoveries",
        "row_id": "intruder", "time": row["accepted_at"], "salt": salt, "mac": bytes(32),
        "commitment": commit_to(facts_of(log_recoveries, row), salt),
    }  # fmt: skip
    with database.transaction() as work:
        work.connection.execute(insert(log_recoveries), row)
        work.connection.execute(insert(log_entries), entry)
    if sequenced_after:
        a_sequencer(database, tmp_path).sequence_once()
    found = named(audit(database, tmp_path, head))
    assert found == {("entry-forged", "log_recoveries/intruder")}


def test_a_head_of_another_log_by_the_same_key_is_named(
    sqlite_database: Database, tmp_path: Path
) -> None:
    head = a_log(sqlite_database, tmp_path)
    other = replace(read_checkpoint(head), origin="elsewhere.example.org/log")
    swapped = sign_checkpoint(other, LOG_SIGNER)
    assert named(audit(sqlite_database, tmp_path, swapped)) == {("head-invalid", "the given head")}


def test_two_heads_of_the_database_that_were_exchanged_are_named(
    sqlite_database: Database, tmp_path: Path
) -> None:
    head = a_log(sqlite_database, tmp_path)
    tamper(
        sqlite_database,
        "UPDATE log_heads SET size = 100 WHERE size = 4",
        "UPDATE log_heads SET size = 4 WHERE size = 6",
        "UPDATE log_heads SET size = 6 WHERE size = 100",
    )
    found = named(audit(sqlite_database, tmp_path, head))
    assert {("state-changed", "log_heads/4"), ("state-changed", "log_heads/6")} <= found


def test_entries_are_looked_at_where_their_key_is_gone(
    sqlite_database: Database, tmp_path: Path
) -> None:
    """Without the key no code can be checked; rows, tree and heads are compared all the same."""
    head = a_log(sqlite_database, tmp_path)
    tamper(sqlite_database, "DELETE FROM organisation_keys", *PLANTED["a row changed"][0])
    found = named(audit(sqlite_database, tmp_path, head))
    assert found == {("row-changed", "log_recoveries/row-3"), KEY_GONE}


def _about_a_person(database: Database) -> str:
    key = database.subject_keys.create()
    row = {
        "id": "person", "accepted_at": NOON, "reason": "r", "continued_from": 0,
        "abandoned_size": 0,
    }  # fmt: skip
    with database.transaction() as work:
        work.connection.execute(insert(log_recoveries), row)
        work.log.record(Kind.LOG_RECOVERED, log_recoveries, row, subject_key=key)
    return key.id


def test_a_row_about_a_person_is_compared_with_the_help_of_their_key(
    database: Database, tmp_path: Path
) -> None:
    _about_a_person(database)
    a_sequencer(database, tmp_path).sequence_once()
    assert audit(database, tmp_path).holds
    tamper(database, "UPDATE log_recoveries SET reason = 'x' WHERE id = 'person'")
    assert named(audit(database, tmp_path)) == {("row-changed", "log_recoveries/person")}


def _erased_person(database: Database, folder: Path) -> None:
    key_id = _about_a_person(database)
    erase_subject(database, key_id, reason="retention ended")
    erase_subject(database, key_id, reason="asked twice")
    a_sequencer(database, folder).sequence_once()


def test_an_erased_person_is_counted_not_named(database: Database, tmp_path: Path) -> None:
    _erased_person(database, tmp_path)
    report = audit(database, tmp_path)
    assert report.holds
    assert report.erased == 1


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        ("UPDATE log_recoveries SET reason = 'x' WHERE id = 'person'", "row-changed"),
        ("DELETE FROM log_recoveries WHERE id = 'person'", "row-deleted"),
        ("UPDATE log_entries SET facts_mac = mac WHERE row_id = 'person'", "entry-forged"),
    ],
)
def test_the_row_of_an_erased_person_is_vouched_for_without_the_key(
    database: Database, tmp_path: Path, edit: str, code: str
) -> None:
    """Its salt is gone, but what it says in clear still decides verdicts."""
    _erased_person(database, tmp_path)
    tamper(database, edit)
    assert (code, "log_recoveries/person") in named(audit(database, tmp_path))


def test_a_key_that_vanished_without_a_recorded_erasure_is_named(
    database: Database, tmp_path: Path
) -> None:
    key_id = _about_a_person(database)
    database.subject_keys.erase(key_id, datetime(2026, 3, 1, tzinfo=UTC))
    a_sequencer(database, tmp_path).sequence_once()
    assert named(audit(database, tmp_path)) == {
        ("erasure-unrecorded", "log_recoveries/person"),
        ("state-changed", f"subject_keys/{key_id}"),
    }


def test_a_sealed_salt_that_was_altered_is_named(database: Database, tmp_path: Path) -> None:
    _about_a_person(database)
    a_sequencer(database, tmp_path).sequence_once()
    with database.transaction() as work:
        change = text("UPDATE log_entries SET sealed_salt = :new WHERE sealed_salt IS NOT NULL")
        work.connection.execute(change, {"new": bytes(45)})
    assert named(audit(database, tmp_path)) == {
        ("row-changed", "log_recoveries/person"),
        ("entry-forged", "log_recoveries/person"),
    }


def test_a_recorded_erasure_is_finished_at_the_start(
    sqlite_database: Database, tmp_path: Path
) -> None:
    """As after a restore of the subject-key store from its backup."""
    key_id = _about_a_person(sqlite_database)
    with sqlite_database.subject_keys._transactions.read() as connection:
        backup = connection.execute(text("SELECT wrapped FROM subject_keys")).scalar_one()
    erase_subject(sqlite_database, key_id, reason="retention ended")
    with sqlite_database.subject_keys._transactions.write() as connection:
        restore = text("UPDATE subject_keys SET wrapped = :wrapped")
        connection.execute(restore, {"wrapped": backup})
    assert finish_erasures(sqlite_database) == 1
    assert sqlite_database.subject_keys.get_many([key_id]) == {}


def test_many_findings_of_a_kind_are_counted_not_listed(
    sqlite_database: Database, tmp_path: Path
) -> None:
    record_rows(sqlite_database, *(f"row-{number}" for number in range(80)))
    a_sequencer(sqlite_database, tmp_path).sequence_once()
    tamper(sqlite_database, "UPDATE log_recoveries SET reason = 'x'")
    report = audit(sqlite_database, tmp_path)
    assert len(report.findings) == 51
    assert report.findings[-1].message.startswith("30 further")


def test_a_copy_of_the_folder_elsewhere_vouches_as_well(
    sqlite_database: Database, tmp_path: Path
) -> None:
    a_log(sqlite_database, tmp_path)
    shutil.copytree(tmp_path / "heads", tmp_path / "elsewhere" / "heads")
    shutil.rmtree(tmp_path / "heads")
    tamper(sqlite_database, *PLANTED["the tail dropped together with its head"][0])
    later(sqlite_database)
    a_sequencer(sqlite_database, tmp_path).sequence_once()
    report = audit(sqlite_database, tmp_path / "elsewhere")
    assert ("tail-dropped", "entries 4 to 5") in named(report)
