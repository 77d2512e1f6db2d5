"""Where the checkout is, and which files belong to it."""

import subprocess
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
SOURCE = CHECKOUT / "src" / "skillpassport"


@cache
def tracked_files() -> tuple[Path, ...]:
    """Return every file that belongs to the repository, with those not yet added.

    Without git (an unpacked source archive) that is every file outside hidden and built folders.
    """
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        check=False,
        text=True,
    )
    if listing.returncode != 0:
        return tuple(path for path in CHECKOUT.rglob("*") if path.is_file() and not _is_built(path))
    paths = (CHECKOUT / name for name in listing.stdout.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def _is_built(path: Path) -> bool:
    parts = path.relative_to(CHECKOUT).parts
    return any(part.startswith(".") or part in {"var", "dist", "build"} for part in parts)
