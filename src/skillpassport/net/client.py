"""The only door to other hosts: a GET that cannot be turned against this network.

https alone; port 443 and public addresses unless the operator allowed a host and port; no
redirect, cookie, proxy, user name or environment; one deadline for everything and one limit for
the bytes. httpx parses addresses, once, and httpcore speaks; nothing parses a second time.
"""

import re
import ssl
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

import httpcore
import httpx

from skillpassport.net.addresses import HostPort
from skillpassport.net.connecting import Deadline, PinnedBackend, Resolve, system_resolver
from skillpassport.net.errors import (
    CertificatesUnreadable,
    FetchFailed,
    FetchForbidden,
    FetchTimedOut,
    FetchTooLarge,
)

HTTPS_PORT = 443
MAX_URL_LENGTH = 2_048
DEFAULT_SECONDS = 1.75
"""A look-up, a connection, a handshake and a question take four round trips, and a status list of a
hundred kilobytes three more: a host at a round trip of a fifth of a second is in time. One behind a
satellite is not; who waits is a person at a desk, and is told to ask again."""

HEAD_SECONDS = 1.5
"""A host that has not even begun to answer by then is not going to."""

DEFAULT_MAX_BYTES = 1024 * 1024
_OK = 200
_HOST = re.compile(r"[A-Za-z0-9._:-]+")
_MAX_AGE = re.compile(r"max-age=\"?(\d{1,9})\"?")
_GZIP = zlib.MAX_WBITS | 16


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a host answered.

    media_type: lower case without parameters; empty when the host named none
    fresh_for: how long the host lets the answer be used again; None when it does not say
    """

    body: bytes
    media_type: str
    fresh_for: timedelta | None = None


class GuardedClient:
    """Fetches documents from hosts that strangers name."""

    def __init__(
        self,
        allow: frozenset[HostPort] = frozenset(),
        *,
        ca_file: Path | None = None,
        is_own: Callable[[str], bool] = lambda _url: False,
        seconds: float = DEFAULT_SECONDS,
        max_bytes: int = DEFAULT_MAX_BYTES,
        resolve: Resolve = system_resolver,
    ) -> None:
        """Prepare a client.

        allow: hosts and ports that may be reached although private or not on port 443
        ca_file: certificate authorities in PEM to trust instead of the bundled ones
        is_own: whether an address is this instance, which never asks itself: its request could
            wait for a worker that waits for the answer
        seconds: total time of one fetch, from the look-up to the last byte; of it at most
            `HEAD_SECONDS` until the head of the answer is there
        max_bytes: largest body, counted after decompression
        Raises: CertificatesUnreadable
        """
        self._allow = allow
        self._is_own = is_own
        self._seconds = seconds
        self._max_bytes = max_bytes
        self._resolve = resolve
        self._tls = _tls_context(ca_file)

    def get(self, url: str, *, accept: str = "*/*", max_bytes: int | None = None) -> Fetched:
        """Return what the host answers with status 200.

        accept: media types that the host may choose from
        max_bytes: a limit of its own for this fetch
        Raises: FetchForbidden, FetchFailed, FetchTooLarge, FetchTimedOut
        """
        target = self._admit(url)
        shown = f"https://{_ascii_host(target)}{target.path}"
        deadline = Deadline.starting_now(shown, min(HEAD_SECONDS, self._seconds))
        limit = max_bytes or self._max_bytes
        with self._answer(target, accept, deadline) as answer:
            deadline.extend_to(self._seconds)
            headers = _headers(answer)
            _accept_status(answer.status, shown)
            body = _read(answer.iter_stream(), headers, shown, limit)
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        return Fetched(body, media_type, _fresh_for(headers.get("cache-control", "")))

    def _admit(self, url: str) -> httpx.URL:
        """Return the parsed address if its form allows asking at all."""
        shown = "an address"
        if len(url) > MAX_URL_LENGTH or not url.isascii() or not url.isprintable():
            raise FetchForbidden(shown, "an address that is too long or holds odd characters")
        try:
            target = httpx.URL(url)
        except (httpx.InvalidURL, ValueError) as error:
            raise FetchForbidden(shown, "an address that cannot be read") from error
        if target.scheme != "https":
            raise FetchForbidden(shown, "another scheme")
        host = _ascii_host(target)
        if target.userinfo or not _HOST.fullmatch(host):
            raise FetchForbidden(shown, "an address without a plain host or with a user name")
        if self._is_own(url):
            raise FetchForbidden(shown, "an address of this service itself")
        port = target.port or HTTPS_PORT
        if port != HTTPS_PORT and (host.lower(), port) not in self._allow:
            raise FetchForbidden(shown, "another port")
        return target

    @contextmanager
    def _answer(
        self, target: httpx.URL, accept: str, deadline: Deadline
    ) -> Iterator[httpcore.Response]:
        """Give the answer's head and its stream; foreign errors become ours."""
        backend = PinnedBackend(allow=self._allow, resolve=self._resolve, deadline=deadline)
        request = httpcore.URL(
            scheme="https",
            host=target.raw_host,
            port=target.port or HTTPS_PORT,
            target=target.raw_path,
        )
        # A pool for each fetch: no connection outlives the judgement that opened it.
        pool = httpcore.ConnectionPool(
            ssl_context=self._tls, network_backend=backend, max_connections=1, retries=0
        )
        headers: dict[bytes | str, bytes | str] = {
            "Host": target.netloc.decode("ascii"),
            "Accept": accept,
            "Accept-Encoding": "identity",
            "User-Agent": "skillpassport",
            "Connection": "close",
        }
        try:
            with pool, pool.stream("GET", request, headers=headers) as answer:
                yield answer
        except httpcore.TimeoutException as error:
            raise FetchTimedOut(deadline.url, deadline.seconds) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError) as error:
            raise FetchFailed(deadline.url, "a broken connection or answer") from error


def _ascii_host(target: httpx.URL) -> str:
    """Return the host as it is asked for; `httpx.URL.host` decodes IDNA and fails on bad names."""
    return target.raw_host.decode("ascii")


def _tls_context(ca_file: Path | None) -> ssl.SSLContext:
    if ca_file is None:
        return _trusting(None, 0)
    try:
        return _trusting(ca_file, ca_file.stat().st_mtime_ns)
    except (OSError, ssl.SSLError) as error:
        raise CertificatesUnreadable from error


@lru_cache(maxsize=4)
def _trusting(ca_file: Path | None, _changed: int) -> ssl.SSLContext:
    """Return a context that trusts a file's authorities, or the bundled ones.

    Kept, since reading some hundred certificates takes 40 ms; a changed file is read again.
    """
    if ca_file is None:
        return httpcore.default_ssl_context()
    return ssl.create_default_context(cafile=str(ca_file))


def _headers(answer: httpcore.Response) -> dict[str, str]:
    return {name.decode("ascii").lower(): value.decode("latin-1") for name, value in answer.headers}


def _fresh_for(cache_control: str) -> timedelta | None:
    """Return how long an answer is fresh (RFC 9111, section 5.2.2); None when that is not said."""
    directives = [each.strip().lower() for each in cache_control.split(",")]
    if "no-store" in directives or "no-cache" in directives:
        return timedelta(0)
    ages = [match[1] for each in directives if (match := _MAX_AGE.fullmatch(each))]
    return timedelta(seconds=min(map(int, ages))) if ages else None


def _accept_status(status: int, shown: str) -> None:
    if status != _OK:
        redirected = 300 <= status < 400  # noqa: PLR2004 - the range of RFC 9110, section 15.4
        note = ", and redirects are not followed" if redirected else ""
        raise FetchFailed(shown, f"status {status}{note}")


def _read(stream: Iterable[bytes], headers: dict[str, str], shown: str, limit: int) -> bytes:
    """Return the decoded body, refusing as soon as one byte too many is there."""
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip", "x-gzip", ""}:
        raise FetchFailed(shown, "a content encoding that was not asked for")
    chunks = _inflate(stream, shown, limit) if "gzip" in encoding else stream
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > limit:
            raise FetchTooLarge(shown, limit)
    return bytes(body)


def _inflate(stream: Iterable[bytes], shown: str, limit: int) -> Iterator[bytes]:
    """Decompress step by step, so that a bomb is seen before it has gone off."""
    decoder = zlib.decompressobj(_GZIP)
    try:
        for chunk in stream:
            yield decoder.decompress(chunk, limit + 1)
            if decoder.unconsumed_tail:
                raise FetchTooLarge(shown, limit)
    except zlib.error as error:
        raise FetchFailed(shown, "a body that does not decompress") from error
    if not decoder.eof:
        raise FetchFailed(shown, "a truncated body")
