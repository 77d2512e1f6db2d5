"""What a serving process collects."""

import gc
from collections.abc import Iterator

import pytest

from skillpassport.cli import collecting


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)
    gc.enable()


def test_the_application_is_in_no_collection_and_full_ones_are_rare() -> None:
    of_the_application: list[object] = [[]]
    collecting.put_off()
    assert not gc.isenabled()
    collecting.begin()
    assert gc.isenabled()
    assert gc.get_threshold()[2] == collecting.FULL_AFTER
    assert not any(each is of_the_application for each in gc.get_objects())


def test_circles_of_requests_are_collected() -> None:
    collecting.begin()
    circle: list[object] = []
    circle.append(circle)
    del circle
    assert gc.collect() > 0
