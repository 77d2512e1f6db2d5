"""`/api/v1/agreements`: public ones alone, in pages, with everything that their records say."""

import dataclasses

import pytest
from starlette.testclient import TestClient

from skillpassport.equivalence.importing.agreements import read_agreement_file
from skillpassport.equivalence.seeding import read_registry_seed
from skillpassport.equivalence.snapshot import RegistrySnapshot
from tests.support.importing import some_records
from tests.support.registry import a_registry_client

RECORDS: list[dict[str, object]] = [
    {"id": "KE-GB", "kind": "blma", "source": "a text", "origin": "KE", "destination": "GB"}
    | {"isco": "2221", "in_force": "2021-07-29", "read": ["text"], "recognition": "by the board"},
    {"id": "SECRET", "kind": "blma", "source": "a text", "origin": "KE", "public": False},
    {"id": "TN-IT", "kind": "mou", "source": "a text", "origin": "TN", "destination": "IT"},
]


@pytest.fixture(scope="module")
def client() -> TestClient:
    seed = read_registry_seed()
    reading = read_agreement_file(some_records(RECORDS), {}, seed.snapshot())
    content = dataclasses.replace(seed.content, agreements=reading.content.agreements)
    return a_registry_client(RegistrySnapshot.of_content(content))


def slugs(client: TestClient, **parameters: str) -> list[str]:
    got = client.get("/api/v1/agreements", params=parameters)
    assert got.status_code == 200, got.text
    return [one["slug"] for one in got.json()["items"]]


def test_public_agreements_are_listed_in_pages(client: TestClient) -> None:
    assert slugs(client) == ["KE-GB", "TN-IT"]
    first = client.get("/api/v1/agreements", params={"limit": 1})
    assert [one["slug"] for one in first.json()["items"]] == ["KE-GB"]
    assert 'rel="next"' in first.headers["link"]
    assert slugs(client, limit="1", cursor=first.json()["next"]) == ["TN-IT"]


def test_agreements_are_filtered(client: TestClient) -> None:
    assert slugs(client, origin="KE", destination="GB") == ["KE-GB"]
    assert slugs(client, isco="2221") == ["KE-GB"]
    assert slugs(client, kind="mou") == ["TN-IT"]
    assert slugs(client, origin="ZZ") == []


def test_one_agreement_is_told_with_all_its_record_says(client: TestClient) -> None:
    body = client.get("/api/v1/agreements/KE-GB").json()
    assert body["recognition"] == "by the board"
    assert (body["in_force"], body["is_in_force"]) == ("2021-07-29", True)
    assert client.get(f"/api/v1/agreements/{body['id']}").json() == body
    before = client.get("/api/v1/agreements/KE-GB", params={"date": "2021-07-28"}).json()
    assert before["is_in_force"] is False
    assert client.get("/api/v1/agreements/TN-IT").json()["is_in_force"] is None


@pytest.mark.parametrize("name", ["SECRET", "NONE", "%00", "x" * 200])
def test_an_agreement_that_is_not_public_is_not_there(client: TestClient, name: str) -> None:
    got = client.get(f"/api/v1/agreements/{name}")
    assert got.status_code in {400, 404, 422}
    assert got.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "parameters",
    [{"origin": "Kenya"}, {"isco": "nurse"}, {"kind": "A B"}, {"date": "2021"}, {"cursor": "x"}],
)
def test_a_filter_that_cannot_be_read_is_refused(
    client: TestClient, parameters: dict[str, str]
) -> None:
    assert client.get("/api/v1/agreements", params=parameters).status_code == 422
