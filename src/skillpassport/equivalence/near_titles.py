"""Finding titles that are spelled nearly alike, in bounded time.

Only for candidates that a person looks into: a near title never answers a question.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Self

_LENGTH: Final = 3
_LIKENESS: Final = 0.4
"""Dice's coefficient of the trigrams; a slip in a title of twelve letters still leaves 0.7."""

MAX_SHOWN: Final = 5
MAX_POSTINGS: Final = 2_000
"""A trigram that more titles have tells nothing (`bac` in a country of bachelors) and is not read:
so a question costs at most its own length times this number."""


@dataclass(frozen=True, slots=True)
class NearTitles:
    """Titles of one country by the trigrams they have.

    _titles: the folded titles; a posting is a place in it
    """

    _titles: tuple[str, ...]
    _sizes: tuple[int, ...]
    _postings: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, titles: Iterable[str]) -> Self:
        """Return the index of folded titles; their order does not matter."""
        listed = tuple(sorted(set(titles)))
        split = [_trigrams(title) for title in listed]
        postings: dict[str, list[int]] = {}
        for place, trigrams in enumerate(split):
            for trigram in trigrams:
                postings.setdefault(trigram, []).append(place)
        return cls(
            listed,
            tuple(map(len, split)),
            {trigram: tuple(places) for trigram, places in postings.items()},
        )

    def near(self, folded: str) -> tuple[str, ...]:
        """Return the titles that are spelled nearly like one, the nearest first, a few at most."""
        wanted = _trigrams(folded)
        shared: Counter[int] = Counter()
        for trigram in wanted:
            places = self._postings.get(trigram, ())
            if len(places) <= MAX_POSTINGS:
                shared.update(places)
        ranked = sorted(
            (-2 * count / (len(wanted) + self._sizes[place]), self._titles[place])
            for place, count in shared.items()
        )
        return tuple(title for likeness, title in ranked[:MAX_SHOWN] if -likeness >= _LIKENESS)


def _trigrams(folded: str) -> frozenset[str]:
    """Return the trigrams of a folded text, its ends marked so that beginnings count."""
    marked = f"  {folded} "
    return frozenset(marked[i : i + _LENGTH] for i in range(len(marked) - _LENGTH + 1))
