"""Each tick of the conformance page names a test that exists."""

import re

import pytest

from tests.support.checkout import CHECKOUT

PAGE = CHECKOUT / "docs" / "reference" / "conformance.md"
ROW = re.compile(r"^\| .+ \|$", re.MULTILINE)
TICK = "✓"
NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`")


def rows() -> list[str]:
    """Return the rows of the page's tables that carry a tick."""
    return [row for row in ROW.findall(PAGE.read_text("utf-8")) if TICK in row]


def test_the_page_has_ticks() -> None:
    assert rows()


@pytest.mark.parametrize("row", rows())
def test_each_tick_names_a_test_that_exists(row: str) -> None:
    named = NAMED_TEST.findall(row)
    assert named, "a tick without a test is a claim"
    for path, function in named:
        module = CHECKOUT / path
        assert module.exists(), f"{path} does not exist"
        assert not function or f"def {function}(" in module.read_text("utf-8"), function
