"""Each decision is one page with five parts, and says what enforces it."""

import re
from pathlib import Path

import pytest

from tests.support.checkout import CHECKOUT
from tests.support.markdown import section

RECORDS = sorted((CHECKOUT / "docs" / "adr").glob("[0-9]*.md"))
ONE_PAGE = 500
REPOSITORY_PATH = re.compile(r"`((?:tests|src|docs|pyproject|migrations|bench)[\w./-]*)`")


def test_the_numbers_have_no_gaps() -> None:
    assert [int(record.name[:4]) for record in RECORDS] == list(range(1, len(RECORDS) + 1))


def test_the_index_lists_each_record() -> None:
    index = (CHECKOUT / "docs" / "adr" / "README.md").read_text("utf-8")
    assert [name for name in (record.name for record in RECORDS) if f"({name})" not in index] == []


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_a_record_has_its_five_parts_on_one_page(record: Path) -> None:
    for part in ("Context", "Decision", "Consequences", "Alternatives", "Enforced by"):
        assert section(record, part), f"{record.name} lacks '{part}'"
    assert re.search(r"^> .{20,}", section(record, "Decision"), re.MULTILINE)
    assert "cost" in section(record, "Consequences")
    assert len(record.read_text("utf-8").split()) <= ONE_PAGE


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_what_enforces_a_record_exists(record: Path) -> None:
    named = REPOSITORY_PATH.findall(section(record, "Enforced by"))
    assert named, f"{record.name} names nothing that fails when it is broken"
    for path in named:
        assert (CHECKOUT / path).exists(), f"{path} does not exist"
        if path.startswith("tests/") and (CHECKOUT / path).is_dir():
            assert any((CHECKOUT / path).rglob("test_*.py")), f"{path} holds no test"
