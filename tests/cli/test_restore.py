"""Yesterday's backup put back: nothing is issued twice, and verifying goes on."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import Commands, Server
from tests.support.lived_in import ADMIN_KEY

pytestmark = pytest.mark.slow

AWARD = {
    "achievement": "electrical-installation",
    "subject": {"name": "Somebody"},
    "awarded_on": "2025-07-11",
}


@pytest.fixture
def demo(fresh: Commands) -> Commands:
    return Commands(
        fresh.folder,
        fresh.home,
        {**fresh.settings, "seed": "demo", "bootstrap_admin_key": ADMIN_KEY, "rate_limits": "off"},
    )


def greeting(server: Server) -> dict[str, str]:
    """Return the API keys that the first greeting shows, by organisation."""
    words = [line.split() for line in server.stop().splitlines() if "with the key of" in line]
    return {line[-2].removesuffix(":"): line[-1] for line in words}


def indexes(database: Path) -> set[tuple[str, int]]:
    with closing(sqlite3.connect(database)) as connection:
        return set(connection.execute('SELECT list, "index" FROM status_entries'))


def back_up(database: Path, to: Path) -> None:
    """Copy a database as `sqlite3 .backup` does."""
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)


def restore(database: Path, backup: Path) -> None:
    for file in database.parent.glob(f"{database.name}-*"):
        file.unlink()
    shutil.copy(backup, database)


def issue(server: Server, key: str) -> tuple[int, Any]:
    return server.ask("/api/v1/credentials", AWARD, key=key)


def test_a_restored_backup_issues_nothing_until_it_is_accepted(
    demo: Commands, tmp_path: Path
) -> None:
    database, backup = demo.folder / "skillpassport.db", tmp_path / "backup.db"
    with demo.serving() as server:
        key = greeting(server)["demo-tvet-accra"]
    with demo.serving() as server:
        early = issue(server, key)[1]
    back_up(database, backup)
    with demo.serving() as server:
        lost = [issue(server, key) for _ in range(3)]
    assert {status for status, _ in lost} == {201}
    before = indexes(database)
    restore(database, backup)

    with demo.serving() as server:
        status, problem = issue(server, key)
        assert (status, problem["code"]) == (503, "log-ahead-of-database")
        status, problem = server.ask(
            f"/api/v1/credentials/{early['id']}/suspend", {"reason": "x"}, key=key
        )
        assert (status, problem["code"]) == (503, "log-ahead-of-database")
        assert server.ask(f"/v/{early['code']}")[1]["verdict"] == "valid"
        status, ready = server.ask("/readyz")
        assert (status, ready["ready"]) == (503, False)
        # Accepted beside the running server, which goes on at once.
        accepted = demo.run("log", "accept-restore", "--reason", "disk failed", "--json")
        assert accepted.code == 0
        status, late = issue(server, key)
        assert status == 201
        assert server.ask("/readyz")[1]["ready"] is True
        assert server.ask(f"/v/{late['code']}")[1]["verdict"] == "valid"
    lists = {entry["list"] for entry in early["status"]["entries"]}
    assert lists.isdisjoint(entry["list"] for entry in late["status"]["entries"])
    assert indexes(database) - indexes(backup)
    assert (indexes(database) - indexes(backup)).isdisjoint(before)
    assert demo.run("log", "verify").code == 0


def test_a_server_notices_a_restore_beneath_it(demo: Commands, tmp_path: Path) -> None:
    with demo.serving() as server:
        key = greeting(server)["demo-tvet-accra"]
    database, backup = demo.folder / "skillpassport.db", tmp_path / "backup.db"
    back_up(database, backup)
    with demo.serving("--workers", "2") as server:
        assert issue(server, key)[0] == 201
        assert demo.run("log", "verify").code == 0
        with closing(sqlite3.connect(backup)) as old, closing(sqlite3.connect(database)) as new:
            old.backup(new)
        for _ in range(6):  # whichever worker answers
            assert issue(server, key)[0] == 503


def test_a_restore_needs_a_reason_and_says_what_it_did(commands: Commands) -> None:
    assert commands.run("log", "accept-restore").code == 2
    done = commands.run("log", "accept-restore", "--reason", "a rehearsal")
    assert done.code == 0
    assert "new status lists are opened" in done.out
    assert json.loads(commands.run("log", "verify", "--json").out)["ok"] is True
