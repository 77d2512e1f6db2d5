"""Kill a server with SIGKILL while it issues, again and again; count what was lost.

    python -m tests.faults.kill_while_issuing 200 --engine sqlite
    python -m tests.faults.kill_while_issuing 50 --engine postgresql

Four clients issue as fast as they can, each award under an idempotency key of its own. All
processes of the server are killed at once, at a random moment; it is started again, and every
unanswered request is repeated once. In the end every acknowledged award is there and verifies,
every key made one award, no position of a status list stands in two documents, and the log fits.
Ready again is the time from the command to the first answer of /readyz.
"""

import random
import time

from tests.faults.proving_ground import (
    Account,
    Ground,
    Promise,
    at_once,
    ground,
    judged,
    percentile,
    run,
)
from tests.support.commands import Server

CLIENTS = 4
GOAL_SECONDS = 3.0


def play(engine: str, rounds: int) -> bool:
    """Kill so many times, and judge."""
    starts: list[float] = []
    with ground(engine) as prepared:
        account = Account(prepared.key)
        for _ in range(rounds):
            server = _start(prepared, starts)
            account.repeat_open(server.port)
            _kill_while_issuing(server, account)
        server = _start(prepared, starts)
        try:
            promises = account.settle(prepared, server.port)
        finally:
            server.stop()
    facts = {"median": round(percentile(starts, 0.5), 2), "rounds": rounds}
    slowest = Promise("seconds-to-ready-again", round(max(starts), 2), GOAL_SECONDS, facts=facts)
    return judged(f"kill-while-issuing/{engine}", [*promises, slowest])


def _start(prepared: Ground, starts: list[float]) -> Server:
    begun = time.monotonic()
    server = prepared.start("--workers", "2")
    starts.append(time.monotonic() - begun)
    return server


def _kill_while_issuing(server: Server, account: Account) -> None:
    clients = at_once(CLIENTS, lambda _: account.issue_until(lambda: False, server.port))
    time.sleep(random.uniform(0.3, 1.5))
    server.kill()
    for client in clients:
        client.join()


if __name__ == "__main__":
    run(__doc__, play, rounds=10)
