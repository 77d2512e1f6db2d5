"""Names that look like each other: a stranger who calls itself like a registered organisation.

Names decide nothing here, but people read them. A name is folded to what the eye makes of it, and
two names resemble each other when they fold to the same.
Source: Unicode Technical Standard 39, section 4 (Confusable Detection). Departs from it: the table
holds Latin, Cyrillic and Greek letters alone, and case, accents, punctuation and spaces are folded
as well, since a reader of names overlooks them.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from skillpassport.vc.strict_json import JsonObject, JsonValue

MAX_NAMES: Final = 20
MAX_NAME: Final = 500
"""What is looked at of what a stranger calls itself: more is no name."""

_LOOK_ALIKES: Final = {
    "A": "\u0391\u0410",
    "B": "\u0392\u0412",
    "C": "\u03f9\u0421",
    "E": "\u0395\u0415",
    "F": "\u03dc",
    "G": "\u050c",
    "H": "\u0397\u041d",
    "J": "\u037f\u0408",
    "K": "\u039a\u041a",
    "M": "\u039c\u03fa\u041c",
    "N": "\u039d",
    "O": "\u039f\u041e",
    "P": "\u03a1\u0420",
    "S": "\u0405",
    "T": "\u03a4\u0422",
    "V": "\u0474",
    "W": "\u051c",
    "X": "\u03a7\u0425",
    "Y": "\u03a5\u0423\u04ae",
    "Z": "\u0396",
    "a": "\u0251\u03b1\u0430",
    "b": "\u042c",
    "c": "\u03f2\u0441",
    "d": "\u0501",
    "e": "\u0435\u04bd",
    "g": "\u0261",
    "h": "\u04bb",
    "i": "\u0131\u0269\u03b9\u0456\u04cf",
    "j": "\u03f3\u0458",
    "l": "\u0196\u01c0\u0399\u0406\u04c0",
    "o": "\u03bf\u03c3\u043e",
    "p": "\u03c1\u0440",
    "q": "\u051b",
    "r": "\u0433",
    "s": "\u0455",
    "u": "\u028b\u03c5",
    "v": "\u03bd\u0475",
    "w": "\u0461\u051d",
    "x": "\u0445",
    "y": "\u03b3\u0443\u04af",
}
"""Letters that look like a Latin one; from `confusables.txt` of UTS 39, version 15.1."""

_TO_LATIN: Final = {
    ord(letter): latin for latin, letters in _LOOK_ALIKES.items() for letter in letters
}
_TO_ONE: Final = str.maketrans("i10", "llo")
"""After case is folded, these cannot be told apart any more."""


@lru_cache(maxsize=4096)
def looks_of(name: str) -> frozenset[str]:
    """Return what a name looks like, as it is written and in capitals; nothing for a blank one.

    Names that have one of these in common look the same to somebody who reads in passing.
    """
    composed = unicodedata.normalize("NFKC", name[:MAX_NAME])
    return frozenset(_skeleton(each) for each in (composed, composed.upper())) - {""}


def names_of_issuer(document: JsonObject) -> Iterator[str]:
    """Yield what a document calls its issuer, in every language that it says it in."""
    issuer = document.get("issuer")
    if isinstance(issuer, dict):
        found = [*_texts(issuer.get("name")), *_texts(issuer.get("legalName"))]
        yield from found[:MAX_NAMES]


def _skeleton(name: str) -> str:
    latin = unicodedata.normalize("NFD", name).translate(_TO_LATIN)
    # Once more: what casefold and decomposition bring forth may be a look-alike itself.
    folded = unicodedata.normalize("NFKD", latin.casefold()).translate(_TO_LATIN)
    letters = "".join(each for each in folded if each.isalnum() or _is_vowel_sign(each))
    return letters.translate(_TO_ONE).replace("rn", "m").replace("vv", "w")


def _is_vowel_sign(character: str) -> bool:
    """Return whether a mark is a letter in its script, as in Devanagari, and no accent."""
    is_mark = unicodedata.category(character) in {"Mn", "Mc"}
    return is_mark and unicodedata.combining(character) == 0


def _texts(value: JsonValue) -> Iterator[str]:
    """Yield the texts of a name: one, a list, a language map, or values with a language."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value[:MAX_NAMES]:
            yield from _texts(each) if not isinstance(each, list) else ()
    elif isinstance(value, dict):
        members = value.values() if "@value" not in value else [value["@value"]]
        yield from (each for each in list(members)[:MAX_NAMES] if isinstance(each, str))
