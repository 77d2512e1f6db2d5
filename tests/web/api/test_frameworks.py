from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from tests.support.registry import (
    a_framework,
    a_registry_client,
    a_snapshot,
    an_edition,
)

HOSTILE = [
    "%00",
    "%0d%0aSet-Cookie:%20a=b",
    "%e2%80%ae",
    "%ff",
    "%ed%a0%80",
    "%d9%a3",
    "..%2f..%2fetc%2fpasswd",
    "%3Cscript%3E",
    "'%20OR%201=1--",
    "@",
    "NO:NKR@",
    "NO:NKR@current@current",
    ":",
    "+",
    "x" * 5000,
    quote("Å" * 150),
]


@pytest.fixture(scope="module")
def client() -> TestClient:
    return a_registry_client()


def test_frameworks_are_listed_in_pages(client: TestClient) -> None:
    seen: list[str] = []
    path: str | None = "/api/v1/frameworks?limit=20"
    while path is not None:
        got = client.get(path)
        seen += [one["id"] for one in got.json()["items"]]
        path = got.links.get("next", {}).get("url")
        assert (path is None) == (got.json()["next"] is None)
    assert seen == sorted(set(seen))
    assert len(seen) > 40


def test_frameworks_are_found_by_jurisdiction_and_text(client: TestClient) -> None:
    def found(query: str) -> list[str]:
        items = client.get(f"/api/v1/frameworks?{query}").json()["items"]
        return [one["id"] for one in items]

    assert found("jurisdiction=NO") == ["NO:NKR"]
    assert found("q=polska%20rama") == ["PL:PRK"]
    assert found("jurisdiction=NO&q=polska") == []
    assert "PH:PQF" in found("q=pqf")


def test_a_framework_shows_its_status_edition_and_count(client: TestClient) -> None:
    body = client.get("/api/v1/frameworks/IN:NSQF").json()
    assert body["status"] == "official"
    assert (body["edition"], body["level_count"], body["credit_unit_hours"]) == ("2023", 8, 30.0)
    assert [one["edition"] for one in body["editions"]] == ["2013", "2023"]
    assert body["sources"]


def test_before_every_edition_there_is_none(client: TestClient) -> None:
    body = client.get("/api/v1/frameworks/IN:NSQF?date=2010-01-01").json()
    assert (body["edition"], body["level_count"]) == (None, None)


def test_a_named_edition_wins_over_the_day(client: TestClient) -> None:
    assert client.get("/api/v1/frameworks/IN:NSQF@2013").json()["edition"] == "2013"


@pytest.mark.parametrize(
    "path", ["GB-ENG+NIR:RQF", "GB-ENG%2BNIR:RQF", "GB-ENG%20NIR:RQF", "GB-EAN:RQF"]
)
def test_an_id_with_plus_is_read_in_every_spelling(client: TestClient, path: str) -> None:
    assert client.get(f"/api/v1/frameworks/{path}").json()["id"] == "GB-ENG+NIR:RQF"


def test_levels_are_texts_in_order_with_a_stable_uri(client: TestClient) -> None:
    body = client.get("/api/v1/frameworks/NL:NLQF/levels").json()
    assert [one["level"] for one in body["items"]][4:7] == ["4", "4+", "5"]
    assert body["items"][5]["uri"].startswith("http://data.europa.eu/")
    reversed_scale = client.get("/api/v1/frameworks/FR:RNCP@1969/levels").json()
    assert [one["level"] for one in reversed_scale["items"]][:2] == ["V", "IV"]


def test_a_framework_without_a_list_has_no_levels(client: TestClient) -> None:
    assert client.get("/api/v1/frameworks/LB:LQF/levels").json()["items"] == []


def test_a_text_is_resolved_within_a_jurisdiction(client: TestClient) -> None:
    got = client.get("/api/v1/frameworks/resolve?text=PQF+level+5&jurisdiction=PL").json()
    assert got["answer"] == "found"
    assert [(one["framework"], one["level"]) for one in got["candidates"]] == [("PL:PRK", "V")]


@pytest.mark.parametrize("path", ["XX:YY", "NO:NKR@1999", "NKR", "no:nkr", "XX:YY/levels"])
def test_what_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    got = client.get(f"/api/v1/frameworks/{path}")
    assert got.status_code == 404
    assert got.headers["content-type"] == "application/problem+json"
    assert got.json()["code"] == "framework-not-found"


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/frameworks/{}",
        "/api/v1/frameworks/{}/levels",
        "/api/v1/frameworks?q={}",
        "/api/v1/frameworks?jurisdiction={}",
        "/api/v1/frameworks?cursor={}",
        "/api/v1/frameworks?limit={}",
        "/api/v1/frameworks/NO:NKR?date={}",
        "/api/v1/frameworks/NO:NKR/levels?date={}",
        "/api/v1/frameworks/resolve?text={}",
        "/api/v1/frameworks/resolve?text=PQF&jurisdiction={}",
        "/api/v1/frameworks/resolve?text=PQF&date={}",
    ],
)
def test_hostile_text_is_answered_or_refused_and_never_breaks_a_route(
    client: TestClient, path: str, text: str
) -> None:
    got = client.get(path.format(text))
    assert got.status_code in {200, 400, 404, 422}, got.text
    assert "set-cookie" not in got.headers
    if got.status_code != 200:
        assert got.headers["content-type"] == "application/problem+json"
        assert "<script" not in got.text


@pytest.mark.parametrize(
    "day", ["2026-02-30", "20260131", "2026-W05-1", "0", "1767225600", "", "٢"]
)
def test_a_day_is_a_calendar_day_and_nothing_else(client: TestClient, day: str) -> None:
    assert client.get("/api/v1/frameworks/NO:NKR", params={"date": day}).status_code == 422


@pytest.mark.parametrize("limit", ["0", "-1", "201", "1e3", "ten"])
def test_a_page_has_from_1_to_200_items(client: TestClient, limit: str) -> None:
    assert client.get("/api/v1/frameworks", params={"limit": limit}).status_code == 422
    assert client.get("/api/v1/frameworks", params={"limit": "200"}).status_code == 200


def test_the_description_names_the_routes_and_is_about_problems_too(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {
        "/api/v1/frameworks",
        "/api/v1/frameworks/resolve",
        "/api/v1/frameworks/{framework}",
        "/api/v1/frameworks/{framework}/levels",
        "/api/v1/equivalences",
    } <= set(paths)


def test_a_framework_without_any_edition_is_shown_without_one() -> None:
    snapshot = a_snapshot(
        frameworks=[a_framework("AA:X"), a_framework("BB:X")], editions=[an_edition("BB:X")]
    )
    with a_registry_client(snapshot) as client:
        assert client.get("/api/v1/frameworks/AA:X").json()["edition"] is None
        assert client.get("/api/v1/frameworks/AA:X/levels").json()["items"] == []
