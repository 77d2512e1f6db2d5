"""Send three times the load that a server can carry, and see what it still does.

    python -m tests.faults.overload 5

First the peak: so many clients as give the most, each sending its next request when the last one is
answered. Then requests arrive three times as fast as that, whether or not earlier ones have been
answered, as from a crowd that knows nothing of each other. Both take turns, a few seconds each; the
median of the rounds counts. Whoever is not served is to hear so at once, and when to come back.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from tests.faults.proving_ground import (
    Account,
    Client,
    Ground,
    Promise,
    an_award,
    ground,
    judged,
    percentile,
    run,
)
from tests.support.commands import Server

BURST_SECONDS: Final = 3.0
FACTOR: Final = 3
CLIENTS: Final = (2, 8)
"""At the peak; the better of these numbers counts."""

CONNECTIONS: Final = 200
"""Open before the crowd comes, as those of a proxy are; more are opened when these are taken."""

GOODPUT: Final = 0.9
REFUSAL_SECONDS: Final = 0.1
HEALTH_SECONDS: Final = 0.5

Request = Callable[[], bytes]


@dataclass(slots=True)
class Burst:
    """How one burst was answered.

    seconds: of each answer, by status; bare: refusals without Retry-After
    good: answers that did what was asked for while the burst lasted, not those that followed it
    """

    seconds: dict[int, list[float]] = field(default_factory=dict)
    bare: int = 0
    good: int = 0
    ends: float = field(default_factory=lambda: time.monotonic() + BURST_SECONDS)

    def note(self, status: int, seconds: float, head: bytes) -> None:
        """Count an answer."""
        self.seconds.setdefault(status, []).append(seconds)
        self.bare += status == 503 and b"retry-after:" not in head.lower()
        self.good += status in {200, 201} and time.monotonic() < self.ends

    @property
    def served(self) -> float:
        """Good answers a second."""
        return self.good / BURST_SECONDS


class Caller(asyncio.Protocol):
    """One connection with one request under way at a time."""

    def __init__(self) -> None:
        self._received = b""
        self._answered: asyncio.Future[tuple[int, bytes]] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(0, b"")

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, blank, body = self._received.partition(b"\r\n\r\n")
        if not blank:
            return
        _, _, rest = head.lower().partition(b"content-length: ")
        if len(body) >= int(rest.partition(b"\r\n")[0] or 0):
            self._end(int(head[9:12]), head)

    def _end(self, status: int, head: bytes) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_result((status, head))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Return status and head of the answer; status 0 when the connection was cut."""
        assert self._transport is not None
        self._received = b""
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answered

    @property
    def is_open(self) -> bool:
        """Whether another request can be sent."""
        return self._transport is not None and not self._transport.is_closing()


class Crowd:
    """Connections to one server, as many as there are requests under way."""

    def __init__(self, port: int, request: Request) -> None:
        self._port = port
        self._request = request
        self._idle: list[Caller] = []

    async def peak(self, clients: int) -> Burst:
        """Return how so many clients were answered, each waiting for its answer."""
        burst = Burst()

        async def one() -> None:
            while time.monotonic() < burst.ends:
                await self._send(burst)

        await asyncio.gather(*(one() for _ in range(clients)))
        return burst

    async def rush(self, each_second: float) -> Burst:
        """Return how a crowd was answered that sends at a rate, and waits for nobody."""
        await self._open(CONNECTIONS)
        burst, begun = Burst(), time.monotonic()
        under_way: set[asyncio.Task[None]] = set()
        for number in range(int(each_second * BURST_SECONDS)):
            late = begun + number / each_second - time.monotonic()
            await asyncio.sleep(max(0.0, late))
            task = asyncio.create_task(self._send(burst))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        await asyncio.gather(*under_way)
        return burst

    async def _send(self, burst: Burst) -> None:
        begun = time.monotonic()
        caller = await self._caller()
        status, head = await caller.ask(self._request())
        burst.note(status, time.monotonic() - begun, head)
        if caller.is_open:
            self._idle.append(caller)

    async def _caller(self) -> Caller:
        while self._idle:
            caller = self._idle.pop()
            if caller.is_open:
                return caller
        await self._open(1)
        return self._idle.pop()

    async def _open(self, number: int) -> None:
        """Open connections until there are so many idle ones."""
        loop = asyncio.get_running_loop()
        self._idle = [caller for caller in self._idle if caller.is_open]
        for _ in range(number - len(self._idle)):
            _, made = await loop.create_connection(Caller, "127.0.0.1", self._port)
            self._idle.append(made)


def play(engine: str, rounds: int) -> bool:
    """Overload the server with awards, then with verifications, and judge."""
    with ground(engine) as prepared, prepared.served() as server:
        kept = [
            _overload(f"overload-{name}/{engine}", server.port, request, rounds)
            for name, request in _requests(prepared, server).items()
        ]
    return all(kept)


def _requests(prepared: Ground, server: Server) -> dict[str, Request]:
    numbers = count(1)
    client = Client(server.port)
    document = Account(prepared.key).issue(client).body["document"]
    client.close()
    asked = _post("/api/v1/verifications", {"document": document})
    return {
        "issuing": lambda: _post(
            "/api/v1/credentials", an_award(f"in a crowd {next(numbers)}"), prepared.key
        ),
        "verifying": lambda: asked,
    }


def _post(path: str, body: object, key: str = "") -> bytes:
    raw = json.dumps(body).encode()
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/json",
        f"Content-Length: {len(raw)}",
        *([f"Authorization: Bearer {key}"] if key else []),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + raw


def _overload(on: str, port: int, request: Request, rounds: int) -> bool:
    peaks, rushes = asyncio.run(_bursts(Crowd(port, request), rounds))
    ratios = [rush.served / peak.served for peak, rush in zip(peaks, rushes, strict=True)]
    refused = [each for rush in rushes for each in rush.seconds.get(503, [])]
    served = [
        each for rush in rushes for s, all_ in rush.seconds.items() if s < 300 for each in all_
    ]
    others: Counter[int] = Counter()
    for burst in (*peaks, *rushes):
        others.update({s: len(n) for s, n in burst.seconds.items() if s >= 300 and s != 503})
        others.update({0: len(burst.seconds.get(0, []))})
    facts = {
        "peak-per-second": round(percentile([each.served for each in peaks], 0.5)),
        "served-per-second": round(percentile([each.served for each in rushes], 0.5)),
        "p99-served-seconds": round(percentile(served, 0.99), 2),
        "rounds": rounds,
    }
    return judged(
        on,
        [
            Promise(
                "goodput-of-peak", round(percentile(ratios, 0.5), 2), GOODPUT, at_least=True,
                facts=facts,
            ),
            Promise(
                "p99-seconds-to-refusal", round(percentile(refused, 0.99), 3), REFUSAL_SECONDS,
                facts={
                    "median": round(percentile(refused, 0.5), 3),
                    "slowest": round(max(refused, default=0), 3),
                    "of": len(refused),
                },
            ),
            Promise("refusals-without-retry-after", sum(each.bare for each in rushes), 0),
            Promise("other-answers", others.total(), 0),
        ],
    )  # fmt: skip


async def _bursts(crowd: Crowd, rounds: int) -> tuple[list[Burst], list[Burst]]:
    peaks, rushes = [], []
    await crowd.peak(CLIENTS[0])  # to warm up
    for _ in range(rounds):
        tried = [await crowd.peak(clients) for clients in CLIENTS]
        peaks.append(max(tried, key=lambda burst: burst.served))
        rushes.append(await crowd.rush(FACTOR * peaks[-1].served))
    return peaks, rushes


if __name__ == "__main__":
    run(__doc__, play, rounds=2, engines=("sqlite",))
