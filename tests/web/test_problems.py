"""Every refusal is a problem document, and every cause has its row and its page."""

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator
from html import unescape

import pytest
from starlette.testclient import TestClient

import skillpassport
from skillpassport.errors import SkillPassportError
from skillpassport.web.problems import (
    MEDIA_TYPE,
    UNLISTED,
    Problem,
    known_causes,
    row_of,
    title_of,
)
from tests.support.web import PROVIDER_KEY, PUBLIC_URL, a_web_app

MEMBERS = {"type", "title", "status", "detail", "code", "errors", "trace_id"}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(a_web_app()) as client:
        yield client


def every_cause() -> list[type[SkillPassportError]]:
    """Return every error class of the package that has a code of its own."""
    for module in pkgutil.walk_packages(skillpassport.__path__, "skillpassport."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found: list[type[SkillPassportError]] = []
    waiting = [SkillPassportError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if "code" in vars(kind) and kind.__module__.startswith("skillpassport."):
            found.append(kind)
    return found


def test_every_cause_has_a_row() -> None:
    unlisted = sorted(kind.__qualname__ for kind in every_cause() if row_of(kind) is UNLISTED)
    assert not unlisted, f"give these a row in web/problem_table.py: {unlisted}"


def test_no_code_is_used_twice() -> None:
    used = Counter(kind.code for kind in every_cause())
    assert [code for code, times in used.items() if times > 1] == []


def test_codes_are_kebab_case() -> None:
    for kind in every_cause():
        assert kind.code == kind.code.lower().strip("-")
        assert all(part.isalnum() and part.isascii() for part in kind.code.split("-")), kind.code


def test_public_attributes_never_shadow_a_member_of_the_document() -> None:
    for kind in every_cause():
        assert not MEMBERS & set(kind.public), kind.__qualname__


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code"),
    [
        ("GET", "/nothing/here", {}, 404, "not-found"),
        ("GET", "/sample", {}, 404, "not-found"),
        ("DELETE", "/sample/mine", {}, 405, "method-not-allowed"),
        ("BREW", "/sample/mine", {}, 405, "method-not-allowed"),
        ("GET", "/sample/mine", {}, 401, "key-missing"),
        ("GET", "/sample/mine", {"headers": {"Authorization": "Bearer x"}}, 401, "key-unknown"),
        ("GET", "/sample/checked/a?limit=many", {}, 422, "request-invalid"),
        ("GET", "/sample/checked/a%00b", {}, 400, "url-malformed"),
        ("GET", "/sample/checked/a%0d%0ab", {}, 400, "url-malformed"),
        ("GET", "/sample/checked/a?limit=%ff", {}, 400, "url-malformed"),
        ("GET", "/problems/never-heard-of", {}, 404, "not-found"),
        ("POST", "/sample/open", {"json": {"nom": 1}}, 422, "request-invalid"),
        ("POST", "/sample/open", {"content": b"{}"}, 415, "media-type-unsupported"),
        ("GET", "/sample/broken/K0DE", {}, 500, "internal-error"),
    ],
)
def test_each_refusal_is_a_problem_document(
    client: TestClient, method: str, path: str, sent: dict[str, object], status: int, code: str
) -> None:
    answer = client.request(method, path, **sent)  # type: ignore[arg-type]
    assert answer.status_code == status
    assert answer.headers["content-type"] == MEDIA_TYPE
    problem = answer.json()
    assert set(problem) >= MEMBERS
    assert problem["code"] == code
    assert problem["status"] == status
    assert problem["type"] == f"{PUBLIC_URL}/problems/{code}"
    assert problem["trace_id"] == answer.headers["x-request-id"]


def test_each_fault_of_a_body_is_pointed_at_and_never_quoted(client: TestClient) -> None:
    body = {
        "name": 7,
        "awarded_on": 1_700_000_000,
        "results": [{"a": "b"}, {"grade": ["Ama Mensah"]}],
        "x/y~z": "Ama Mensah",
    }
    answer = client.post("/sample/open", json=body)
    assert answer.status_code == 422
    faults = {fault["pointer"]: fault["code"] for fault in answer.json()["errors"]}
    assert faults == {
        "/name": "string-type",
        "/awarded_on": "calendar-date",
        "/results/1/grade": "string-type",
        "/x~1y~0z": "extra-forbidden",
    }
    assert "Ama" not in answer.text


def test_a_fault_of_the_query_names_its_parameter(client: TestClient) -> None:
    answer = client.get("/sample/checked/SECRETCODE?limit=many")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["query:limit"]
    assert "SECRETCODE" not in answer.text
    assert "many" not in answer.text


def test_a_thousand_faults_make_a_short_answer(client: TestClient) -> None:
    answer = client.post("/sample/open", json={"name": "x"} | {f"m{n}": 1 for n in range(1_000)})
    assert len(answer.json()["errors"]) == 50


def test_an_unexpected_failure_tells_only_its_trace(client: TestClient) -> None:
    answer = client.get("/sample/broken/K0DE", headers={"X-Request-Id": "trace-0001"})
    assert answer.json()["trace_id"] == "trace-0001"
    assert "K0DE" not in answer.text
    assert "row" not in answer.text


def test_a_wrong_method_names_the_right_ones(client: TestClient) -> None:
    assert client.delete("/sample/mine").headers["allow"] == "GET, HEAD"


class Refused(SkillPassportError):
    """A cause of this test."""

    code = "test-refused"
    public = ("levels", "country")

    def __init__(self) -> None:
        super().__init__("Expected nothing.")
        self.levels = frozenset({"2", "1"})
        self.country = "GH"
        self.name = "Ama Mensah"


def test_an_error_without_a_row_says_nothing_of_itself() -> None:
    problem = Problem.of(Refused(), base=PUBLIC_URL, trace_id="t")
    assert problem.status == 500
    assert problem.body["code"] == "internal-error"
    assert "country" not in problem.body


def test_only_public_attributes_become_members(monkeypatch: pytest.MonkeyPatch) -> None:
    from skillpassport.web import problem_table, problems

    rows: dict[type[SkillPassportError], problem_table.Row] = dict(problem_table.ROWS)
    rows[Refused] = problem_table.Row(403, retry_after=7)
    monkeypatch.setattr(problems, "ROWS", rows)
    problem = Problem.of(Refused(), base=PUBLIC_URL, trace_id="t")
    assert problem.body["levels"] == ["1", "2"]
    assert problem.body["country"] == "GH"
    assert "name" not in problem.body
    assert problem.headers["Retry-After"] == "7"


def test_each_unavailability_says_when_to_come_back() -> None:
    for kind in every_cause():
        if row_of(kind).status in {429, 503}:
            own = getattr(kind, "retry_after_seconds", None)
            named = "retry_after_seconds" in kind.public
            assert row_of(kind).retry_after or own or named, kind.__qualname__


def test_the_problems_page_has_an_anchor_for_every_code_and_a_page_each(
    client: TestClient,
) -> None:
    page = client.get("/problems").text
    for kind in known_causes():
        assert f'id="{kind.code}"' in page
        assert kind.__doc__, f"{kind.__qualname__} needs a sentence for its page"
        own = client.get(f"/problems/{kind.code}")
        assert own.status_code == 200
        assert title_of(kind) in unescape(own.text)


def test_a_key_that_is_missing_is_asked_for_and_one_that_is_wrong_is_named_so(
    client: TestClient,
) -> None:
    missing = client.get("/sample/mine")
    wrong = client.get("/sample/mine", headers={"Authorization": "Bearer nobody"})
    assert missing.headers["www-authenticate"] == 'Bearer realm="skillpassport"'
    assert 'error="invalid_token"' in wrong.headers["www-authenticate"]
    assert client.get("/sample/mine", headers=PROVIDER_KEY).status_code == 200


def test_an_address_that_several_routes_share_names_the_methods_of_all(client: TestClient) -> None:
    """The framework names those of the first route alone."""
    assert client.delete("/api/v1/credentials").headers["allow"] == "GET, HEAD, POST"
    assert client.get("/api/v1/verifications").headers["allow"] == "POST"
