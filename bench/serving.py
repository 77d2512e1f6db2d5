"""Starts each side as a process of its own, on a core of its own where there are two."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from bench import node

CLIENT_CORE = 0
SERVER_CORE = 1
_STARTING_SECONDS = 30.0
_OF_NODE = ".mjs"


@dataclass(frozen=True, slots=True)
class Process:
    """A server that answers."""

    pid: int
    port: int


def stay_on(core: int) -> None:
    """Keep this process on one core, where the machine has several."""
    if len(os.sched_getaffinity(0)) > 1:
        os.sched_setaffinity(0, {core})


@contextmanager
def serving(application: str, environment: Mapping[str, str]) -> Iterator[Process]:
    """Serve `module:factory`, or a script of `peers` in Node, until the end of the block.

    All servers share one core: they take turns, so none has an empty one and none a busy one.
    """
    port = _free_port()
    command = [sys.executable, "-m", "bench.serving", application, str(port)]
    # A line of the log for each request costs what it costs, but is not for the terminal.
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(  # noqa: S603
        command, env={**os.environ, **environment}, stdout=quiet, stderr=quiet
    )
    try:
        _wait(server, port)
        yield Process(server.pid, port)
    finally:
        server.terminate()
        server.wait(15)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _wait(server: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + _STARTING_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("A server of the benchmark did not start; see its output above.")


def _run(application: str, port: int) -> None:
    stay_on(SERVER_CORE)
    if application.endswith(_OF_NODE):
        # In place of this process, so that all of Node's threads stay on its core.
        command = node.command(application, str(port))
        os.execvp(command[0], command)  # noqa: S606
    import uvicorn  # noqa: PLC0415 - the parent process has no use for it

    from skillpassport.web.serving import SERVER_OPTIONS  # noqa: PLC0415

    uvicorn.run(
        application,
        factory=True,
        host="127.0.0.1",
        port=port,
        **{**SERVER_OPTIONS, "lifespan": "auto"},
    )


if __name__ == "__main__":
    _run(sys.argv[1], int(sys.argv[2]))
