"""Hold SQLite's write lock from another process, for longer than a write may wait.

    python -m tests.faults.locked_database 3

As a backup script or a person at a prompt might. Writes are refused with 503 and Retry-After after
the five seconds that they wait, what was issued still verifies, and the same server goes on once
the lock is let go. The main database and the store of subject keys are locked in turn.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.faults.proving_ground import (
    Account,
    IssuingThrough,
    Promise,
    ground,
    judged,
    lives_and_verifies,
    run,
    seconds_to_log_entry,
)

GOAL_SECONDS = 10.0
LOCKED_SECONDS = 8.0
FILES = ("skillpassport.db", "subject-keys.db")


def play(engine: str, rounds: int) -> bool:
    """Lock so many times, and judge."""
    with ground(engine) as prepared, prepared.served("--workers", "2") as server:
        account = Account(prepared.key)
        healed, refused, grown, unwell = 0.0, 0.0, 0.0, 0
        with IssuingThrough(account, server.port) as issuing:
            for number in range(rounds):
                time.sleep(0.5)
                with _locked(prepared.commands.folder / FILES[number % len(FILES)]):
                    begun = time.monotonic()
                    refused = max(refused, issuing.seconds_to_refusal(longest=GOAL_SECONDS))
                    while time.monotonic() < begun + LOCKED_SECONDS:
                        unwell += not lives_and_verifies(server)
                        time.sleep(0.2)
                healed = max(healed, issuing.seconds_to_award(longest=3 * GOAL_SECONDS))
                grown = max(grown, seconds_to_log_entry(server.port))
        promises = account.settle(prepared, server.port)
        ended = server.process.poll() is not None
    return judged(
        f"locked-database/{engine}",
        [
            Promise(
                "seconds-to-next-award", round(healed, 2), GOAL_SECONDS, facts={"rounds": rounds}
            ),
            Promise("seconds-to-next-log-entry", round(grown, 2), GOAL_SECONDS),
            Promise("seconds-to-first-refusal", round(refused, 2), GOAL_SECONDS),
            Promise("not-alive-or-not-verifying", unwell, 0),
            Promise("process-ended", int(ended), 0),
            issuing.promise(),
            *promises,
        ],
    )


@contextmanager
def _locked(database: Path) -> Iterator[None]:
    with closing(sqlite3.connect(database, isolation_level=None, timeout=30)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


if __name__ == "__main__":
    run(__doc__, play, rounds=2, engines=("sqlite",))
