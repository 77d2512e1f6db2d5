"""The catalogues of languages: complete, well formed, and in step with the source."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from skillpassport.web.translation import LANGUAGES, translation, translation_for

CHECKOUT = Path(__file__).parents[2]
PACKAGE = CHECKOUT / "src/skillpassport"
TRANSLATED = [language for language in LANGUAGES if language != "en"]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")


@cache
def source_messages() -> frozenset[str | tuple[str, ...]]:
    """Return every sentence that the pages and reports mark for translation."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    mappings = project["tool"]["babel"]["mappings"]
    keywords = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
    found = extract_from_dir(
        PACKAGE,
        method_map=[(each["pattern"], each["method"]) for each in mappings],
        keywords=keywords,
        options_map={},
    )
    return frozenset(message for _, _, message, _, _ in found)


def messages_of(language: str) -> Iterator[Message]:
    yield from (each for each in catalogue(language) if each.id)


def forms_of(message: Message) -> list[str]:
    said = message.string
    return [said] if isinstance(said, str) else [str(each) for each in said or ()]


@cache
def catalogue(language: str) -> Catalog:
    path = PACKAGE / "locale" / language / "LC_MESSAGES/skillpassport.po"
    with path.open("rb") as source:
        return read_po(source, locale=language)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_holds_exactly_the_sentences_of_the_source(language: str) -> None:
    """A difference is taken in by `make catalogues`, and then translated."""
    held = {
        each.id if isinstance(each.id, str) else tuple(each.id) for each in messages_of(language)
    }
    assert len(held) > 250
    assert held == source_messages()
    assert not catalogue(language).obsolete


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated_with_the_same_placeholders(language: str) -> None:
    for message in messages_of(language):
        assert not message.fuzzy, message.id
        forms = forms_of(message)
        plural = message.id if isinstance(message.id, str) else message.id[1]
        expected = 1 if isinstance(message.id, str) else catalogue(language).num_plurals
        assert len(forms) == expected, message.id
        for form in forms:
            assert form.strip(), message.id
            extra = set(PLACEHOLDER.findall(form)) - set(PLACEHOLDER.findall(plural))
            assert not extra, message.id
        assert set(PLACEHOLDER.findall(forms[-1])) == set(PLACEHOLDER.findall(plural)), message.id


def test_a_language_is_another_language() -> None:
    """Only words that are the same in both may stay: names of kinds, mostly."""
    same = {each.id for each in messages_of("fr") if each.id == each.string}
    assert len(same) <= 20
    assert not {each.id for each in messages_of("ar") if each.id == each.string}


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "لا أطر"),
        (1, "إطار واحد"),
        (2, "إطاران"),
        (3, "3 أطر"),
        (10, "10 أطر"),
        (11, "11 إطارًا"),
        (99, "99 إطارًا"),
        (100, "100 إطار"),
        (102, "102 إطار"),
        (103, "103 أطر"),
    ],
)
def test_arabic_counts_in_six_forms(count: int, words: str) -> None:
    form = translation("ar").catalogue.ngettext("%(num)d framework", "%(num)d frameworks", count)
    assert form % {"num": count} == words


@pytest.mark.parametrize(
    ("languages", "chosen"),
    [
        (["fr-CA", "en"], "fr"),
        (["am", "ar-EG", "en"], "ar"),
        (["am", "en"], "en"),
        (["FR"], "fr"),
        (["frr", "en"], "en"),
        ([], "en"),
    ],
)
def test_the_first_language_that_is_spoken_here_is_chosen(
    languages: list[str], chosen: str
) -> None:
    assert translation_for(languages).language == chosen


def test_days_and_countries_are_said_in_the_language() -> None:
    assert translation("en").day("2026-03-02") == "2 March 2026"
    assert translation("fr").day("2026-03-02T10:00:00Z") == "2 mars 2026"
    assert translation("ar").day("2026-03-02") == "2 مارس 2026"
    assert translation("fr").country("NO") == "Norvège"
    assert translation("ar").direction == "rtl"
    assert translation("en").day("next week") == "next week"
