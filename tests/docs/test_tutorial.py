"""The tutorial's commands are run as they stand, against a service of their own."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.checkout import CHECKOUT
from tests.support.markdown import blocks

pytestmark = pytest.mark.slow

TUTORIAL = CHECKOUT / "docs" / "tutorial" / "first-credential.md"
STARTS_WITHIN = 60.0


def a_free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@pytest.fixture
def service(tmp_path: Path) -> Iterator[str]:
    port = a_free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {name: v for name, v in os.environ.items() if "SKILLPASSPORT_" not in name}
    environment |= {
        "SKILLPASSPORT_BOOTSTRAP_ADMIN_KEY": "try-it-out",
        "SKILLPASSPORT_DATA_DIR": str(tmp_path / "var"),
        "SKILLPASSPORT_PUBLIC_URL": address,
    }
    command = [sys.executable, "-m", "skillpassport", "serve", "--port", str(port)]
    with (tmp_path / "service.log").open("w") as log:
        process = subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=log, stderr=log)
        try:
            wait_for(f"{address}/readyz", process)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < ends and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail("The service did not start.")


@pytest.fixture
def curl() -> None:
    """Skip where there is no curl, and say so."""
    if shutil.which("curl") is None:
        reason = "Tutorial skipped: no curl in PATH."
        if os.environ.get("REQUIRE_CURL") == "1":
            pytest.fail(f"{reason} REQUIRE_CURL=1 forbids that.")
        pytest.skip(reason)


@pytest.mark.usefixtures("curl")
def test_the_tutorial_does_what_it_says(service: str, tmp_path: Path) -> None:
    script = "\n".join(blocks(TUTORIAL, "sh")).replace("http://localhost:8000", service)
    told = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    _, edition, verify_at, *rest = told.stdout.splitlines()
    assert edition == "current"
    assert verify_at.startswith(f"{service}/v/")
    assert rest[:3] == [
        "valid",
        "unknown",
        "Norwegian Directorate for Higher Education and Skills (HK-dir), with NOKUT",
    ]
    assert rest[3:5] == ["invalid", "issuer-out-of-period"]
    assert rest[5:11] == ["suspended", "invalid", "good", "valid", "revoked", "invalid"]
