"""The canonical statements of one shape, with places for the leaves of its documents.

Filling a template is the fast way: one formatting call writes all lines, the blank nodes' first-degree
hashes tell them apart, and the lines are sorted. Where two nodes look alike or two statements have
become one, the whole of RDFC-1.0 runs on the filled statements instead.

`shapes_compiling` makes templates and says when they are sound.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from skillpassport.vc.json_ld_rdf import check_places
from skillpassport.vc.rdf import Term, escape, needs_escape
from skillpassport.vc.rdfc import HashAlgorithm, canonicalize_dataset
from skillpassport.vc.shapes_reading import Leaf

_HASHES = MappingProxyType({"sha256": hashlib.sha256, "sha384": hashlib.sha384})


@dataclass(frozen=True, slots=True)
class Slot:
    """A term: constant text, or text with one place for a leaf.

    form: for the `%` operator
    """

    form: str
    leaf: int | None = None

    def filled(self, values: Sequence[str]) -> Term:
        """Return the term of a document with these leaves."""
        return self.form % (() if self.leaf is None else values[self.leaf])


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines with places, filled all at once: one call of the `%` operator is what makes this fast."""

    form: str
    pick: Callable[[Sequence[str]], Any]

    @classmethod
    def of(cls, slots: Iterable[Slot]) -> "Lines":
        """Return the lines of some terms, each of which ends where its text says so."""
        slots = list(slots)
        places = [slot.leaf for slot in slots if slot.leaf is not None]
        pick = itemgetter(*places) if places else _nothing
        return cls("".join(slot.form for slot in slots), pick)

    def filled(self, values: Sequence[str]) -> list[str]:
        """Return the lines of a document with these leaves; no leaf holds a line feed any more."""
        text: str = self.form % self.pick(values)
        return text.split("\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What the documents of one shape state.

    constants: place of a leaf, and the value that it must have
    iris: places of leaves that must match `iri_pattern` together, one on each line
    terms: names in the contexts that look like IRIs; no IRI may be one
    numbers: place of a leaf, and how it is written
    quads: with blank nodes as in the run
    mentions: for each blank node the place of its first-degree lines among `mention_lines`, or
    their hash when no leaf is in them
    lines: the canonical form, unsorted; `labels` of the blank nodes stand behind the leaves
    """

    algorithm: HashAlgorithm
    constants: tuple[tuple[int, Leaf], ...]
    iris: tuple[int, ...]
    iri_pattern: re.Pattern[str]
    terms: frozenset[str]
    numbers: tuple[tuple[int, Callable[[Any], str]], ...]
    quads: tuple[tuple[Slot, Slot, Slot, Slot], ...]
    root: Slot
    elsewhere: tuple[Slot, ...]
    mentions: tuple[slice | bytes, ...]
    mention_lines: Lines
    lines: Lines
    labels: tuple[Term, ...]

    def fits(self, leaves: Sequence[Leaf]) -> bool:
        """Return whether the processor would treat these leaves as those of the run."""
        if any(leaves[place] != value for place, value in self.constants):
            return False
        iris: list[Any] = [leaves[place] for place in self.iris]
        return self.terms.isdisjoint(iris) and self.iri_pattern.match("\n".join(iris)) is not None

    def keeps_places(self, leaves: Sequence[Any]) -> bool:
        """Return whether these leaves, which fit, pass `check_places`; identifiers need no escapes."""
        return self.root.filled(leaves) not in [each.filled(leaves) for each in self.elsewhere]

    def filled(self, leaves: Sequence[Leaf]) -> str:
        """Return the canonical form of the document with these leaves; they must fit.

        Raises: MemberDisguised, DatasetTooComplex
        """
        values = self._checked(leaves)
        quickly = self._labelled(values)
        return self._canonicalized(values) if quickly is None else quickly

    def filled_quickly(self, leaves: Sequence[Leaf]) -> str | None:
        """Return what `filled` does, unless that takes the whole algorithm.

        Raises: MemberDisguised
        """
        return self._labelled(self._checked(leaves))

    def _checked(self, leaves: Sequence[Leaf]) -> list[str]:
        values = self._values(leaves)
        if self.elsewhere:
            check_places(self.root.filled(values), [each.filled(values) for each in self.elsewhere])
        return values

    def _labelled(self, values: Sequence[str]) -> str | None:
        """Return the form by first-degree hashes; None where they do not tell all nodes apart."""
        hashes = self._hashes(values)
        if len(set(hashes)) < len(hashes):
            return None
        ranks = {found: rank for rank, found in enumerate(sorted(hashes))}
        labels = [self.labels[ranks[found]] for found in hashes]
        lines = self.lines.filled([*values, *labels])
        if len(set(lines)) < len(lines):
            return None
        lines.sort()
        return "\n".join(lines) + "\n"

    def _values(self, leaves: Sequence[Leaf]) -> list[str]:
        values: list[Any] = [*leaves]
        for place, write in self.numbers:
            values[place] = write(values[place])
        if needs_escape("".join(values)):
            values = [escape(value) for value in values]
        return values

    def _hashes(self, values: Sequence[str]) -> list[bytes]:
        lines = self.mention_lines.filled(values)
        return [
            mention
            if isinstance(mention, bytes)
            else first_degree_hash(lines[mention], self.algorithm)
            for mention in self.mentions
        ]

    def _canonicalized(self, values: Sequence[str]) -> str:
        """Return the form by the whole algorithm: nodes look alike, or statements came twice."""
        quads = (tuple(slot.filled(values) for slot in quad) for quad in self.quads)
        return canonicalize_dataset(quads, algorithm=self.algorithm).text  # type: ignore[arg-type]


def _nothing(_values: Sequence[str]) -> tuple[str, ...]:
    return ()


def first_degree_hash(lines: list[str], algorithm: HashAlgorithm) -> bytes:
    """Return the hash of a blank node's lines, which are sorted in place.

    Source: RDFC-1.0, section 4.6.3 (Hash First Degree Quads)
    """
    lines.sort()
    return _HASHES[algorithm](("\n".join(lines) + "\n").encode()).digest()
