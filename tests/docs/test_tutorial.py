"""The tutorial's commands are run as they stand."""

from pathlib import Path

import pytest

from tests.support.checkout import CHECKOUT
from tests.support.shell_pages import run_page

pytestmark = pytest.mark.slow

TUTORIAL = CHECKOUT / "docs" / "tutorial" / "first-credential.md"


def test_the_tutorial_does_what_it_says(tmp_path: Path) -> None:
    service, lines = run_page(TUTORIAL, tmp_path)
    _, edition, verify_at, *rest = lines
    assert edition == "current"
    assert verify_at.startswith(f"{service}/v/")
    assert rest[:3] == [
        "valid",
        "unknown",
        "Norwegian Directorate for Higher Education and Skills (HK-dir), with NOKUT",
    ]
    assert rest[3:5] == ["invalid", "issuer-out-of-period"]
    assert rest[5:11] == ["suspended", "invalid", "good", "valid", "revoked", "invalid"]
