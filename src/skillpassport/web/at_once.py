"""Verifications that need no waiting, answered before the framework has unpacked them.

Most verifications come as one small JSON body with a document in it. Routing, dependencies, models
and the hop to a thread cost more than the signature check, so those requests are served here. Every
other request, and every one with anything unusual about it, goes on to the route with its body as
it came: what is taken, and how refusals read, is said there alone.

A document is verified on the event loop only when it is small, light to prove, and all that is asked
about it lies in memory; otherwise in the thread pool, like everything that may wait. What is asked again
within a moment is not even read again: see `standing_answers`.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final, Protocol, TypeGuard

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from skillpassport.clock import Clock
from skillpassport.credentials.telling import report_of
from skillpassport.credentials.verifying import Findings, VerifyCredential
from skillpassport.vc import strict_json
from skillpassport.vc.effort import is_light
from skillpassport.vc.strict_json import JsonObject, StrictJsonError
from skillpassport.web.bodies import BODY_SECONDS
from skillpassport.web.errors import BodyIncomplete, BodyTooSlow
from skillpassport.web.limits import Limited
from skillpassport.web.preferences import preferred_languages
from skillpassport.web.retelling import retold
from skillpassport.web.standing_answers import Answer, StandingAnswers
from skillpassport.web.translation import Translation, translation_for

MAX_BYTES: Final = 32 * 1024
"""Of a body; what is larger takes longer than a turn of the event loop should."""

_MEMBERS: Final = frozenset({"document", "destination"})
_COUNTRY_LETTERS: Final = 2


class Remembered(Protocol):
    """The facts in memory: the same object for as long as no database changes."""

    @property
    def latest(self) -> object:
        """The facts that held when they were last asked for."""
        ...

    def page(self) -> object:
        """Return the facts that hold now."""
        ...


class Verifying(Protocol):
    """What is used of the services."""

    clock: Clock
    facts: Remembered
    verify: VerifyCredential
    public_url: str

    def verify_at_once(
        self, document: JsonObject | str, *, at: datetime | None = None
    ) -> Findings | None:
        """Return what was found, without waiting; None where something must be read."""
        ...


class AtOnce:
    """Serves the plain requests of one route, and hands on all others."""

    def __init__(self, app: ASGIApp, *, path: str, route: BaseRoute, limit: Limited) -> None:
        """Stand in front of an application.

        route: of the same path and method; requests are counted and logged as its own
        limit: the route's guard
        """
        self.app = app
        self.path = path
        self.route = route
        self.limit = limit
        self._answers = StandingAnswers[Findings]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] != self.path or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        headers = headers_of(scope)
        if headers is None or scope["query_string"]:
            await self.app(scope, receive, send)
            return
        scope["route"] = self.route
        await self.limit.admit(Request(scope))
        raw = await body_of(receive)
        services: Verifying = scope["app"].state.services
        translation = _translation(headers.get(b"accept-language", b""))
        told = self._told_again(services, (raw, translation.language))
        if told is None:
            asked = _asked(raw)
            if asked is None:
                await self.app(scope, again(raw, receive), send)
                return
            told = await self._told(services, asked, translation, raw)
        await answer(send, 200, told)

    def _told_again(self, services: Verifying, question: tuple[bytes, str]) -> bytes | None:
        """Return what a question was answered before, if it would be answered so again."""
        kept = self._answers.find(question)
        if kept is None or kept.facts is None or not kept.is_of(services.clock.now()):
            return None
        if kept.facts is not services.facts.page():
            return None
        if not kept.stands:
            asked = _asked(question[0])
            if asked is None or _found_at_once(services, asked, at=kept.ends) != kept.found:
                return None
            self._answers.keep_standing(question, kept)
        return kept.told

    async def _told(
        self, services: Verifying, asked: "_Asked", translation: Translation, raw: bytes
    ) -> bytes:
        """Return a report as JSON: the same bytes for as long as the same is found."""
        # Read before: if newer ones are found, these never hold again, and the answer never stands.
        facts: object | None = services.facts.latest
        found = _found_at_once(services, asked)
        if found is None:
            facts = None
            found = await run_in_threadpool(
                services.verify.document, asked.document, destination=asked.destination
            )
        question = raw, translation.language
        before = self._answers.find(question)
        if before is not None and before.found == found:
            told = before.told
        else:
            report = report_of(found, public_url=services.public_url)
            told = orjson.dumps(retold(report, translation))
        since = services.clock.now()
        self._answers.keep(question, Answer(found=found, told=told, facts=facts, since=since))
        return told


def headers_of(scope: Scope) -> Mapping[bytes, bytes] | None:
    """Return the headers of a small JSON body that is sent as it is; None for any other."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    announced = headers.get(b"content-length", b"")
    if (
        len(headers) != len(scope["headers"])  # one of them twice
        or headers.get(b"content-type") != b"application/json"
        or b"content-encoding" in headers
        or b"transfer-encoding" in headers
        or not announced.isdigit()
        or len(announced) > len(str(MAX_BYTES))
        or int(announced) > MAX_BYTES
    ):
        return None
    return headers


async def body_of(receive: Receive) -> bytes:
    """Return the whole body.

    Raises: BodyTooSlow, BodyIncomplete
    """
    body = b""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise BodyIncomplete
                part = message.get("body", b"")
                body = body + part if body else part
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError as error:
        raise BodyTooSlow(BODY_SECONDS) from error


def again(raw: bytes, receive: Receive) -> Receive:
    """Return a channel that gives the body once more, and then what else comes."""
    waiting = [raw]

    async def receive_again() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return receive_again


@dataclass(frozen=True, slots=True)
class _Asked:
    document: JsonObject | str
    destination: str | None


def _asked(raw: bytes) -> _Asked | None:
    """Return a question after a document, perhaps with a destination; None for others.

    Whatever the route would refuse is left to it.
    """
    try:
        body = strict_json.parse(raw)
    except StrictJsonError:
        return None
    if not isinstance(body, dict) or not body.keys() <= _MEMBERS:
        return None
    document, destination = body.get("document"), body.get("destination")
    if not isinstance(document, str | dict) or document == "":
        return None
    return _Asked(document, destination) if _is_country_or_none(destination) else None


def _is_country_or_none(value: object) -> TypeGuard[str | None]:
    return value is None or (
        isinstance(value, str)
        and len(value) == _COUNTRY_LETTERS
        and value.isascii()
        and value.isalpha()
        and value.isupper()
    )


def _found_at_once(
    services: Verifying, asked: _Asked, *, at: datetime | None = None
) -> Findings | None:
    """Return what is found of a document now, or for another instant; None where that takes waiting."""
    ours = services.verify
    if asked.destination is None and is_light(asked.document, ours.policy, ours.memory):
        return services.verify_at_once(asked.document, at=at)
    return None


@lru_cache(maxsize=256)
def _translation(accept_language: bytes) -> Translation:
    return translation_for(preferred_languages(None, accept_language.decode("latin-1")))


async def answer(send: Send, status: int, body: bytes) -> None:
    """Send JSON that nobody shall keep."""
    headers = [
        (b"content-length", b"%d" % len(body)),
        (b"content-type", b"application/json"),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
