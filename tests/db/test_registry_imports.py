"""Imports into the stored registry: all of a file or nothing, and a second time nothing new."""

import time
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from skillpassport.db.registry_imports import RegistryImports
from skillpassport.db.tables.frameworks import registry_changes
from skillpassport.db.unit_of_work import Database
from skillpassport.equivalence.importing.files import FILES
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.frameworks.importing.citing import read_sources
from skillpassport.frameworks.importing.report import ImportReport
from tests.support.importing import (
    SHARED_FILES,
    a_framework_record,
    a_statement,
    a_table,
    shared_file,
    shared_sources,
    some_records,
)
from tests.support.registry import ask, levels_of

LONGEST = 20.0
"""Seconds of the processor, which a busy machine does not lengthen; about three are needed."""


class Desk(RegistryImports):
    """The imports of an instance, without the instance."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.clock = database.clock
        self.data_dir = folder

    def bring_in(
        self, kind: str, data: bytes, sources: bytes = b"{}", *, skips: bool = False
    ) -> ImportReport:
        read = partial(FILES[kind], data, read_sources(sources))
        return self.import_into_registry(read, origin=f"import {kind}", skips_bad_rows=skips)

    def snapshot(self) -> RegistrySnapshot:
        with self.database.snapshot() as work:
            return work.registry()

    def changes(self) -> int:
        with self.database.snapshot() as work:
            counted = select(func.count()).select_from(registry_changes)
            return work.connection.execute(counted).scalar_one()


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    return Desk(database, tmp_path)


def with_two_countries(desk: Desk) -> Desk:
    records = [a_framework_record("ZZ:NQF"), a_framework_record("ZY:QF")]
    editions = [{"framework": one["id"], "edition": "current"} for one in records]
    assert desk.bring_in("frameworks", some_records(records)).added == 2
    assert desk.bring_in("editions", a_table(editions)).added == 2  # type: ignore[arg-type]
    return desk


@pytest.mark.data
def test_the_shared_files_come_in_once(desk: Desk) -> None:
    expected = {"frameworks": 142, "editions": 148, "levels": 810, "level-mappings": 511}
    for again in (False, True):
        for kind in SHARED_FILES:
            sources = shared_sources() if kind == "level-mappings" else b"{}"
            report = desk.bring_in(kind, shared_file(kind), sources)
            counts = (report.added, report.changed, report.unchanged, report.refused)
            rows = expected[kind]
            assert counts == ((0, 0, rows, ()) if again else (rows, 0, 0, ()))
            assert not (again and report.beside)
    assert desk.changes() == len(SHARED_FILES)
    assert levels_of(ask(desk.snapshot(), "PL:PRK VI", "NO")) == ["6"]


def test_one_bad_row_keeps_the_whole_file_out(desk: Desk) -> None:
    with_two_countries(desk)
    before = desk.changes()
    rows = [a_statement("ZZ:NQF 1", "ZY:QF 1"), a_statement("ZX:NQF 2", "ZY:QF 2")]
    report = desk.bring_in("level-mappings", a_table(rows))
    assert [(one.line, one.code) for one in report.refused] == [(3, "framework-unknown")]
    assert (report.added, report.is_written, desk.changes()) == (0, False, before)
    assert levels_of(ask(desk.snapshot(), "ZZ:NQF 1", "ZY:QF")) == []


def test_the_good_rows_come_in_beside_bad_ones_where_that_was_asked_for(desk: Desk) -> None:
    with_two_countries(desk)
    rows = [a_statement("ZX:NQF 2", "ZY:QF 2"), a_statement("ZZ:NQF 1", "ZY:QF 1")]
    report = desk.bring_in("level-mappings", a_table(rows), skips=True)
    assert (report.added, [one.line for one in report.refused]) == (1, [2])
    assert levels_of(ask(desk.snapshot(), "ZZ:NQF 1", "ZY:QF")) == ["1"]


def test_a_row_that_differs_is_a_further_revision(desk: Desk) -> None:
    with_two_countries(desk)
    for status, expected in (("unverified", (1, 0)), ("published", (0, 1))):
        row = a_statement("ZZ:NQF 1", "ZY:QF 1", status=status)
        report = desk.bring_in("level-mappings", a_table([row]))
        assert (report.added, report.changed) == expected
    assert levels_of(ask(desk.snapshot(), "ZZ:NQF 1", "ZY:QF")) == ["1"]


def test_what_is_no_table_is_refused_as_a_whole(desk: Desk) -> None:
    report = desk.bring_in("levels", b"framework,edition\nZZ:NQF,1\n", skips=True)
    assert [(one.line, one.column) for one in report.refused] == [(1, "notation")]
    assert desk.changes() == 0


@pytest.mark.slow
def test_one_bad_row_in_a_hundred_thousand_is_refused_in_time(
    sqlite_database: Database, tmp_path: Path
) -> None:
    desk = with_two_countries(Desk(sqlite_database, tmp_path))
    before = desk.changes()
    rows = [a_statement(f"ZZ:NQF {n}", f"ZY:QF {n}") for n in range(100_000)]
    rows[77_776]["status"] = "pubished"
    data = a_table(rows)
    began = time.process_time()
    report = desk.bring_in("level-mappings", data)
    assert time.process_time() - began < LONGEST
    assert [(one.line, one.column, one.code) for one in report.refused] == [
        (77_778, "status", "word-unknown")
    ]
    assert desk.changes() == before
