"""Restart PostgreSQL under a server that is issuing: as an operator does, and as a crash does.

    python -m tests.faults.postgres_restart 5

Four clients issue through every restart. Requests fail while the database is away, with an answer;
then the same server goes on without being touched. Counted is the time from the command to the
first award after it, and what was lost.
"""

import time
from collections.abc import Iterator

from tests.faults.proving_ground import (
    Account,
    Ground,
    IssuingThrough,
    Promise,
    ground,
    judged,
    percentile,
    run,
)

GOAL_SECONDS = 30.0
AWAY_SECONDS = 2.0


def play(engine: str, rounds: int) -> bool:
    """Restart so many times, every other time as after a crash, and judge."""
    with ground(engine) as prepared, prepared.served("--workers", "2") as server:
        account = Account(prepared.key)
        with IssuingThrough(account, server.port) as issuing:
            healed = list(_restarts(prepared, issuing, rounds))
        promises = account.settle(prepared, server.port)
    facts = {"median": round(percentile(healed, 0.5), 2), "restarts": rounds, "away": AWAY_SECONDS}
    return judged(
        f"postgres-restart/{engine}",
        [
            Promise("seconds-to-next-award", round(max(healed), 2), GOAL_SECONDS, facts=facts),
            issuing.promise(),
            *promises,
        ],
    )


def _restarts(prepared: Ground, issuing: IssuingThrough, rounds: int) -> Iterator[float]:
    """Restart, and give the seconds from each restart's beginning to the next award after it."""
    assert prepared.cluster is not None
    for number in range(rounds):
        time.sleep(1.0)
        begun = time.monotonic()
        prepared.cluster.halt("fast" if number % 2 == 0 else "immediate")
        time.sleep(AWAY_SECONDS)
        prepared.cluster.resume()
        issuing.seconds_to_award(longest=2 * GOAL_SECONDS)
        yield time.monotonic() - begun


if __name__ == "__main__":
    run(__doc__, play, rounds=5, engines=("postgresql",))
