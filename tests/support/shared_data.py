"""Real data that tests may read and the repository does not carry."""

import os
from functools import cache
from pathlib import Path

import pytest

from tests.support.checkout import CHECKOUT


def shared_data() -> Path:
    """Return the folder of shared test data, or skip the test that asks.

    `SKILLPASSPORT_TEST_DATA` names the folder; without it, `../shared/data` beside the checkout.
    With `REQUIRE_DATA=1` a missing folder fails the test instead.
    """
    folder = shared_data_folder()
    if not folder.is_dir():
        sentence = (
            "The shared test data are not here; set SKILLPASSPORT_TEST_DATA to their folder "
            "to run these tests."
        )
        if os.environ.get("REQUIRE_DATA") == "1":
            pytest.fail(sentence)
        pytest.skip(sentence)
    return folder


@cache
def shared_data_folder() -> Path:
    """Return where the shared test data are expected, whether or not they are there.

    For use while tests are collected, when a table of cases is read from a file.
    """
    named = os.environ.get("SKILLPASSPORT_TEST_DATA")
    return Path(named) if named else CHECKOUT.parent / "shared" / "data"


def text_of(file: Path) -> str:
    """Return what a file of theirs says, without the blanks around it."""
    return file.read_text().strip()
