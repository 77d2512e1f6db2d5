"""Requests made from the served description find no failure: schemathesis, with all its checks.

A short and steady part for CI; `make fuzz-api CASES=100 KEY=…` sends more to a running server.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.checkout import CHECKOUT
from tests.support.commands import LONGEST, Commands

pytestmark = pytest.mark.slow

ADMINISTRATOR = "administrator-of-the-tests"
RULES = CHECKOUT / "tests" / "contract" / "schemathesis.toml"


@pytest.mark.parametrize("key", [None, ADMINISTRATOR])
def test_requests_made_from_the_description_find_no_failure(
    tmp_path: Path, key: str | None
) -> None:
    fresh = Commands(tmp_path / "data", tmp_path, {})
    with fresh.serving(seed="registry", rate_limits="off", bootstrap_admin_key=ADMINISTRATOR) as it:
        address = f"http://127.0.0.1:{it.port}"
        it.ask("/openapi.json")  # made at the first question, for which the tool waits ten seconds
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(RULES), "run"),
                *(f"{address}/openapi.json", "--url", address, "--checks", "all", "--no-color"),
                *(
                    "--phases",
                    "coverage,fuzzing,stateful",
                    "--max-examples",
                    "3",
                    "--max-time",
                    "40",
                ),
                "--generation-deterministic",
                *(("-H", f"Authorization: Bearer {key}") if key else ()),
            ],
            capture_output=True,
            cwd=tmp_path,
            text=True,
            timeout=LONGEST,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr
