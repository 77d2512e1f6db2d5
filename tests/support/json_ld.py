"""Documents that JSON-LD reads in every way that it knows, and what pyld makes of them."""

import json
from typing import Any

from pyld import jsonld

from skillpassport.vc.contexts import load_context
from skillpassport.vc.json_ld import expand_safely
from skillpassport.vc.json_ld_rdf import quads_of
from skillpassport.vc.rdfc import canonicalize_dataset
from skillpassport.vc.strict_json import JsonObject, JsonValue
from tests.support.credentials import a_credential
from tests.support.nquads import parse_nquads

V2 = "https://www.w3.org/ns/credentials/v2"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
VOCAB: JsonObject = {"@vocab": "https://vocab.example/#"}


def about(subject: JsonValue, *contexts: JsonValue, **changes: JsonValue) -> JsonObject:
    """Return a credential with some subject under some further contexts."""
    document = a_credential(credentialSubject=subject, **changes)
    return {**document, "@context": [V2, *contexts]}


def assert_expands(document: JsonObject) -> None:
    """Fail when a member has no meaning, or would be lost on the way to statements."""
    assert quads_of(expand_safely(document))


def nodes_of(value: JsonValue) -> list[JsonObject]:
    """Return every object at any depth."""
    if isinstance(value, list):
        return [node for each in value for node in nodes_of(each)]
    if isinstance(value, dict):
        return [value, *(node for each in value.values() for node in nodes_of(each))]
    return []


def lines_by_pyld(document: JsonObject) -> str:
    """Return the canonical lines of the quads that pyld's own algorithm gives."""

    def load(url: str, _options: object) -> dict[str, Any]:
        context = json.loads(json.dumps(load_context(url)))
        kind = "application/ld+json"
        return {"contextUrl": None, "documentUrl": url, "contentType": kind, "document": context}

    options = {
        "documentLoader": load,
        "format": "application/n-quads",
        "rdfDirection": "i18n-datatype",
    }
    return canonicalize_dataset(parse_nquads(jsonld.to_rdf(document, options))).text


ACCEPTED: dict[str, JsonObject] = {
    "plain": a_credential(),
    "example terms": about({"id": "urn:a", "alumniOf": "Somewhere"}, EXAMPLES),
    "inline vocabulary": about({"id": "urn:a", "anything": {"at": "all"}}, VOCAB),
    "without id and dates": a_credential(id=None, validFrom=None, name=None),
    "an empty array": a_credential(evidence=[]),
    "language objects": a_credential(
        name=[{"@value": "Soudeur", "@language": "fr-CA"}, {"@value": "Welder", "@language": "en"}]
    ),
    "a direction": a_credential(
        name={"@value": "لحام", "@language": "ar", "@direction": "rtl"},
        description={"@value": "x", "@direction": "ltr"},
    ),
    "numbers": about(
        {"a": 5, "b": 5.5, "c": 1e21, "d": -7, "e": True, "f": False, "g": 2.0, "h": 1e-7}, VOCAB
    ),
    "typed numbers": about(
        {"a": 5, "b": 5.5, "c": True, "d": "1.50"},
        {
            "a": {"@id": "urn:t:a", "@type": "http://www.w3.org/2001/XMLSchema#double"},
            "b": {"@id": "urn:t:b", "@type": "http://www.w3.org/2001/XMLSchema#decimal"},
            "c": {"@id": "urn:t:c", "@type": "urn:t:own"},
            "d": {"@id": "urn:t:d", "@type": "http://www.w3.org/2001/XMLSchema#decimal"},
        },
    ),
    "a list": about({"l": ["b", "a", {"x": 1}, ["c"]]}, {**VOCAB, "l": {"@id": "urn:l", "@container": "@list"}}),
    "an empty list": about({"l": []}, {**VOCAB, "l": {"@id": "urn:l", "@container": "@list"}}),
    "a language map": about(
        {"n": {"en": "Welder", "fr": ["Soudeur", "Soudeuse"], "@none": "x"}},
        {"n": {"@id": "urn:n", "@container": "@language"}},
    ),
    "a JSON literal": about(
        {"j": {"b": [None, 1, "x"], "a": {"@id": "kept"}}},
        {"j": {"@id": "urn:j", "@type": "@json"}},
    ),
    "a nested context": about({"inner": {"@context": {"p": "urn:p"}, "p": "x"}}, VOCAB),
    "arrays in arrays": about({"p": [["a"], ["b", "a"]]}, VOCAB),
    "typed values": about({"p": {"@value": "2026-01-01", "@type": "urn:date"}}, VOCAB),
    "an id map": about({"m": {"urn:x": {"p": 1}}}, {**VOCAB, "m": {"@id": "urn:m", "@container": "@id"}}),
    "a reversed term": about({"part": {"id": "urn:x", "p": 1}}, {**VOCAB, "part": {"@reverse": "urn:of"}}),
    "a graph": {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [a_credential(), a_credential(id="urn:uuid:2")],
    },
    "a whole fraction": about({"p": 3.0}, VOCAB),
    "twins": about({"p": [{"q": "x"}, {"q": "x"}]}, VOCAB),
    "a subject of its own": about({"id": "urn:me", "knows": {"id": "urn:me", "p": "x"}}, VOCAB),
}  # fmt: skip
