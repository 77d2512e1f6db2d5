"""Hold thousands of connections open, each as slowly as it can; ask for the server's health.

    python -m tests.faults.slow_clients 10000

A process of its own opens the connections, of several kinds in turn: silent ones, ones that drip
the head of a request, ones that drip a body that a route reads, ones that drip a body that no route
reads, ones that fall silent after an answer, and some that ask for a long answer and never read it.
Meanwhile this process asks for /livez and /readyz, each on a new connection. Promised is that
health is answered, that every slow connection is closed, however it goes on, and that the server
holds none of them 15 seconds after the last was opened. That is counted by its own open sockets: of
those that read nothing, the other side does not hear.
"""

import multiprocessing
import resource
import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from tests.faults.proving_ground import (
    UNREACHED,
    Client,
    Promise,
    ground,
    judged,
    percentile,
    processor_seconds,
    run,
)
from tests.support.commands import Server

HEALTH_SECONDS: Final = 0.1
CLOSED_SECONDS: Final = 15.0
GIVE_UP_SECONDS: Final = 40.0
DRIP_SECONDS: Final = 3.0
CONNECTS_A_TURN: Final = 50

_HEAD = b"Host: localhost\r\nContent-Type: application/json\r\n"
_BODY = b"Content-Length: 1000\r\n\r\n{"


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to be slow.

    first: sent at once; drop: sent again and again; reads: whether answers are taken in
    """

    name: str
    first: bytes
    drop: bytes
    reads: bool = True


SILENT = Kind("silent", b"", b"")
HEAD = Kind("drips-head", b"GET /livez HTTP/1.1\r\nX-Slow: ", b"a")
BODY = Kind("drips-body", b"POST /api/v1/verifications HTTP/1.1\r\n" + _HEAD + _BODY, b" ")
UNASKED = Kind("drips-body-unasked", b"GET /livez HTTP/1.1\r\n" + _HEAD + _BODY, b" ")
IDLE = Kind("idle-after-answer", b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n", b"")
UNREAD = Kind(
    "reads-nothing", b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n", b"", reads=False
)
KINDS: Final[tuple[Kind, ...]] = (SILENT, HEAD, BODY, UNASKED, IDLE)
TURNS: Final[tuple[Kind, ...]] = (
    (HEAD, SILENT, HEAD, BODY, HEAD, SILENT, HEAD, BODY, HEAD, UNASKED) * 5
    + (HEAD, SILENT, HEAD, BODY, HEAD, SILENT, HEAD, BODY, HEAD, IDLE) * 4
    + (HEAD, SILENT, HEAD, BODY, HEAD, SILENT, HEAD, BODY, HEAD, UNREAD)
)
"""Half of them drip a head; those that are answered first are few, being costly on both sides."""


@dataclass(slots=True)
class Slow:
    """One slow connection."""

    kind: Kind
    socket: socket.socket
    opened: float
    closed: float | None = None


@dataclass(slots=True)
class Crowd:
    """All slow connections of one process."""

    port: int
    number: int
    members: list[Slow] = field(default_factory=list)
    refused: int = 0
    _next: int = 0
    _dripped: float = field(default_factory=time.monotonic)
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def play(self) -> Iterator[None]:
        """Open, drip and watch until all are closed or the time is up; yield between turns."""
        last_opened = time.monotonic()
        while self._is_open() and time.monotonic() - last_opened < GIVE_UP_SECONDS:
            for _ in range(min(CONNECTS_A_TURN, self.number - len(self.members) - self.refused)):
                self._open()
                last_opened = time.monotonic()
            self._drip()
            self._watch(0.02)
            yield

    def _is_open(self) -> bool:
        return len(self.members) + self.refused < self.number or any(
            each.closed is None and each.kind.reads for each in self.members
        )

    def _open(self) -> None:
        kind = TURNS[len(self.members) % len(TURNS)]
        plug = socket.socket()
        if not kind.reads:
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        plug.settimeout(10)
        try:
            plug.connect(("127.0.0.1", self.port))
            plug.sendall(kind.first)
        except OSError:
            self.refused += 1
            return
        plug.setblocking(False)
        slow = Slow(kind, plug, time.monotonic())
        self.members.append(slow)
        if kind.reads:
            self._selector.register(plug, selectors.EVENT_READ, slow)

    def _drip(self) -> None:
        """Send a drop on those whose turn it is: on each connection every few seconds."""
        now = time.monotonic()
        due = min(len(self.members), int(len(self.members) * (now - self._dripped) / DRIP_SECONDS))
        if not due:
            return
        self._dripped = now
        for _ in range(due):
            self._next = (self._next + 1) % len(self.members)
            self._drop_on(self.members[self._next])

    def _drop_on(self, slow: Slow) -> None:
        if slow.closed is not None or not slow.kind.drop:
            return
        try:
            slow.socket.send(slow.kind.drop)
        except BlockingIOError:
            pass
        except OSError:
            self._end(slow)

    def _watch(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            slow: Slow = key.data
            try:
                if slow.socket.recv(65_536) == b"":
                    self._end(slow)
            except BlockingIOError:
                continue
            except OSError:
                self._end(slow)

    def _end(self, slow: Slow) -> None:
        slow.closed = time.monotonic()
        self._selector.unregister(slow.socket)
        slow.socket.close()


def crowd_in(port: int, number: int, report: Connection) -> None:
    """Be the crowd; report when the last was opened, and in the end how long each kind was held.

    The body of the other process.
    """
    _allow_open_files()
    crowd, opened = Crowd(port, number), False
    for _ in crowd.play():
        if not opened and len(crowd.members) + crowd.refused == number:
            opened = True
            report.send(time.monotonic())
    held: dict[str, list[float]] = {kind.name: [] for kind in KINDS}
    for slow in crowd.members:
        if slow.kind.reads:
            until = slow.closed or time.monotonic()
            held[slow.kind.name].append(until - slow.opened)
    report.send((held, crowd.refused))


@dataclass(slots=True)
class Watch:
    """What is seen of the server from outside while the crowd is there."""

    server: Server
    health: dict[str, list[float]] = field(default_factory=lambda: {"/livez": [], "/readyz": []})
    failed: int = 0
    sockets_after: int | None = None

    def ask(self) -> None:
        """Ask for the server's health, each time on a new connection."""
        for path, seconds in self.health.items():
            try:
                client = Client(self.server.port, timeout=10)
                answer = client.ask(path)
                client.close()
            except UNREACHED:
                self.failed += 1
                seconds.append(10.0)
            else:
                self.failed += answer.status != 200
                seconds.append(answer.seconds)

    def sockets(self) -> int:
        """Return how many sockets the server holds."""
        links = Path(f"/proc/{self.server.process.pid}/fd").iterdir()
        return sum(_target(link).startswith("socket:") for link in links)


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except FileNotFoundError:
        return ""


def play(engine: str, number: int) -> bool:
    """Crowd the server with so many slow connections, and judge."""
    _allow_open_files()
    with ground(engine) as prepared, prepared.served() as server:
        watch = Watch(server)
        watch.ask()
        before = watch.sockets()
        used = processor_seconds(server.process.pid)
        ours, theirs = multiprocessing.get_context("spawn").Pipe()
        crowd = multiprocessing.get_context("spawn").Process(
            target=crowd_in, args=(server.port, number, theirs)
        )
        crowd.start()
        begun, opening = time.monotonic(), 0.0
        most, opened = 0, float("inf")
        held: dict[str, list[float]] = {}
        refused = 0
        while not held or time.monotonic() < opened + CLOSED_SECONDS:
            watch.ask()
            if time.monotonic() < opened + CLOSED_SECONDS:
                most = max(most, watch.sockets())
            elif watch.sockets_after is None:
                watch.sockets_after = watch.sockets() - before
            if ours.poll(0.02):
                said = ours.recv()
                if isinstance(said, float):
                    opened = said
                    opening = said - begun
                else:
                    held, refused = said
        remaining = watch.sockets() - before
        used = processor_seconds(server.process.pid) - used
        crowd.join()
    if watch.sockets_after is not None:
        remaining = watch.sockets_after
    return judged(
        f"slow-clients/{engine}",
        [
            *_of_health(watch),
            *_of_connections(held, refused, number),
            Promise(
                "sockets-held-after-15-s",
                max(0, remaining),
                0,
                facts={
                    "most": most,
                    "opened-within-seconds": round(opening, 1),
                    "server-cpu-seconds": round(used, 1),
                },
            ),
        ],
    )


def _of_health(watch: Watch) -> list[Promise]:
    promises = [
        Promise(
            f"p99-seconds{path.replace('/', '-')}",
            round(percentile(seconds, 0.99), 3),
            HEALTH_SECONDS,
            facts={
                "median": round(percentile(seconds, 0.5), 4),
                "slowest": round(max(seconds), 3),
                "of": len(seconds),
            },
        )
        for path, seconds in watch.health.items()
    ]
    return [*promises, Promise("health-requests-failed", watch.failed, 0)]


def _of_connections(held: dict[str, list[float]], refused: int, number: int) -> list[Promise]:
    promises = [
        Promise(
            f"seconds-held-{kind}",
            round(max(seconds, default=0), 2),
            CLOSED_SECONDS,
            facts={"of": len(seconds)},
        )
        for kind, seconds in held.items()
    ]
    return [*promises, Promise("slow-connections-refused", refused, 0, facts={"of": number})]


def _allow_open_files() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    run(__doc__, play, rounds=10_000, engines=("sqlite",))
