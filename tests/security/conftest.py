"""One instance for a whole file, for tests that leave behind nothing that another would notice."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.awards import Story, a_story
from tests.support.instances import Served, an_instance


@pytest.fixture(scope="module")
def standing(instance_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve one instance over SQLite."""
    folder = tmp_path_factory.mktemp("standing") / "var"
    shutil.copytree(instance_template, folder)
    with an_instance(folder) as opened:
        opened.set_day("2026-11-22")
        yield opened


@pytest.fixture(scope="module")
def standing_story(standing: Served) -> Story:
    """Tell one story on the standing instance."""
    return a_story(standing)
