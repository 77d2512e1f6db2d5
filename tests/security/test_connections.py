"""Clients that never come to the point: their sockets are closed, others are served."""

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

import pytest

from skillpassport.web import connections
from skillpassport.web.serving import SERVER_OPTIONS
from tests.support.patience import PATIENCE
from tests.support.web import a_web_app, is_whole, served

pytestmark = pytest.mark.slow

START = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n"


HEAD_SECONDS = 0.5
REQUEST_SECONDS = 1.0
KEEP_ALIVE_SECONDS = SERVER_OPTIONS["timeout_keep_alive"]
ATTEMPTS = 30


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with served(a_web_app()) as port:
        yield port


@pytest.fixture(autouse=True)
def short_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", HEAD_SECONDS)
    monkeypatch.setattr(connections, "REQUEST_SECONDS", REQUEST_SECONDS)
    monkeypatch.setattr(connections, "UNREAD_SECONDS", 0.5)
    monkeypatch.setattr(connections, "LINGER_SECONDS", float(PATIENCE))


@pytest.fixture
def unhurried(short_limits: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let time be no matter."""
    for name in ("HEAD_SECONDS", "REQUEST_SECONDS", "UNREAD_SECONDS"):
        monkeypatch.setattr(connections, name, float(2 * PATIENCE))


def in_time(attempt: Callable[[], tuple[bytes, float]], limit: float) -> bytes:
    """Return what came of an attempt whose longest wait for an answer was below a limit.

    A machine that stands still for longer gives no client what is asked for; it is asked again.
    """
    for _ in range(ATTEMPTS):
        said, seconds = attempt()
        if seconds < limit:
            return said
    return said


def answers(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """Send parts with pauses between them, and return all that comes until the end."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
        try:
            for part in parts:
                client.sendall(part)
                time.sleep(pause)
            while chunk := client.recv(65_536):
                received += chunk
        except ConnectionError:
            pass
    return received


def dripped(port: int, first: bytes, drop: bytes) -> tuple[bytes, float]:
    """Send a first part and then drops until the server ends it, also by a reset.

    Returns all that came, and how many seconds it took until the first of it.
    """
    received, began, came_after = b"", time.monotonic(), 0.0
    with socket.create_connection(("127.0.0.1", port), timeout=0.1) as client:
        client.sendall(first)
        while time.monotonic() < began + PATIENCE:
            try:
                with suppress(TimeoutError):
                    if not (chunk := client.recv(65_536)):
                        return received, came_after
                    came_after = came_after or time.monotonic() - began
                    received += chunk
                client.sendall(drop)
            except ConnectionError:
                return received, came_after
    pytest.fail("the server went on waiting")


def test_a_head_of_common_size_is_read(port: int) -> None:
    cookies = b"Cookie: " + b"a" * 8_000 + b"\r\n"

    def attempt(pause: float) -> tuple[bytes, float]:
        began = time.monotonic()
        said = answers(port, START, cookies, b"Connection: close\r\n\r\n", pause=pause)
        return said, time.monotonic() - began

    for pause in (0.0, 0.05):
        said = in_time(lambda pause=pause: attempt(pause), HEAD_SECONDS)  # type: ignore[misc]
        assert said.startswith(b"HTTP/1.1 200")


@pytest.mark.usefixtures("unhurried")
def test_an_endless_head_is_cut_off(port: int) -> None:
    assert b" 200 " not in answers(port, START, b"X: ", *[b"a" * 65_536] * 100)
    many = b"".join(b"X-%d: a\r\n" % number for number in range(20_000))
    assert b" 200 " not in answers(port, START, many, many, b"\r\n")


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (b"G",),
        (START,),
        (b"\r\n",) * 8,
        (START + b"X: ", *[b"a"] * 8),
        (START + b"\r\n", b"\r\n"),
        (START + b"\r\n" + START,),
    ],
    ids=["nothing", "one byte", "no end", "empty lines", "drops", "line after", "second head"],
)
def test_a_head_that_does_not_come_ends_the_connection(port: int, parts: tuple[bytes, ...]) -> None:
    began = time.monotonic()
    answers(port, *parts, pause=0.1)
    assert time.monotonic() - began < KEEP_ALIVE_SECONDS


def in_turn(
    port: int, requests: int, parts: Sequence[bytes], *, pause: float = 0.0, idle: float = 0.0
) -> tuple[bytes, float]:
    """Send some requests on one connection, with a pause before each part, and then stay idle.

    Returns the answers, and the seconds that the slowest request took, its pauses included.
    """
    received, slowest, began = b"", 0.0, time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
        for _ in range(requests):
            for part in parts:
                time.sleep(pause)
                client.sendall(part)
            answer = b""
            while not is_whole(answer) and (chunk := client.recv(65_536)):
                answer += chunk
            received += answer
            slowest = max(slowest, time.monotonic() - began)
            time.sleep(idle)
            began = time.monotonic()
    return received, slowest


def test_a_connection_is_kept_for_the_next_request(port: int) -> None:
    """Also after a pause that is longer than a head may take: between requests other rules hold."""
    parts, idle = [START + b"\r\n"], HEAD_SECONDS + 0.1
    said = in_time(lambda: in_turn(port, 3, parts, idle=idle), HEAD_SECONDS)
    assert said.count(b"HTTP/1.1 200") == 3


@pytest.mark.usefixtures("unhurried")
def test_a_large_body_is_no_head(port: int) -> None:
    body = b'{"name":"' + b"a" * 300_000 + b'"}'
    head = b"POST /sample/open HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    length = b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body)
    assert answers(
        port, head + length, *[body[n : n + 50_000] for n in range(0, len(body), 50_000)]
    ).startswith(b"HTTP/1.1 200")


@pytest.mark.usefixtures("unhurried")
def test_the_last_read_of_a_large_body_is_no_head_either(port: int) -> None:
    """A body of 200 kB comes in a few reads; the last of them is longer than any head."""
    body = b'{"name": "' + b"a" * 200_000 + b'"}'
    head = (
        b"POST /sample/open HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
    )
    said = answers(port, head, body[:1_000], body[1_000:], pause=0.1)
    assert b" 431 " not in said
    assert said.startswith((b"HTTP/1.1 2", b"HTTP/1.1 422"))


@pytest.mark.parametrize(
    ("first", "status", "limit"),
    [
        (b"POST /sample/open HTTP/1.1\r\n", 408, PATIENCE),
        (b"GET /livez HTTP/1.1\r\n", 200, REQUEST_SECONDS),
    ],
)
def test_a_body_that_does_not_come_ends_the_connection(
    port: int, first: bytes, status: int, limit: float
) -> None:
    """Whether a route reads it or has answered already: each drop would put off the end."""
    head = first + b"Host: x\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"
    said = in_time(lambda: dripped(port, head, b" "), limit)
    assert said.startswith(b"HTTP/1.1 %d" % status)
    assert said.count(b"HTTP/1.1") == 1


def test_a_body_has_its_whole_time_on_a_connection_that_was_kept(port: int) -> None:
    body = b'{"name":"' + b"a" * 50 + b'"}'
    head = (
        b"POST /sample/open HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body)
    )
    parts = (head, body[:20], body[20:])
    assert REQUEST_SECONDS < 2 * 3 * 0.2
    said = in_time(lambda: in_turn(port, 2, parts, pause=0.2), REQUEST_SECONDS)
    assert said.count(b"HTTP/1.1 200") == 2


def test_a_second_head_that_does_not_come_spoils_no_answer(port: int) -> None:
    said = in_time(lambda: dripped(port, START + b"\r\n" + START + b"X: ", b"a"), HEAD_SECONDS)
    assert said.count(b"HTTP/1.1 200") == said.count(b"HTTP/1.1 408") == 1


@pytest.mark.parametrize(
    "first", [START, b"POST /sample/open HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n{"]
)
def test_a_refusal_reaches_a_client_that_goes_on_sending(port: int, first: bytes) -> None:
    """A connection that is closed while bytes come is reset, and takes its last answer with it."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
        client.sendall(first)
        client.recv(1, socket.MSG_PEEK)
        for _ in range(20):
            client.sendall(b"a" * 1_000)
            time.sleep(0.005)
        received = b""
        while chunk := client.recv(65_536):
            received += chunk
    assert received.startswith(b"HTTP/1.1 408")


def sent_until_ended(client: socket.socket, data: bytes) -> None:
    """Send the same again and again until the connection ends, and fail when it does not."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        try:
            client.sendall(data)
        except ConnectionError:
            return
        time.sleep(0.01)
    pytest.fail("the server went on taking what was sent")


def test_a_client_that_goes_on_sending_after_a_refusal_is_left(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "LINGER_SECONDS", 0.2)
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
        client.sendall(START)
        client.recv(1, socket.MSG_PEEK)
        sent_until_ended(client, b"a" * 1_000)


def test_an_answer_that_nobody_reads_ends_the_connection(port: int) -> None:
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.settimeout(PATIENCE)
        client.connect(("127.0.0.1", port))
        sent_until_ended(client, b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 50)
