"""Log lines: what they hold, and what they never hold."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from skillpassport.web.logs import JsonLines
from tests.support.web import PROVIDER_KEY, a_web_app

SECRETS = ("K0DE", "Ama", "Mensah", "sp_provider", "row of")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that the product's loggers write, in the form that operators see."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("skillpassport")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield stream
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)


def test_lines_name_the_route_and_the_organisation_and_nothing_of_the_request(
    written: io.StringIO,
) -> None:
    with TestClient(a_web_app()) as client:
        client.get("/sample/checked/K0DE?name=Ama")
        client.post("/sample/awards", json={"name": "Ama Mensah"}, headers=PROVIDER_KEY)
        client.post("/sample/open", content=b'{"name":"Ama Mensah', headers=PROVIDER_KEY)
        client.get("/sample/broken/K0DE")
        client.get("/nothing/K0DE", headers={"User-Agent": "Ama", "Referer": "Mensah"})
    text = written.getvalue()
    assert not [secret for secret in SECRETS if secret in text]
    lines = [json.loads(line) for line in text.splitlines()]
    award = next(line for line in lines if line.get("route") == "/sample/awards")
    assert award["organisation"] == "org_provider"
    assert award["status"] == 201
    assert award["bytes"] > 0
    assert award["milliseconds"] >= 0
    assert {line.get("route") for line in lines} >= {"/sample/checked/{code}", "(none)"}


def test_a_fault_is_logged_by_class_and_place(written: io.StringIO) -> None:
    with TestClient(a_web_app()) as client:
        answer = client.get("/sample/broken/K0DE")
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    fault = next(line for line in lines if line["logger"] == "skillpassport.faults")
    assert fault["request_id"] == answer.json()["trace_id"]
    assert fault["exception"] == ["builtins.RuntimeError"]
    assert any("broken" in place for place in fault["raised_at"])


def test_a_line_stays_one_line_whatever_is_in_it(written: io.StringIO) -> None:
    with TestClient(a_web_app()) as client:
        client.get("/x%E2%80%A8y", headers=[(b"x-request-id", b"a\x85bcdefghi")])
    assert len(written.getvalue().splitlines()) == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("abcdefgh-1.2_3", True),
        ("short", False),
        ("a" * 65, False),
        ("with space 123", False),
        ('quote"123456', False),
        ("<script>alert(1)</script>", False),
    ],
)
def test_only_a_plain_request_id_is_taken_over(given: str, kept: bool) -> None:
    with TestClient(a_web_app()) as client:
        answer = client.get("/livez", headers={"X-Request-Id": given})
    assert (answer.headers["x-request-id"] == given) is kept
    assert len(answer.headers["x-request-id"]) >= 8
