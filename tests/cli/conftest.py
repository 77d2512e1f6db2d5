"""Commands over data folders of their own."""

from pathlib import Path

import pytest

from tests.support.commands import Commands
from tests.support.lived_in import LivedIn

SETTINGS = {"public_url": "http://localhost:8000", "seed": "none"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Make a working directory that has nothing to do with the product."""
    folder = tmp_path / "somewhere else"
    folder.mkdir()
    return folder


@pytest.fixture
def commands(lived_in: LivedIn, home: Path) -> Commands:
    """Return commands over the instance with a past."""
    return Commands(lived_in.folder, home, SETTINGS)


@pytest.fixture
def fresh(tmp_path: Path, home: Path) -> Commands:
    """Return commands over a data folder that does not exist yet."""
    return Commands(tmp_path / "data", home, SETTINGS)
