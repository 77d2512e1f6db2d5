"""Clients that never come to the point: their sockets are closed, others are served."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from skillpassport.web import connections
from tests.support.web import a_web_app, served

pytestmark = pytest.mark.slow

START = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with pytest.MonkeyPatch.context() as patch, served(a_web_app()) as port:
        patch.setattr(connections, "HEAD_SECONDS", 0.5)
        patch.setattr(connections, "REQUEST_SECONDS", 1.0)
        patch.setattr(connections, "UNREAD_SECONDS", 0.5)
        patch.setattr(connections, "LINGER_SECONDS", 0.2)
        yield port


def answers(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """Send parts with pauses between them, and return all that comes until the end."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        try:
            for part in parts:
                client.sendall(part)
                time.sleep(pause)
            while chunk := client.recv(65_536):
                received += chunk
        except ConnectionError:
            pass
    return received


def dripped(port: int, first: bytes, drop: bytes) -> bytes:
    """Send a first part and then drops until the server ends it; return all that came."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=0.1) as client:
        client.sendall(first)
        for _ in range(40):
            with suppress(TimeoutError):
                if not (chunk := client.recv(65_536)):
                    return received
                received += chunk
            client.sendall(drop)
    pytest.fail("the server went on waiting")


def test_a_head_of_common_size_is_read(port: int) -> None:
    cookies = b"Cookie: " + b"a" * 8_000 + b"\r\n"
    sent = (START, cookies, b"Connection: close\r\n\r\n")
    assert answers(port, *sent).startswith(b"HTTP/1.1 200")
    assert answers(port, *sent, pause=0.05).startswith(b"HTTP/1.1 200")


def test_an_endless_head_is_cut_off(port: int) -> None:
    began = time.monotonic()
    assert b" 200 " not in answers(port, START, b"X: ", *[b"a" * 65_536] * 100)
    many = b"".join(b"X-%d: a\r\n" % number for number in range(20_000))
    assert b" 200 " not in answers(port, START, many, many, b"\r\n")
    assert time.monotonic() - began < 3


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
    assert time.monotonic() - began < 2.5


def test_a_connection_is_kept_for_the_next_request(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        for _request in range(3):
            client.sendall(START + b"\r\n")
            assert client.recv(65_536).startswith(b"HTTP/1.1 200")
            time.sleep(0.6)  # longer than a head may take: between requests other rules hold


def test_a_large_body_is_no_head(port: int) -> None:
    body = b'{"name":"' + b"a" * 300_000 + b'"}'
    head = b"POST /sample/open HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    length = b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body)
    assert answers(
        port, head + length, *[body[n : n + 50_000] for n in range(0, len(body), 50_000)]
    ).startswith(b"HTTP/1.1 200")


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


@pytest.mark.parametrize("first", [b"POST /sample/open HTTP/1.1\r\n", b"GET /livez HTTP/1.1\r\n"])
def test_a_body_that_does_not_come_ends_the_connection(port: int, first: bytes) -> None:
    """Whether a route reads it or has answered already: each drop would put off the end."""
    head = first + b"Host: x\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"
    said = dripped(port, head, b" ")
    expected = b"HTTP/1.1 408" if first.startswith(b"POST") else b"HTTP/1.1 200"
    assert said.startswith(expected)
    assert said.count(b"HTTP/1.1") == 1


def test_a_body_has_its_whole_time_on_a_connection_that_was_kept(port: int) -> None:
    body = b'{"name":"' + b"a" * 50 + b'"}'
    head = (
        b"POST /sample/open HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body)
    )
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        for _request in range(2):
            for part in (head, body[:20], body[20:]):
                time.sleep(0.25)
                client.sendall(part)
            assert client.recv(65_536).startswith(b"HTTP/1.1 2")


def test_a_second_head_that_does_not_come_spoils_no_answer(port: int) -> None:
    said = dripped(port, START + b"\r\n" + START + b"X: ", b"a")
    assert said.count(b"HTTP/1.1 200") == said.count(b"HTTP/1.1 408") == 1


def test_an_answer_that_nobody_reads_ends_the_connection(port: int) -> None:
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.settimeout(5)
        client.connect(("127.0.0.1", port))
        try:
            for _ in range(400):
                client.sendall((b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n") * 50)
                time.sleep(0.01)
        except (ConnectionError, TimeoutError) as error:
            assert isinstance(error, ConnectionError)  # noqa: PT017 - not waited for in vain
        else:
            pytest.fail("the server went on taking requests")
