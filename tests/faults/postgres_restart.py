"""Restart PostgreSQL under a server that is issuing: as an operator does, and as a crash does.

    python -m tests.faults.postgres_restart 5

Four clients issue through every restart. Requests fail while the database is away, with an answer;
then the same server goes on without being touched. Counted is the time from the command to the
first award after it, and what was lost.
"""

import threading
import time
from collections.abc import Iterator

from tests.faults.proving_ground import (
    UNREACHED,
    Account,
    Client,
    Ground,
    Promise,
    at_once,
    ground,
    judged,
    percentile,
    run,
)

CLIENTS = 4
GOAL_SECONDS = 30.0
AWAY_SECONDS = 2.0


def play(engine: str, rounds: int) -> bool:
    """Restart so many times, every other time as after a crash, and judge."""
    stop = threading.Event()
    acknowledged: list[float] = []
    unexplained: list[str] = []
    with ground(engine) as prepared, prepared.served("--workers", "2") as server:
        account = Account(prepared.key)

        def issue(_number: int) -> None:
            client = Client(server.port)
            while not stop.is_set():
                try:
                    answer = account.issue(client)
                except UNREACHED as error:
                    unexplained.append(type(error).__name__)
                    continue
                if answer.status == 201:
                    acknowledged.append(time.monotonic())
                elif not (answer.status == 503 and "retry-after" in answer.headers):
                    unexplained.append(f"{answer.status} {answer.code}")
                else:
                    time.sleep(0.05)

        clients = at_once(CLIENTS, issue)
        healed = list(_restarts(prepared, rounds, acknowledged))
        stop.set()
        for client in clients:
            client.join()
        promises = account.settle(prepared, server.port)
    facts = {"median": round(percentile(healed, 0.5), 2), "restarts": rounds, "away": AWAY_SECONDS}
    return judged(
        f"postgres-restart/{engine}",
        [
            Promise("seconds-to-next-award", round(max(healed), 2), GOAL_SECONDS, facts=facts),
            Promise(
                "failures-without-503-and-retry-after",
                len(unexplained),
                0,
                facts={
                    "503s": sum(account.refusals.values()),
                    "such-as": ",".join(sorted(set(unexplained))[:3]).replace(" ", "-") or "none",
                },
            ),
            *promises,
        ],
    )


def _restarts(prepared: Ground, rounds: int, acknowledged: list[float]) -> Iterator[float]:
    """Restart, and give the seconds from each restart's beginning to the next award after it."""
    assert prepared.cluster is not None
    for number in range(rounds):
        time.sleep(1.0)
        begun = time.monotonic()
        prepared.cluster.halt("fast" if number % 2 == 0 else "immediate")
        away = time.monotonic()
        time.sleep(AWAY_SECONDS)
        prepared.cluster.resume()
        while acknowledged[-1] < away and time.monotonic() - begun < 2 * GOAL_SECONDS:
            time.sleep(0.01)
        yield time.monotonic() - begun


if __name__ == "__main__":
    run(__doc__, play, rounds=5, engines=("postgresql",))
