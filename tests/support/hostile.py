"""Requests made from the API description and then bent: almost right, and wrong everywhere."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

Schema = Mapping[str, Any]

TEXTS = (
    "",
    "a",
    "x" * 5_000,
    "\u202e<b>",
    "2026-01-01",
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "\u0664\u0662",
    "=1+1",
    "NO:NKR",
    "GH",
    "did:web:x",
    "https://127.0.0.1/x",
    "../..",
    "%s",
    "a\0b",
    "a" * 26,
    "\U0001f600",
)
VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**53 - 1,
    1.5,
    [],
    {},
    [[]],
    {"a": {"b": [1]}},
    *TEXTS,
)
SCALARS: Mapping[str, tuple[Any, ...]] = {
    "integer": (0, 1, -1, 10, 2**53 - 1),
    "number": (0, 1.5, -1, 1e308),
    "boolean": (True, False),
    "None": VALUES,
}
OFTEN_WRONG = 0.12


@dataclass(frozen=True, slots=True)
class Sent:
    """One request."""

    method: str
    url: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Bender:
    """Makes requests for every operation of a description, the same ones for the same seed."""

    def __init__(
        self, description: Mapping[str, Any], seed: int, texts: Sequence[str] = ()
    ) -> None:
        self.paths: Mapping[str, Any] = description["paths"]
        self.schemas: Mapping[str, Any] = description["components"]["schemas"]
        self.random = random.Random(seed)
        self.texts = (*TEXTS, *texts)

    def requests(self) -> Iterator[Sent]:
        """Give one request for each operation."""
        for path, operations in self.paths.items():
            for method, operation in operations.items():
                yield self._request(method.upper(), path, operation)

    def _request(self, method: str, path: str, operation: Mapping[str, Any]) -> Sent:
        query = []
        for parameter in operation.get("parameters", []):
            text = str(self._value(parameter.get("schema", {})))
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", quote(text or "x", safe=""))
            elif parameter["in"] == "query" and self.random.random() < 0.6:
                query.append(f"{parameter['name']}={quote(text, safe='')}")
        url = f"{path}?{'&'.join(query)}" if query else path
        if "requestBody" not in operation:
            return Sent(method, url)
        content = next(iter(operation["requestBody"]["content"].values()))
        body = json.dumps(self._value(content["schema"])).encode()
        return Sent(method, url, body, {"Content-Type": "application/json"})

    def _value(self, schema: Schema, depth: int = 0) -> Any:  # noqa: ANN401 - JSON
        if self.random.random() < OFTEN_WRONG or depth > 12:
            return self.random.choice(VALUES)
        if "$ref" in schema:
            return self._value(self.schemas[schema["$ref"].rpartition("/")[2]], depth + 1)
        for several in ("anyOf", "oneOf"):
            if several in schema:
                return self._value(self.random.choice(schema[several]), depth + 1)
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        return self._of_type(schema, depth)

    def _of_type(self, schema: Schema, depth: int) -> Any:  # noqa: ANN401 - JSON
        match schema.get("type"):
            case "object":
                return self._object(schema, depth)
            case "array":
                items = schema.get("items", {})
                return [self._value(items, depth + 1) for _ in range(self.random.randint(0, 3))]
            case kind:
                return self.random.choice(SCALARS.get(str(kind), self.texts))

    def _object(self, schema: Schema, depth: int) -> dict[str, Any]:
        required = schema.get("required", ())
        made = {
            name: self._value(inner, depth + 1)
            for name, inner in schema.get("properties", {}).items()
            if self.random.random() < (0.95 if name in required else 0.5)
        }
        further = schema.get("additionalProperties")
        if isinstance(further, dict):
            name = self.random.choice(("en", "en", "fr", self.random.choice(self.texts)))
            made[name] = self._value(further, depth + 1)
        return made
