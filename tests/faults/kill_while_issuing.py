"""Kill a server with SIGKILL while it issues, again and again; count what was lost.

    python -m tests.faults.kill_while_issuing 10
    python -m tests.faults.kill_while_issuing 10 --database-url postgresql://…

Four clients issue as fast as they can, each award under an idempotency key of its own. After each
kill the server is started again and every unanswered request is repeated once. In the end:

- every acknowledged award is there and verifies: 0 lost;
- every idempotency key made one award: 0 doubled;
- no position of a status list stands in two documents: 0 indexes twice;
- the log fits all rows.

Not a part of the default suite: a round takes some seconds. Run it from the checkout.
"""

import argparse
import itertools
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any

from tests.support.commands import Commands, Server

ADMIN_KEY = "sp_admin_of_the_fault_test"
CLIENTS = 4


@dataclass
class Tally:
    """What the clients were told.

    awards: answer by idempotency key, of those that were acknowledged
    repeats: how often the same key was answered with another award
    """

    awards: dict[str, dict[str, Any]] = field(default_factory=dict)
    unanswered: set[str] = field(default_factory=set)
    repeats: int = 0
    slowest_start: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, key: str, award: dict[str, Any]) -> None:
        with self.lock:
            self.unanswered.discard(key)
            known = self.awards.setdefault(key, award)
            self.repeats += known["id"] != award["id"]


def main() -> int:
    """Run the rounds and print one line of figures; return 0 if nothing was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("rounds", type=int)
    parser.add_argument("--database-url", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="skillpassport-kill-") as folder:
        commands = _commands(Path(folder), options.database_url)
        tally = Tally()
        key = _set_up(commands)
        numbers = itertools.count(1)
        for _ in range(options.rounds):
            _round(commands, key, numbers, tally)
        return _judge(commands, key, tally, options.rounds)


def _commands(folder: Path, database_url: str) -> Commands:
    settings = {
        "seed": "demo",
        "rate_limits": "off",
        "bootstrap_admin_key": ADMIN_KEY,
        "database_url": database_url,
        "auto_migrate": "1",
    }
    return Commands(folder / "data", folder, settings)


def _set_up(commands: Commands) -> str:
    """Return the API key of a provider that may issue."""
    with commands.serving() as server:
        said = server.stop()
    line = next(line for line in said.splitlines() if "key of demo-tvet-accra" in line)
    return line.split()[-1]


def _started(commands: Commands, tally: Tally) -> Server:
    begun = time.monotonic()
    server = commands.start_serving("--workers", "2")
    server.wait_until_ready()
    tally.slowest_start = max(tally.slowest_start, time.monotonic() - begun)
    return server


def _round(commands: Commands, key: str, numbers: Iterator[int], tally: Tally) -> None:
    server = _started(commands, tally)
    _repeat(server, key, tally)
    clients = [
        threading.Thread(target=_issue_until_it_dies, args=(server, key, numbers, tally))
        for _ in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    time.sleep(random.uniform(0.3, 1.5))
    server.kill()
    for client in clients:
        client.join()


def _issue_until_it_dies(server: Server, key: str, numbers: Iterator[int], tally: Tally) -> None:
    while True:
        name = f"award-{next(numbers)}"
        with tally.lock:
            tally.unanswered.add(name)
        try:
            _issue(server, key, name, tally)
        except (OSError, ValueError, HTTPException):
            return


def _repeat(server: Server, key: str, tally: Tally) -> None:
    for name in sorted(tally.unanswered):
        _issue(server, key, name, tally)


def _issue(server: Server, key: str, name: str, tally: Tally) -> None:
    body = {
        "achievement": "electrical-installation",
        "subject": {"name": f"Person {name}"},
        "awarded_on": "2025-07-11",
    }
    status, answer = server.ask("/api/v1/credentials", body, key=key, **{"Idempotency-Key": name})
    if status == 201:
        tally.note(name, answer)


def _judge(commands: Commands, key: str, tally: Tally, rounds: int) -> int:
    server = _started(commands, tally)
    try:
        _repeat(server, key, tally)
        for name in sorted(tally.awards):  # each key once more: the first answer again
            _issue(server, key, name, tally)
        lost = sum(not _is_valid(server, award) for award in tally.awards.values())
        recorded = _recorded(server, key)
    finally:
        server.stop()
    taken = Counter(
        (entry["list"], entry["index"])
        for award in recorded
        for entry in award["status"]["entries"]
    )
    figures = {
        "rounds": rounds,
        "acknowledged": len(tally.awards),
        "lost": lost,
        "doubled": tally.repeats + len(recorded) - 1 - len(tally.awards),
        "indexes_twice": sum(number > 1 for number in taken.values()),
        "unanswered": len(tally.unanswered),
        "log_fits": commands.run("log", "verify").code == 0,
        "slowest_start_seconds": round(tally.slowest_start, 1),
    }
    print(json.dumps(figures))  # noqa: T201 (its product)
    wrong = [figures["lost"], figures["doubled"], figures["indexes_twice"], figures["unanswered"]]
    return 0 if not any(wrong) and figures["log_fits"] else 1


def _is_valid(server: Server, award: dict[str, Any]) -> bool:
    _, report = server.ask("/api/v1/verifications", {"document": award["document"]})
    return bool(report.get("verdict") == "valid")


def _recorded(server: Server, key: str) -> list[dict[str, Any]]:
    """Return every award of the provider; the first is the demonstration's own."""
    found: list[dict[str, Any]] = []
    path: str | None = "/api/v1/credentials?limit=200"
    while path is not None:
        _, page = server.ask(path, key=key)
        found += page["items"]
        following = page.get("next")
        path = f"/api/v1/credentials?limit=200&cursor={following}" if following else None
    return found


if __name__ == "__main__":
    sys.exit(main())
