"""Which awards are looked for, and the words by which one is found: a name, folded.

Case, accents and punctuation of the Latin, Greek and Cyrillic scripts are folded away. Scripts in
which a mark is part of the letter (Arabic, Ethiopic, Devanagari and others) stay as they are.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from skillpassport.credentials.model import AchievementId, State, Subject

SHORTEST_BEGINNING: Final = 3
LONGEST_BEGINNING: Final = 12
MAX_WORDS: Final = 24
"""Far above any name; keeps a strange one from filling the table."""

_FOLDED_SCRIPTS: Final = ("LATIN", "GREEK", "CYRILLIC")
_UNDECOMPOSED: Final = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "\u0131": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialFilter:
    """Which credentials of an organisation to list.

    name: words that each begin a word of the subject's name
    after: issuing instant and id of the last one seen; newest come first
    """

    achievement: AchievementId | None = None
    state: State | None = None
    awarded_from: date | None = None
    name: str | None = None
    after: tuple[datetime, str] | None = None


def search_terms(subject: Subject) -> frozenset[str]:
    """Return all that a search may say to find this person: each word, and its beginnings."""
    words = {*folded_words(subject.name), *folded_words(subject.name_in_mrz or "")}
    return frozenset(term for word in words for term in (word, *_beginnings(word)))


def folded_words(text: str) -> tuple[str, ...]:
    """Return the words of a text in their folded form, each once, `MAX_WORDS` at the most."""
    folded = "".join(_folded(character) for character in unicodedata.normalize("NFC", text))
    return tuple(dict.fromkeys(folded.split()))[:MAX_WORDS]


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    """Return a character as it is compared; a space for what divides words."""
    if unicodedata.category(character)[0] not in "LNM":
        return " "
    if not unicodedata.name(character, "").startswith(_FOLDED_SCRIPTS):
        return character
    decomposed = unicodedata.normalize("NFKD", character.casefold())
    letters = "".join(each for each in decomposed if not unicodedata.combining(each))
    return letters.translate(_UNDECOMPOSED)


def _beginnings(word: str) -> tuple[str, ...]:
    longest = min(len(word), LONGEST_BEGINNING)
    return tuple(word[:length] for length in range(SHORTEST_BEGINNING, longest + 1))
