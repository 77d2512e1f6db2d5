"""How the description of the API is served; what it says is tested with the routes."""

import asyncio
from typing import Any

import pytest
from fastapi.openapi.utils import get_openapi
from starlette.testclient import TestClient

from skillpassport.web import description
from tests.support.web import a_web_app

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
