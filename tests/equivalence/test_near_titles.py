"""Titles that are spelled nearly alike: few, the nearest first, in bounded time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.equivalence.near_titles import MAX_SHOWN, NearTitles
from skillpassport.frameworks.reading import fold

TITLES = ("mittlerer schulabschluss", "bachelor honours degree", "baccalaureat", "diploma")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mitlerer schulabschlus", "mittlerer schulabschluss"),
        ("bachelor honors degree", "bachelor honours degree"),
        ("honours bachelor degree", "bachelor honours degree"),
        ("baccalaureate", "baccalaureat"),
        ("diplom", "diploma"),
    ],
)
def test_a_slip_of_spelling_finds_the_title(typed: str, meant: str) -> None:
    assert NearTitles.of(TITLES).near(typed)[:1] == (meant,)


@pytest.mark.parametrize("typed", ["", "x", "doctor of law", "schule", "9"])
def test_what_is_like_nothing_finds_nothing(typed: str) -> None:
    assert NearTitles.of(TITLES).near(typed) == ()


@given(st.lists(st.text(max_size=20).map(fold), max_size=12), st.text(max_size=20).map(fold))
def test_a_few_titles_at_most_whatever_their_order(titles: list[str], typed: str) -> None:
    found = NearTitles.of(titles).near(typed)
    assert found == NearTitles.of(reversed(titles)).near(typed)
    assert len(found) <= MAX_SHOWN
    assert set(found) <= set(titles)


@pytest.mark.parametrize("typed", ["certificate in tarde number 7", "certificate " * 16, "a" * 200])
def test_many_titles_that_are_alike_cost_a_question_little(typed: str) -> None:
    index = NearTitles.of(f"certificate in trade number {n}" for n in range(20_000))
    began = time.process_time()
    for _ in range(10):
        index.near(typed.strip())
    assert time.process_time() - began < 5.0  # some 10 ms each; without a bound seconds each
