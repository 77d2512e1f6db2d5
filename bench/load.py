"""Sends one request again and again over a few kept connections, and counts what it cost.

One thread and no HTTP library: the client shares two cores with the server and must not be what
is measured. Any answer but 2xx ends the run.
"""

import os
import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Self

CONNECTIONS = 4
_TICKS = os.sysconf("SC_CLK_TCK")
_USER_AND_SYSTEM = slice(11, 13)
_HEAD_END = b"\r\n\r\n"
_SUCCESS = range(200, 300)


class RequestFailedError(Exception):
    """A server answered something else than 2xx; its figures would mean nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """What a side did in one round.

    cpu_seconds: of the server's process, all threads
    """

    requests: int
    seconds: float
    cpu_seconds: float

    @property
    def rate(self) -> float:
        """Requests in a second."""
        return self.requests / self.seconds

    @property
    def cpu_microseconds(self) -> float:
        """The server's CPU time for one request."""
        return 1e6 * self.cpu_seconds / self.requests


@dataclass(kw_only=True)
class Load:
    """One kind of request to one server.

    pid: process of the server, whose CPU time is read
    bodies: JSON bodies, sent in turn; a burst goes on where the one before it ended
    """

    pid: int
    port: int
    path: str
    bodies: tuple[bytes, ...]
    headers: tuple[tuple[str, str], ...] = ()

    def burst(self, seconds: float) -> Burst:
        """Send requests for some seconds and return what was done in them."""
        with _Connections(self.port) as connections:
            cpu, start = cpu_seconds(self.pid), time.perf_counter()
            answered = connections.exchange(self._requests, until=start + seconds)
            elapsed = time.perf_counter() - start
            return Burst(
                requests=answered, seconds=elapsed, cpu_seconds=cpu_seconds(self.pid) - cpu
            )

    @cached_property
    def _requests(self) -> Iterator[bytes]:
        return cycle([self._request(body) for body in self.bodies])

    def _request(self, body: bytes) -> bytes:
        further = "".join(f"{name}: {value}\r\n" for name, value in self.headers)
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"{further}Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process has used, in user and in system mode."""
    text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    # The name of the command stands in parentheses and may hold blanks.
    fields = text.rpartition(")")[2].split()
    return sum(map(int, fields[_USER_AND_SYSTEM])) / _TICKS


def median_ratio(pairs: list[tuple[float, float]]) -> float:
    """Return the median of the rounds' quotients."""
    return median(first / second for first, second in pairs)


class _Connections:
    def __init__(self, port: int) -> None:
        self._selector = selectors.DefaultSelector()
        for _ in range(CONNECTIONS):
            connection = socket.create_connection(("127.0.0.1", port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(connection, selectors.EVENT_READ, bytearray())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for key in list(self._selector.get_map().values()):
            _socket(key).close()
        self._selector.close()

    def exchange(self, requests: Iterator[bytes], *, until: float) -> int:
        """Keep one request under way on each connection; return how many were answered."""
        for key in self._selector.get_map().values():
            _socket(key).sendall(next(requests))
        answered, under_way = 0, CONNECTIONS
        while under_way:
            for key, _ in self._selector.select():
                buffer: bytearray = key.data
                received = _socket(key).recv(1 << 18)
                buffer += received
                if not received:
                    raise RequestFailedError("the server closed the connection")
                if not _is_whole(buffer):
                    continue
                buffer.clear()
                answered += 1
                if time.perf_counter() < until:
                    _socket(key).sendall(next(requests))
                else:
                    under_way -= 1
        return answered


def _socket(key: selectors.SelectorKey) -> socket.socket:
    assert isinstance(key.fileobj, socket.socket)
    return key.fileobj


def _is_whole(answer: bytearray) -> bool:
    """Return whether an answer has come to its end, and stop at any that is not 2xx."""
    end = answer.find(_HEAD_END)
    if end < 0:
        return False
    status = int(answer[9:12])
    length = bytes(answer[:end]).lower().partition(b"content-length:")[2].split(b"\r\n")[0]
    if len(answer) < end + len(_HEAD_END) + int(length):
        return False
    if status not in _SUCCESS:
        raise RequestFailedError(f"status {status}: {bytes(answer[end:])[:300]!r}")
    return True
