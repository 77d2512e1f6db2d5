"""How many requests are served: per address for verification, per key for the rest.

Counted in the memory of each worker. A client whose connection stays with one worker must not be
served less than was set, so each worker grants the whole of a limit and several together grant a
multiple. Where a guess costs somebody their account or their name, or a request leaves a row for
ever, it is the other way round: each worker grants its share. Liveness, readiness, DID documents and status lists carry no limit.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network, ip_address

from starlette.requests import Request

from skillpassport.settings import SHARED_LIMITS
from skillpassport.web.errors import TooManyRequests
from skillpassport.web.requests import counted_limits, rate_limit_headers
from skillpassport.web.routing import Guard

MAX_TRACKED = 50_000
"""Clients remembered for each limit; beyond that the longest silent one is forgotten."""


@dataclass(frozen=True, slots=True)
class Left:
    """What a client may still do.

    seconds: until a request is accepted, when none is left; else until the limit is whole again
    """

    requests: int
    seconds: float


@dataclass(slots=True)
class Limit:
    """One limit: so many requests in a period, spread or in one burst.

    Remembers one number for each client, the instant at which its allowance is whole again
    (the generic cell rate algorithm, ITU-T I.371): no list of requests, no sweeping thread.
    """

    name: str
    requests: int
    period: timedelta
    seconds: Callable[[], float] = time.monotonic
    _whole_at: OrderedDict[str, float] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def spend(self, client: str) -> Left:
        """Count one request of a client and return what is left.

        Raises: TooManyRequests, counting nothing
        """
        period = self.period.total_seconds()
        each = period / self.requests
        now = self.seconds()
        with self._lock:
            whole_at = max(self._whole_at.get(client, now), now) + each
            over = whole_at - now - period
            # A billionth of the period: sums of `each` are not exact.
            if over > period * 1e-9:
                raise TooManyRequests(self.name, max(1, math.ceil(over)))
            self._whole_at[client] = whole_at
            self._whole_at.move_to_end(client)
            if len(self._whole_at) > MAX_TRACKED:
                self._whole_at.popitem(last=False)
        left = int((period - (whole_at - now)) / each + 1e-9)
        return Left(left, whole_at - now)


class Limits:
    """Every limit in force, by name; a name without a limit is unlimited."""

    def __init__(
        self,
        rates: Mapping[str, tuple[int, timedelta]],
        seconds: Callable[[], float] = time.monotonic,
        *,
        workers: int = 1,
    ) -> None:
        """Begin counting.

        workers: how many processes count beside each other, this one included
        """
        self._limits = {
            name: Limit(name, *(share_of(rate, workers) if name in SHARED_LIMITS else rate),
                        seconds)
            for name, rate in rates.items()
        }  # fmt: skip

    def find(self, name: str) -> Limit | None:
        """Return a limit in force."""
        return self._limits.get(name)


def share_of(rate: tuple[int, timedelta], workers: int) -> tuple[int, timedelta]:
    """Return what one of several workers grants, so that in the long run all grant no more."""
    requests, period = rate
    if requests >= workers:
        return requests // workers, period
    return 1, period * workers / requests


class Limited(Guard):
    """Admits what a limit per client address allows: `dependencies=[Depends(limited("…"))]`."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def admit(self, request: Request) -> None:
        """Count the request.

        Raises: TooManyRequests
        """
        if self.name not in counted_limits(request.scope):
            counted_limits(request.scope).add(self.name)
            spend(request, self.name, client_address(request))

    async def __call__(self, request: Request) -> None:
        """Count the request unless `ApiRoute` has done so before it read the body."""
        await self.admit(request)


def limited(name: str) -> Limited:
    """Return a dependency that counts requests of one address against a named limit."""
    return Limited(name)


def spend(request: Request, name: str, client: str) -> None:
    """Count one request of a client against a named limit, if that is in force.

    Raises: TooManyRequests
    """
    limits: Limits = request.app.state.limits
    limit = limits.find(name)
    if limit is None:
        return
    left = limit.spend(client)
    # Structured fields of draft-ietf-httpapi-ratelimit-headers
    headers = rate_limit_headers(request.scope)
    period = math.ceil(limit.period.total_seconds())
    headers["RateLimit-Policy"] = f'"{name}";q={limit.requests};w={period}'
    headers["RateLimit"] = f'"{name}";r={left.requests};t={math.ceil(left.seconds)}'


def client_address(request: Request) -> str:
    """Return whom an address stands for: an IPv4 address, or an IPv6 network of 64 bits.

    One subscriber holds at least that many IPv6 addresses, and could use each once.
    """
    return _client_of(request.client.host if request.client else "")


@lru_cache(maxsize=4096)
def _client_of(host: str) -> str:
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return str(address)
    mapped = address.ipv4_mapped
    return str(mapped or IPv6Network((address, 64), strict=False))
