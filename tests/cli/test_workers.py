"""Several workers: none is missed for long, none outlives its parent, all end when told to."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.commands import LONGEST, Commands, Server, codes_in
from tests.support.patience import comes_true

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]


def workers_of(server: Server) -> set[int]:
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    return {int(pid) for pid in children.read_text().split()}


def is_running(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}


def test_a_worker_that_died_is_replaced_and_the_new_one_serves(fresh: Commands) -> None:
    with fresh.serving("--workers", "2", seed="demo") as server:
        code = next(iter(codes_in(server.said()).values()))
        assert comes_true(lambda: len(workers_of(server)) == 2)
        before = workers_of(server)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        assert comes_true(lambda: len(workers_of(server) - before) == 2)
        assert server.ask(f"/v/{code}")[1]["verdict"] == "valid"
        assert "starting another" in server.said()


def test_workers_do_not_outlive_a_parent_that_was_killed(fresh: Commands) -> None:
    """They would hold the port, and a new start would find it taken."""
    with fresh.serving("--workers", "3") as server:
        assert comes_true(lambda: len(workers_of(server)) == 3)
        workers = workers_of(server)
        server.process.kill()
        server.process.wait()
        assert comes_true(lambda: not any(is_running(pid) for pid in workers))
    with fresh.serving_at(server.port, "--workers", "3") as again:
        assert "port-taken" not in again.said()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_is_told_to_end_takes_its_workers_along(
    fresh: Commands, how: signal.Signals
) -> None:
    with fresh.serving("--workers", "2") as server:
        workers = workers_of(server)
        server.process.send_signal(how)
        assert server.process.wait(timeout=LONGEST) == 0
        assert not any(is_running(pid) for pid in workers)
        assert "Traceback" not in server.said()


def test_workers_that_end_at_once_are_not_started_in_a_rush(fresh: Commands) -> None:
    """A fault at start would otherwise take a whole core."""
    with fresh.serving("--workers", "2") as server:
        begun = time.monotonic()
        seen: set[int] = set()
        while time.monotonic() - begun < 1:
            for pid in workers_of(server):
                seen.add(pid)
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)
        assert len(seen) <= 2 * 7


def test_a_worker_that_is_told_to_end_while_it_begins_does_so() -> None:
    """It has the supervisor's way with the signal for a moment, which ends nobody."""
    program = (
        "import os, signal, socket\n"
        "from skillpassport.cli import workers\n"
        "begin = workers._serve\n"
        "def late(*given):\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    begin(*given)\n"
        "workers._serve = late\n"
        "def work(_):\n"
        "    os._exit(7)\n"
        "with socket.create_server(('127.0.0.1', 0)) as listening:\n"
        "    supervisor = workers.Workers(1, work, listening)\n"
        "    signal.signal(signal.SIGTERM, supervisor._stop)\n"
        "    worker = supervisor._start()\n"
        "    worker.join()\n"
        "    print(worker.exitcode)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True, timeout=LONGEST
    )
    assert done.stdout == f"{-signal.SIGTERM}\n"
