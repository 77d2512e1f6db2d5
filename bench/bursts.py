"""Work without a server, done in bursts by a process of its own.

Each line on its input asks for a burst of so many seconds, each line of its output says how many
awards were recorded, in what time and with how much CPU time.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.load import Burst
from bench.serving import SERVER_CORE, stay_on


@dataclass(frozen=True, slots=True)
class Worker:
    """The child process."""

    process: "subprocess.Popen[str]"

    def burst(self, seconds: float) -> Burst:
        """Return what was done in some seconds."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()
        requests, elapsed, cpu = self.process.stdout.readline().split()
        return Burst(requests=int(requests), seconds=float(elapsed), cpu_seconds=float(cpu))


@contextmanager
def working(module: str, folder: Path, *options: str) -> Iterator[Worker]:
    """Work on an instance's data folder until the end of the block."""
    command = [sys.executable, "-m", module, str(folder), *options]
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Worker(process)
        assert process.stdin is not None
        process.stdin.close()


def serve(work: Callable[[int], object], awards: int) -> None:
    """Do what is asked for on the input, in the process of a worker.

    work: does one piece, given its number
    awards: in one piece
    """
    stay_on(SERVER_CORE)
    number = 0
    for line in sys.stdin:
        done, start, cpu = 0, time.perf_counter(), time.process_time()
        while time.perf_counter() - start < float(line):
            work(number)
            number, done = number + 1, done + awards
        elapsed, used = time.perf_counter() - start, time.process_time() - cpu
        print(done, elapsed, used, flush=True)
