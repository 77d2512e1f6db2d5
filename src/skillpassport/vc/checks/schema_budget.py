"""How much work a JSON Schema makes of a document, known before the work is begun.

A recursive schema with two branches doubles the work at each level of the document: forty levels
would take the validator a year, and nothing could stop it. Here each pair of schema and value is
looked at once, so the estimate itself stays small whatever its result.

It counts high where validators differ, and knows the keywords of drafts 4 to 2020-12 that apply a
schema to a value (JSON Schema core, section 10, and its predecessors).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from skillpassport.vc.strict_json import JsonObject, JsonValue

MAX_WORK = 200_000
"""Applications of a schema to a value; about a tenth of a second. A badge takes some hundreds."""

_MAX_PAIRS = 50_000
_AT_SAME_VALUE = ("not", "if", "then", "else", "$ref", "$dynamicRef", "$recursiveRef")
_LISTS_AT_SAME_VALUE = ("allOf", "anyOf", "oneOf")
_MAPS_AT_SAME_VALUE = ("dependentSchemas", "dependencies")
_AT_EACH_MEMBER = ("additionalProperties", "unevaluatedProperties")
_AT_EACH_ITEM = ("items", "additionalItems", "contains", "unevaluatedItems")
_EVALUATED_TWICE = frozenset({"anyOf", "oneOf", "unevaluatedProperties", "unevaluatedItems"})


class TooMuchWork(Exception):
    """The schema is refused; `checks.schema` turns this into its own error."""


def check_work(schema: JsonObject, document: JsonValue) -> None:
    """Refuse a schema that would make more than `MAX_WORK` of a document.

    Raises: TooMuchWork
    """
    estimate = _Estimate(schema)
    try:
        work = estimate.of(schema, document)
    except RecursionError as error:
        raise TooMuchWork from error
    if work > MAX_WORK:
        raise TooMuchWork


@dataclass(slots=True)
class _Estimate:
    root: JsonObject
    known: dict[tuple[int, int], int] = field(default_factory=dict)

    def of(self, schema: JsonValue, value: JsonValue) -> int:
        """Return the work of one schema on one value; 0 for a pair that is already under way."""
        if not isinstance(schema, dict):
            return 1
        pair = (id(schema), id(value))
        if pair in self.known:
            return self.known[pair]
        if len(self.known) >= _MAX_PAIRS:
            raise TooMuchWork
        self.known[pair] = 0
        work = 1 + sum(self.of(inner, part) for inner, part in self._applied(schema, value))
        if not _EVALUATED_TWICE.isdisjoint(schema):
            work *= 2
        self.known[pair] = work
        return work

    def _applied(
        self, schema: JsonObject, value: JsonValue
    ) -> Iterator[tuple[JsonValue, JsonValue]]:
        for keyword in _AT_SAME_VALUE:
            if keyword in schema:
                yield self._target(schema[keyword]), value
        for keyword in _LISTS_AT_SAME_VALUE:
            branches = schema.get(keyword)
            if isinstance(branches, list):
                yield from ((branch, value) for branch in branches)
        for keyword in _MAPS_AT_SAME_VALUE:
            dependents = schema.get(keyword)
            if isinstance(dependents, dict):
                yield from ((dependent, value) for dependent in dependents.values())
        if isinstance(value, dict):
            yield from _at_members(schema, value)
        elif isinstance(value, list):
            yield from _at_items(schema, value)

    def _target(self, reference: JsonValue) -> JsonValue:
        """Return what a reference points to; the root for what cannot be followed here."""
        if not isinstance(reference, str):
            return reference
        if not reference.startswith("#/"):
            return self.root
        target: JsonValue = self.root
        for part in reference[2:].split("/"):
            name = unquote(part).replace("~1", "/").replace("~0", "~")
            if isinstance(target, dict):
                target = target.get(name)
            elif isinstance(target, list) and name.isdigit() and int(name) < len(target):
                target = target[int(name)]
            else:
                return self.root
        return target


def _at_members(schema: JsonObject, value: JsonObject) -> Iterator[tuple[JsonValue, JsonValue]]:
    properties = schema.get("properties")
    if isinstance(properties, dict):
        yield from ((properties[name], part) for name, part in value.items() if name in properties)
    patterns = schema.get("patternProperties")
    if isinstance(patterns, dict):
        yield from ((inner, part) for inner in patterns.values() for part in value.values())
    for keyword in _AT_EACH_MEMBER:
        if keyword in schema:
            yield from ((schema[keyword], part) for part in value.values())
    if "propertyNames" in schema:
        yield from ((schema["propertyNames"], name) for name in value)


def _at_items(schema: JsonObject, value: list[JsonValue]) -> Iterator[tuple[JsonValue, JsonValue]]:
    for keyword in ("prefixItems", "items"):
        positional = schema.get(keyword)
        if isinstance(positional, list):
            yield from zip(positional, value, strict=False)
    for keyword in _AT_EACH_ITEM:
        inner = schema.get(keyword)
        if isinstance(inner, dict):
            yield from ((inner, part) for part in value)
