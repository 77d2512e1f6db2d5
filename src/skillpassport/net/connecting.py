"""Connecting under a total deadline to addresses that were looked up once and judged.

httpcore asks this backend for its connection. The name is resolved here, every candidate is
judged before the first packet, and the socket is opened to a judged address: between the check
and the use there is no second look-up that an attacker's name server could answer differently.

Source: RFC 6761 and the address registries in `addresses`; the attack is DNS rebinding
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpcore

from skillpassport.net.addresses import HostPort, is_public, read_address
from skillpassport.net.errors import FetchFailed, FetchForbidden, FetchTimedOut

Resolve = Callable[[str, int], Sequence[str]]
"""Gives every address of a host, as text, in order of preference; raises OSError."""

MAX_CANDIDATES = 16
_SOCKETS = httpcore.SyncBackend()
_LOOK_UPS = threading.BoundedSemaphore(32)


def system_resolver(host: str, port: int) -> Sequence[str]:
    """Return the addresses that the operating system knows for a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(slots=True)
class Deadline:
    """One total limit for a fetch, spent by every step of it.

    A timeout for each read would be no limit: a host that sends a byte now and then never ends.
    """

    url: str
    seconds: float
    ends_at: float

    def extend_to(self, seconds: float) -> None:
        """Let the fetch take so many seconds, counted from its beginning."""
        self.ends_at += seconds - self.seconds
        self.seconds = seconds

    @classmethod
    def starting_now(cls, url: str, seconds: float) -> "Deadline":
        """Return a deadline that ends after so many seconds."""
        return cls(url, seconds, time.monotonic() + seconds)

    def remaining(self) -> float:
        """Return the seconds left, always more than zero.

        Raises: FetchTimedOut
        """
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise FetchTimedOut(self.url, self.seconds)
        return left


class TimedStream(httpcore.NetworkStream):
    """A stream whose every step gets only what is left of the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what arrived, or b"" at the end of the stream."""
        del timeout
        return self._stream.read(max_bytes, self._deadline.remaining())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send everything."""
        del timeout
        self._stream.write(buffer, self._deadline.remaining())

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Return the same stream inside TLS; the handshake counts against the deadline."""
        del timeout
        left = self._deadline.remaining()
        return TimedStream(
            self._stream.start_tls(ssl_context, server_hostname, left), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's own signature
        """Return what the inner stream knows."""
        return self._stream.get_extra_info(info)


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedBackend(httpcore.NetworkBackend):
    """Opens connections for one fetch: judged addresses only, within its deadline."""

    allow: frozenset[HostPort]
    resolve: Resolve
    deadline: Deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a stream to the first judged address that answers.

        Raises: FetchForbidden, FetchFailed, FetchTimedOut
        """
        del timeout, local_address, socket_options  # the deadline rules; the rest is never set
        addresses = self._judged(host, port)
        for position, address in enumerate(addresses):
            # A silent address leaves time for those after it.
            share = self.deadline.remaining() / (len(addresses) - position)
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                stream = _SOCKETS.connect_tcp(address, port, timeout=share)
                return TimedStream(stream, self.deadline)
        self.deadline.remaining()
        raise FetchFailed(self.deadline.url, "no connection")

    def _judged(self, host: str, port: int) -> Sequence[str]:
        candidates = self._look_up(host, port)[:MAX_CANDIDATES]
        if (host.lower(), port) in self.allow:
            return candidates
        # All of them must pass: a name with one private address is an attempt, not an accident.
        for candidate in candidates:
            if not is_public(read_address(candidate)):
                raise FetchForbidden(self.deadline.url, "a host in a private network")
        return candidates

    def _look_up(self, host: str, port: int) -> Sequence[str]:
        """Resolve in a thread of its own: the system's resolver knows no deadline."""
        answer: Future[Sequence[str]] = Future()
        if not _LOOK_UPS.acquire(timeout=self.deadline.remaining()):
            raise FetchTimedOut(self.deadline.url, self.deadline.seconds)
        threading.Thread(
            target=_answer_look_up, args=(answer, self.resolve, host, port), daemon=True
        ).start()
        try:
            candidates = answer.result(timeout=self.deadline.remaining())
        except TimeoutError as error:
            raise FetchTimedOut(self.deadline.url, self.deadline.seconds) from error
        except (OSError, UnicodeError) as error:
            raise FetchFailed(self.deadline.url, "a host name that does not resolve") from error
        if not candidates:
            raise FetchFailed(self.deadline.url, "a host name that does not resolve")
        return candidates


def _answer_look_up(
    answer: "Future[Sequence[str]]", resolve: Resolve, host: str, port: int
) -> None:
    try:
        answer.set_result(resolve(host, port))
    except Exception as error:  # noqa: BLE001 - handed over to the waiting thread, whatever it is
        answer.set_exception(error)
    finally:
        _LOOK_UPS.release()
