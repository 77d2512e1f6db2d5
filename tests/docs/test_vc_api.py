"""The commands of the how-to on the VC-API are run as they stand."""

from pathlib import Path

import pytest

from skillpassport.profiles.model import Securing
from tests.support.checkout import CHECKOUT
from tests.support.shell_pages import run_page
from tests.support.vc_api import SECURED

PAGE = CHECKOUT / "docs" / "how-to" / "issue-through-the-vc-api.md"


@pytest.mark.slow
def test_the_commands_do_what_the_page_says(tmp_path: Path) -> None:
    service, lines = run_page(PAGE, tmp_path)
    issue_url, *rest = lines
    assert issue_url.startswith(f"{service}/vc/issuers/")
    every_way = [f"{securing}/{key}" for securing, key in SECURED if securing != "ecdsa-sd-2023"]
    assert rest == [
        "(422, 'profile-unsupported')",
        "eddsa-rdfc-2022",
        "True", "False",
        *(f"{way} True" for way in every_way),
        *(f"dc+sd-jwt/{key} True" for key in ("Ed25519", "P-256", "P-384")),
        "1", "False",
        "none", "{'skill': 'welding'}", "True",
    ]  # fmt: skip


def test_the_page_names_each_securing_there_is() -> None:
    page = PAGE.read_text("utf-8")
    assert [each.value for each in Securing if f"`{each.value}`" not in page] == []
