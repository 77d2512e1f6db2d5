"""Canonical RDF of documents of a known shape (G3), beside pyld with its contexts in memory.

Each side gets the same documents in turn; no two have the same values, so that nobody's memory of
whole documents counts.
"""

from itertools import cycle
from typing import Any
from uuid import uuid4

from pyld import jsonld

from bench.credentials import a_credential
from bench.pairing import Pair
from skillpassport.vc.contexts import load_context
from skillpassport.vc.shapes import Shapes
from skillpassport.vc.strict_json import JsonObject

_DOCUMENTS = 200


def canonicalising_pair() -> Pair:
    """Return our canonicalisation of a known shape against pyld's."""
    documents = [_a_document(number) for number in range(_DOCUMENTS)]
    shapes = Shapes()
    for document in documents:
        assert shapes.canonicalize(document).decode() == _by_pyld(document)
    ours, theirs = cycle(documents), cycle(documents)
    return Pair(
        number="G3",
        peer="pyld/normalize",
        goal=50,
        ours=lambda: shapes.canonicalize(next(ours)),
        theirs=lambda: _by_pyld(next(theirs)),
    )


def _a_document(number: int) -> JsonObject:
    name = f"Welder, level 4, number {number}"
    return {**a_credential(f"did:web:a.example:{number}"), "id": uuid4().urn, "name": name}


def _by_pyld(document: JsonObject) -> str:
    options = {
        "algorithm": "URDNA2015",
        "format": "application/n-quads",
        "documentLoader": _load,
    }
    text: str = jsonld.normalize(document, options)
    return text


def _load(url: str, _options: object) -> dict[str, Any]:
    return {
        "contextUrl": None,
        "documentUrl": url,
        "contentType": "application/ld+json",
        "document": load_context(url),
        "tag": "static",  # pyld keeps a context that carries this
    }
