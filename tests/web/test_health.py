"""Liveness, readiness, version and metrics."""

from starlette.testclient import TestClient

from skillpassport.web.metrics import Metrics
from tests.support.web import FakeServices, a_web_app


def test_a_running_instance_lives_is_ready_and_names_its_version() -> None:
    services = FakeServices()
    with TestClient(a_web_app(services)) as client:
        assert client.get("/livez").json() == {"status": "alive"}
        assert client.get("/readyz").json()["ready"] is True
        assert client.get("/version").json()["name"] == "skillpassport"
        assert services.life == ["started"]
    assert services.life == ["started", "stopped"]


def test_an_instance_that_lacks_something_lives_and_is_not_ready() -> None:
    services = FakeServices()
    services.checks.append(("signer", False, "no key"))
    with TestClient(a_web_app(services)) as client:
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
        assert answer.json()["checks"][1] == {"name": "signer", "ready": False, "detail": "no key"}
        assert client.get("/livez").status_code == 200


def test_metrics_count_by_template_and_never_by_path() -> None:
    with TestClient(a_web_app()) as client:
        for code in ("AAAA", "BBBB"):
            client.get(f"/sample/checked/{code}")
        client.get("/somewhere/CCCC")
        answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    series = 'method="GET",route="/sample/checked/{code}",status="2xx"'
    assert f"skillpassport_request_seconds_count{{{series}}} 2" in answer.text
    assert not {"AAAA", "BBBB", "CCCC"} & set(answer.text.replace('"', "/").split("/"))


def test_a_method_that_nobody_knows_makes_no_series_of_its_own() -> None:
    metrics = Metrics()
    metrics.observe(method='X"}\n', route="/a", status=405, seconds=0.2)
    assert 'method="OTHER",route="/a",status="4xx",le="0.25"} 1' in metrics.exposition()
