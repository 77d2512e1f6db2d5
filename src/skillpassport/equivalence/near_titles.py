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
MAX_POSTINGS: Final = 5_000
"""How many postings a question may read, the rarest trigrams first: those tell titles apart, while
half of a country's titles may begin with `bachelor`."""
MAX_COMPARED: Final = 100
"""How many titles are compared as a whole: those that share most of what was read."""


@dataclass(frozen=True, slots=True)
class NearTitles:
    """Titles of one country by the trigrams they have.

    _titles: the folded titles; a posting is a place in it
    """

    _titles: tuple[str, ...]
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
            {trigram: tuple(places) for trigram, places in postings.items()},
        )

    def near(self, folded: str) -> tuple[str, ...]:
        """Return the titles that are spelled nearly like one, the nearest first, a few at most."""
        wanted = _trigrams(folded)
        shared: Counter[int] = Counter()
        left = MAX_POSTINGS
        for trigram in sorted(wanted, key=lambda one: (len(self._postings.get(one, ())), one)):
            places = self._postings.get(trigram, ())[:left]
            shared.update(places)
            left -= len(places)
        compared = sorted(shared, key=lambda place: (-shared[place], place))[:MAX_COMPARED]
        ranked = sorted((-self._likeness(wanted, place), self._titles[place]) for place in compared)
        return tuple(title for likeness, title in ranked[:MAX_SHOWN] if -likeness >= _LIKENESS)

    def _likeness(self, wanted: frozenset[str], place: int) -> float:
        trigrams = _trigrams(self._titles[place])
        return 2 * len(wanted & trigrams) / (len(wanted) + len(trigrams))


def _trigrams(folded: str) -> frozenset[str]:
    """Return the trigrams of a folded text, its ends marked so that beginnings count."""
    marked = f"  {folded} "
    return frozenset(marked[i : i + _LENGTH] for i in range(len(marked) - _LENGTH + 1))
