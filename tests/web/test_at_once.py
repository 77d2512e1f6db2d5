"""The short way to a verification answers as the route does, and leaves to the route what is odd."""

import asyncio
import json
from typing import Any

import pytest

from skillpassport.vc.strict_json import JsonObject
from tests.support.awards import Json, Story
from tests.support.credentials import a_credential, a_token, signed
from tests.support.instances import Answer

PATH = "/api/v1/verifications"
SHORT = "application/json"
BY_THE_ROUTE = "application/json; charset=utf-8"
TOKEN = "eyJhbGciOiJub25lIn0.e30."


def send(story: Story, content: bytes, kind: str = SHORT, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return story.served.http.post(PATH, content=content, headers={"Content-Type": kind, **named})


def same(story: Story, content: bytes, **headers: str) -> Answer:
    """Return the answer, having compared it with that of the route."""
    short, long = (send(story, content, kind, **headers) for kind in (SHORT, BY_THE_ROUTE))
    assert short.status_code == long.status_code
    assert _told(short) == _told(long)
    assert _named(short) == _named(long)
    return short


def _told(answer: Answer) -> Json:
    return {name: value for name, value in answer.json().items() if name != "trace_id"}


def _named(answer: Answer) -> dict[str, str]:
    changing = {"x-request-id", "content-length", "ratelimit"}
    return {name: value for name, value in answer.headers.items() if name not in changing}


ODD: list[bytes] = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b"{",
    b'{"document":""}',
    b'{"document":null}',
    b'{"document":1}',
    b'{"document":"x","document":"y"}',
    b'{"document":"x","further":1}',
    b'{"document":"x","code":"1"}',
    b'{"document":"x","purpose":"study"}',
    b'{"document":"x","purpose":"nonsense"}',
    b'{"document":"x","destination":"no"}',
    b'{"document":"x","destination":"NOR"}',
    b'{"document":"x","destination":5}',
    b'{"document":"x","destination":"NO"}',
    b'{"document":"x","destination":null}',
    b'{"document":"\\u0000"}',
    b'{"document":"\\ud800"}',
    b'{"document":{"a":1e999}}',
    b'{"document":"\xff"}',
    b'{"code":"0"}',
    b'{"url":"ftp://example.org"}',
    b'{"document":{}}',
    b'{"document":{"proof":7}}',
    b'{"document":{"proof":[{"cryptosuite":["eddsa-jcs-2022"]}]}}',
    json.dumps({"document": TOKEN}).encode(),
    json.dumps({"document": "ey" * 20_000}).encode(),
    json.dumps({"document": {"deep": [[[[]]]] * 50}}).encode(),
]


@pytest.mark.parametrize("content", ODD, ids=lambda content: content[:40].decode("latin-1"))
def test_whatever_is_sent_is_answered_alike(lasting_story: Story, content: bytes) -> None:
    same(lasting_story, content)


@pytest.mark.parametrize("form", ["vcdm", "open-badge", "vc+jwt", "sd-jwt-vc"])
@pytest.mark.parametrize("language", ["", "fr", "ar;q=0.9, en;q=0.1", "nonsense;;;"])
def test_an_award_is_reported_alike(lasting_story: Story, form: str, language: str) -> None:
    made = lasting_story.award(format=form)
    for further in ({}, {"destination": "NO"}):
        content = json.dumps({"document": made["document"], **further}, ensure_ascii=False)
        for _ in range(2):
            answer = same(lasting_story, content.encode(), Accept_Language=language)
            assert answer.json()["verdict"] == "valid"


def test_a_request_is_counted_once_whichever_way_it_goes(story: Story) -> None:
    counted: list[str] = []
    limits = story.served.http.app.state.limits  # type: ignore[attr-defined]
    limits.find = counted.append
    send(story, json.dumps({"document": TOKEN}).encode())
    assert counted == ["verification"]
    send(story, b'{"document":"x","purpose":"nonsense"}')
    assert counted == ["verification"] * 2


def test_a_request_is_logged_under_its_route(story: Story) -> None:
    send(story, json.dumps({"document": TOKEN}).encode())
    assert f'route="{PATH}",status="2xx"' in story.served.get("/metrics").text


def test_a_new_token_of_a_known_stranger_needs_no_waiting(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is asked of the register about each document by itself would take that away."""
    tried: list[bool] = []
    ours = story.served.instance.verify_at_once

    def watched(*given: Any, **further: Any) -> object:  # noqa: ANN401 - whatever it is called with
        found = ours(*given, **further)
        tried.append(found is not None)
        return found

    monkeypatch.setattr(story.served.instance, "verify_at_once", watched)
    for number in range(3):
        token = a_token(a_credential(id=f"urn:example:{number}"))
        answer = send(story, json.dumps({"document": token}).encode())
        assert answer.json()["issuer"]["known"] is False
    assert tried == [False, True, True]


def test_a_body_that_comes_in_pieces_is_read_whole(story: Story) -> None:
    content = json.dumps({"document": story.award()["document"]}).encode()
    pieces = [content[:10], b"", content[10:500], content[500:]]
    status, body = _ask(story, pieces, len(content))
    assert (status, json.loads(body)["verdict"]) == (200, "valid")


def test_a_body_that_ends_early_is_refused(story: Story) -> None:
    status, body = _ask(story, [b'{"document":', None], 5_000)
    assert (status, json.loads(body)["code"]) == (400, "body-incomplete")


def _ask(story: Story, pieces: list[Any], announced: int) -> tuple[int, bytes]:
    """Send a body in pieces, None being the end of the connection."""
    sent: list[Any] = []
    waiting = list(pieces)

    async def receive() -> dict[str, Any]:
        piece = waiting.pop(0)
        if piece is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

    async def keep(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "https",
        "path": PATH,
        "raw_path": PATH.encode(),
        "query_string": b"",
        "headers": [
            (b"content-type", b"application/json"),
            (b"content-length", str(announced).encode()),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    asyncio.run(story.served.http.app(scope, receive, keep))  # type: ignore[arg-type]
    body = b"".join(each.get("body", b"") for each in sent[1:])
    return sent[0]["status"], body


def test_a_record_is_never_verified_on_the_loop_however_often_it_was_seen(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each credential in it is verified by itself, which may take sixteen times as long."""
    instance = story.served.instance
    monkeypatch.setattr(
        instance, "verify_at_once", lambda *_, **__: pytest.fail("tried on the loop")
    )
    record = a_credential(type=["VerifiableCredential", "ClrCredential"])
    inside: JsonObject = {"verifiableCredential": [a_token(a_credential())]}
    token = a_token({**record, "credentialSubject": inside})
    for document in (token, signed({**record, "credentialSubject": inside})):
        for _ in range(3):
            same(story, json.dumps({"document": document}).encode())
