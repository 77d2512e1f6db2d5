"""Pages of the documentation whose commands are run as they stand, against a service of their own."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.commands import LONGEST, Commands
from tests.support.markdown import blocks
from tests.support.ports import free_port

WRITTEN_FOR = "http://localhost:8000"


def run_page(page: Path, folder: Path) -> tuple[str, list[str]]:
    """Return the address of the service that a page was run against, and the lines that it printed.

    Skips, and says so, where there is no curl.
    """
    _find_curl()
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    script = "\n".join(blocks(page, "sh")).replace(WRITTEN_FOR, address)
    settings = {"bootstrap_admin_key": "try-it-out", "public_url": address}
    with Commands(folder / "var", folder, settings).serving_at(port):
        told = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
    assert told.returncode == 0, told.stderr
    return address, told.stdout.splitlines()


def _find_curl() -> None:
    if shutil.which("curl") is None:
        reason = "Page skipped: no curl in PATH."
        if os.environ.get("REQUIRE_CURL") == "1":
            pytest.fail(f"{reason} REQUIRE_CURL=1 forbids that.")
        pytest.skip(reason)
