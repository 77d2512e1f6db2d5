"""Connections that end: so many bytes and so much time for the head of a request.

Uvicorn knows neither limit. A client that sends one header drop by drop would hold a socket for as
long as it likes, and one that sends an endless header would fill the memory of the worker.
Source: RFC 6585, section 5 (431); RFC 9110, section 15.5.9 (408)
"""

import asyncio
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES: Final = 64 * 1024
"""Before a read that goes over it; one read of asyncio brings at most 256 KiB."""

HEAD_SECONDS: Final = 15.0

_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\n"
_NOTHING_MORE = b"Content-Length: 0\r\nConnection: close\r\n\r\n"


class BoundedConnection(HttpToolsProtocol):
    """Uvicorn's connection, closed when the head of a request is too large or too slow."""

    _head_bytes = 0
    _heads_read = 0
    _in_head = False
    _in_body = False
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._start_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._end_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, and count what belongs to a head that has not ended."""
        heads, was_in_body = self._heads_read, self._in_body
        super().data_received(data)
        if self.transport.is_closing() or self._in_body:
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
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Note that the head has ended in time."""
        self._in_head, self._in_body = False, True
        self._heads_read += 1
        self._head_bytes = 0
        self._end_deadline()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that the next bytes are a head again."""
        self._in_body = False
        super().on_message_complete()

    def _start_deadline(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_SECONDS, self._refuse, _TOO_SLOW)

    def _end_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _refuse(self, status_line: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(status_line + _NOTHING_MORE)
            self.transport.close()
