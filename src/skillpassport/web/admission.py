"""How many requests are worked on at once; the next ones are told at once to come back.

Without a bound, a crowd that sends more than can be served makes everybody wait: answers come when
those who asked have given up, and the work for them is wasted. There are three bounds, because it is
waited in three places: for threads, of which so many may be busy or waited for; behind others in
one turn of the event loop, which may serve so many and last so long; and in the system's queue of
connections that nobody has accepted yet. Writes have a smaller share of the threads, so that a
database that accepts none for a while does not keep anybody from verifying.

Stands before everything else, and writes no line of the log: while there is too much to do, a
refusal must cost next to nothing. The refused are counted under the route `(refused)`.

Health is always answered. A request that waits for its client, slow in sending or in reading, does
not count: it costs a socket, and `connections` sees to those.

Source: RFC 9110, sections 15.6.4 (503) and 10.2.3 (Retry-After)
"""

import asyncio
import json
import secrets
import socket
import sys
import time
from collections.abc import Mapping
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from skillpassport.web.errors import Overloaded
from skillpassport.web.metrics import Metrics
from skillpassport.web.middleware import FOR_DOCUMENTS
from skillpassport.web.problems import MEDIA_TYPE, Problem

AT_ONCE: Final = 48
"""In one worker, which has forty threads."""

WRITES_AT_ONCE: Final = 32
"""More are not done sooner: there is one writer, or one Python thread that runs."""

TURN_REQUESTS: Final = 24
TURN_SECONDS: Final = 0.03
"""One turn of the loop serves this many in any case, and more until this time is over: who stands
behind them has waited as long, and is to hear within a tenth of a second."""

QUEUED_CONNECTIONS: Final = 32
"""uvloop accepts one connection in a turn: these have waited for as many turns."""

_ALWAYS: Final = frozenset({"/livez", "/readyz", "/version", "/metrics"})
_UNACKED_ENDS: Final = 28
"""Where the field ends: eight octets of small fields, then the fifth of those of four octets."""

_READING_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_READING_PATHS: Final = ("/api/v1/verifications", "/verify", "/vc/credentials/verify")
"""Sent by POST, yet nothing is written."""


class Admission:
    """Admits so many requests at once, and answers the others with a problem document."""

    def __init__(
        self,
        app: ASGIApp,
        base: str,
        metrics: Metrics,
        at_once: int = AT_ONCE,
        writes_at_once: int = WRITES_AT_ONCE,
    ) -> None:
        """Begin with none.

        base: the public address of this instance, for the problem's type
        """
        self.app = app
        self._metrics = metrics
        self._limits = {False: at_once, True: writes_at_once}
        self._writing = 0
        self._all = 0
        self._in_turn = 0
        self._turn_began = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._refusal = _refusal(base)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] != "http" or scope["path"] in _ALWAYS:
            await self.app(scope, receive, send)
            return
        writes = _writes(scope)
        if self._is_full(writes=writes) or self._turn_is_over() or _queue_is_long(scope):
            await self._refuse(scope, send)
            return

        async def receive_uncounted() -> Message:
            self._count(writes, -1)
            try:
                return await receive()
            finally:
                self._count(writes, 1)

        async def send_uncounted(message: Message) -> None:
            self._count(writes, -1)
            try:
                await send(message)
            finally:
                self._count(writes, 1)

        self._count(writes, 1)
        try:
            await self.app(scope, receive_uncounted, send_uncounted)
        finally:
            self._count(writes, -1)

    def _is_full(self, *, writes: bool) -> bool:
        return self._all >= self._limits[False] or (writes and self._writing >= self._limits[True])

    def _turn_is_over(self) -> bool:
        """Return whether this turn of the event loop has done enough; else count the request."""
        now, loop = time.monotonic(), asyncio.get_running_loop()
        if self._in_turn == 0 or loop is not self._loop:
            self._in_turn, self._turn_began, self._loop = 0, now, loop
            # Runs in the next turn, whose own requests come after it.
            loop.call_soon(self._begin_turn)
        elif self._in_turn >= TURN_REQUESTS and now - self._turn_began > TURN_SECONDS:
            return True
        self._in_turn += 1
        return False

    def _begin_turn(self) -> None:
        self._in_turn = 0

    def _count(self, writes: bool, by: int) -> None:  # noqa: FBT001 - which of two counts
        self._all += by
        self._writing += by if writes else 0

    async def _refuse(self, scope: Scope, send: Send) -> None:
        before, after, headers = self._refusal
        trace_id = secrets.token_hex(16).encode("ascii")
        own = [
            (b"content-length", b"%d" % (len(before) + len(trace_id) + len(after))),
            (b"x-request-id", trace_id),
        ]
        await send({"type": "http.response.start", "status": 503, "headers": [*headers, *own]})
        await send({"type": "http.response.body", "body": before + trace_id + after})
        self._metrics.observe(method=scope["method"], route="(refused)", status=503, seconds=0)


def accept_queue(listening: socket.socket) -> int:
    """Return how many connections wait to be accepted; 0 where the system does not say.

    Source: linux/tcp.h, struct tcp_info: of a listening socket, `tcpi_unacked` is its queue
    """
    if sys.platform != "linux":
        return 0
    known = listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _UNACKED_ENDS)
    return int.from_bytes(known[_UNACKED_ENDS - 4 :], sys.byteorder)


def _queue_is_long(scope: Scope) -> bool:
    listening = getattr(scope["app"].state, "listening", None)
    return listening is not None and accept_queue(listening) > QUEUED_CONNECTIONS


def _writes(scope: Scope) -> bool:
    return scope["method"] not in _READING_METHODS and not scope["path"].startswith(_READING_PATHS)


def _refusal(base: str) -> tuple[bytes, bytes, list[tuple[bytes, bytes]]]:
    """Return the answer's body before and after the trace id, and its headers without the length."""
    mark = "0" * 32
    problem = Problem.of(Overloaded(), base=base, trace_id=mark)
    body: Mapping[str, Any] = problem.body
    before, _, after = json.dumps(body).encode().partition(mark.encode())
    headers = {"Content-Type": MEDIA_TYPE, **problem.headers}
    named = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return before, after, [*named, *FOR_DOCUMENTS]
