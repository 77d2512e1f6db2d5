"""Templates from one run of the full processor, with the conditions under which they are sound.

Each leaf is replaced by a text that occurs nowhere else, the document goes through JSON-LD once, and
where the texts come out is where the leaves of other documents go. Which way the processor takes
depends on the shape and on a few properties of the leaves; these become the template's conditions:

- a leaf that comes out whole as an IRI: another leaf must be an absolute IRI under the same scheme
  (else a prefix of a context could expand it) and no term of a context (else the term could);
- a leaf that comes out whole as a text or a number: no condition, since it is copied unread;
- a leaf that comes out in any other way, as a part of something, as a predicate, as a type, or not
  at all: another document must have the very same leaf.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from skillpassport.vc.contexts import load_context
from skillpassport.vc.json_ld import contexts_in, expand_safely
from skillpassport.vc.json_ld_rdf import Statements, statements_of
from skillpassport.vc.json_ld_refusals import IriInvalid, JsonLdRefused, TermUndefined
from skillpassport.vc.rdf import (
    IRI_CHARACTER,
    RDF_TYPE,
    Quad,
    Term,
    double,
    is_absolute_iri,
    is_blank,
)
from skillpassport.vc.rdfc import HashAlgorithm
from skillpassport.vc.shapes_reading import Leaf, replaced
from skillpassport.vc.shapes_template import Lines, Slot, Template, first_degree_hash
from skillpassport.vc.strict_json import JsonObject, JsonValue

MAX_IRIS: Final = 400
"""Places for IRIs in one template; one regular expression checks them all."""

_MAX_PASSES: Final = 12
_IRI_REST: Final = f"{IRI_CHARACTER}*+"
_FIRST_NUMBER: Final = 10**14

_Write = Callable[[Any], str]


def compile_template(
    document: JsonObject,
    leaves: Sequence[Leaf],
    *,
    contexts_folder: Path | None,
    algorithm: HashAlgorithm,
) -> Template | None:
    """Return the template of a document's shape, or None where none would be sound.

    document: one that the full processor accepts; `leaves` are its own
    """
    terms = _names_with_colon(document, contexts_folder)
    if terms is None:
        return None
    constants: set[int] = set()
    for _ in range(_MAX_PASSES):
        run = _Run(leaves, constants)
        try:
            copy = replaced(document, run.stand_ins)
            statements = statements_of(expand_safely(copy, contexts_folder=contexts_folder))
        except (IriInvalid, TermUndefined) as error:  # a leaf that selects a term
            misplaced = run.leaves_within(error.found)
            if not misplaced:
                return None
        except JsonLdRefused:
            return None
        else:
            misplaced = run.misplaced(statements)
            if not misplaced:
                return run.template(statements, terms, algorithm)
        constants |= misplaced
    return None


class _Run:
    """One run: what stands in for each leaf, and how it is written where it comes out whole."""

    def __init__(self, leaves: Sequence[Leaf], constants: set[int]) -> None:
        self._leaves = leaves
        self._constants = constants
        self._mark = secrets.token_hex(8)  # no document can hold it
        self._number = _FIRST_NUMBER + secrets.randbelow(_FIRST_NUMBER)
        self.stand_ins: list[Leaf] = [
            leaf if place in constants else self._stand_in(place, leaf)
            for place, leaf in enumerate(leaves)
        ]
        self._written = self._ways_of_writing()

    def _stand_in(self, place: int, leaf: Leaf) -> Leaf:
        if isinstance(leaf, int):
            return self._number + place
        if isinstance(leaf, float):
            return (self._number + place) % 10**9 + 0.5
        if is_absolute_iri(leaf):
            return f"{_start_of(leaf)}{self._mark}-{place}-"
        return f"text {self._mark}-{place}-"

    def _ways_of_writing(self) -> Mapping[str, tuple[int, _Write]]:
        written: dict[str, tuple[int, _Write]] = {}
        for place, stand_in in enumerate(self.stand_ins):
            if place in self._constants:
                continue
            if isinstance(stand_in, str):
                written[stand_in] = (place, str)
            else:
                written[double(stand_in)] = (place, double)
                if isinstance(stand_in, int):
                    written[str(stand_in)] = (place, str)
        return written

    def leaves_within(self, text: str) -> set[int]:
        """Return the places of the leaves whose stand-ins occur in a text."""
        return {place for written, (place, _) in self._written.items() if written in text}

    def misplaced(self, statements: Statements) -> set[int]:
        """Return the places of leaves that do not come out whole, or where more depends on them."""
        whole: set[int] = set()
        misplaced: set[int] = set()
        for _, predicate, value, _ in statements.quads:
            misplaced |= self.leaves_within(predicate)
            if predicate == RDF_TYPE:
                misplaced |= self.leaves_within(value)
        for term in _terms_of(statements.quads):
            place, rest = self._whole(term)
            if place is None:
                misplaced |= self.leaves_within(term)
            else:
                whole.add(place)
                misplaced |= self.leaves_within(rest)
        everyone = set(range(len(self._leaves))) - self._constants
        return misplaced | (everyone - whole)

    def _whole(self, term: Term) -> tuple[int | None, str]:
        """Return the leaf that a term is made of, and the rest of the term."""
        text, rest = _split(term)
        place, _ = self._written.get(text, (None, str))
        return place, rest

    def _slot(self, term: Term) -> Slot:
        text, rest = _split(term)
        if text not in self._written:
            return Slot(_literally(term))
        place, _ = self._written[text]
        return Slot(f"{term[0]}%s{_literally(rest)}", place)

    def template(
        self, statements: Statements, terms: frozenset[str], algorithm: HashAlgorithm
    ) -> Template | None:
        """Return the template, once no leaf is misplaced."""
        quads = list(dict.fromkeys(statements.quads))
        iris = sorted(
            {place for term in _terms_of(quads) if (place := self._iri_at(term)) is not None}
        )
        if len(iris) > MAX_IRIS:
            return None
        blank_nodes = sorted({term for term in _terms_of(quads) if is_blank(term)})
        mentions, mention_lines = self._mentions(quads, blank_nodes, algorithm)
        return Template(
            algorithm=algorithm,
            constants=tuple((place, self._leaves[place]) for place in sorted(self._constants)),
            iris=tuple(iris),
            iri_pattern=re.compile("\n".join(self._pattern(place) for place in iris) + r"\Z"),
            terms=terms,
            numbers=self._numbers(quads),
            quads=tuple(tuple(self._slot(term) for term in quad) for quad in quads),  # type: ignore[misc]
            root=self._slot(statements.root),
            elsewhere=self._elsewhere(statements),
            mentions=mentions,
            mention_lines=mention_lines,
            lines=self._final_lines(quads, blank_nodes),
            labels=tuple(f"_:c14n{number}" for number in range(len(blank_nodes))),
        )

    def _elsewhere(self, statements: Statements) -> tuple[Slot, ...]:
        if is_blank(statements.root):  # nothing else can have its name
            return ()
        return tuple(self._slot(term) for term in statements.elsewhere if not is_blank(term))

    def _iri_at(self, term: Term) -> int | None:
        return self._whole(term)[0] if term.startswith("<") else None

    def _pattern(self, place: int) -> str:
        start = _start_of(str(self._leaves[place]))
        return re.escape(start) + ("" if start.endswith("//") else "(?!//)") + _IRI_REST

    def _numbers(self, quads: Iterable[Quad]) -> tuple[tuple[int, _Write], ...]:
        found = {_split(term)[0] for term in _terms_of(quads)} & self._written.keys()
        numbers = dict(map(self._written.__getitem__, found))
        for place in self._constants:
            numbers[place] = str
        return tuple(
            (place, write)
            for place, write in sorted(numbers.items())
            if not isinstance(self._leaves[place], str)
        )

    def _mentions(
        self, quads: Sequence[Quad], blank_nodes: Sequence[Term], algorithm: HashAlgorithm
    ) -> tuple[tuple[slice | bytes, ...], Lines]:
        """Return the first-degree lines of all blank nodes (RDFC-1.0, section 4.6.3)."""
        mentions: list[slice | bytes] = []
        all_lines: list[Sequence[Slot]] = []
        for node in blank_nodes:
            lines = [self._mention(node, quad) for quad in quads if node in quad]
            if all(slot.leaf is None for line in lines for slot in line):
                mentions.append(first_degree_hash(_lines_of(lines).filled(()), algorithm))
            else:
                mentions.append(slice(len(all_lines), len(all_lines) + len(lines)))
                all_lines += lines
        return tuple(mentions), _lines_of(all_lines)

    def _mention(self, node: Term, quad: Quad) -> Sequence[Slot]:
        names = {node: "_:a"}
        return [
            Slot(names.get(term, "_:z")) if is_blank(term) else self._slot(term) for term in quad
        ]

    def _final_lines(self, quads: Iterable[Quad], blank_nodes: Sequence[Term]) -> Lines:
        """Return all lines; the labels stand behind the leaves among the values."""
        places = {node: len(self._leaves) + rank for rank, node in enumerate(blank_nodes)}
        return _lines_of(
            [Slot("%s", places[term]) if is_blank(term) else self._slot(term) for term in quad]
            for quad in quads
        )


def _lines_of(quads: Iterable[Sequence[Slot]]) -> Lines:
    """Return lines as in canonical N-Quads, with line feeds between and not after them."""
    slots: list[Slot] = []
    for subject, predicate, value, graph in quads:
        if slots:
            slots.append(Slot("\n"))
        for slot in (subject, predicate, value, graph):
            if slot.form:
                slots += [slot, Slot(" ")]
        slots.append(Slot("."))
    return Lines.of(slots)


def _terms_of(quads: Iterable[Quad]) -> set[Term]:
    return {term for quad in quads for term in quad}


def _split(term: Term) -> tuple[str, str]:
    """Return what stands between the marks of an IRI or a literal, and what follows it."""
    if term.startswith("<"):
        return term[1:-1], ">"
    if term.startswith('"'):
        text, _, rest = term[1:].rpartition('"')
        return text, f'"{rest}'
    return term, ""


def _literally(text: str) -> str:
    return text.replace("%", "%%")


def _start_of(iri: str) -> str:
    """Return `https://` of an IRI with an authority, `urn:` of one without."""
    scheme, _, rest = iri.partition(":")
    return f"{scheme}://" if rest.startswith("//") else f"{scheme}:"


def _names_with_colon(document: JsonObject, folder: Path | None) -> frozenset[str] | None:
    """Return the names in a document's contexts that an IRI could equal.

    None when a context leads to another by URL: what that one holds is not looked up here.
    """
    names: set[str] = set()
    for context in contexts_in(document):
        found = _names_at(context, folder) if isinstance(context, str) else _names_in(context)
        if found is None:
            return None
        names |= found
    return frozenset(names)


@lru_cache(maxsize=256)
def _names_at(url: str, folder: Path | None) -> frozenset[str] | None:
    return _names_in(load_context(url, folder=folder)["@context"])


def _names_in(context: JsonValue) -> frozenset[str] | None:
    names: set[str] = set()
    waiting: list[JsonValue] = [context]
    while waiting:
        found = waiting.pop()
        if isinstance(found, list):
            waiting.extend(found)
        elif isinstance(found, dict):
            names.update(name for name in found if ":" in name)
            scoped = found.get("@context")
            if isinstance(scoped, str) or (isinstance(scoped, list) and _has_text(scoped)):
                return None
            waiting.extend(found.values())
    return frozenset(names)


def _has_text(values: Iterable[JsonValue]) -> bool:
    return any(isinstance(value, str) for value in values)
