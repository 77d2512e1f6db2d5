"""Put yesterday's backup back, and count status indexes over all that was ever handed out.

    python -m tests.faults.backup_restore 3

In each round some awards are issued, a backup is made as the documentation says, more are issued,
and the backup is put back under a new start. The database then knows nothing of the later awards,
but people hold them: no award that is issued from now on may share an index with one of theirs.
Nothing is issued until an operator has accepted the restore.
"""

import shutil
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.faults.proving_ground import Account, Client, Ground, Promise, ground, judged, run
from tests.support.commands import Server

AWARDS = 20


class Handed:
    """Every position of a status list that stands in a document somebody holds."""

    def __init__(self, key: str) -> None:
        self._account = Account(key)
        self.places: Counter[tuple[str, int]] = Counter()
        self.refused = 0

    def issue(self, server: Server, number: int = AWARDS) -> list[str]:
        """Issue so many awards and return the ids of those that were."""
        client, issued = Client(server.port), []
        for _ in range(number):
            answer = self._account.issue(client)
            if answer.status == 201:
                entries = answer.body["status"]["entries"]
                self.places.update((entry["list"], entry["index"]) for entry in entries)
                issued.append(answer.body["id"])
            else:
                self.refused += answer.code == "log-ahead-of-database"
        client.close()
        return issued


def play(engine: str, rounds: int) -> bool:
    """Restore so many times, and judge."""
    too_early, forgotten, not_ready = 0, 0, 0
    with ground(engine) as prepared:
        handed = Handed(prepared.key)
        for number in range(rounds):
            with prepared.served() as server:
                kept = handed.issue(server)
            put_back = _backup(prepared, prepared.commands.home / f"backup-{number}")
            with prepared.served() as server:
                handed.issue(server)
            put_back()
            with prepared.served() as server:
                too_early += len(handed.issue(server, 3))
                done = prepared.commands.run("log", "accept-restore", "--reason", "a rehearsal")
                not_ready += done.code != 0
                not_ready += Client(server.port).ask("/readyz").status != 200
                handed.issue(server)
                forgotten += sum(not _is_known(server, prepared.key, each) for each in kept)
        fits = prepared.log_fits()
    twice = sum(times > 1 for times in handed.places.values())
    documents = {"documents": len(handed.places) // 2, "rounds": rounds}
    return judged(
        f"backup-restore/{engine}",
        [
            Promise("no-status-index-twice", twice, 0, facts=documents),
            Promise("issued-before-the-restore-was-accepted", too_early, 0),
            Promise("awards-of-the-backup-unknown", forgotten, 0),
            Promise("not-ready-after-accepting", not_ready, 0),
            Promise("log-fits-all-rows", int(fits), 1, at_least=True),
        ],
    )


def _is_known(server: Server, key: str, award: str) -> bool:
    client = Client(server.port)
    status = client.ask(f"/api/v1/credentials/{award}", key=key).status
    client.close()
    return status == 200


def _backup(prepared: Ground, to: Path) -> Callable[[], None]:
    """Make a backup of the main database, without the subject keys; return what puts it back."""
    if prepared.cluster is not None:
        return _backup_of_postgresql(prepared, to)
    database = prepared.commands.folder / "skillpassport.db"
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)

    def put_back() -> None:
        for file in database.parent.glob(f"{database.name}-*"):
            file.unlink()
        shutil.copy(to, database)

    return put_back


def _backup_of_postgresql(prepared: Ground, to: Path) -> Callable[[], None]:
    cluster, url = prepared.cluster, prepared.commands.settings["database_url"]
    assert cluster is not None
    leave_out = ("--exclude-schema=subject_keys", "--format=custom", f"--file={to}")
    subprocess.run([cluster.bin / "pg_dump", *leave_out, url], check=True)

    def put_back() -> None:
        again = ("--clean", "--if-exists", "--single-transaction", f"--dbname={url}")
        subprocess.run([cluster.bin / "pg_restore", *again, to], check=True)

    return put_back


if __name__ == "__main__":
    run(__doc__, play, rounds=2)
