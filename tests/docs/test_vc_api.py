"""The commands of the how-to on the VC-API are run as they stand."""

from pathlib import Path

import pytest

from tests.support.checkout import CHECKOUT
from tests.support.shell_pages import run_page

pytestmark = pytest.mark.slow

PAGE = CHECKOUT / "docs" / "how-to" / "issue-through-the-vc-api.md"


def test_the_commands_do_what_the_page_says(tmp_path: Path) -> None:
    service, lines = run_page(PAGE, tmp_path)
    issue_url, *rest = lines
    assert issue_url.startswith(f"{service}/vc/issuers/")
    assert rest == [
        "eddsa-rdfc-2022",
        "True", "False",
        "1", "False",
        "none", "{'skill': 'welding'}", "True",
    ]  # fmt: skip
