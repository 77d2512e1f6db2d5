"""What a database says when it cannot serve, in our words."""

import resource
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import OperationalError

from skillpassport.db.failures import (
    DatabaseBusy,
    DatabaseFailure,
    DatabaseFull,
    DatabaseUnavailable,
    failures_translated,
)
from skillpassport.db.tables.log import subject_erasures
from skillpassport.db.unit_of_work import Database
from tests.support.database import NOON


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_FULL, DatabaseFull),
        (sqlite3.SQLITE_IOERR_WRITE, DatabaseFull),  # a quota, or a limit on the size of files
        (sqlite3.SQLITE_IOERR_SHMSIZE, DatabaseFull),
        (sqlite3.SQLITE_IOERR_READ, DatabaseUnavailable),
        (sqlite3.SQLITE_CORRUPT, DatabaseUnavailable),
        (sqlite3.SQLITE_BUSY, DatabaseBusy),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, DatabaseBusy),
    ],
)
def test_what_sqlite_says(code: int, kind: type[DatabaseFailure]) -> None:
    said = sqlite3.OperationalError("as SQLite says it")
    said.sqlite_errorcode = code
    with pytest.raises(kind), failures_translated():
        raise OperationalError("INSERT", {}, said)


@pytest.fixture
def files_end_at(sqlite_database: Database, tmp_path: Path) -> Iterator[int]:
    """Let no file of this process grow beyond what the database's files have."""
    sizes = [path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()]
    limit = max(sizes) + 50_000
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    yield limit
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, handler)


def test_a_limit_on_the_size_of_files_is_full_storage_and_heals(
    sqlite_database: Database, files_end_at: int
) -> None:
    def write(name: str, octets: int) -> None:
        row = {"subject_key_id": name, "erased_at": NOON, "reason": "x" * octets, "covers": []}
        with sqlite_database.transaction() as work:
            work.connection.execute(insert(subject_erasures), row)

    with pytest.raises(DatabaseFull) as caught:
        write("too-much", 2 * files_end_at)
    assert (caught.value.code, caught.value.retry_after_seconds) == ("storage-full", 60)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    write("later", 10)
