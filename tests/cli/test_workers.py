"""Several workers: none is missed for long, none outlives its parent, all end when told to."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.commands import Commands, Server, codes_in

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


def comes_true(condition: Callable[[], bool], *, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_a_worker_that_died_is_replaced_and_the_new_one_serves(fresh: Commands) -> None:
    with fresh.serving("--workers", "2", seed="demo") as server:
        code = next(iter(codes_in(server.said()).values()))
        before = workers_of(server)
        assert len(before) == 2
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        assert comes_true(lambda: len(workers_of(server) - before) == 2)
        assert server.ask(f"/v/{code}")[1]["verdict"] == "valid"
        assert "starting another" in server.said()


def test_workers_do_not_outlive_a_parent_that_was_killed(fresh: Commands) -> None:
    """They would hold the port, and a new start would find it taken."""
    with fresh.serving("--workers", "3") as server:
        workers = workers_of(server)
        server.process.kill()
        server.process.wait()
        assert comes_true(lambda: not any(is_running(pid) for pid in workers), seconds=2)
    arguments = ("--port", str(server.port), "--workers", "3")
    again = fresh.start_serving(*arguments)
    again.stop()
    assert "port-taken" not in again.said()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_is_told_to_end_takes_its_workers_along(
    fresh: Commands, how: signal.Signals
) -> None:
    with fresh.serving("--workers", "2") as server:
        workers = workers_of(server)
        server.process.send_signal(how)
        assert server.process.wait(timeout=15) == 0
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
