"""Names are found in spite of accents, word order and small slips."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.frameworks.searching import (
    MAX_WORDS,
    best_match,
    is_alike,
    slips_of,
    terms_of,
    words_of,
)

NAMES = {"en": ["specialist nurse", "nurse"], "fr": ["infirmière spécialiste"], "ar": ["مُمَرِّضة"]}


@pytest.mark.parametrize(
    ("query", "rank", "name"),
    [
        ("Nurse", 0, "nurse"),
        ("special", 1, "specialist nurse"),
        ("nurse specialist", 2, "specialist nurse"),
        ("specialiste infirmiere", 2, "infirmière spécialiste"),
        ("nusre", 3, "nurse"),
        ("spicialist nurse", 3, "specialist nurse"),
        ("ممرضه", 0, "مُمَرِّضة"),
    ],
)
def test_a_name_is_found(query: str, rank: int, name: str) -> None:
    found = best_match(NAMES, query)
    assert found is not None
    assert (found.rank, found.name) == (rank, name)


@pytest.mark.parametrize("query", ["plumber", "nurse plumber", "nur se xx"])
def test_a_name_that_lacks_a_word_is_not_found(query: str) -> None:
    assert best_match(NAMES, query) is None


def test_another_language_is_not_looked_at() -> None:
    assert best_match(NAMES, "nurse", language="fr") is None
    assert best_match(NAMES, "infirmiere", language="fr") is not None


@pytest.mark.parametrize(
    ("word", "other", "alike"),
    [
        ("weldor", "welder", True),
        ("wleder", "welder", True),
        ("weldr", "welder", True),
        ("weelder", "welder", True),
        ("elctrician", "electrician", True),
        ("elctrician", "electricians", True),
        ("weldor", "wedding", False),
        ("cat", "car", False),
        ("7212", "7213", False),
        ("weldor", "we", False),
    ],
)
def test_small_slips_are_forgiven_in_long_words_alone(word: str, other: str, alike: bool) -> None:
    assert is_alike(word, other, slips_of(word)) is alike


@given(st.text(alphabet="abcde", min_size=4, max_size=12), st.data())
def test_any_one_slip_is_forgiven(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcde"))
    changed = word[:place] + letter + word[place + 1 :]
    shorter = word[:place] + word[place + 1 :]
    turned = word[:place] + word[place : place + 2][::-1] + word[place + 2 :]
    for other in (changed, shorter, turned, word[:place] + letter + word[place:]):
        assert is_alike(word, other, 1)


@given(st.text(max_size=300))
def test_terms_and_words_are_bounded_and_folded_alike(text: str) -> None:
    words = words_of(text)
    assert len(words) <= MAX_WORDS
    assert set(words) <= terms_of([text])
    assert all(0 < len(term) <= 200 for term in terms_of([text]))
