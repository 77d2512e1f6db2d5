"""Requests that are bent in their form, and a store that cannot take them."""

import sqlite3
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from skillpassport.web.limits import Limits
from tests.support.awards import Story, a_story
from tests.support.instances import Served

# --- paths and headers --------------------------------------------------------------------------

PATHS = (
    "/v/..%2f..%2fapi",
    "/v/%2e%2e/",
    "/v/%252e%252e",
    "/v/%00",
    "/v/%0d%0aSet-Cookie:%20a=b",
    "/v/%ff",
    "/v/" + "A" * 20_000,
    "/v/" + "%41" * 26,
    "/v/\u0664" * 3,
    "/status/..%2f..%2fmaster.key",
    "/status/%2e%2e%2fmaster.key",
    "/orgs/..%2f..%2f/did.json",
    "/orgs/%00/did.json",
    "/orgs/" + "a" * 5_000 + "/did.json",
    "/static/..%2f..%2fpassport.css",
    "/static/%2e%2e/%2e%2e/etc/passwd",
    "//evil.example/%2f..",
    "/problems/..%2f..",
    "/api/v1/organisations/%C0%AE%C0%AE",
    "/api/v1/frameworks/%F0%9F%98%80",
)


@pytest.mark.parametrize("path", PATHS, ids=range(len(PATHS)))
def test_a_path_leads_nowhere_but_where_it_says(standing: Served, path: str) -> None:
    answer = standing.get(path)
    assert answer.status_code in {400, 404, 422}
    assert "set-cookie" not in answer.headers
    assert "location" not in answer.headers
    assert "root:" not in answer.text


@pytest.mark.parametrize(
    "given", ["//evil.example", "https://evil.example", "../x", "\\\\e", "%0d"]
)
def test_the_field_for_a_code_leads_to_this_service_alone(standing: Served, given: str) -> None:
    location = standing.get(f"/v?code={given}").headers.get("location", "/v/-")
    assert location.startswith("/v/")
    assert "/" not in location.removeprefix("/v/")


def test_codes_in_letters_of_other_scripts_are_none(standing_story: Story) -> None:
    code = standing_story.award(awarded_on="2026-06-01")["code"]
    post = standing_story.served.post
    for same in (code, code.lower(), "-".join(code)):
        assert post("/api/v1/verifications", {"code": same}).json()["verdict"] == "valid"
    full_width = "".join(chr(ord(symbol) + 0xFEE0) for symbol in code)
    for other in (full_width, code.replace(code[0], "\u0131", 1), code + "\u200b", "\ufb00" * 13):
        assert post("/api/v1/verifications", {"code": other}).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"document": None},
        {"code": "x", "document": {}},
        {"document": 5},
        {"document": ""},
        {"url": ["https://x.example"]},
        {"document": {}, "destination": "no"},
        {"document": {}, "destination": "NOR"},
        {"document": {}, "purpose": "fraud"},
        {"document": {}, "unsafe_skip_status": True},
        {"document": {}, "policy": {}},
    ],
)
def test_a_question_is_asked_as_documented_or_not_at_all(
    standing: Served, body: dict[str, Any]
) -> None:
    assert standing.post("/api/v1/verifications", body).status_code == 422


@pytest.mark.parametrize(
    "document",
    [
        {},
        [],
        "x",
        "..",
        "e30.e30.",
        "eyJhbGciOiJub25lIn0.e30.",
        "=~=",
        "a~b~c",
        "HC1:NCF",
        "{",
        "[]",
        '{"a":1,"a":2}',
        '{"a":NaN}',
        "\ufeff{}",
        "[" * 5_000,
        '{"a":' * 200 + "1" + "}" * 200,
        {"@context": "x", "type": "VerifiableCredential"},
        {"type": ["VerifiableCredential"] * 20_000},
        {"@context": [{"@import": "https://evil.example"}], "type": ["VerifiableCredential"]},
        {"vc": {}},
    ],
    ids=range(20),
)
def test_whatever_is_brought_gets_an_answer(standing: Served, document: object) -> None:
    answer = standing.post("/api/v1/verifications", {"document": document})
    assert answer.status_code == 200, answer.text
    report = answer.json()
    assert report["verdict"] in {"unreadable", "invalid"}
    assert report["subject"] == {"withheld": True}


# --- a store that cannot take them --------------------------------------------------------------


@pytest.fixture
def story(served: Served) -> Story:
    return a_story(served)


def count(story: Story) -> int:
    answer = story.served.get("/api/v1/credentials?limit=200", story.provider.key)
    return len(answer.json()["items"])


@pytest.mark.parametrize("store", ["main", "subject keys"])
def test_a_full_disk_is_said_with_a_time_to_come_back_and_heals(story: Story, store: str) -> None:
    engine = story.served.instance.engines[0 if store == "main" else 1]
    story.award()
    full = [True]

    def limit(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
        raw = connection.connection.driver_connection
        pages = raw.execute("PRAGMA page_count").fetchone()[0] if full[0] else 1_000_000
        raw.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(engine, "begin", limit)
    refused = []
    for _attempt in range(120):
        answer = story.ask_to_award(results={"Essay": "x" * 480})
        if answer.status_code != 201:
            refused.append(answer)
        if len(refused) == 2:
            break
    assert [answer.status_code for answer in refused] == [503, 503]
    assert {answer.json()["code"] for answer in refused} == {"storage-full"}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)
    before = count(story)
    full[0] = False
    made = story.award()
    assert count(story) == before + 1
    story.served.instance.sequencer().sequence_once()
    assert story.verify_code(made["code"])["verdict"] == "valid"
    assert story.served.instance.verify_log().findings == ()


def test_a_locked_database_is_said_with_a_time_to_come_back(
    story: Story,
) -> None:
    def impatient(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
        connection.connection.driver_connection.execute("PRAGMA busy_timeout = 50")

    event.listen(story.served.instance.engines[0], "begin", impatient)
    made = story.award()
    path = story.served.folder / "skillpassport.db"
    other = sqlite3.connect(path, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        for refused in (story.ask_to_award(), story.change(made["id"], "revoke")):
            assert (refused.status_code, refused.json()["code"]) == (503, "database-busy")
            assert int(refused.headers["retry-after"]) > 0
        assert story.verify_code(made["code"])["verdict"] == "valid", "readers go on"
    finally:
        other.rollback()
        other.close()
    assert count(story) == 1
    assert story.change(made["id"], "revoke").status_code == 200


# --- too much of it -----------------------------------------------------------------------------


def test_a_flood_is_told_when_to_come_back_and_others_are_served(served: Served) -> None:
    story = a_story(served)
    app: Any = served.http.app
    app.state.limits = Limits(
        {"verification": (5, timedelta(seconds=60)), "key": (3, timedelta(seconds=60))}
    )
    asked = [served.post("/api/v1/verifications", {"code": "0" * 26}) for _ in range(7)]
    assert [answer.status_code for answer in asked] == [200] * 5 + [429] * 2
    assert int(asked[-1].headers["retry-after"]) > 0
    pages = [served.get(f"/v/{'0' * 26}") for _ in range(2)]
    assert [page.status_code for page in pages] == [429, 429], "one limit for both doors"
    keyed = [served.get("/api/v1/me", story.provider.key) for _ in range(5)]
    assert [answer.status_code for answer in keyed] == [200] * 3 + [429] * 2
    assert served.get("/api/v1/me", story.authority.key).status_code == 200
    for path in ("/livez", "/.well-known/did.json", "/orgs/college/did.json"):
        assert {served.get(path).status_code for _ in range(10)} == {200}
