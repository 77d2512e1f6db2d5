"""The positions of a status list are handed out once each, in an order that tells nothing."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillpassport.custody.permutation import permuted

KEY = bytes(16)


@settings(max_examples=30)
@given(length=st.integers(1, 600), key=st.binary(min_size=16, max_size=32))
def test_every_position_is_handed_out_exactly_once(length: int, key: bytes) -> None:
    positions = [permuted(counter, length=length, key=key) for counter in range(length)]
    assert sorted(positions) == list(range(length))


def test_neighbouring_reservations_do_not_lie_side_by_side() -> None:
    positions = [permuted(counter, length=131_072, key=KEY) for counter in range(200)]
    steps = [abs(after - before) for before, after in pairwise(positions)]
    assert sum(step < 100 for step in steps) < 5


def test_another_key_gives_another_order() -> None:
    first = [permuted(counter, length=131_072, key=KEY) for counter in range(8)]
    second = [permuted(counter, length=131_072, key=b"\1" * 16) for counter in range(8)]
    assert first != second


@pytest.mark.parametrize("counter", [-1, 8])
def test_a_counter_outside_the_list_is_a_mistake_of_the_program(counter: int) -> None:
    with pytest.raises(ValueError, match="below 8"):
        permuted(counter, length=8, key=KEY)
