"""Libraries of other makers in Node, which sign and verify what tests hand to them (`peers/`)."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support.checkout import CHECKOUT

INSTALLED = Path(sys.prefix) / "node"
"""Where `make node` puts what `peers/package-lock.json` names, with a link to `peers`."""

NODE_OPTIONS = ("--preserve-symlinks", "--preserve-symlinks-main")
"""The scripts stand in the checkout; their libraries are looked for where they were installed."""


class PeerRefused(Exception):
    """A library of another maker refused what it was given."""


@cache
def why_not() -> str | None:
    """Return why the libraries cannot be used here, or None."""
    if shutil.which("node") is None:
        return "there is no Node in PATH"
    lock = INSTALLED / "package-lock.json"
    wanted = CHECKOUT / "peers" / "package-lock.json"
    if not lock.is_file() or lock.read_bytes() != wanted.read_bytes():
        return "their packages are not installed as locked; run `make node`"
    return None


@dataclass(frozen=True, slots=True)
class NodePeer:
    """A process that answers one request a line."""

    process: "subprocess.Popen[str]"

    def ask(self, task: str, **details: object) -> Any:  # noqa: ANN401 - JSON
        """Return what a task of `peers/answering.mjs` answers.

        Raises: PeerRefused
        """
        asked, answers = self.process.stdin, self.process.stdout
        assert asked is not None
        assert answers is not None
        asked.write(json.dumps({"task": task, **details}) + "\n")
        asked.flush()
        said = json.loads(answers.readline())
        if "error" in said:
            raise PeerRefused(said["error"])
        return said["answer"]


@pytest.fixture(scope="module")
def node_peer() -> Iterator[NodePeer]:
    """Start the libraries, or skip and say why."""
    reason = why_not()
    if reason is not None:
        sentence = f"Tests beside libraries in Node skipped: {reason}."
        if os.environ.get("REQUIRE_NPM") == "1":
            pytest.fail(f"{sentence} REQUIRE_NPM=1 forbids that.")
        pytest.skip(sentence)
    script = INSTALLED / "peers" / "answering.mjs"
    with subprocess.Popen(
        ["node", *NODE_OPTIONS, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield NodePeer(process)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(10)
