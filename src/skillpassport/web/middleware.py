"""What surrounds every request: its id, one log line, safe headers, and no unexplained failure.

Plain ASGI: each wraps `receive` or `send` and holds nothing back, so streams stay streams.
"""

import logging
import time
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from skillpassport.errors import SkillPassportError
from skillpassport.web.errors import BodyTooLarge, InternalError, UrlMalformed
from skillpassport.web.logs import ACCESS, FAULTS
from skillpassport.web.metrics import Metrics
from skillpassport.web.problems import Problem
from skillpassport.web.requests import (
    principal_of,
    rate_limit_headers,
    request_id,
    route_template,
)

MAX_BODY_BYTES = 32 * 1024 * 1024
"""For any request; JSON bodies are held to far less by their own reader."""

_DOCUMENT_POLICY = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
_PAGE_POLICY = (
    b"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    b"font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    b"base-uri 'none'"
)
_SAFE_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),  # addresses hold verification codes
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
# Put together once: these go out with every answer.
FOR_DOCUMENTS = (*_SAFE_HEADERS, (b"content-security-policy", _DOCUMENT_POLICY))
_FOR_PAGES = (*_SAFE_HEADERS, (b"content-security-policy", _PAGE_POLICY))

_SAFE_NAMES = frozenset(name for name, _ in FOR_DOCUMENTS)


class Observed:
    """Gives a request its id, and tells afterwards how it went: one log line, one observation."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        trace_id = request_id(scope)
        started, status, size = time.perf_counter(), 0, 0

        async def send_and_note(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", trace_id.encode("ascii")),
                ]
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            self._tell(scope, status, size, time.perf_counter() - started)

    def _tell(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        route = route_template(scope)
        self.metrics.observe(method=scope["method"], route=route, status=status, seconds=seconds)
        if not ACCESS.isEnabledFor(logging.INFO):
            return
        principal = principal_of(scope)
        fields = {
            "request_id": request_id(scope),
            "organisation": principal.owner if principal else None,
            "method": scope["method"][:16],
            "route": route,
            "status": status,
            "milliseconds": round(seconds * 1000, 1),
            "bytes": size,
        }
        # Put together here: a call of the logger would look up who called it, for nobody.
        record = logging.LogRecord(ACCESS.name, logging.INFO, __file__, 0, "request", (), None)
        record.fields = fields
        ACCESS.handle(record)


class SafeHeaders:
    """Adds the headers that keep an answer from being misread, framed or reported."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _completed(list(message["headers"]), scope)
            await send(message)

        await self.app(scope, receive, send_safely if scope["type"] == "http" else send)


def _completed(headers: list[tuple[bytes, bytes]], scope: Scope) -> list[tuple[bytes, bytes]]:
    """Return the headers with the safe ones that the route has not set itself."""
    given = dict(headers)
    page = given.get(b"content-type", b"").startswith(b"text/html")
    safe = _FOR_PAGES if page else FOR_DOCUMENTS
    if given.keys().isdisjoint(_SAFE_NAMES):
        headers += safe
    else:
        headers += [each for each in safe if each[0] not in given]
    for name, value in rate_limit_headers(scope).items():
        headers.append((name.lower().encode("ascii"), value.encode("ascii")))
    return headers


class Explained:
    """Answers what nobody caught with a problem document that tells nothing but the trace id."""

    def __init__(self, app: ASGIApp, base: str) -> None:
        self.app = app
        self.base = base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception as error:
            if not isinstance(error, SkillPassportError):
                fields = {"request_id": request_id(scope), "route": route_template(scope)}
                FAULTS.exception("fault", extra={"fields": fields})
            if begun:
                raise
            cause = error if isinstance(error, SkillPassportError) else InternalError()
            problem = Problem.of(cause, base=self.base, trace_id=request_id(scope))
            await problem.response()(scope, receive, send)


class Bounded:
    """Refuses addresses that no route could mean, and bodies beyond any route's limit."""

    def __init__(self, app: ASGIApp, max_body_bytes: int = MAX_BODY_BYTES) -> None:
        self.app = app
        self.max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        _check_address(scope)
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.max_body_bytes:
                raise BodyTooLarge(self.max_body_bytes)
            return message

        await self.app(scope, receive_counted, send)


def _check_address(scope: Scope) -> None:
    """Refuse control characters and broken UTF-8 in path and query: stores cannot hold them."""
    for part in (scope.get("raw_path") or b"", scope.get("query_string") or b""):
        if b"%" not in part and part.isascii():
            continue  # the server has refused bare control characters already
        plain = unquote_to_bytes(part)
        try:
            plain.decode("utf-8")
        except UnicodeDecodeError as error:
            raise UrlMalformed from error
        if any(byte < 0x20 or byte == 0x7F for byte in plain):  # noqa: PLR2004 - C0 and DEL
            raise UrlMalformed
