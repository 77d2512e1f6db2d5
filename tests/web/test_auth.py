"""API keys: who is asking, and what the key may do."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.support.web import ADMINISTRATOR_KEY, PROVIDER_KEY, FakeServices, a_web_app

services = FakeServices()


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(a_web_app(services)) as client:
        yield client


def test_a_known_key_tells_who_is_asking(client: TestClient) -> None:
    assert client.get("/sample/mine", headers=PROVIDER_KEY).json() == {"owner": "org_provider"}
    assert client.get("/sample/mine", headers=ADMINISTRATOR_KEY).json() == {
        "owner": "administrator"
    }


def test_a_known_key_without_the_right_is_forbidden(client: TestClient) -> None:
    answer = client.post("/sample/awards", json={"name": "a"}, headers=ADMINISTRATOR_KEY)
    assert answer.status_code == 403
    assert answer.json()["code"] == "scope-missing"
    assert answer.json()["scope"] == "credentials:write"
    assert client.post("/sample/awards", json={"name": "a"}, headers=PROVIDER_KEY).is_success


@pytest.mark.parametrize(
    "header",
    [
        "Bearer sp_other",
        "Bearer ",
        "Bearer",
        "",
        "Basic c3BfcHJvdmlkZXI=",
        "sp_provider",
        "Bearer sp_provider extra",
        "Bearer\tsp_provider",
        "Bearer " + "a" * 5_000,
        "Bearer sp_provider\x00",
        b"Bearer sp_provider\xe9",
    ],
)
def test_anything_but_a_known_key_is_unauthorised(client: TestClient, header: str | bytes) -> None:
    raw = header if isinstance(header, bytes) else header.encode()
    answer = client.get("/sample/mine", headers=[(b"authorization", raw)])
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_read_in_any_case(client: TestClient, scheme: str) -> None:
    answer = client.get("/sample/mine", headers={"Authorization": f"{scheme} sp_provider"})
    assert answer.status_code == 200


def test_a_key_in_the_query_is_not_read(client: TestClient) -> None:
    assert client.get("/sample/mine?access_token=sp_provider").status_code == 401
