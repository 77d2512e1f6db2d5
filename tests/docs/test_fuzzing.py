"""The table of readers names targets and tests that are there, and no target is left out."""

import ast
import re

import pytest

from tests.fuzz.targets import NAMES
from tests.support.checkout import CHECKOUT

PAGE = (CHECKOUT / "docs" / "reference" / "fuzzing.md").read_text()
ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in PAGE.partition("## Readers")[2].partition("## What was run")[0].splitlines()
    if line.startswith("|") and "---" not in line
][1:]


def test_there_is_a_row_for_each_target_and_a_target_for_each_row() -> None:
    assert {row[2].strip("`") for row in ROWS} == set(NAMES)
    ran = re.findall(r"^\| `([a-z0-9_]+)` \|", PAGE.partition("## What was run")[2], re.MULTILINE)
    assert sorted(ran) == sorted(NAMES)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_a_row_names_is_there(row: tuple[str, ...]) -> None:
    _what, module, target, own = (cell.strip("`") for cell in row)
    assert (CHECKOUT / "src" / "skillpassport" / module).exists()
    assert (CHECKOUT / "tests" / "fuzz" / f"{target}.py").exists()
    if own == "bent seeds alone":
        return
    path, _, name = own.partition("::")
    tree = ast.parse((CHECKOUT / path).read_text())
    (test,) = [
        node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name
    ]
    decorators = " ".join(ast.unparse(each) for each in test.decorator_list)
    assert "given(" in decorators, "a test of Hypothesis"
