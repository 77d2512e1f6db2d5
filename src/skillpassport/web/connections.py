"""Connections that end: so many bytes for the head of a request, so much time for each part.

Uvicorn has none of these limits. A client that sends a header drop by drop, or a body that no
route reads, or that never reads its answer, would hold a socket for as long as it likes; one that
sends an endless header would fill the memory of the worker.
Source: RFC 6585, section 5 (431); RFC 9110, section 15.5.9 (408)
"""

import asyncio
from typing import Final

from httptools import HttpParserError
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

MAX_HEAD_BYTES: Final = 64 * 1024
"""Before a read that goes over it; one read of asyncio brings at most 256 KiB."""

HEAD_SECONDS: Final = 10.0
"""From the opening of a connection, or from the first byte of a further request."""

REQUEST_SECONDS: Final = 12.0
"""From the same moment to the last byte of the body, whether a route reads it or not. A route that
reads gives up earlier, with an answer: `bodies.BODY_SECONDS`."""

UNREAD_SECONDS: Final = 12.0
"""How long an answer may wait for a client that takes nothing of it."""

LINGER_SECONDS: Final = 1.5
"""How long the last words may take once a connection is to be closed. Together with the longest of
the others this leaves a busy server a second of fifteen."""

_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\n"
_NOTHING_MORE = b"Content-Length: 0\r\nConnection: close\r\n\r\n"


class BoundedConnection(HttpToolsProtocol):
    """Uvicorn's connection, closed when a request is too large or too slow, or its answer unread.

    Most requests come in one read and are answered at once: for those no timer is started but the
    first of the connection.
    """

    _head_bytes = 0
    _heads_read = 0
    _in_head = False
    _in_body = False
    _request_began = 0.0
    _deadline: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None
    _refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._start_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._end_deadline()
        self._end_unread()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, and count what belongs to a head that has not ended."""
        if self._refused:
            return
        heads, was_in_body = self._heads_read, self._in_body
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._in_body:
            self._start_deadline()
            return
        if was_in_body or self._heads_read != heads:
            # Most of this read was a body, or a head that ended; a next one is only timed so far.
            if self._in_head:
                self._start_deadline()
            return
        # Also bytes between requests, such as empty lines: they would hold a socket as well.
        self._head_bytes += len(data)
        self._start_deadline()
        if self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(_TOO_LARGE)

    def on_message_begin(self) -> None:
        """Note that a head begins."""
        self._in_head = True
        if self._deadline is None:
            self._request_began = self.loop.time()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Note that the head has ended in time.

        Raises: HttpParserError for two `Host` fields, of which a proxy before this service may have
            gone by the other (RFC 9112, section 3.2)
        """
        if sum(name == b"host" for name, _ in self.headers) > 1:
            raise HttpParserError("two Host fields")
        self._in_head, self._in_body = False, True
        self._heads_read += 1
        self._head_bytes = 0
        self._end_deadline()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that the next bytes are a head again."""
        self._in_body = False
        self._end_deadline()
        super().on_message_complete()

    def pause_writing(self) -> None:
        """Give a client that takes nothing of its answer some time to go on."""
        super().pause_writing()
        self._start_unread()

    def resume_writing(self) -> None:
        """Note that the client goes on."""
        self._end_unread()
        super().resume_writing()

    def on_response_complete(self) -> None:
        """Give a client some time to take the end of an answer, if the connection ends with it."""
        super().on_response_complete()
        if self.transport.is_closing() and self.transport.get_write_buffer_size():
            self._start_unread()

    def timeout_keep_alive_handler(self) -> None:
        """End a connection that brings no further request, its last answer taken or not."""
        self._end()

    def _start_deadline(self) -> None:
        """Give a head, or else a body, until its time is up; both are counted from one moment."""
        if self._deadline is not None:
            return
        now = self.loop.time()
        if not self._in_body:
            self._request_began = now
        allowed = REQUEST_SECONDS if self._in_body else HEAD_SECONDS
        self._deadline = self.loop.call_at(
            max(now, self._request_began + allowed), self._refuse, _TOO_SLOW
        )

    def _end_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _start_unread(self) -> None:
        if self._unread is None:
            self._unread = self.loop.call_later(UNREAD_SECONDS, self.transport.abort)

    def _end_unread(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _refuse(self, status_line: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._may_answer():
            self.transport.write(status_line + _NOTHING_MORE)
            self._end_writing()
        else:
            self._end()

    def _may_answer(self) -> bool:
        """Return whether no other answer is under way, or made already."""
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or self.pipeline:
            return not self.pipeline
        return not cycle.response_started if self._in_body else cycle.response_complete

    def _end_writing(self) -> None:
        """Say that nothing follows, and pass over what still comes.

        Closing while a client goes on sending resets the connection, and with it goes the answer
        that the client has not read yet (RFC 9112, section 9.6).
        """
        if not self.transport.can_write_eof():
            self._end()
            return
        self._refused = True
        self._end_deadline()
        if self.cycle is not None:  # a route that waits for the rest of a body waits in vain
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.flow.resume_reading()
        self.transport.write_eof()
        self._linger()

    def _end(self) -> None:
        """Close; closing alone would wait for ever until the client has taken what is left."""
        self._linger()
        if not self.transport.is_closing():
            self.transport.close()

    def _linger(self) -> None:
        self._end_unread()
        self._unread = self.loop.call_later(LINGER_SECONDS, self.transport.abort)
