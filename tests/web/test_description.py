"""How the description of the API is served; most of what it says is tested with the routes."""

import asyncio
import re
from typing import Any

import pytest
from fastapi.openapi.utils import get_openapi
from starlette.testclient import TestClient

from skillpassport.settings import load_settings
from skillpassport.vc.strict_json import MAX_INTEGER
from skillpassport.web import description
from skillpassport.web.api.equivalences import FACTS
from skillpassport.web.app import create_app
from tests.support.web import FakeServices, a_web_app

WHERE = "/openapi.json"


def test_the_description_is_made_once_and_beside_the_event_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It takes half a second, in which nobody else would be answered."""
    made = []

    def watched(**arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - as the original
        with pytest.raises(RuntimeError, match="no running event loop"):
            asyncio.get_running_loop()
        made.append(1)
        return get_openapi(**arguments)

    monkeypatch.setattr(description, "get_openapi", watched)
    with TestClient(a_web_app()) as client:
        first, again = client.get(WHERE), client.get(WHERE)
    assert first.content == again.content
    assert first.json()["openapi"].startswith("3.1")
    assert made == [1]


def test_who_has_the_description_is_told_so() -> None:
    with TestClient(a_web_app()) as client:
        tag = client.get(WHERE).headers["etag"]
        again = client.get(WHERE, headers={"If-None-Match": tag})
        head = client.head(WHERE)
    assert (again.status_code, again.content) == (304, b"")
    assert (head.status_code, head.content) == (200, b"")


def test_no_address_is_described_that_is_refused_as_malformed() -> None:
    """A pattern of its own must leave out what `description.PLAIN_PATTERN` does."""
    paths = create_app(FakeServices(), load_settings()).openapi()["paths"]
    for path, operations in paths.items():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                pattern = parameter.get("schema", {}).get("pattern")
                if pattern is not None and parameter["in"] in {"path", "query"}:
                    for refused in ("\x00", "\x1f", "\x7f"):
                        assert not re.search(pattern, refused), (path, parameter["name"])


def test_no_number_is_described_that_is_refused_as_inexact() -> None:
    schemas: Any = FACTS["properties"]
    assert schemas["duration_years"]["maximum"] == MAX_INTEGER
    assert schemas["subjects_passed"]["additionalProperties"]["maximum"] == MAX_INTEGER
