"""Runs one target under atheris, with the branches of the library and of pyld in its sight.

    python -m tests.fuzz canonicalising -max_total_time=120 tests/fuzz/corpus/canonicalising

All arguments after the name of the target are libFuzzer's. With FUZZ_FIGURES=FILE, executions, seconds
and the slowest case are written there as JSON, again each second.
"""

import importlib
import json
import os
import sys
import time
from pathlib import Path
from random import Random

import atheris  # in no lock: `make fuzz` installs it

from tests.fuzz.mutating import mutate
from tests.fuzz.targets import target

WATCHED = ["skillpassport", "pyld"]

SLOWNESS = 8.0
"""What counting branches costs. What took longest is to be replayed without."""


def main() -> None:
    """Fuzz the target that is named first."""
    name = sys.argv.pop(1)
    with atheris.instrument_imports(include=WATCHED):
        check = target(name, slowness=SLOWNESS)
        importlib.import_module("pyld.jsonld")  # else loaded on first use, unwatched
    words = Path(__file__).with_name(f"{name}.dict")
    arguments = [*sys.argv, *([f"-dict={words}"] if words.exists() else [])]
    atheris.Setup(arguments, _Counted(name, check), custom_mutator=_mutated)
    atheris.Fuzz()


def _mutated(data: bytes, max_size: int, seed: int) -> bytes:
    """Change an input: half of the time in its octets, half in what it means."""
    if seed % 2:
        return bytes(atheris.Mutate(data, max_size))
    changed = mutate(data, Random(seed))
    return changed if len(changed) <= max_size else bytes(atheris.Mutate(data, max_size))


class _Counted:
    """A target that keeps its figures; libFuzzer ends the process without a word to Python."""

    def __init__(self, name: str, check: object) -> None:
        self._check = check
        self._file = os.environ.get("FUZZ_FIGURES")
        self._figures = {"target": name, "executions": 0, "seconds": 0.0, "slowest": 0.0}
        self._began = self._written = time.monotonic()

    def __call__(self, data: bytes) -> None:
        took = self._check(data)  # type: ignore[operator]
        figures = self._figures
        figures["executions"] += 1  # type: ignore[operator]
        figures["slowest"] = max(figures["slowest"], took)
        now = time.monotonic()
        if self._file and now > self._written + 1:
            self._written = now
            figures["seconds"] = round(now - self._began, 1)
            Path(self._file).write_text(json.dumps(figures))


if __name__ == "__main__":
    main()
