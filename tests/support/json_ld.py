"""JSON-LD expansion in safe mode, with the contexts that the product pins and no others."""

from typing import Any

from pyld import jsonld

from skillpassport.vc.contexts import load_context
from skillpassport.vc.strict_json import JsonObject, JsonValue

_BASE = "https://relative.invalid/"
"""What is relative is resolved against this, and so found."""


class TermUndefined(Exception):
    """A member has no meaning: what it says would not be signed by an RDF suite."""


def expand_safely(document: JsonObject) -> list[Any]:
    """Return the expanded document.

    Raises: TermUndefined, for a member or type that no context defines
    """

    def load(url: str, options: object) -> dict[str, object]:
        return {
            "contextUrl": None,
            "documentUrl": url,
            "contentType": "application/ld+json",
            "document": load_context(url),
        }

    def refuse(name: object) -> None:
        raise TermUndefined(str(name))

    expanded: list[Any] = jsonld.expand(
        document, {"documentLoader": load, "base": _BASE}, on_property_dropped=refuse
    )
    for node in nodes_of(expanded):
        for identifier in identifiers_of(node):
            if str(identifier).startswith(_BASE):
                raise TermUndefined(str(identifier))
    return expanded


def nodes_of(value: JsonValue) -> list[JsonObject]:
    """Return every object at any depth."""
    if isinstance(value, list):
        return [node for each in value for node in nodes_of(each)]
    if isinstance(value, dict):
        return [value, *(node for each in value.values() for node in nodes_of(each))]
    return []


def identifiers_of(node: JsonObject) -> list[JsonValue]:
    """Return the id and the types of an expanded node."""
    if "@value" in node:
        return []
    types = node.get("@type")
    own = [node["@id"]] if "@id" in node else []
    return own + (types if isinstance(types, list) else [])
