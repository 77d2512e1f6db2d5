"""Names that people read, in several languages."""

from collections.abc import Mapping

LanguageMap = Mapping[str, str]
"""BCP 47 tag to text: `{"en": "Welder", "fr": "Soudeur"}`. Never empty."""


def in_language(names: LanguageMap, *preferred: str) -> str:
    """Return the text in the first preferred language that exists, else English, else any.

    preferred: BCP 47 tags, best first; `pt-BR` also finds `pt`
    """
    return names[language_of(names, *preferred)]


def language_of(names: LanguageMap, *preferred: str) -> str:
    """Return the tag of the text that `in_language` returns."""
    for tag in (*preferred, "en"):
        for candidate in (tag, tag.split("-", maxsplit=1)[0]):
            if candidate in names:
                return candidate
    return next(iter(names))
