"""Every value of every row is vouched for: whatever is edited by hand is found, and named.

Tables and columns are read from the metadata, so that what is added later is tried too.
"""

import datetime as dt
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from skillpassport.bootstrap import Instance
from skillpassport.db.log_facts import is_logged
from skillpassport.db.tables import metadata
from skillpassport.db.tables.metadata import Instant
from skillpassport.transparency.audit import AuditReport
from tests.support.lived_in import LivedIn, live_in_stages, reopen
from tests.support.planting import HARMLESS, audit
from tests.support.planting import plant as plant_by_chance

pytestmark = pytest.mark.slow

TABLES = [name for name in metadata.tables if name not in HARMLESS]
SHAPE = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True, slots=True)
class Tampered:
    """A copy of the instance with a past, its database open to somebody's hands."""

    instance: Instance
    hands: sqlite3.Connection
    head: str

    def audit(self) -> AuditReport:
        return self.instance.verify_log(self.head)

    @contextmanager
    def undone(self, *tables: str) -> Iterator[None]:
        """Put tables back afterwards."""
        for name in tables:
            self.hands.execute(f"CREATE TABLE kept_{name} AS SELECT rowid AS kept, * FROM {name}")
        try:
            yield
        finally:
            for name in tables:
                names = [
                    "rowid",
                    *(f'"{column.name}"' for column in metadata.tables[name].columns),
                ]
                kept = ["kept", *names[1:]]
                self.hands.execute(f"DELETE FROM {name}")
                self.hands.execute(
                    f"INSERT INTO {name} ({', '.join(names)}) "
                    f"SELECT {', '.join(kept)} FROM kept_{name}"
                )
                self.hands.execute(f"DROP TABLE kept_{name}")


@pytest.fixture
def tampered(lived_in: LivedIn) -> Iterator[Tampered]:
    instance = reopen(lived_in)
    with closing(sqlite3.connect(lived_in.database, isolation_level=None)) as hands:
        yield Tampered(instance, hands, lived_in.head.read_text())
    instance.close()


def altered(column: Column[Any], value: Any) -> Any:  # noqa: ANN401 (as the driver gives it)
    """Return another value that the column could hold."""
    if isinstance(column.type, LargeBinary):
        return bytes([value[0] ^ 1]) + value[1:] if value else b"put in by hand"
    if isinstance(column.type, Boolean):
        return 1 - (value or 0)
    if isinstance(column.type, Integer):
        return (value or 0) + 100_000
    if isinstance(column.type, Instant):
        old = dt.datetime.strptime(value or "2026-03-01T00:00:00.000000Z", SHAPE)  # noqa: DTZ007
        return (old - dt.timedelta(days=1)).strftime(SHAPE)
    if isinstance(column.type, Date):
        day = dt.date.fromisoformat(value or "2026-03-01")
        return (day - dt.timedelta(days=1)).isoformat()
    return f"{value or ''}x"


def edits(tampered: Tampered, table: Table) -> Iterator[tuple[str, int, Column[Any], Any]]:
    """Name one filled and one empty value of each column, where there are such rows."""
    for column in table.columns:
        if f"{table.name}.{column.name}" in HARMLESS:
            continue
        for null in ("NOT NULL", "NULL"):
            found = tampered.hands.execute(
                f'SELECT rowid, "{column.name}" FROM {table.name} '
                f'WHERE "{column.name}" IS {null} ORDER BY rowid DESC'
            ).fetchone()
            if found is not None:
                yield f"{column.name} was {null}", found[0], column, found[1]


def is_row_number(table: Table, column: Column[Any]) -> bool:
    """Return whether SQLite lets this column hold numbers alone."""
    return list(table.primary_key) == [column] and isinstance(column.type, Integer)


def names(report: AuditReport, table: Table) -> bool:
    """Return whether a finding names a row of this table; the log's own tables by any finding."""
    if table.name.startswith("log_") and not is_logged(table):
        return not report.holds
    # An entry of a list is named by what it belongs to as well.
    owners = {"status_entries": ("credentials/", "accreditations/")}
    wanted = (f"{table.name}/", *owners.get(table.name, ()))
    return any(finding.subject.startswith(wanted) for finding in report.findings)


@pytest.mark.parametrize("name", TABLES)
def test_an_edit_of_any_column_is_found_and_named(tampered: Tampered, name: str) -> None:
    table = metadata.tables[name]
    unnoticed, tried = [], 0
    for edit, row, column, value in edits(tampered, table):
        change = f'UPDATE {name} SET "{column.name}" = ? WHERE rowid = ?'
        others = [altered(column, value)]
        if value is not None and not is_row_number(table, column):
            others.append("mangled")  # SQLite keeps anything in any column
        for other in others:
            with tampered.undone(name):
                tampered.hands.execute(change, (other, row))
                if not names(tampered.audit(), table):
                    unnoticed.append(f"{edit}: {other!r}")
        tried += 1
    assert unnoticed == []
    assert tried >= len(table.columns) - 3
    assert tampered.audit().findings == ()


@pytest.mark.parametrize("name", TABLES)
def test_a_deleted_row_is_found(tampered: Tampered, name: str) -> None:
    # Of the heads every later one vouches for what an earlier one did.
    for order in ("DESC",) if name == "log_heads" else ("ASC", "DESC"):
        with tampered.undone(name):
            chosen = f"SELECT rowid FROM {name} ORDER BY rowid {order} LIMIT 1"
            tampered.hands.execute(f"DELETE FROM {name} WHERE rowid = ({chosen})")
            assert not tampered.audit().holds


@pytest.mark.parametrize("name", TABLES)
def test_a_row_put_in_past_the_log_is_found(tampered: Tampered, name: str) -> None:
    """The intruder copies a row under another key, so that every value looks right."""
    table = metadata.tables[name]
    unique = {
        column.name
        for constraint in table.constraints
        if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint)
        for column in constraint.columns
    } | {column.name for index in table.indexes if index.unique for column in index.columns}
    row = tampered.hands.execute(f"SELECT * FROM {name} ORDER BY rowid DESC").fetchone()
    values = [
        altered(column, value) if column.name in unique and value is not None else value
        for column, value in zip(table.columns, row, strict=True)
    ]
    marks = ", ".join("?" for _ in values)
    tampered.hands.execute(f"INSERT INTO {name} VALUES ({marks})", values)
    assert not tampered.audit().holds


def plant(tampered: Tampered, *statements: str) -> set[str]:
    """Return code and subject of what is found afterwards."""
    for statement in statements:
        tampered.hands.execute(statement)
    return {f"{each.code.value} {each.subject}" for each in tampered.audit().findings}


def one(tampered: Tampered, query: str) -> str:
    return str(tampered.hands.execute(query).fetchone()[0])


def test_another_row_does_not_pass_for_erased(tampered: Tampered) -> None:
    """An intruder ties a credential's entry to a person who was erased, then deletes the row."""
    erased = one(tampered, "SELECT subject_key_id FROM subject_erasures")
    victim = one(tampered, f"SELECT id FROM credentials WHERE subject != '{erased}'")
    found = plant(
        tampered,
        f"UPDATE log_entries SET subject_key_id = '{erased}' WHERE row_id = '{victim}'",
        f"DELETE FROM status_entries WHERE subject = '{victim}'",
        f"DELETE FROM credentials WHERE id = '{victim}'",
    )
    assert f"erasure-unrecorded credentials/{victim}" in found


def test_an_entry_without_a_person_does_not_pass_for_erased(tampered: Tampered) -> None:
    erased = one(tampered, "SELECT subject_key_id FROM subject_erasures")
    victim = one(tampered, "SELECT id FROM achievements")
    found = plant(
        tampered,
        f"UPDATE log_entries SET subject_key_id = '{erased}', sealed_salt = salt, salt = NULL "
        f"WHERE row_id = '{victim}'",
        f"DELETE FROM achievements WHERE id = '{victim}'",
    )
    assert f"erasure-unrecorded achievements/{victim}" in found


def test_a_leave_given_to_another_award_is_named(tampered: Tampered) -> None:
    """Used again by setting it back: an institution closed for fraud would like that."""
    leave = one(tampered, "SELECT id FROM late_awards WHERE used_by IS NOT NULL")
    found = plant(tampered, f"UPDATE late_awards SET used_by = NULL WHERE id = '{leave}'")
    assert found == {f"state-changed late_awards/{leave}"}


def test_two_awards_that_exchange_their_positions_are_named(tampered: Tampered) -> None:
    """A revoked credential takes the bit of a good one."""
    query = (
        "SELECT subject FROM status_entries WHERE purpose = 'revocation' AND set_since IS {} "
        "AND subject IN (SELECT id FROM credentials)"
    )
    good, revoked = (one(tampered, query.format(null)) for null in ("NULL", "NOT NULL"))
    found = plant(
        tampered,
        *(
            f"UPDATE status_entries SET subject = '{new}' WHERE subject = '{old}' "
            "AND purpose = 'revocation'"
            for old, new in ((good, "someone"), (revoked, good), ("someone", revoked))
        ),
    )
    assert {f"state-changed credentials/{each}" for each in (good, revoked)} <= found


@pytest.mark.parametrize(
    ("table", "column"),
    [("subject_keys", "wrapped"), ("subject_keys", "id"), ("store_keys", "wrapped")],
)
def test_subject_keys_that_were_altered_are_no_crash(
    lived_in: LivedIn, table: str, column: str
) -> None:
    """Their store is not vouched for by the log; what they seal is."""
    with closing(sqlite3.connect(lived_in.database)) as main:
        about = {each for (each,) in main.execute("SELECT subject FROM credentials")}
    with closing(sqlite3.connect(lived_in.folder / "subject-keys.db")) as keys, keys:
        rows = keys.execute(f"SELECT rowid, {column}, * FROM {table} WHERE {column} IS NOT NULL")
        # Keys that were made ahead seal nothing yet.
        row, value = next(
            (each[0], each[1])
            for each in rows
            if table == "store_keys" or not about.isdisjoint(map(str, each[2:]))
        )
        other = value[:-1] + (b"\x00" if isinstance(value, bytes) else "x")
        keys.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (other, row))
    instance = reopen(lived_in)
    try:
        found: Sequence[str] = [each.subject for each in instance.verify_log().findings]
    finally:
        instance.close()
    assert any(subject.startswith("credentials/") for subject in found)


@pytest.fixture(scope="module")
def ages(tmp_path_factory: pytest.TempPathFactory) -> Sequence[LivedIn]:
    """Make the instance at several ages."""
    return live_in_stages(tmp_path_factory.mktemp("ages"))


@pytest.mark.parametrize("group", range(6))
def test_edits_drawn_by_chance_are_found(
    ages: Sequence[LivedIn], group: int, tmp_path: Path
) -> None:
    """A part of what `python -m tests.faults.planted_edits 1000` plants."""
    age = ages[group]
    assert audit(age.folder, age.head.read_text()) == ()
    planted = [plant_by_chance(age, tmp_path / "copy", 10_000 + group * 10 + n) for n in range(10)]
    assert [each for each in planted if not each.found] == []
