"""What surrounds every request: its id, one log line, safe headers, and no unexplained failure.

Plain ASGI: each wraps `receive` or `send` and holds nothing back, so streams stay streams.
"""

import logging
import time
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from starlette.datastructures import MutableHeaders
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

_DOCUMENT_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
_SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # addresses hold verification codes
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


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
                MutableHeaders(scope=message)["X-Request-Id"] = trace_id
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
        ACCESS.info("request", extra={"fields": fields})


class SafeHeaders:
    """Adds the headers that keep an answer from being misread, framed or reported."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                page = headers.get("content-type", "").startswith("text/html")
                policy = _PAGE_POLICY if page else _DOCUMENT_POLICY
                _add(headers, {**_SAFE_HEADERS, "Content-Security-Policy": policy}.items())
                _add(headers, rate_limit_headers(scope).items())
            await send(message)

        await self.app(scope, receive, send_safely if scope["type"] == "http" else send)


def _add(headers: MutableHeaders, wanted: Iterable[tuple[str, str]]) -> None:
    for name, value in wanted:
        headers.setdefault(name, value)


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
        plain = unquote_to_bytes(part)
        try:
            plain.decode("utf-8")
        except UnicodeDecodeError as error:
            raise UrlMalformed from error
        if any(byte < 0x20 or byte == 0x7F for byte in plain):  # noqa: PLR2004 - C0 and DEL
            raise UrlMalformed
