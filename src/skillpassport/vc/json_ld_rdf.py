"""From expanded JSON-LD to RDF quads, refusing what would fall by the way.

The algorithm of the specification skips what is no RDF: relative IRIs, blank predicates, directions
of text. Here each of them refuses the document, except that directions are kept as datatypes
(`i18n-datatype`), which is what the common signing libraries do.

Follows JSON-LD 1.1 API, section 7.1 (Deserialize JSON-LD to RDF Algorithm), without its node map: a
set of quads is the same whether the nodes are merged before or after.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

from skillpassport.vc.jcs import canonicalize
from skillpassport.vc.json_ld import RELATIVE_BASE, as_written
from skillpassport.vc.json_ld_refusals import (
    BlankNodeNamed,
    IriInvalid,
    JsonLdInvalid,
    MemberDisguised,
    TermUndefined,
    ValueDropped,
)
from skillpassport.vc.rdf import (
    DEFAULT_GRAPH,
    RDF_FIRST,
    RDF_JSON,
    RDF_NIL,
    RDF_REST,
    RDF_TYPE,
    XSD_BOOLEAN,
    XSD_DOUBLE,
    XSD_INTEGER,
    XSD_STRING,
    Quad,
    Term,
    blank,
    double,
    iri,
    is_absolute_iri,
    literal,
)

_DIRECTION_DATATYPE: Final = "https://www.w3.org/ns/i18n#{language}_{direction}"
_FIRST_WITH_EXPONENT: Final = 1e21
_NEVER_TEXTS = frozenset({XSD_BOOLEAN, XSD_DOUBLE})
"""`"true"` states what `true` states, so that a bearer could turn one into the other; and how a double is
written as a text is read in two ways by implementations."""

_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*\Z")


@dataclass(slots=True)
class Statements:
    """What a document states.

    quads: with blank nodes named in order, `_:b0` first; some may be there twice
    root: term of the document itself
    elsewhere: subjects of statements in the default graph that do not stand in the document's own
    object but further down in it
    """

    quads: list[Quad] = field(default_factory=list)
    root: Term = ""
    elsewhere: set[Term] = field(default_factory=set)


def quads_of(expanded: list[Any]) -> list[Quad]:
    """Return the quads of an expanded document.

    expanded: one node object, from `json_ld.expand_safely`
    Raises: JsonLdRefused
    """
    statements = statements_of(expanded)
    check_places(statements.root, statements.elsewhere)
    return statements.quads


def statements_of(expanded: list[Any]) -> Statements:
    """Return the quads of an expanded document, and where those about itself stand.

    Raises: JsonLdRefused
    """
    (root,) = expanded
    deserialization = _Deserialization(root)
    statements = deserialization.statements
    statements.root = deserialization.add_node(root, DEFAULT_GRAPH)
    if not statements.quads:
        raise ValueDropped(None)
    return statements


def check_places(root: Term, elsewhere: Collection[Term]) -> None:
    """Refuse statements about the document itself that stand further down in it.

    Its status or its end could be moved there, out of the sight of whoever reads the JSON.

    Raises: MemberDisguised
    """
    if root in elsewhere:
        raise MemberDisguised("id")


class _Deserialization:
    """One document on its way to quads."""

    def __init__(self, root: dict[str, Any]) -> None:
        self.statements = Statements()
        self._root = root
        self._blank_nodes = 0

    def add_node(self, node: dict[str, Any], graph: Term) -> Term:
        """Add the statements of a node object and of all below it; return its term."""
        subject = _identifier(node["@id"]) if "@id" in node else self._new_blank()
        for name, values in node.items():
            if name == "@type":
                for value in values:
                    self._add(subject, RDF_TYPE, _predicate(value), graph, node)
            elif name == "@graph":
                self._add_graph(values, subject)
            elif name == "@reverse":
                self._add_reverse(values, subject, graph)
            elif name == "@index":
                raise ValueDropped("@index")
            elif name != "@id":
                predicate = _predicate(name)
                for value in values:
                    self._add(subject, predicate, self._object(value, graph), graph, node)
        return subject

    def _add(
        self, subject: Term, predicate: Term, value: Term, graph: Term, place: object = None
    ) -> None:
        self.statements.quads.append((subject, predicate, value, graph))
        if place is not self._root and graph == DEFAULT_GRAPH:
            self.statements.elsewhere.add(subject)

    def _add_graph(self, items: list[Any], name: Term) -> None:
        for item in items:
            if not isinstance(item, dict) or not item.keys() - {"@id"} or "@value" in item:
                raise ValueDropped("@graph")
            self.add_node(item, name)

    def _add_reverse(self, reverse: dict[str, Any], value: Term, graph: Term) -> None:
        for name, nodes in reverse.items():
            for node in nodes:
                self._add(self.add_node(node, graph), _predicate(name), value, graph)

    def _object(self, value: dict[str, Any], graph: Term) -> Term:
        if "@value" in value:
            return _literal(value)
        if "@list" in value:
            return self._list(value, graph)
        return self.add_node(value, graph)

    def _list(self, value: dict[str, Any], graph: Term) -> Term:
        """Section 7.2.3 (List to RDF Conversion)."""
        if "@index" in value:
            raise ValueDropped("@index")
        rest = RDF_NIL
        for item in reversed(value["@list"]):
            cell = self._new_blank()
            self._add(cell, RDF_FIRST, self._object(item, graph), graph)
            self._add(cell, RDF_REST, rest, graph)
            rest = cell
        return rest

    def _new_blank(self) -> Term:
        self._blank_nodes += 1
        return blank(f"b{self._blank_nodes - 1}")


def _identifier(text: str | None) -> Term:
    if text is None:  # what looks like a keyword and is none
        raise IriInvalid("@")
    if text.startswith("_:"):
        raise BlankNodeNamed
    if text.startswith(RELATIVE_BASE) or not is_absolute_iri(text):
        raise IriInvalid(as_written(text))
    return iri(text)


def _predicate(text: str | None) -> Term:
    if text is None:
        raise TermUndefined("@")
    if text.startswith((RELATIVE_BASE, "_:")) or not is_absolute_iri(text):
        raise TermUndefined(as_written(text))
    return iri(text)


def _literal(value: dict[str, Any]) -> Term:
    """Section 7.2.2 (Object to RDF Conversion)."""
    if "@index" in value:
        raise ValueDropped("@index")
    content, datatype = value["@value"], value.get("@type")
    if datatype == "@json":
        return literal(canonicalize(content).decode(), RDF_JSON)
    if datatype is not None:
        _predicate(datatype)
    if isinstance(content, bool):
        return literal("true" if content else "false", datatype or XSD_BOOLEAN)
    if isinstance(content, int | float):
        return _number(content, datatype)
    if datatype in _NEVER_TEXTS:
        raise JsonLdInvalid("a text where a boolean or a double is expected")
    if "@language" in value or "@direction" in value:
        return _text_in_language(content, value)
    return literal(content, datatype or XSD_STRING)


def _number(content: float, datatype: str | None) -> Term:
    is_whole = float(content).is_integer() and abs(content) < _FIRST_WITH_EXPONENT
    if not is_whole or datatype == XSD_DOUBLE:
        return literal(double(content), datatype or XSD_DOUBLE)
    return literal(str(int(content)), datatype or XSD_INTEGER)


def _text_in_language(content: str, value: dict[str, Any]) -> Term:
    language = value.get("@language", "").lower()
    if language and not _LANGUAGE.match(language):
        raise JsonLdInvalid("a language tag that is none")
    if "@direction" in value:
        datatype = _DIRECTION_DATATYPE.format(language=language, direction=value["@direction"])
        return literal(content, datatype)
    if not language:
        raise JsonLdInvalid("a language tag that is none")
    return literal(content, language=language)
