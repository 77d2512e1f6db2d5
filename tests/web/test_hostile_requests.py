"""Every route of the whole product, sent what is almost right: refused, never broken."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from skillpassport.bootstrap import open_instance
from skillpassport.settings import load_settings
from skillpassport.web.app import create_app
from tests.support.hostile import Bender

pytestmark = pytest.mark.slow

ADMINISTRATOR = "an-administrator-key"
ROUNDS = 12


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("instance")
    settings = load_settings(
        data_dir=folder, bootstrap_admin_key=ADMINISTRATOR, rate_limits="off", seed="none"
    )
    instance = open_instance(settings)
    instance.prepare()
    with TestClient(create_app(instance, settings), raise_server_exceptions=False) as client:
        yield client


def authorised(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def registered(client: TestClient, kind: str) -> dict[str, str]:
    """Register an organisation and return the header with its key."""
    body = {"slug": kind, "name": {"en": kind}, "kind": kind, "country": "GH"}
    answer = client.post("/api/v1/organisations", json=body, headers=authorised(ADMINISTRATOR))
    assert answer.status_code == 201, answer.text
    return authorised(answer.json()["api_key"])


def _judged(answer: Response) -> bool:
    """Whether this is the VC-API's own answer about a document that it could read."""
    return answer.headers["content-type"] == "application/json" and not answer.json()["verified"]


def test_no_bent_request_causes_a_fault(client: TestClient) -> None:
    callers = [{}, authorised(ADMINISTRATOR)]
    callers += [registered(client, "authority"), registered(client, "provider")]
    bender = Bender(client.get("/openapi.json").json(), seed=1, texts=("provider", "authority"))
    served = 0
    for turn in range(ROUNDS):
        for sent in bender.requests():
            headers = {**sent.headers, **callers[turn % len(callers)]}
            answer = client.request(sent.method, sent.url, content=sent.body, headers=headers)
            assert answer.status_code < 500, (sent, answer.text)
            if answer.status_code == 400 and sent.url.startswith("/vc/") and _judged(answer):
                continue  # the VC-API's way to refuse a document
            if answer.status_code >= 400:
                assert answer.headers["content-type"] == "application/problem+json", sent
                assert answer.json()["status"] == answer.status_code
            served += answer.is_success
    assert served > 0
