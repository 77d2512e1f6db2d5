"""Looking terms up by their beginnings and by their spelling, with bounded work.

A table of terms has one row for each term of each thing, in the order of its terms. Which terms
begin with a word is read by jumping from one to the next; a word that begins none is compared with
the terms that have its first letters. Only then are things looked at, those of the rarest word
first, and never more than some hundreds.

Source: "Loose indexscan", PostgreSQL wiki (the recursive query)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, func, select, true

from skillpassport.frameworks.searching import is_alike, slips_of, whole_of, words_of

MAX_TERMS: Final = 60
"""Terms that a word may begin; more are not told apart by it."""

MAX_COMPARED: Final = 3_000
"""Terms that a misspelt word is compared with, of each beginning."""

MAX_FOUND: Final = 400
"""Things that are ranked."""

_MAX_COUNTED: Final = 2_000
_MAX_WALKED: Final = 20_000
"""Things of the rarest word that are tried for the other words."""

_MAX_TOLD_APART: Final = 6
"""Words that things must have; of more, the commonest are left to the ranking."""

_MAX_LOOKED_UP: Final = 150_000
"""Rows that are looked up for the other words: the walk is the shorter, the more terms these mean.
A word of one letter means as many as may be, and a question may be made of nothing else."""

_LAST: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class TermIndex:
    """The terms of one table, as far as they belong to one classification or country.

    term, item: columns of a term and of the number of the thing that has it
    scope, value: a column, and what it must hold for a row to count
    """

    connection: Connection
    term: Column[Any]
    item: Column[Any]
    scope: Column[Any]
    value: int | str | None = None

    def find(self, text: str) -> list[int]:
        """Return the numbers of at most `MAX_FOUND` things that a search may mean, unranked.

        Those that have the text as a name, or begin so, are among them in any case.
        """
        words = words_of(text)
        if not words:
            return []
        whole = whole_of(text)
        found = dict.fromkeys(self._items([whole], MAX_FOUND))
        beginnings = list(self._beginning(whole, MAX_TERMS))
        found.update(dict.fromkeys(self._items(beginnings, MAX_FOUND)))
        meant = [self._meant(word) for word in words]
        if all(meant):
            found.update(dict.fromkeys(self._of_all(meant)))
        return list(found)[:MAX_FOUND]

    def named(self, text: str) -> list[int]:
        """Return the numbers of things that have exactly this name, after folding."""
        return self._items([whole_of(text)], MAX_FOUND)

    def _meant(self, word: str) -> list[str]:
        """Return the terms that a word begins, else those that are spelled like it."""
        begun = list(self._beginning(word, MAX_TERMS))
        if begun or not slips_of(word):
            return begun
        alike = [
            term
            for beginning in dict.fromkeys((word[0], word[1:3], word[1] + word[0]))
            for term in self._beginning(beginning, MAX_COMPARED)
            if is_alike(word, term, slips_of(word))
        ]
        return alike[:MAX_TERMS]

    def _beginning(self, beginning: str, limit: int) -> Iterator[str]:
        """Yield the different terms that begin so, in their order."""
        # Not `min(term)`, and one lower bound alone: else SQLite goes through all terms each time.
        below = and_(self._counts(), self.term < beginning + _LAST)
        next_one = select(self.term).order_by(self.term).limit(1)
        first = next_one.where(below, self.term >= beginning).subquery()
        terms = select(first.c[0].label("term")).cte("terms", recursive=True)
        following = next_one.where(below, self.term > terms.c.term).scalar_subquery()
        terms = terms.union_all(select(following).where(terms.c.term.is_not(None)))
        query = select(terms.c.term).where(terms.c.term.is_not(None)).limit(limit)
        yield from self.connection.scalars(query)

    def _items(self, terms: Sequence[str], limit: int) -> list[int]:
        if not terms:
            return []
        return list(self.connection.scalars(self._having(terms).limit(limit)))

    def _having(self, terms: Sequence[str]) -> Select[Any]:
        return select(self.item).where(self._counts(), self.term.in_(terms))

    def _of_all(self, words: Sequence[Sequence[str]]) -> list[int]:
        """Return things that have every word, walking along the one that the fewest have."""
        rarest, *others = sorted(words, key=self._count)[:_MAX_TOLD_APART]
        looked_up = sum(map(len, others)) or 1
        walk = min(_MAX_WALKED, _MAX_LOOKED_UP // looked_up)
        walked = self._having(rarest).add_columns(self.scope).limit(walk).subquery("walked")
        query = select(walked.c[0]).distinct()
        for number, terms in enumerate(others):
            other = self.term.table.alias(f"other_{number}")
            also = select(other.c[self.item.key]).where(
                other.c[self.term.key].in_(terms), other.c[self.item.key] == walked.c[0],
                # Without it the index is of no use behind the term: all rows of it are gone through.
                other.c[self.scope.key] == walked.c[1],
            )  # fmt: skip
            query = query.where(also.exists())
        return list(self.connection.scalars(query.limit(MAX_FOUND)))

    def _count(self, terms: Sequence[str]) -> int:
        some = self._having(terms).limit(_MAX_COUNTED).subquery()
        return self.connection.scalar(select(func.count()).select_from(some)) or 0

    def _counts(self) -> ColumnElement[bool]:
        """Return what says that a row counts."""
        return true() if self.value is None else self.scope == self.value
