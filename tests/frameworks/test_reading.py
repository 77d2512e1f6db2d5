import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.frameworks.reading import (
    fold,
    has_control_characters,
    has_heaped_marks,
    readings,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Nivå 5.1", "niva 5.1"),
        ("NQF-J, Level 4.", "nqf j level 4"),
        ("4+", "4+"),
        ("  Entry   3 ", "entry 3"),
        ("STRASSE straße", "strasse strasse"),
        ("Świadectwo dojrzałości", "swiadectwo dojrzalosci"),
        ("Vitnemål for høyere Æra", "vitnemal for hoyere aera"),
        ("...", ""),
        ("٤", "٤"),
    ],
)
def test_text_is_folded_for_comparing(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_the_literal_reading_comes_first() -> None:
    assert readings("Entry 3") == ("Entry 3", "Entry+3")
    assert readings("4+") == ("4+",)


@pytest.mark.parametrize("text", ["a\x00b", "a\nb", "\x1b[31m", "\u202eb", "\u200bb", "\ud800"])
def test_text_that_hides_what_it_says_is_noticed(text: str) -> None:
    assert has_control_characters(text)


@pytest.mark.parametrize("text", ["NO:NKR", "مستوى ٤", "Nivå", "第4级", "Entry 3"])
def test_text_of_every_script_is_plain(text: str) -> None:
    assert not has_control_characters(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("مُهَنْدِس كهربائيّ", "مهندس كهربائي"),
        ("الإدارة", "الاداره"),
        ("مستشفى", "مستشفي"),
        ("أحمـــد", "احمد"),
    ],
)
def test_arabic_is_compared_as_people_write_it(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("script", ["é", "a\u0301\u0323", "مُمَرِّضة ", "क्\u200dषि", "ก็่", "x"])
def test_no_script_heaps_marks(script: str) -> None:
    assert not has_heaped_marks(script * 400)


def test_marks_in_heaps_are_noticed_in_long_texts() -> None:
    assert has_heaped_marks("a" * 1000 + "\u0301" * 31)
    assert not has_heaped_marks("a" * 1000 + "\u0301" * 30)
    assert not has_heaped_marks("\u0301" * 1000)
