"""The `skillpassport` command as users run it: another process, another working directory."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.ports import free_port

LONGEST = 600.0
"""Seconds for what a command does in one or two, on a machine that has everything else to do.

At thirty processes to two cores two minutes were too few.
"""

# Compiled once for the whole session: the source tree may be read-only, or keep no bytecode.
_BYTECODE = Path(tempfile.gettempdir()) / f"skillpassport-bytecode-{os.getuid()}"


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 (whatever the command answers)
        """The answer of a command that was given `--json`: the whole output is one value."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Commands:
    """Runs commands over one data folder.

    folder: the data folder; home: the working directory, which has nothing to do with either
    """

    folder: Path
    home: Path
    settings: Mapping[str, str]

    def run(self, *arguments: str, stdin: bytes = b"", **settings: str) -> Done:
        """Run a command to its end."""
        done = subprocess.run(
            program(*arguments),
            cwd=self.home,
            env=self.environment(**settings),
            input=stdin,
            capture_output=True,
            timeout=LONGEST,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def environment(self, **settings: str) -> dict[str, str]:
        """Return an environment with nothing of ours in it but these settings."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SKILLPASSPORT_", "PYTHON"))
        }
        wanted = {"data_dir": str(self.folder), **self.settings, **settings}
        ours = {f"SKILLPASSPORT_{name.upper()}": value for name, value in wanted.items() if value}
        return inherited | {"PYTHONPYCACHEPREFIX": str(_BYTECODE)} | ours

    @contextmanager
    def serving(self, *arguments: str, **settings: str) -> Iterator["Server"]:
        """Serve on a free port until the block ends."""
        with self.serving_at(free_port(), *arguments, **settings) as server:
            yield server

    @contextmanager
    def serving_at(self, port: int, *arguments: str, **settings: str) -> Iterator["Server"]:
        """Serve on a port until the block ends."""
        server = self._start(port, *arguments, **settings)
        try:
            server.wait_until_ready()
            yield server
        finally:
            server.stop()

    def start_serving(self, *arguments: str, **settings: str) -> "Server":
        """Start a server on a free port, and do not wait for it."""
        return self._start(free_port(), *arguments, **settings)

    def _start(self, port: int, *arguments: str, **settings: str) -> "Server":
        """Start a server in a process group of its own.

        Its output goes to a file: a pipe that nobody reads would stop it when full.
        """
        output = self.folder.parent / f"output-of-{port}"
        with output.open("wb") as file:
            process = subprocess.Popen(
                program("serve", "--port", str(port), *arguments),
                cwd=self.home,
                env=self.environment(**settings),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return Server(port, process, output)


@dataclass(frozen=True, slots=True)
class Server:
    """A server of another process."""

    port: int
    process: subprocess.Popen[bytes]
    output: Path

    def ask(
        self, path: str, body: object = None, *, key: str | None = None, **headers: str
    ) -> tuple[int, Any]:
        """Return status and JSON of an answer; with a body it is a POST."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Accept": "application/json"}
            | ({"Authorization": f"Bearer {key}"} if key else {})
            | headers,
        )
        try:
            with urllib.request.urlopen(request, timeout=LONGEST) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def wait_until_ready(self, *, seconds: float = LONGEST) -> None:
        """Wait for the first answer, whatever it says of readiness."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                self.ask("/readyz")
            except (OSError, ValueError):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError(f"did not start: {self.said()}") from None
                time.sleep(0.05)
            else:
                return

    def kill(self) -> None:
        """End every process of the server as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> str:
        """Ask the server to end; return everything that it said."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=LONGEST)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.said()

    def said(self) -> str:
        """Return what the server has said so far."""
        return self.output.read_text("utf-8")


def program(*arguments: str) -> Sequence[str]:
    """Return the command line; the installed script is a two-liner around this module."""
    return [sys.executable, "-m", "skillpassport", *arguments]


def codes_in(said: str) -> dict[str, str]:
    """Return the codes that a greeting shows, by country."""
    found = re.findall(r"/v/([0-9A-Za-z-]+)\?destination=NO +\(award from (\w+)\)", said)
    return {country: code for code, country in found}
