"""Each tick of the conformance page names a test that exists."""

import re

import pytest

from tests.support.checkout import CHECKOUT, SOURCE

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


def test_every_module_that_departs_from_its_specification_is_in_the_table_of_departures() -> None:
    table = PAGE.read_text("utf-8").partition("## Departures")[2]
    for module in (SOURCE / "vc").rglob("*.py"):
        if re.search(r"^Departs from", module.read_text("utf-8"), re.MULTILINE):
            assert f"`{module.relative_to(CHECKOUT)}`" in table, f"{module} departs; say so"
