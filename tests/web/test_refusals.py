"""A refusal is a page for a person's browser, and a problem document for everybody else."""

import re

import pytest
from starlette.testclient import TestClient

from skillpassport.web.pages.refusals import TOLD
from skillpassport.web.translation import LANGUAGES, translation
from tests.support.web import PUBLIC_URL, FakeServices, a_web_app

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def http() -> TestClient:
    app = a_web_app(rate_limits="verification=1/hour")
    return TestClient(app, base_url=PUBLIC_URL, raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere", 404),
        ("/sample/broken/x", 500),
        ("/sample/mine", 401),
        ("/sample/open", 405),
        ("/nowhere?x=%ff", 400),
    ],
)
def test_a_browser_gets_a_page_with_the_same_status(
    http: TestClient, path: str, status: int
) -> None:
    page = http.get(path, headers={"Accept": BROWSER, "X-Request-Id": "trace-of-this-one"})
    assert page.status_code == status
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-store"
    assert "noindex" in page.headers["x-robots-tag"]
    assert "trace-of-this-one" in page.text
    assert f"({status})" in page.text
    for accept in ("*/*", "application/json", "application/problem+json"):
        answer = http.get(path, headers={"Accept": accept})
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    ["/api/v1/nothing", "/vc/nothing", "/orgs/none/did.json", "/status/none", "/.well-known/x"],
)
def test_where_programs_ask_even_a_browser_gets_the_document(http: TestClient, path: str) -> None:
    answer = http.get(path, headers={"Accept": BROWSER})
    assert answer.headers["content-type"] == "application/problem+json"


def test_when_to_come_back_is_said_in_words_and_in_the_header(http: TestClient) -> None:
    for _ in range(2):
        page = http.get("/sample/checked/x?lang=fr", headers={"Accept": BROWSER})
    assert page.status_code == 429
    assert page.headers["content-language"] == "fr"
    seconds = page.headers["retry-after"]
    assert re.search(rf"Réessayez dans {seconds} secondes?\.", page.text)


def test_an_address_is_not_shown_back(http: TestClient) -> None:
    page = http.get("/nowhere/%3Cscript%3Ealert(1)?x=%22%3E", headers={"Accept": BROWSER})
    assert page.status_code == 404
    assert "alert" not in page.text


def test_a_fault_tells_nothing_of_itself(http: TestClient) -> None:
    page = http.get("/sample/broken/ROW-OF-SOMEBODY", headers={"Accept": BROWSER})
    assert page.status_code == 500
    assert "ROW-OF-SOMEBODY" not in page.text
    assert "RuntimeError" not in page.text


def test_head_has_the_headers_of_the_page_and_no_body(http: TestClient) -> None:
    head = http.head("/nowhere", headers={"Accept": BROWSER})
    assert (head.status_code, head.content) == (404, b"")
    assert head.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_status_is_told_in_every_language(language: str) -> None:
    to = translation(language)
    for told in TOLD.values():
        assert to.text(told.title)
        assert (to.text(told.title) == told.title) is (language == "en")


def test_pages_themselves_pass_untouched() -> None:
    with TestClient(a_web_app(FakeServices()), base_url=PUBLIC_URL) as client:
        page = client.get("/", headers={"Accept": BROWSER})
    assert page.status_code == 200
    assert "verdict refused" not in page.text
