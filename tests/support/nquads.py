"""N-Quads, read without a library, for the vectors of the specification."""

import re

from skillpassport.vc.rdf import Quad, Term, iri, literal

_TERM = re.compile(
    r"""\s*(?:
      <(?P<iri>[^>]*)>
    | (?P<blank>_:[^\s<>"]+?)(?=\s|\.\s*$|[<"]|$)
    | "(?P<text>(?:[^"\\]|\\.)*)"(?:@(?P<language>[A-Za-z0-9-]+)|\^\^<(?P<datatype>[^>]*)>)?
    )""",
    re.VERBOSE | re.DOTALL,
)
_UNICODE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_PLAIN = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def parse_nquads(text: str) -> list[Quad]:
    """Return the quads of a well-formed document, with terms in canonical form."""
    return [_quad(line) for line in text.split("\n") if line.strip() and line.strip()[0] != "#"]


def _quad(line: str) -> Quad:
    terms: list[Term] = []
    position = 0
    while match := _TERM.match(line, position):
        terms.append(_term(match))
        position = match.end()
    assert line[position:].strip().startswith("."), line
    subject, predicate, value, *graph = terms
    return subject, predicate, value, graph[0] if graph else ""


def _term(match: re.Match[str]) -> Term:
    found = match.groupdict()
    if found["blank"] is not None:
        return str(found["blank"])
    if found["iri"] is not None:
        return iri(_unescaped(found["iri"]))
    datatype = found["datatype"] or "http://www.w3.org/2001/XMLSchema#string"
    return literal(_unescaped(found["text"]), _unescaped(datatype), found["language"])


def _unescaped(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = match.group(1)
        if code[0] in "uU" and len(code) > 1:
            return chr(int(code[1:], 16))
        return _PLAIN.get(code, code)

    return _UNICODE.sub(character, text)
