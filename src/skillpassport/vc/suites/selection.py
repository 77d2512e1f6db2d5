"""Parts of a JSON-LD document, chosen by JSON pointers, and the statements that they make.

Follows Data Integrity ECDSA Cryptosuites 1.0, section 3.4 (Selective Disclosure Functions), and
RFC 6901. A part is found again among the statements of the whole by giving every node without an
identifier a passing one ("skolemization"). The specification does that in the expanded form and
compacts again; here it is done in the document as it is, and whatever comes out otherwise than the
document itself is refused.

Departs from the specification by refusing more: documents with ordered lists, whose cells would be
other nodes in a part than in the whole.
"""

import copy
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from skillpassport.vc.json_ld import expand_safely
from skillpassport.vc.json_ld_rdf import quads_of
from skillpassport.vc.rdf import RDF_FIRST, Quad, Term, blank, iri
from skillpassport.vc.rdfc import canonicalize_dataset
from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.vc.suites.protocol import ProofError

MAX_POINTERS: Final = 500

_IDENTIFIERS = ("id", "@id")
_TYPES = ("type", "@type")
_NO_NODES = frozenset({"@value", "@list", "@set"})


class SelectionRefused(ProofError):
    """The parts that are to be disclosed cannot be told apart in this document."""

    code = "selection-refused"

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(
            f"Expected {expected}; found {found}. Choose other parts, or sign with another cryptosuite."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A document in which every node has an identifier.

    document: with passing identifiers where there was none
    blanks: term of a passing identifier to a blank node
    quads: of the document, with those blank nodes
    """

    document: JsonObject
    blanks: Mapping[Term, Term]
    quads: tuple[Quad, ...]

    def quads_of_part(self, pointers: Sequence[str], folder: Path | None) -> tuple[Quad, ...]:
        """Return the statements of a part, in the nodes of the whole; none for no pointers.

        Raises: SelectionRefused, JsonLdRefused
        Source: section 3.4.12 (selectCanonicalNQuads)
        """
        part = select(self.document, pointers)
        return _quads(part, self.blanks, folder) if part is not None else ()


def name_nodes(document: JsonObject, folder: Path | None) -> Named:
    """Return the document with an identifier for every node.

    Raises: SelectionRefused, JsonLdRefused, ContextUnknown, ContextDamaged
    Source: sections 3.4.6 to 3.4.8 (skolemization)
    """
    prefix = f"urn:bnid:{secrets.token_hex(16)}:"
    marked = _Marking(prefix)
    named = marked.object(document)
    found = set(_nodes(expand_safely(named, contexts_folder=folder), prefix))
    if found != set(marked.marks):
        # Maps of languages and JSON literals look like nodes until they are expanded.
        marked = _Marking(prefix, only=frozenset(found))
        named = marked.object(document)
    blanks = {iri(mark): blank(f"s{number}") for number, mark in enumerate(marked.marks)}
    quads = _quads(named, blanks, folder)
    whole = quads_of(expand_safely(document, contexts_folder=folder))
    if any(RDF_FIRST in quad for quad in quads):
        raise SelectionRefused("a document without ordered lists", "one with them")
    if canonicalize_dataset(quads).lines != canonicalize_dataset(whole).lines:
        raise SelectionRefused("nodes that can be named", "others")
    return Named(document=named, blanks=blanks, quads=quads)


def select(document: JsonObject, pointers: Sequence[str]) -> JsonObject | None:
    """Return the part of a document that pointers choose; None for no pointers.

    The identifiers and types of all objects on the way are part of it.

    Raises: SelectionRefused (a pointer that is none, or leads nowhere)
    Source: section 3.4.11 (selectJsonLd)
    """
    if not pointers:
        return None
    if len(pointers) > MAX_POINTERS:
        raise SelectionRefused(f"at most {MAX_POINTERS} pointers", str(len(pointers)))
    part = _start_of(document)
    if "@context" in document:
        part["@context"] = copy.deepcopy(document["@context"])
    for pointer in pointers:
        _select_path(document, _steps(pointer), part)
    dense = _dense(part)
    assert isinstance(dense, dict)  # noqa: S101 - it was one
    return dense


class _Sparse(dict[int, Any]):
    """An array of which only some elements are chosen so far, by their positions."""


def _select_path(document: JsonObject, steps: list[str], part: dict[str, Any]) -> None:
    """Add what one pointer chooses (section 3.4.10, selectPaths)."""
    value: JsonValue = document
    selected: Any = part
    parent: Any = part
    last: str | int = ""
    for step in steps:
        parent = selected
        last, value = _step_into(value, step)
        if _holds(parent, last):
            selected = parent[last]
            continue
        selected = _Sparse() if isinstance(value, list) else _start_of(value)
        parent[last] = selected
    if isinstance(value, dict):
        merged = selected if isinstance(selected, dict) else {}
        parent[last] = {**merged, **copy.deepcopy(value)}
    else:
        parent[last] = copy.deepcopy(value)


def _holds(parent: Any, step: str | int) -> bool:  # noqa: ANN401 - JSON with sparse arrays in it
    """Return whether a part that is being chosen has a value there already."""
    return isinstance(parent, list) or step in parent


def _step_into(value: JsonValue, step: str) -> tuple[str | int, JsonValue]:
    if isinstance(value, dict) and step in value:
        return step, value[step]
    if isinstance(value, list) and step.isascii() and step.isdigit() and str(int(step)) == step:
        position = int(step)
        if position < len(value):
            return position, value[position]
    raise SelectionRefused("pointers to members of the document", "one that leads nowhere")


def _steps(pointer: str) -> list[str]:
    """Return the steps of a pointer (RFC 6901, section 4); the whole document is no part of it."""
    if not pointer.startswith("/"):
        raise SelectionRefused("JSON pointers, which start with '/'", "another text")
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/")]


def _start_of(source: JsonValue) -> dict[str, Any]:
    """Return what of an object is always part of a selection (section 3.4.9)."""
    if not isinstance(source, dict):
        return {}
    start: dict[str, Any] = {}
    for name in _IDENTIFIERS:
        identifier = source.get(name)
        if isinstance(identifier, str) and not identifier.startswith("_:"):
            start[name] = identifier
    for name in _TYPES:
        if name in source:
            start[name] = copy.deepcopy(source[name])
    return start


def _dense(value: Any) -> Any:  # noqa: ANN401 - JSON with sparse arrays in it
    if isinstance(value, _Sparse):
        return [_dense(value[position]) for position in sorted(value)]
    if isinstance(value, dict):
        return {name: _dense(member) for name, member in value.items()}
    return [_dense(element) for element in value] if isinstance(value, list) else value


@dataclass(slots=True)
class _Marking:
    """Gives passing identifiers to the objects of a document.

    only: marks that turned out to stand on nodes, when that is known
    """

    prefix: str
    only: frozenset[str] | None = None
    marks: list[str] = field(default_factory=list)
    _count: int = 0

    def object(self, source: JsonObject) -> JsonObject:
        result: JsonObject = {
            name: member if name == "@context" else self._value(member)
            for name, member in source.items()
        }
        if any(name in source for name in _IDENTIFIERS) or _NO_NODES & source.keys():
            return result
        mark = f"{self.prefix}{self._count}"
        self._count += 1
        if self.only is not None and mark not in self.only:
            return result
        self.marks.append(mark)
        return {**result, "id": mark}

    def _value(self, value: JsonValue) -> JsonValue:
        if isinstance(value, dict):
            return self.object(value)
        return [self._value(element) for element in value] if isinstance(value, list) else value


def _nodes(expanded: object, prefix: str) -> Iterator[str]:
    """Yield the passing identifiers that stand on nodes."""
    if isinstance(expanded, list):
        for element in expanded:
            yield from _nodes(element, prefix)
    elif isinstance(expanded, dict) and "@value" not in expanded:
        identifier = expanded.get("@id")
        if isinstance(identifier, str) and identifier.startswith(prefix):
            yield identifier
        for member in expanded.values():
            yield from _nodes(member, prefix)


def _quads(
    document: JsonObject, blanks: Mapping[Term, Term], folder: Path | None
) -> tuple[Quad, ...]:
    subject_and_value = (
        (blanks.get(s, s), p, blanks.get(o, o), g)
        for s, p, o, g in quads_of(expand_safely(document, contexts_folder=folder))
    )
    return tuple(subject_and_value)
