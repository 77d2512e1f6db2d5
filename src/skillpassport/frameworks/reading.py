"""Reading what people and programs type: ids, notations and free text."""

import re
import unicodedata
from typing import Final

# Letters that Unicode does not take apart into a letter and an accent, though readers do.
_PLAIN: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe"}
    | {"þ": "th", "\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)

# Arabic spellings that writers vary freely, Persian letters of the same sound, and the stroke that
# only stretches a word. Vowel signs and the hamza on a letter are accents to Unicode already.
_ARABIC: Final = str.maketrans(
    {
        "\N{ARABIC LETTER ALEF MAKSURA}": "\N{ARABIC LETTER YEH}",
        "\N{ARABIC LETTER FARSI YEH}": "\N{ARABIC LETTER YEH}",
        "\N{ARABIC LETTER KEHEH}": "\N{ARABIC LETTER KAF}",
        "\N{ARABIC LETTER TEH MARBUTA}": "\N{ARABIC LETTER HEH}",
        "\N{ARABIC LETTER ALEF WASLA}": "\N{ARABIC LETTER ALEF}",
        "\N{ARABIC TATWEEL}": None,
    }
)
_LETTERS: Final = _PLAIN | _ARABIC

# All but letters, figures, `+`, and a full stop between two figures.
_BETWEEN_WORDS: Final = re.compile(r"[^\w+.]|_|(?<!\d)\.|\.(?!\d)")

_MAX_MARKS: Final = 30
_HARMLESS: Final = 1_000
"""Characters that take a millisecond, whatever they are."""


def fold(text: str) -> str:
    """Return text for comparing: no case, no accents, punctuation as single spaces.

    `+` stays, since it tells levels apart (Dutch `4` and `4+`), and so does a full stop between
    two figures (Norwegian `5.1`). Figures are never converted: nothing is computed from digits.
    In Arabic the hamza on a letter does not count, and letters that vary at the end of words are
    read as one (`_ARABIC`).
    """
    if text.isascii():  # most are, and there are hundreds of thousands to fold in an import
        return " ".join(_BETWEEN_WORDS.sub(" ", text.lower()).split())
    decomposed = unicodedata.normalize("NFKD", text.casefold()).casefold().translate(_LETTERS)
    kept = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(_BETWEEN_WORDS.sub(" ", kept).split())


def readings(text: str) -> tuple[str, ...]:
    """Return the ways to read an id or notation from a query, the literal one first.

    In a query string `+` arrives as a space, so a space that fits nothing is read as `+`:
    `GB-ENG NIR:RQF`, or `4 ` for the Dutch level `4+`; `Entry 3` is itself.
    """
    return (text, text.replace(" ", "+")) if " " in text else (text,)


def has_control_characters(text: str) -> bool:
    """Return whether text has a control, a surrogate or an unassigned character.

    Such text can hide what it says on a screen or in a log; no id or notation has one.
    """
    return any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Cn", "Co"} for c in text)


def has_heaped_marks(text: str) -> bool:
    """Return whether a long text heaps more marks on a letter than any script does.

    To put them in order takes time by the square of their number: 80,000 of them 26 seconds.

    Source: UAX #15, section 13 (Stream-Safe Text Format)
    """
    if len(text) <= _HARMLESS:
        return False
    heaped = 0
    for character in text:
        heaped = heaped + 1 if unicodedata.combining(character) else 0
        if heaped > _MAX_MARKS:
            return True
    return False
