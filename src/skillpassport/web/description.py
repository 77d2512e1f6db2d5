"""The API description: what FastAPI derives, made as exact as the routes themselves.

Whoever generates requests from `/openapi.json` shall not be refused for what it does not say, so
rules that stand outside the routes, or between several parameters, are written into it here.
Source: OpenAPI 3.1.0, sections 4.8.12 (Parameter Object) and 4.8.12.3 (Style Examples)
"""

import json
import threading
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import Response

from skillpassport.web.problems import PROBLEM_SCHEMA
from skillpassport.web.published import published

PLAIN_PATTERN = r"^[^\u0000-\u001f\u007f]*$"
"""No address may hold a control character: `skillpassport.web.middleware.Bounded`."""

QUESTION = "x-question"
"""With `openapi_extra=`: parameters of a query that only stand in certain company, as one schema."""

IN_JSON = "x-in-json"
"""With `json_schema_extra=`: the schema of what a parameter holds as JSON text."""

_EXACT = frozenset({"pattern", "enum", "const", "format"})


def describe(app: FastAPI, public_url: str) -> None:
    """Make an app describe itself exactly, and serve that: the routes of the first request, for good.

    The framework would make the description on the event loop, where everybody waits for the half
    second that it takes, and write it out anew for each request.
    """
    making = threading.Lock()

    def openapi() -> dict[str, Any]:
        with making:
            if app.openapi_schema is None:
                app.openapi_schema = _described(app, public_url)
            return app.openapi_schema

    @cache
    def text() -> bytes:
        return json.dumps(openapi(), ensure_ascii=False, separators=(",", ":")).encode()

    def serve(request: Request) -> Response:  # `def`: in a thread beside the loop
        return published(request, text(), "application/json")

    app.openapi = openapi  # type: ignore[method-assign]  # the documented way to extend it
    app.add_route("/openapi.json", serve, include_in_schema=False)


def _described(app: FastAPI, public_url: str) -> dict[str, Any]:
    described = get_openapi(
        title=app.title,
        version=app.version,
        routes=app.routes,
        servers=[{"url": public_url}],
    )
    schemas = described.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM_SCHEMA
    for operation in _operations(described):
        parameters = operation.get("parameters", [])
        for parameter in parameters:
            _sharpen(parameter)
        if QUESTION in operation:
            question = operation.pop(QUESTION)
            operation["parameters"] = _asked_together(parameters, question)
    return described


def _operations(described: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in described["paths"].values():
        yield from methods.values()


def _sharpen(parameter: dict[str, Any]) -> None:
    """Say of a parameter that it is absent rather than null, and holds no control character."""
    schema = parameter["schema"]
    kinds = [each for each in schema.get("anyOf", []) if each != {"type": "null"}]
    if len(kinds) == 1:
        del schema["anyOf"]
        schema |= kinds[0]
    if IN_JSON in schema:
        parameter["content"] = {"application/json": {"schema": schema[IN_JSON]}}
        del parameter["schema"]
        return
    is_open = schema.get("type") == "string" and not _EXACT & schema.keys()
    if is_open and parameter["in"] in {"path", "query"}:
        schema["pattern"] = PLAIN_PATTERN


def _asked_together(
    parameters: list[dict[str, Any]], ways: Mapping[str, list[str]]
) -> list[dict[str, Any]]:
    """Return the parameters with those that need or exclude each other as members of one object.

    In the style `form`, exploded, each member is a parameter of the query by its own name.

    ways: by title, the members of one way of asking; those of no other way stand beside them
    """
    together = {name for way in ways.values() for name in way}
    schemas = {each["name"]: each["schema"] for each in parameters if each["name"] in together}
    question = {
        "name": "question",
        "in": "query",
        "required": True,
        "style": "form",
        "explode": True,
        "description": "Each member is a parameter of the query by its own name.",
        "schema": {
            "oneOf": [
                {
                    "title": title,
                    "type": "object",
                    "required": way,
                    "properties": {name: schemas[name] for name in way},
                    "additionalProperties": False,
                }
                for title, way in ways.items()
            ],
        },
    }
    return [each for each in parameters if each["name"] not in together] + [question]
