"""JSON bodies: what is read, and what is refused before it is understood."""

import asyncio
import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from skillpassport.web.bodies import MAX_JSON_BYTES, is_json, read_body
from skillpassport.web.errors import BodyIncomplete, BodyTooLarge, BodyTooSlow
from tests.support.web import PROVIDER_KEY, FakeServices, a_web_app

JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(a_web_app()) as client:
        yield client


HOSTILE: list[tuple[str, bytes, dict[str, str], int, str]] = [
    ("duplicate member", b'{"name":"a","name":"b"}', JSON, 400, "json-duplicate-member"),
    ("nested duplicate", b'{"name":"a","document":{"x":1,"x":2}}', JSON, 400, ""),
    ("NaN", b'{"name":NaN}', JSON, 400, ""),
    ("Infinity", b'{"name":-Infinity}', JSON, 400, ""),
    ("huge integer", b'{"name":9007199254740993}', JSON, 400, ""),
    ("overflowing float", b'{"name":1e999}', JSON, 400, ""),
    ("lone surrogate", b'{"name":"\\ud800"}', JSON, 400, ""),
    ("byte order mark", b'\xef\xbb\xbf{"name":"a"}', JSON, 400, ""),
    ("not UTF-8", b'{"name":"\xff"}', JSON, 400, ""),
    ("UTF-16", '{"name":"a"}'.encode("utf-16"), JSON, 400, ""),
    ("truncated", b'{"name":"a"', JSON, 400, ""),
    ("trailing text", b'{"name":"a"} x', JSON, 400, ""),
    ("two documents", b'{"name":"a"}{"name":"a"}', JSON, 400, ""),
    ("nesting", b'{"document":' + b"[" * 500_000 + b"]" * 500_000 + b"}", JSON, 400, ""),
    ("single quotes", b"{'name':'a'}", JSON, 400, ""),
    ("control character", b'{"name":"a\x00"}', JSON, 400, ""),
    ("empty", b"", JSON, 422, "request-invalid"),
    ("null", b"null", JSON, 422, "request-invalid"),
    ("an array", b"[]", JSON, 422, "request-invalid"),
    ("a string", b'"name"', JSON, 422, "request-invalid"),
    ("escaped NUL", b'{"name":"a\\u0000"}', JSON, 422, "request-invalid"),
    ("NUL below", b'{"name":"a","results":[{"g\\u0000":"1"}]}', JSON, 422, "request-invalid"),
    ("a number as day", b'{"name":"a","awarded_on":20260101}', JSON, 422, "request-invalid"),
    ("an instant as day", b'{"name":"a","awarded_on":"2026-01-01T00:00:00Z"}', JSON, 422, ""),
    ("a day of no month", b'{"name":"a","awarded_on":"2026-02-30"}', JSON, 422, ""),
    ("unknown member", b'{"name":"a","admin":true}', JSON, 422, "request-invalid"),
    ("no type", b'{"name":"a"}', {}, 415, "media-type-unsupported"),
    ("text", b'{"name":"a"}', {"content-type": "text/plain"}, 415, ""),
    ("form", b"name=a", {"content-type": "application/x-www-form-urlencoded"}, 415, ""),
    ("json-ish", b'{"name":"a"}', {"content-type": "application/jsonp"}, 415, ""),
    ("latin-1", b'{"name":"a"}', {"content-type": "application/json; charset=latin-1"}, 415, ""),
    ("gzip", gzip.compress(b'{"name":"a"}'), JSON | {"content-encoding": "gzip"}, 415, ""),
    ("unknown coding", b'{"name":"a"}', JSON | {"content-encoding": "br"}, 415, ""),
    ("gigantic", b'{"name":"' + b"a" * MAX_JSON_BYTES + b'"}', JSON, 413, "body-too-large"),
]


@pytest.mark.parametrize(
    ("raw", "headers", "status", "code"), [row[1:] for row in HOSTILE], ids=[r[0] for r in HOSTILE]
)
def test_a_hostile_body_is_refused_with_its_cause(
    client: TestClient, raw: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    answer = client.post("/sample/open", content=raw, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert code in ("", answer.json()["code"])


@pytest.mark.parametrize(
    ("raw", "headers"),
    [
        (b'{"name":"a"}', JSON),
        (b'  {"name" : "a"}\n', {"content-type": "application/json; charset=UTF-8"}),
        (b'{"name":"a"}', {"content-type": "application/ld+json"}),
        (b'{"name":"a","awarded_on":"2026-02-28"}', JSON),
        (b'{"name":"a"}', JSON | {"content-encoding": "identity"}),
        ('{"name":"\u12a0\u121b\u122d\u129b \U0001f469"}'.encode(), JSON),
        (b'{"name":"a","document":{"x":"\\u0000"}}', JSON),
    ],
)
def test_a_plain_body_is_read(client: TestClient, raw: bytes, headers: dict[str, str]) -> None:
    assert client.post("/sample/open", content=raw, headers=headers).status_code == 200


def test_a_body_at_the_limit_is_read(client: TestClient) -> None:
    frame = json.dumps({"name": ""}).encode()
    raw = frame.replace(b'""', b'"' + b"a" * (MAX_JSON_BYTES - len(frame)) + b'"')
    assert len(raw) == MAX_JSON_BYTES
    assert client.post("/sample/open", content=raw, headers=JSON).status_code == 200


def test_the_key_is_judged_before_the_body_is_read() -> None:
    """A stranger must not make the server read a megabyte, nor learn what the body should be."""
    services = FakeServices()
    with TestClient(a_web_app(services)) as client:
        answer = client.post("/sample/awards", content=b"not json at all")
        assert (answer.status_code, answer.json()["code"]) == (401, "key-missing")
        answer = client.post("/sample/awards", content=b"not json", headers=JSON | PROVIDER_KEY)
        assert answer.status_code == 400
        answer = client.post("/sample/awards", json={"name": "a"}, headers=PROVIDER_KEY)
        assert answer.status_code == 201
    assert services.looked_up == ["sp_provider", "sp_provider"]


def request_of(*messages: dict[str, Any], pause: float = 0.0) -> Request:
    """Return a request whose body arrives in the given messages."""
    waiting = list(messages)

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(pause)
        return waiting.pop(0)

    return Request({"type": "http", "method": "POST", "headers": []}, receive)


def chunk(body: bytes, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_without_announced_length_is_counted_as_it_arrives() -> None:
    endless = request_of(*[chunk(b"x" * 400) for _ in range(10)])
    with pytest.raises(BodyTooLarge):
        asyncio.run(read_body(endless, 1_000))
    small = request_of(chunk(b"ab"), chunk(b"cd", more=False))
    assert asyncio.run(read_body(small, 1_000)) == b"abcd"


def test_a_body_that_drips_ends_at_the_total_deadline() -> None:
    dripping = request_of(*[chunk(b"x") for _ in range(100)], pause=0.05)
    with pytest.raises(BodyTooSlow):
        asyncio.run(read_body(dripping, 1_000, seconds=0.2))


def test_a_body_cut_off_by_its_sender_is_incomplete() -> None:
    cut = request_of(chunk(b"ab"), {"type": "http.disconnect"})
    with pytest.raises(BodyIncomplete):
        asyncio.run(read_body(cut, 1_000))


@pytest.mark.parametrize(
    ("content_type", "accepted"),
    [
        ("application/json", True),
        ("APPLICATION/JSON", True),
        ("application/vc+ld+json", True),
        ("application/json;charset=utf-8", True),
        ("application/json; charset=utf-16", False),
        ("text/json", False),
        ("application", False),
        ("", False),
        ("json", False),
        ("application/json\r\nx: y", False),
        ("application/" + "a" * 10_000, False),
    ],
)
def test_what_counts_as_json(content_type: str, accepted: bool) -> None:
    assert is_json(content_type) is accepted
