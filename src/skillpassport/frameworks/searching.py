"""Finding things by name in spite of accents, word order and slips of the keyboard.

Names are cut into folded words when they are stored. A search looks the words up by their
beginnings, and only a word that begins nothing is compared with words that are spelled alike; what
was found is few enough to be ranked one by one. Nothing is ever ranked over a whole table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from skillpassport.frameworks.reading import fold
from skillpassport.languages import LanguageMap

WHOLE: Final = "="
"""Begins the term that is a whole name; no folded word has it."""

MAX_WORDS: Final = 8
MAX_TERM: Final = 200
"""Characters; of a longer name the beginning is enough to find it by."""

_ONE_EDIT_FROM: Final = 4
_TWO_EDITS_FROM: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How well a name answers a search.

    rank: 0 the very name, 1 a name that begins so, 2 one that has every word, 3 one that has words
        spelled alike
    language, name: what matched
    """

    rank: int
    language: str
    name: str

    @property
    def order(self) -> tuple[int, int, str]:
        """Better matches first, and among equals the shorter name."""
        return self.rank, len(self.name), self.name


def words_of(text: str) -> tuple[str, ...]:
    """Return the folded words of what somebody searches for, each once, at most `MAX_WORDS`."""
    return tuple(dict.fromkeys(word[:MAX_TERM] for word in fold(text).split()))[:MAX_WORDS]


def whole_of(text: str) -> str:
    """Return the term that is a whole name."""
    return f"{WHOLE}{fold(text)}"[:MAX_TERM]


def terms_of(names: Iterable[str]) -> set[str]:
    """Return every term that a thing of these names is found by."""
    found: set[str] = set()
    for name in names:
        folded = fold(name)
        found.add(f"{WHOLE}{folded}"[:MAX_TERM])
        found.update(word[:MAX_TERM] for word in folded.split())
    found.discard(WHOLE)
    return found


def slips_of(word: str) -> int:
    """Return how many slips a word may have and still be taken for another."""
    if len(word) < _ONE_EDIT_FROM or any(map(str.isdigit, word)):
        return 0  # short words and codes are too close to each other
    return 1 if len(word) < _TWO_EDITS_FROM else 2


def is_alike(word: str, other: str, slips: int) -> bool:
    """Return whether a word, or its beginning, is another one but for so many slips.

    A slip is a letter too many, too few, another one, or two that changed places.
    """
    if not slips or len(other) < len(word) - slips:
        return word == other
    return _distance_to_beginning(word, other[: len(word) + slips], slips) <= slips


def _distance_to_beginning(word: str, other: str, limit: int) -> int:
    """Return the least optimal string alignment distance to a beginning, or more than the limit.

    What is typed may be only the beginning of the word that is meant. Of the matrix only the cells
    near the diagonal are looked at: no others can stay within the limit.
    """
    beyond = limit + 1
    width = len(other)
    before = [beyond] * (width + 1)
    row = [j if j <= limit else beyond for j in range(width + 1)]
    for i, a in enumerate(word, 1):
        older, before = before, row
        row = [beyond] * (width + 1)
        if i <= limit:
            row[0] = i
        for j in range(max(1, i - limit), min(width, i + limit) + 1):
            b = other[j - 1]
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and word[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row[j] = cost
        if min(row) > limit:
            return beyond
    return min(row)


def best_match(
    names: Mapping[str, Sequence[str]], query: str, language: str | None = None
) -> Match | None:
    """Return the best of a thing's names for a search; None where none has every word.

    names: by language; language: the only one to look at
    """
    folded, words = fold(query), words_of(query)
    if not words:
        return None
    found = [
        Match(rank=rank, language=tag, name=name)
        for tag, listed in names.items()
        if language is None or tag == language
        for name in listed
        if (rank := _rank(fold(name), folded, words)) is not None
    ]
    return min(found, key=lambda match: match.order, default=None)


def _rank(name: str, query: str, words: Sequence[str]) -> int | None:
    if name == query:
        return 0
    if name.startswith(query):
        return 1
    there = name.split()
    if all(any(each.startswith(word) for each in there) for word in words):
        return 2
    alike = all(
        any(each.startswith(word) or is_alike(word, each, slips_of(word)) for each in there)
        for word in words
    )
    return 3 if alike else None


def all_names(
    labels: LanguageMap, further: Mapping[str, Sequence[str]] | None = None
) -> dict[str, list[str]]:
    """Return every name by language, the preferred one first."""
    found = {tag: [label] for tag, label in labels.items()}
    for tag, names in (further or {}).items():
        found.setdefault(tag, []).extend(names)
    return found
