"""Where libraries of other makers in Node are, for benchmarks and tests: `peers/`, by `make node`."""

import shutil
import sys
from functools import cache
from pathlib import Path

INSTALLED = Path(sys.prefix) / "node"
"""What `peers/package-lock.json` names is installed here, with a link to `peers`."""

_LOCK = Path(__file__).parents[1] / "peers" / "package-lock.json"

# The scripts stand in the checkout; their libraries are looked for where they were installed.
_OPTIONS = ("--preserve-symlinks", "--preserve-symlinks-main")


def command(script: str, *arguments: str) -> list[str]:
    """Return how a script of `peers` is run."""
    return ["node", *_OPTIONS, str(INSTALLED / "peers" / script), *arguments]


@cache
def why_not() -> str | None:
    """Return why the libraries cannot be used here, or None."""
    if shutil.which("node") is None:
        return "there is no Node in PATH"
    installed = INSTALLED / "package-lock.json"
    if not installed.is_file() or installed.read_bytes() != _LOCK.read_bytes():
        return "their packages are not installed as locked; run `make node`"
    return None
