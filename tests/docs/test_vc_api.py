"""The commands of the how-to on the VC-API are run as they stand, against a service of their own."""

import subprocess
from pathlib import Path

import pytest

from tests.docs.test_tutorial import curl, service
from tests.support.checkout import CHECKOUT
from tests.support.markdown import blocks

pytestmark = pytest.mark.slow

PAGE = CHECKOUT / "docs" / "how-to" / "issue-through-the-vc-api.md"

__all__ = ["curl", "service"]


@pytest.mark.usefixtures("curl")
def test_the_commands_do_what_the_page_says(service: str, tmp_path: Path) -> None:
    script = "\n".join(blocks(PAGE, "sh")).replace("http://localhost:8000", service)
    told = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    issue_url, *rest = told.stdout.splitlines()
    assert issue_url.startswith(f"{service}/vc/issuers/")
    assert rest == [
        "eddsa-rdfc-2022",
        "True", "False",
        "1", "False",
        "none", "{'skill': 'welding'}", "True",
    ]  # fmt: skip
