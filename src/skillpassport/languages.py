"""Names that people read, in several languages."""

from collections.abc import Mapping

LanguageMap = Mapping[str, str]
"""BCP 47 tag to text: `{"en": "Welder", "fr": "Soudeur"}`. Never empty."""


def in_language(names: LanguageMap, *preferred: str) -> str:
    """Return the text in the first preferred language that exists, else English, else any.

    preferred: BCP 47 tags, best first; `pt-BR` also finds `pt`
    """
    for tag in (*preferred, "en"):
        for candidate in (tag, tag.split("-", maxsplit=1)[0]):
            if candidate in names:
                return names[candidate]
    return next(iter(names.values()))
