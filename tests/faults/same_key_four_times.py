"""Send the same write four times at once over two workers, again and again.

    python -m tests.faults.same_key_four_times 500

Four clients, each on a connection of its own, send one body under one idempotency key at the same
moment. Each is answered with the same award, or is told to come back; nothing is issued twice.
"""

import threading
from collections.abc import Sequence

from tests.faults.proving_ground import (
    Account,
    Answer,
    Client,
    Promise,
    at_once,
    ground,
    judged,
    percentile,
    run,
)

TIMES = 4


def play(engine: str, rounds: int) -> bool:
    """Send so many writes, each four times, and judge."""
    answers: list[list[Answer]] = [[] for _ in range(rounds)]
    together = threading.Barrier(TIMES)
    with ground(engine) as prepared, prepared.served("--workers", "2") as server:
        account = Account(prepared.key)

        def send(_number: int) -> None:
            # As many connections as clients, opened anew now and then: either worker takes some.
            for number in range(rounds):
                if number % 20 == 0:
                    client = Client(server.port)
                together.wait(60)
                answers[number].append(account.issue(client, f"write-{number}"))

        for thread in at_once(TIMES, send):
            thread.join()
        promises = account.settle(prepared, server.port)
    every = [answer for each in answers for answer in each]
    unexpected = sum(
        not (answer.status == 201 or answer.code == "request-in-progress") for answer in every
    )
    seconds = [answer.seconds for answer in every]
    return judged(
        f"same-key-four-times/{engine}",
        [
            Promise(
                "keys-with-two-awards",
                sum(_awards(each) > 1 for each in answers),
                0,
                facts={"of": rounds, "p99-seconds": round(percentile(seconds, 0.99), 3)},
            ),
            Promise("keys-without-an-award", sum(_awards(each) == 0 for each in answers), 0),
            Promise("unexpected-answers", unexpected, 0, facts={"of": len(every)}),
            *promises,
        ],
    )


def _awards(answers: Sequence[Answer]) -> int:
    return len({answer.body["id"] for answer in answers if answer.status == 201})


if __name__ == "__main__":
    run(__doc__, play, rounds=50)
