"""Libraries of other makers in Node, which sign and verify what tests hand to them (`peers/`)."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bench import node
from tests.support.patience import PATIENCE


class PeerRefused(Exception):
    """A library of another maker refused what it was given."""


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
    reason = node.why_not()
    if reason is not None:
        sentence = f"Tests beside libraries in Node skipped: {reason}."
        if os.environ.get("REQUIRE_NPM") == "1":
            pytest.fail(f"{sentence} REQUIRE_NPM=1 forbids that.")
        pytest.skip(sentence)
    with subprocess.Popen(
        node.command("answering.mjs"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield NodePeer(process)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(PATIENCE)
