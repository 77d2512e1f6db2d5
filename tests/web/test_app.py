"""The application as a whole: its description, its headers, and raw bytes on a real socket."""

import json
import re
import socket
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from skillpassport.settings import load_settings
from skillpassport.web.app import ROUTERS, create_app
from skillpassport.web.routing import ApiRoute
from tests.support.patience import PATIENCE
from tests.support.web import FakeServices, a_web_app, is_whole, served


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(a_web_app()) as client:
        yield client


def test_the_description_declares_problem_documents(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            responses = operation["responses"]
            for status in ("4XX", "5XX"):
                content = responses[status]["content"]
                assert list(content) == ["application/problem+json"], (path, method)
            assert "422" not in responses, (path, method)
    awards = described["paths"]["/sample/awards"]["post"]
    assert awards["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    assert awards["security"] == [{"ApiKey": []}]
    assert "security" not in described["paths"]["/sample/open"]["post"]


def test_every_router_carries_its_whole_prefix_and_the_safe_kind_of_route() -> None:
    """Logs and metrics show templates; only `ApiRoute` judges the key before the body."""
    routes = [route for router in ROUTERS for route in router.routes]
    assert all(isinstance(route, ApiRoute) for route in routes)
    templates = {route.path_format for route in routes if isinstance(route, ApiRoute)}
    described = create_app(FakeServices(), load_settings()).openapi()["paths"]
    assert set(described) <= templates


def test_no_page_of_the_framework_loads_foreign_scripts(client: TestClient) -> None:
    for path in ("/docs", "/redoc"):
        assert client.get(path).status_code == 404


def test_answers_carry_headers_that_keep_them_from_being_misread(client: TestClient) -> None:
    for path in ("/livez", "/nothing", "/sample/broken/x", "/problems"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "style-src" not in client.get("/livez").headers["content-security-policy"]
    policy = client.get("/problems").headers["content-security-policy"]
    assert "style-src 'self'" in policy
    assert "script-src" not in policy


def test_the_problems_page_loads_nothing_but_its_own_style_and_icon(client: TestClient) -> None:
    class Loads(HTMLParser):
        found: tuple[str, ...] = ()

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag in {"script", "link", "img", "iframe", "style"}:
                self.found = (*self.found, dict(attrs).get("href") or tag)

    page = Loads()
    page.feed(client.get("/problems").text)
    assert page.found == ("/static/passport.svg", "/static/passport.css")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with served(a_web_app()) as port:
        yield port


def exchange(port: int, raw: bytes, *, close: bool = False) -> tuple[int, bytes]:
    """Send raw bytes and return the status and the whole answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(raw)
        if close:
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := connection.recv(65_536):
            answer += chunk
            if is_whole(answer):
                break
    status = re.match(rb"HTTP/1\.1 (\d{3})", answer)
    return (int(status[1]) if status else 0), answer


def post(body: bytes, *headers: bytes) -> bytes:
    lines = [b"POST /sample/open HTTP/1.1", b"Host: x", b"Content-Type: application/json"]
    return b"\r\n".join([*lines, *headers, b"", body])


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (post(b'{"name":"a"}', b"Content-Length: 12"), 200),
        (post(b'c\r\n{"name":"a"}\r\n0\r\n\r\n', b"Transfer-Encoding: chunked"), 200),
        (post(b"", b"Content-Length: 99999999999999999999"), 400),
        (post(b"", b"Content-Length: 2000000"), 413),
        (post(b"", b"Content-Length: 0"), 422),
        (post(b"", b"Content-Length: -1"), 400),
        (post(b"", b"Content-Length: x"), 400),
        (post(b"zz\r\n", b"Transfer-Encoding: chunked"), 400),
        (post(b"200000\r\n" + b"a" * 0x200000, b"Transfer-Encoding: chunked"), 413),
        (b"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        (b"GET /%ff HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET /livez?%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET //livez HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        (b"GET /../livez HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        (b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        (b"GET /livez HTTP/1.1\r\nHost: x\r\nX-Request-Id: \xff\xfe\r\n\r\n", 200),
        (b"GET /sample/mine HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\r\n\r\n", 401),
        (b"GET /livez HTTP/1.1\r\nHost: x\r\nhost: x\r\n\r\n", 400),
        (b"garbage\r\n\r\n", 400),
    ],
)
def test_raw_bytes_never_cause_a_fault(port: int, raw: bytes, status: int) -> None:
    answered, answer = exchange(port, raw)
    assert answered == status, answer[:300]
    if b"problem+json" in answer:
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["status"] == status


def test_a_body_cut_off_by_the_sender_does_no_harm(port: int) -> None:
    exchange(port, post(b'{"na', b"Content-Length: 100"), close=True)
    assert exchange(port, b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")[0] == 200


def test_no_tracer_hears_of_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """A span would carry the whole path, in which a verification code may lie."""
    asked: list[str] = []
    for provider in ("trace.get_tracer_provider", "metrics.get_meter_provider"):
        monkeypatch.setattr(f"opentelemetry.{provider}", partial(asked.append, provider))
    app = a_web_app()
    with TestClient(app) as client:
        asked.clear()  # of the start
        assert client.get("/livez").status_code == 200
    assert asked == []
