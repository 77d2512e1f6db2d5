"""Rotate an organisation's signing key, and the service's own, while awards are issued and verified.

    python -m tests.faults.key_rotation_under_load 10

Two clients issue and two verify what was issued a moment or a rotation ago, through every rotation.
Nobody meets an error, no document is without a valid signature at any moment, and in the end each
key has signed some awards and all of them verify. The log's heads go on under the service's keys.
"""

import random
import threading
import time
from collections import Counter
from typing import Any

from tests.faults.proving_ground import (
    PROVIDER,
    UNREACHED,
    Account,
    Client,
    Ground,
    IssuingThrough,
    Promise,
    at_once,
    ground,
    judged,
    run,
    seconds_to_log_entry,
)

PAUSE_SECONDS = 1.5
GOAL_SECONDS = 5.0


class Load:
    """Clients that issue, and clients that verify what was issued; whatever fails is counted."""

    def __init__(self, account: Account, port: int) -> None:
        self._account = account
        self._port = port
        self._stop = threading.Event()
        self.failures: Counter[str] = Counter()
        self.verified = 0

    def issue(self) -> None:
        """Issue until the end."""
        client = Client(self._port)
        while not self._stop.is_set():
            try:
                answer = self._account.issue(client)
            except UNREACHED as error:
                self.failures[f"issuing-{type(error).__name__}"] += 1
                continue
            if answer.status != 201:
                self.failures[f"issuing-{answer.status}-{answer.code}"] += 1

    def verify(self) -> None:
        """Verify until the end, the newest award and any other in turn."""
        client = Client(self._port)
        while not self._stop.is_set():
            known = list(self._account.awards.values())
            if not known:
                time.sleep(0.05)
                continue
            for award in (known[-1], random.choice(known)):
                asked = {"document": award["document"]}
                try:
                    report = client.ask("/api/v1/verifications", asked).body
                except UNREACHED as error:
                    report = {"verdict": type(error).__name__}
                self.verified += 1
                if report.get("verdict") != "valid":
                    self.failures[f"verifying-{_said(report)}"] += 1

    def until(self, rotated: list[float], prepared: Ground, rounds: int) -> None:
        """Rotate so many times while the clients work; note how long each rotation took."""
        threads = [
            *at_once(2, lambda _: self.issue()),
            *at_once(2, lambda _: self.verify()),
        ]
        for number in range(rounds):
            time.sleep(PAUSE_SECONDS)
            begun = time.monotonic()
            whose = (PROVIDER,) if number % 3 else ()  # each third time the service's own
            done = prepared.commands.run("keys", "rotate", *whose)
            rotated.append(time.monotonic() - begun)
            if done.code != 0:
                self.failures[f"rotating-exit-{done.code}"] += 1
        time.sleep(PAUSE_SECONDS)
        self._stop.set()
        for thread in threads:
            thread.join()


def play(engine: str, rounds: int) -> bool:
    """Rotate so many times, and judge."""
    rotated: list[float] = []
    with ground(engine) as prepared, prepared.served("--workers", "2") as server:
        account = Account(prepared.key)
        load = Load(account, server.port)
        load.until(rotated, prepared, rounds)
        used = {_method(award["document"]) for award in account.awards.values()}
        with IssuingThrough(account, server.port, clients=1):
            grown = seconds_to_log_entry(server.port)
        promises = account.settle(prepared, server.port)
    of_provider = sum(number % 3 != 0 for number in range(rounds))
    failed = sum(load.failures.values())
    return judged(
        f"key-rotation-under-load/{engine}",
        [
            Promise(
                "failures-while-rotating",
                failed,
                0,
                facts={
                    "issued": len(account.awards),
                    "verified": load.verified,
                    "rotations": rounds,
                    "such-as": ",".join(load.failures) or "none",
                },
            ),
            Promise("keys-that-signed", len(used), of_provider + 1, at_least=True),
            Promise("seconds-to-next-log-entry", round(grown, 2), GOAL_SECONDS),
            *promises,
        ],
    )


def _said(report: dict[str, Any]) -> str:
    """Return the verdict with the checks that stood in its way."""
    wrong = [
        f"{check.get('name', '')}:{check['code']}"
        for check in report.get("checks", ())
        if check["outcome"] in {"failed", "unchecked"}
    ]
    return "/".join([str(report.get("verdict") or report.get("code")), *wrong])


def _method(document: dict[str, object]) -> str:
    proof = document["proof"]
    assert isinstance(proof, dict)
    return str(proof["verificationMethod"])


if __name__ == "__main__":
    run(__doc__, play, rounds=3)
