"""RDF terms and quads as the text of canonical N-Quads, which is what is hashed and signed.

A term is its own canonical text: `<https://a.example/>`, `"text"`, `"text"@en`,
`"5"^^<http://www.w3.org/2001/XMLSchema#integer>` or `_:b0`. A quad is four terms, the last one empty
in the default graph. Nothing is parsed again: what arrives here was checked by `json_ld_rdf`.

Follows RDF Dataset Canonicalization 1.0, appendix A (A Canonical form of N-Quads).
"""

import re
from typing import Final, TypeAlias

Term: TypeAlias = str
Quad: TypeAlias = tuple[Term, Term, Term, Term]

DEFAULT_GRAPH: Final = ""

RDF_NAMESPACE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDF_TYPE: Final = f"<{RDF_NAMESPACE}type>"
RDF_FIRST: Final = f"<{RDF_NAMESPACE}first>"
RDF_REST: Final = f"<{RDF_NAMESPACE}rest>"
RDF_NIL: Final = f"<{RDF_NAMESPACE}nil>"
RDF_JSON: Final = f"{RDF_NAMESPACE}JSON"

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
XSD_BOOLEAN: Final = f"{XSD}boolean"
XSD_DOUBLE: Final = f"{XSD}double"
XSD_INTEGER: Final = f"{XSD}integer"
XSD_STRING: Final = f"{XSD}string"

_BLANK: Final = "_:"

IRI_CHARACTER: Final = r"[^\x00-\x20\x7f-\x9f<>\"{}|^`\\\ud800-\udfff\ufff0-\uffff]"
"""What an IRIREF of N-Quads may hold without an escape, less what RFC 3987 forbids everywhere."""

# `\Z` and not `$`, which lets a final line feed pass: a line feed inside an IRI would write a second
# statement into the signed text.
_IRI = re.compile(rf"[A-Za-z][A-Za-z0-9+.\-]*:{IRI_CHARACTER}*\Z")

_ESCAPED = re.compile('[\x00-\x1f"\\\\\x7f\ufffe\uffff]')
_ESCAPES = {
    "\b": r"\b",
    "\t": r"\t",
    "\n": r"\n",
    "\f": r"\f",
    "\r": r"\r",
    '"': r"\"",
    "\\": r"\\",
}


def is_absolute_iri(text: str) -> bool:
    """Return whether a text is an absolute IRI that needs no escape."""
    return _IRI.match(text) is not None


def is_blank(term: Term) -> bool:
    """Return whether a term is a blank node."""
    return term.startswith(_BLANK)


def blank(label: str) -> Term:
    """Return the blank node with a label."""
    return _BLANK + label


def iri(text: str) -> Term:
    """Return the term of an IRI that `is_absolute_iri` accepts."""
    return f"<{text}>"


def needs_escape(text: str) -> bool:
    """Return whether `escape` would change a text; that it is printable is found out faster."""
    if text.isprintable() and '"' not in text and "\\" not in text:
        return False
    return _ESCAPED.search(text) is not None


def escape(text: str) -> str:
    """Return the text between the quotation marks of a literal."""
    return _ESCAPED.sub(_escape_of, text)


def suffix_of_literal(datatype: str, language: str | None = None) -> str:
    """Return what follows the closing quotation mark of a literal."""
    if language is not None:
        return f"@{language}"
    return "" if datatype == XSD_STRING else f"^^<{datatype}>"


def literal(text: str, datatype: str = XSD_STRING, language: str | None = None) -> Term:
    """Return the term of a literal; with a language, the datatype does not matter."""
    return f'"{escape(text)}"{suffix_of_literal(datatype, language)}'


def line_of(quad: Quad) -> str:
    """Return the canonical line of a quad, with its final line feed."""
    subject, predicate, value, graph = quad
    if graph:
        return f"{subject} {predicate} {value} {graph} .\n"
    return f"{subject} {predicate} {value} .\n"


def double(value: float) -> str:
    """Return the canonical form of an `xsd:double`: 1.5 becomes `1.5E0`.

    Source: JSON-LD 1.1 API, section 8.6 (Data Round Tripping)
    """
    mantissa, _, exponent = f"{value:.15E}".partition("E")
    head, _, fraction = mantissa.partition(".")
    return f"{head}.{fraction.rstrip('0') or '0'}E{int(exponent)}"


def _escape_of(match: re.Match[str]) -> str:
    character = match.group()
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"
