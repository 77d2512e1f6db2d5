"""Fill the disk under a server that is issuing, free it again, several times.

    python -m tests.faults.disk_full 5

Two ways: a file system of its own that is full (root alone may mount one), and a limit on the size
of files, as a quota sets one. Writes are refused with 503 and Retry-After meanwhile, the process
lives, what was issued still verifies; once there is room again the same server goes on.
"""

import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

from tests.faults.proving_ground import (
    Account,
    IssuingThrough,
    Promise,
    a_small_file_system,
    ground,
    judged,
    lives_and_verifies,
    run,
    seconds_to_log_entry,
)
from tests.support.commands import Server

GOAL_SECONDS = 10.0
FULL_SECONDS = 3.0
ROOM = 192 * 1024 * 1024

Fault = Callable[[], AbstractContextManager[None]]


def play(engine: str, rounds: int) -> bool:
    """Fill the disk so many times in each way, and judge."""
    kept = _with_a_limit(engine, rounds)
    if os.geteuid() != 0:
        print("disk-full: root alone can mount a file system; left out")  # noqa: T201
        return kept
    return _with_a_full_file_system(engine, rounds) and kept


def _with_a_limit(engine: str, rounds: int) -> bool:
    with ground(engine) as prepared, prepared.served() as server:
        database = prepared.commands.folder / "skillpassport.db-wal"

        @contextmanager
        def full() -> Iterator[None]:
            process = server.process.pid
            _, most = resource.prlimit(process, resource.RLIMIT_FSIZE)
            # Not even what is there may be written anew.
            size = min(4_096, database.stat().st_size)
            resource.prlimit(process, resource.RLIMIT_FSIZE, (size, most))
            yield
            resource.prlimit(process, resource.RLIMIT_FSIZE, (most, most))

        account = Account(prepared.key)
        outages = _through(account, server, full, rounds)
        return judged("disk-full/limit", [*outages, *account.settle(prepared, server.port)])


def _with_a_full_file_system(engine: str, rounds: int) -> bool:
    with (
        a_small_file_system(ROOM) as folder,
        ground(engine, folder=folder / "data") as prepared,
        prepared.served() as server,
    ):

        @contextmanager
        def full() -> Iterator[None]:
            filler = folder / "filler"
            # Unbuffered, and by ever smaller pieces: until not one more page fits.
            with filler.open("wb", buffering=0) as file:
                for piece in (1024 * 1024, 4_096):
                    with suppress(OSError):
                        while file.write(bytes(piece)):
                            pass
            yield
            filler.unlink()

        account = Account(prepared.key)
        outages = _through(account, server, full, rounds)
        return judged("disk-full/tmpfs", [*outages, *account.settle(prepared, server.port)])


def _through(account: Account, server: Server, fault: Fault, rounds: int) -> list[Promise]:
    """Cause the fault so many times while clients issue, and return how it went."""
    healed, refused, unwell, grown = 0.0, 0.0, 0, 0.0
    with IssuingThrough(account, server.port) as issuing:
        for _ in range(rounds):
            time.sleep(0.5)
            with fault():
                refused = max(refused, issuing.seconds_to_refusal(longest=GOAL_SECONDS))
                until = time.monotonic() + FULL_SECONDS
                while time.monotonic() < until:
                    unwell += not lives_and_verifies(server)
                    time.sleep(0.2)
            healed = max(healed, issuing.seconds_to_award(longest=3 * GOAL_SECONDS))
            grown = max(grown, seconds_to_log_entry(server.port))
    return [
        Promise("seconds-to-next-award", round(healed, 2), GOAL_SECONDS, facts={"rounds": rounds}),
        Promise("seconds-to-next-log-entry", round(grown, 2), GOAL_SECONDS),
        Promise("seconds-to-first-refusal", round(refused, 2), GOAL_SECONDS),
        Promise("not-alive-or-not-verifying", unwell, 0),
        Promise("process-ended", int(server.process.poll() is not None), 0),
        issuing.promise(),
    ]


if __name__ == "__main__":
    run(__doc__, play, rounds=3, engines=("sqlite",))
