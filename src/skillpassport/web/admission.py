"""How many requests are worked on at once, how many wait, and that others are told to come back.

Without a bound, a crowd that sends more than can be served makes everybody wait: answers come when
those who asked have given up, and the work for them is wasted. So many threads may be busy or waited
for, since more of them only take turns; one turn of the event loop may serve so many and last so
long. Who comes on top of that waits in a small room, in the order of coming, so that a burst (a class
that is registered, a bus of workers at a border) is served a moment later. When the room is full, or
too many connections wait to be accepted, the next ones are refused at once. Writes have a smaller
share of the threads, so that a database that accepts none for a while does not keep anybody from
verifying.

Stands before everything else, and writes no line of the log: while there is too much to do, a
refusal must cost next to nothing. The refused are counted under the route `(refused)`.

Health is always answered. A request that waits for its client, slow in sending or in reading, does
not count: it costs a socket, and `connections` sees to those.

Source: RFC 9110, sections 15.6.4 (503) and 10.2.3 (Retry-After)
"""

import asyncio
import contextlib
import json
import secrets
import socket
import sys
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
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

WAITING: Final = 64
"""Of each kind, beyond those: with two hundred writes a second the last one waits a third of a second."""

TURN_REQUESTS: Final = 24
TURN_SECONDS: Final = 0.03
"""One turn of the loop serves this many in any case, and more until this time is over: who stands
behind them has waited as long, and is to hear within a tenth of a second."""

QUEUED_CONNECTIONS: Final = 64
"""So many are accepted in eight turns of the loop, or nine: `serving.ACCEPTED_A_TURN`."""

_ALWAYS: Final = frozenset({"/livez", "/readyz", "/version", "/metrics"})
_UNACKED_ENDS: Final = 28
"""Where the field ends: eight octets of small fields, then the fifth of those of four octets."""

_READING_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_READING_PATHS: Final = ("/api/v1/verifications", "/verify", "/vc/credentials/verify")
"""Sent by POST, yet nothing is written."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A request in the room, by the order of its coming."""

    number: int
    turn: "asyncio.Future[None]"


class Admission:
    """Admits so many requests at once, lets some wait, and refuses the others."""

    def __init__(
        self,
        app: ASGIApp,
        base: str,
        metrics: Metrics,
        at_once: int = AT_ONCE,
        writes_at_once: int = WRITES_AT_ONCE,
        waiting: int = WAITING,
    ) -> None:
        """Begin with none.

        base: the public address of this instance, for the problem's type
        """
        self.app = app
        self._metrics = metrics
        self._limits = {False: at_once, True: writes_at_once}
        self._room = waiting
        self._refusal = _refusal(base)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._begin()

    def _begin(self) -> None:
        """Forget what a loop that ended has left behind."""
        self._writing = self._all = 0
        self._in_turn = 0
        self._turn_began = 0.0
        self._came = 0
        self._waiting: dict[bool, deque[_Waiting]] = {False: deque(), True: deque()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request now or in its turn, or refuse it."""
        if scope["type"] != "http" or scope["path"] in _ALWAYS:
            await self.app(scope, receive, send)
            return
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop = loop
            self._begin()
        writes = _writes(scope)
        must_wait = bool(self._waiting[writes]) or not self._may_begin(writes)
        if _queue_is_long(scope) or (must_wait and len(self._waiting[writes]) >= self._room):
            await self._refuse(scope, send)
            return
        if must_wait:
            await self._wait(writes)
        else:
            self._take_up(writes)
        await self._serve(scope, receive, send, writes=writes)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, *, writes: bool) -> None:
        async def receive_uncounted() -> Message:
            self._step_aside(writes)
            try:
                return await receive()
            finally:
                self._count(writes, 1)

        async def send_uncounted(message: Message) -> None:
            self._step_aside(writes)
            try:
                await send(message)
            finally:
                self._count(writes, 1)

        try:
            await self.app(scope, receive_uncounted, send_uncounted)
        finally:
            self._leave(writes)

    async def _wait(self, writes: bool) -> None:  # noqa: FBT001 - which of two rooms
        """Return when it is this request's turn, and it has been taken up."""
        self._came += 1
        waiting = _Waiting(self._came, asyncio.get_running_loop().create_future())
        self._waiting[writes].append(waiting)
        self._admit()
        try:
            await waiting.turn
        except asyncio.CancelledError:
            if waiting.turn.cancelled():
                with contextlib.suppress(ValueError):  # passed over already
                    self._waiting[writes].remove(waiting)
            else:
                self._leave(writes)
            raise

    def _may_begin(self, writes: bool) -> bool:  # noqa: FBT001 - which of two counts
        full = self._all >= self._limits[False] or (writes and self._writing >= self._limits[True])
        over = self._in_turn >= TURN_REQUESTS and time.monotonic() - self._turn_began > TURN_SECONDS
        return not (full or over)

    def _take_up(self, writes: bool) -> None:  # noqa: FBT001
        self._come_back()
        self._in_turn += 1
        self._count(writes, 1)

    def _come_back(self) -> None:
        """Be called in the next turn of the loop, whose own requests come after this."""
        if self._in_turn == 0 and self._loop is not None:
            self._turn_began = time.monotonic()
            self._loop.call_soon(self._next_turn)

    def _next_turn(self) -> None:
        self._in_turn = 0
        self._admit()

    def _admit(self) -> None:
        """Take up who waits and may begin, in the order of coming."""
        if not self._is_anybody_waiting():
            return
        while rooms := [w for w, room in self._waiting.items() if room and self._may_begin(w)]:
            writes = min(rooms, key=lambda room: self._waiting[room][0].number)
            waiting = self._waiting[writes].popleft()
            if not waiting.turn.done():
                self._take_up(writes)
                waiting.turn.set_result(None)

    def _leave(self, writes: bool) -> None:  # noqa: FBT001
        self._count(writes, -1)
        self._admit()

    def _step_aside(self, writes: bool) -> None:  # noqa: FBT001
        """Do not count while the client is waited for.

        Others are admitted in the next turn: by then whose client was ready counts again.
        """
        self._count(writes, -1)
        if self._is_anybody_waiting() and self._loop is not None:
            self._loop.call_soon(self._admit)

    def _is_anybody_waiting(self) -> bool:
        return bool(self._waiting[False] or self._waiting[True])

    def _count(self, writes: bool, by: int) -> None:  # noqa: FBT001
        self._all += by
        if writes:
            self._writing += by

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
