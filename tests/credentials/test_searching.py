"""Names are found as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.credentials.model import Subject
from skillpassport.credentials.searching import MAX_WORDS, folded_words, search_terms


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Łukasz  WAŁĘSA-Żak", ("lukasz", "walesa", "zak")),
        ("Straße", ("strasse",)),
        ("Nguye\u0302\u0303n Va\u0306n", ("nguyen", "van")),
        ("O'Brien, José", ("o", "brien", "jose")),
        ("Ødegård Ærø", ("odegard", "aero")),
        ("ΑΛΈΞΑΝΔΡΟΣ", ("αλεξανδροσ",)),
        ("محمد أحمد", ("محمد", "أحمد")),
        ("አበበ ቢቂላ", ("አበበ", "ቢቂላ")),
        ("अनीता", ("अनीता",)),
        ("ERIKSSON<<ANNA", ("eriksson", "anna")),
        ("Anna Anna", ("anna",)),
        (" - ", ()),
    ],
)
def test_case_accents_and_punctuation_are_folded_where_the_script_allows(
    name: str, words: tuple[str, ...]
) -> None:
    assert folded_words(name) == words


def test_a_word_is_found_by_its_beginnings_of_three_letters_and_more() -> None:
    terms = search_terms(Subject(name="Li Amina", name_in_mrz="LI<<AMINATA"))
    assert terms == {"li", "ami", "amin", "amina", "aminat", "aminata"}


@given(st.text(max_size=200))
def test_any_name_gives_few_words_that_fold_to_themselves(name: str) -> None:
    words = folded_words(name)
    assert len(words) <= MAX_WORDS
    assert all(word and not word.isspace() for word in words)
