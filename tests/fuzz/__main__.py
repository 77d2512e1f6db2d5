"""Runs one target under atheris, with the branches of the library and of pyld in its sight.

    python -m tests.fuzz canonicalising -max_total_time=120 tests/fuzz/corpus/canonicalising

All arguments after the name of the target are libFuzzer's.
"""

import importlib
import sys
from pathlib import Path

import atheris  # in no lock: `make fuzz` installs it

WATCHED = ["skillpassport.vc", "pyld"]


def main() -> None:
    """Fuzz the target that is named first."""
    name = sys.argv.pop(1)
    with atheris.instrument_imports(include=WATCHED):
        target = importlib.import_module(f"tests.fuzz.{name}")
        importlib.import_module("pyld.jsonld")  # else loaded on first use, unwatched
    words = Path(__file__).with_name(f"{name}.dict")
    arguments = [*sys.argv, *([f"-dict={words}"] if words.exists() else [])]
    atheris.Setup(arguments, target.check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
