"""The guarded client against hosts that mean no good, each beside one that is served."""

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from skillpassport.net import client as client_module
from skillpassport.net import connecting
from skillpassport.net.client import GuardedClient
from skillpassport.net.connecting import Deadline
from skillpassport.net.errors import (
    CertificatesUnreadable,
    FetchError,
    FetchFailed,
    FetchForbidden,
    FetchTimedOut,
    FetchTooLarge,
)
from tests.conftest import NetworkForbidden
from tests.support.patience import PATIENCE
from tests.support.tls_server import Host, Script, answering, running, write_certificate

HostOf = Callable[[Script], AbstractContextManager[Host]]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def host_of(certificate: tuple[Path, Path]) -> HostOf:
    return lambda script: running(script, certificate)


@pytest.fixture
def client_for(certificate: tuple[Path, Path]) -> Callable[..., GuardedClient]:
    def make(host: Host, seconds: float = PATIENCE, max_bytes: int = 10_000) -> GuardedClient:
        allow = frozenset({("localhost", host.port)})
        return GuardedClient(allow, ca_file=certificate[0], seconds=seconds, max_bytes=max_bytes)

    return make


ClientFor = Callable[..., GuardedClient]


def knowing(*addresses: str) -> Callable[[str, int], Sequence[str]]:
    """Return a resolver that answers the same addresses for every name."""
    return lambda host, port: addresses


def test_a_document_of_an_allowed_host_is_fetched(host_of: HostOf, client_for: ClientFor) -> None:
    script = answering(b'{"id":1}', headers=("Content-Type: Application/JSON; charset=utf-8",))
    with host_of(script) as host:
        fetched = client_for(host).get(host.url("/a?b=c"), accept="application/json")
    assert fetched.body == b'{"id":1}'
    assert fetched.media_type == "application/json"
    request = host.requests[0].lower()
    assert request.startswith(b"get /a?b=c http/1.1\r\n")
    assert f"host: localhost:{host.port}".encode() in request
    assert b"cookie" not in request
    assert b"authorization" not in request


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "data:text/plain,x",
        "gopher://example.org/",
        "https://example.org:8443/",
        "https://example.org:22/",
        "https://example.org:99999/",
        "https://user@example.org/",
        "https://user:secret@example.org/",
        "https:///etc/passwd",
        "https:example.org",
        "https://",
        "//example.org/",
        "example.org",
        "",
        "https://example.org/\r\nX: y",
        "https://example.org/\x00",
        "https://exa mple.org/",
        "https://ex\u00e4mple.org/",
        "https://example.org/" + "a" * 3_000,
        "https://example.org\\@127.0.0.1/",
        "https://[::1",
    ],
)
def test_an_address_of_the_wrong_form_is_refused_before_any_look_up(url: str) -> None:
    def look_up(host: str, port: int) -> Sequence[str]:
        raise AssertionError(host)

    with pytest.raises(FetchForbidden):
        GuardedClient(resolve=look_up, seconds=PATIENCE).get(url)


@pytest.mark.parametrize("host", ["xn--", "xn--a", "xn--0", "a.xn--zzzzzzzz.org"])
def test_a_name_that_is_no_name_in_punycode_is_a_failed_fetch(host: str) -> None:
    def look_up(name: str, _port: int) -> Sequence[str]:
        assert name == host
        return ()

    with pytest.raises(FetchFailed):
        GuardedClient(resolve=look_up, seconds=PATIENCE).get(f"https://{host}/")


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",),
        ("169.254.169.254",),
        ("::ffff:10.0.0.1",),
        ("64:ff9b::a00:1",),
        ("0.0.0.0",),
        ("fe80::1%eth0",),
        ("93.184.215.14", "10.0.0.1"),
        ("2606:4700::1111", "::1"),
    ],
)
def test_a_name_with_any_private_address_is_refused(addresses: tuple[str, ...]) -> None:
    client = GuardedClient(resolve=knowing(*addresses), seconds=PATIENCE)
    with pytest.raises(FetchForbidden):
        client.get("https://issuer.example/did.json")


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://0/",
        "https://localhost/",
        "https://LOCALHOST./",
    ],
)
def test_every_spelling_of_this_machine_is_refused(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # numbers are not looked up anywhere; the system reads them
    with pytest.raises(FetchError):
        GuardedClient().get(url)


def test_a_public_address_is_the_one_connected_to() -> None:
    """The test's own barrier shows where the connection was going: to the address, by number."""
    client = GuardedClient(resolve=knowing("93.184.215.14"), seconds=PATIENCE)
    with pytest.raises(NetworkForbidden, match=r"93\.184\.215\.14"):
        client.get("https://issuer.example/")


def test_a_name_is_looked_up_once() -> None:
    """A second look-up could answer a private address after the first passed: DNS rebinding."""
    asked: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["93.184.215.14"] if len(asked) == 1 else ["127.0.0.1"]

    with pytest.raises(NetworkForbidden, match="93"):
        GuardedClient(resolve=rebinding, seconds=PATIENCE).get("https://issuer.example/")
    assert asked == ["issuer.example"]


def test_an_allowance_names_one_port_only(host_of: HostOf, client_for: ClientFor) -> None:
    with host_of(answering(b"{}")) as host:
        client = client_for(host)
        assert client.get(host.url()).body == b"{}"
        with pytest.raises(FetchForbidden):
            client.get(f"https://localhost:{host.port + 1}/")
        with pytest.raises(FetchForbidden):
            client.get(f"https://127.0.0.1:{host.port}/")


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 T", "308 P"])
def test_a_redirect_is_not_followed(status: str, host_of: HostOf, client_for: ClientFor) -> None:
    script = answering(b"", status=status, headers=("Location: https://127.0.0.1/",))
    with host_of(script) as host, pytest.raises(FetchFailed, match="redirects are not followed"):
        client_for(host).get(host.url())
    assert len(host.requests) == 1


@pytest.mark.parametrize("status", ["204 No Content", "206 Partial", "404 Not Found", "500 Oops"])
def test_only_status_200_is_an_answer(status: str, host_of: HostOf, client_for: ClientFor) -> None:
    with host_of(answering(b"", status=status)) as host, pytest.raises(FetchFailed):
        client_for(host).get(host.url())


def test_a_body_over_the_limit_is_refused_and_one_at_the_limit_is_read(
    host_of: HostOf, client_for: ClientFor
) -> None:
    with host_of(answering(b"x" * 10_000)) as host:
        assert len(client_for(host).get(host.url()).body) == 10_000
    with host_of(answering(b"x" * 10_001)) as host, pytest.raises(FetchTooLarge):
        client_for(host).get(host.url())


def test_an_endless_body_is_cut_at_the_limit(host_of: HostOf, client_for: ClientFor) -> None:
    def endless(connection: ssl.SSLSocket, stop: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while not stop.is_set():
            connection.sendall(b"x" * 4_096)

    with host_of(endless) as host, pytest.raises(FetchTooLarge):
        client_for(host).get(host.url())


def test_a_compressed_body_is_measured_after_decompression(
    host_of: HostOf, client_for: ClientFor
) -> None:
    small, bomb = gzip.compress(b"{}"), gzip.compress(b"\0" * 20_000_000)
    encoded = ("Content-Encoding: gzip",)
    with host_of(answering(small, headers=encoded)) as host:
        assert client_for(host).get(host.url()).body == b"{}"
    with host_of(answering(bomb, headers=encoded)) as host, pytest.raises(FetchTooLarge):
        client_for(host, max_bytes=100_000).get(host.url())
    with host_of(answering(small[:-5], headers=encoded)) as host, pytest.raises(FetchFailed):
        client_for(host).get(host.url())
    with host_of(answering(b"junk", headers=encoded)) as host, pytest.raises(FetchFailed):
        client_for(host).get(host.url())


def test_an_encoding_that_nobody_asked_for_is_refused(
    host_of: HostOf, client_for: ClientFor
) -> None:
    script = answering(b"{}", headers=("Content-Encoding: br",))
    with host_of(script) as host, pytest.raises(FetchFailed):
        client_for(host).get(host.url())


def dripping_headers(connection: ssl.SSLSocket, stop: threading.Event) -> None:
    """Send a header that never ends, fast enough for any timeout of a single read."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Wait: ")
    drip(connection, stop)


def dripping_body(connection: ssl.SSLSocket, stop: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
    drip(connection, stop)


def drip(connection: ssl.SSLSocket, stop: threading.Event) -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends and not stop.wait(0.05):
        connection.sendall(b"a")


def silent(connection: ssl.SSLSocket, stop: threading.Event) -> None:
    stop.wait(PATIENCE)


def many_headers(connection: ssl.SSLSocket, stop: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not stop.is_set():
        connection.sendall(b"X-Wait: a\r\n" * 1000)


@pytest.mark.parametrize("script", [dripping_headers, dripping_body, silent])
def test_a_slow_host_ends_at_the_total_deadline(
    script: Script, host_of: HostOf, client_for: ClientFor
) -> None:
    with host_of(script) as host, pytest.raises(FetchTimedOut):
        client_for(host, seconds=0.4).get(host.url())


@pytest.mark.parametrize("script", [dripping_headers, silent, many_headers])
def test_the_head_of_an_answer_has_less_time_than_its_body(
    script: Script, host_of: HostOf, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "HEAD_SECONDS", 0.3)
    with host_of(script) as host:
        started = time.monotonic()
        with pytest.raises(FetchError):
            client_for(host, seconds=2 * PATIENCE).get(host.url())
        assert time.monotonic() - started < PATIENCE


def test_a_body_may_come_later_than_any_head(
    host_of: HostOf, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead, head_is_there, extend_to = [0.0], threading.Event(), Deadline.extend_to
    clock = SimpleNamespace(monotonic=lambda: time.monotonic() + ahead[0])
    monkeypatch.setattr(connecting, "time", clock)

    def extend(deadline: Deadline, seconds: float) -> None:
        extend_to(deadline, seconds)
        head_is_there.set()

    monkeypatch.setattr(Deadline, "extend_to", extend)

    def slow_body(connection: ssl.SSLSocket, stop: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{")
        head_is_there.wait(PATIENCE)
        ahead[0] += client_module.HEAD_SECONDS + 1
        connection.sendall(b"}")

    with host_of(slow_body) as host:
        assert client_for(host, seconds=10 * PATIENCE).get(host.url()).body == b"{}"


@pytest.mark.parametrize(
    ("header", "fresh_for"),
    [
        ("max-age=60", timedelta(seconds=60)),
        ('public, Max-Age="60", must-revalidate', timedelta(seconds=60)),
        ("max-age=60, max-age=5", timedelta(seconds=5)),
        ("max-age=60, no-store", timedelta(0)),
        ("no-cache", timedelta(0)),
        ("max-age=-1", None),
        ("max-age=99999999999999999999", None),
        ("s-maxage=60", None),
        ("", None),
    ],
)
def test_a_host_says_how_long_its_answer_is_fresh(
    header: str, fresh_for: timedelta | None, host_of: HostOf, client_for: ClientFor
) -> None:
    with host_of(answering(b"{}", headers=(f"Cache-Control: {header}",))) as host:
        assert client_for(host).get(host.url()).fresh_for == fresh_for


def test_a_handshake_that_never_ends_counts_against_the_deadline(
    certificate: tuple[Path, Path],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        client = GuardedClient(
            frozenset({("localhost", port)}), ca_file=certificate[0], seconds=0.3
        )
        with pytest.raises(FetchTimedOut):
            client.get(f"https://localhost:{port}/")


def test_a_slow_name_server_counts_against_the_deadline() -> None:
    done = threading.Event()

    def slow(host: str, port: int) -> Sequence[str]:
        done.wait(PATIENCE)
        return []

    with pytest.raises(FetchTimedOut):
        GuardedClient(resolve=slow, seconds=0.2).get("https://issuer.example/")
    done.set()


def test_a_silent_address_leaves_time_for_the_next(
    host_of: HostOf, certificate: tuple[Path, Path]
) -> None:
    with host_of(answering(b"{}")) as host:
        client = GuardedClient(
            frozenset({("localhost", host.port)}),
            ca_file=certificate[0],
            resolve=knowing("::1", "127.0.0.1"),
            seconds=PATIENCE,
        )
        assert client.get(host.url()).body == b"{}"


def test_a_certificate_of_another_authority_is_refused(host_of: HostOf) -> None:
    with host_of(answering(b"{}")) as host, pytest.raises(FetchFailed):
        GuardedClient(frozenset({("localhost", host.port)}), seconds=PATIENCE).get(host.url())


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 30_000,
    ],
)
def test_an_answer_that_is_not_http_is_a_failed_fetch(
    junk: bytes, host_of: HostOf, client_for: ClientFor
) -> None:
    def script(connection: ssl.SSLSocket, stop: threading.Event) -> None:
        connection.sendall(junk)

    with host_of(script) as host, pytest.raises(FetchFailed):
        client_for(host).get(host.url())


def test_nothing_listening_is_a_failed_fetch(client_for: ClientFor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(FetchFailed):
        client_for(Host(port)).get(f"https://localhost:{port}/")


def test_the_environment_does_not_choose_a_proxy(
    monkeypatch: pytest.MonkeyPatch, host_of: HostOf, client_for: ClientFor
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with host_of(answering(b"{}")) as host:
        assert client_for(host).get(host.url()).body == b"{}"


def test_cookies_are_not_kept(host_of: HostOf, client_for: ClientFor) -> None:
    with host_of(answering(b"{}", headers=("Set-Cookie: a=b", "Connection: close"))) as host:
        client = client_for(host)
        client.get(host.url())
        client.get(host.url())
    assert b"a=b" not in host.requests[1]


def test_a_file_that_holds_no_certificates_is_named(tmp_path: Path) -> None:
    with pytest.raises(CertificatesUnreadable):
        GuardedClient(ca_file=tmp_path / "missing.pem")
    (tmp_path / "junk.pem").write_text("junk")
    with pytest.raises(CertificatesUnreadable):
        GuardedClient(ca_file=tmp_path / "junk.pem")


def test_messages_hold_no_query_and_no_user(host_of: HostOf, client_for: ClientFor) -> None:
    script = answering(b"", status="404 Not Found")
    with host_of(script) as host, pytest.raises(FetchFailed) as caught:
        client_for(host).get(host.url("/did.json?name=Ama"))
    assert "Ama" not in f"{caught.value} {caught.value.url}"
