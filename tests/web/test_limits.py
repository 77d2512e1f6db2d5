"""Limits: what is served, what is refused, and what no limit touches."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.testclient import TestClient

from skillpassport.web import limits as limits_module
from skillpassport.web.errors import TooManyRequests
from skillpassport.web.limits import Limit, Limits, client_address
from tests.support.web import PROVIDER_KEY, a_web_app

SECOND = timedelta(seconds=1)


class Time:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_of_the_whole_limit_is_served_and_the_next_refused() -> None:
    time = Time()
    limit = Limit("verification", 50, SECOND, time)
    left = [limit.spend("a").requests for _ in range(50)]
    assert left == list(range(49, -1, -1))
    with pytest.raises(TooManyRequests) as caught:
        limit.spend("a")
    assert caught.value.retry_after_seconds == 1
    assert limit.spend("b").requests == 49


@pytest.mark.parametrize("workers", [1, 2, 3, 4, 7, 64])
def test_workers_together_grant_no_more_guesses_than_one(workers: int) -> None:
    time = Time()
    guessing = {"login": (10, timedelta(minutes=1)), "recovery": (5, timedelta(minutes=1))}
    everyone = [Limits(guessing, time, workers=workers) for _ in range(workers)]
    for name, (requests, _) in guessing.items():
        granted = sum(granted_at_once(limits.find(name)) for limits in everyone)
        assert 1 <= granted <= max(requests, workers)
        time.now += 600
        hour = 0
        for _ in range(60):
            time.now += 60
            hour += sum(granted_at_once(limits.find(name)) for limits in everyone)
        assert hour <= 60 * requests + workers


def test_workers_together_begin_no_more_statements_for_one_address_than_one() -> None:
    rates = {"new-statement": (50, timedelta(hours=24)), "verification": (50, SECOND)}
    everyone = [Limits(rates, Time(), workers=4) for _ in range(4)]
    granted = [granted_at_once(limits.find("new-statement")) for limits in everyone]
    assert sum(granted) <= 50
    assert granted_at_once(everyone[0].find("verification")) == 50


def granted_at_once(limit: Limit | None) -> int:
    assert limit is not None
    for number in range(1_000):
        try:
            limit.spend("a")
        except TooManyRequests:
            return number
    return 1_000


def test_each_worker_grants_the_whole_of_what_costs_nobody_anything() -> None:
    limits = Limits({"verification": (50, SECOND)}, Time(), workers=4)
    assert granted_at_once(limits.find("verification")) == 50


def test_a_refused_request_costs_nothing() -> None:
    time = Time()
    limit = Limit("login", 2, timedelta(seconds=10), time)
    limit.spend("a")
    limit.spend("a")
    for _ in range(100):
        with pytest.raises(TooManyRequests):
            limit.spend("a")
    time.now += 5
    assert limit.spend("a").requests == 0


def test_the_wait_that_is_told_is_enough() -> None:
    time = Time()
    limit = Limit("login", 3, timedelta(minutes=1), time)
    for _ in range(3):
        limit.spend("a")
    with pytest.raises(TooManyRequests) as caught:
        limit.spend("a")
    time.now += caught.value.retry_after_seconds
    limit.spend("a")


@given(
    requests=st.integers(1, 50),
    gaps=st.lists(st.floats(0, 2, allow_nan=False), min_size=1, max_size=120),
)
def test_the_rate_is_never_below_what_was_set(requests: int, gaps: list[float]) -> None:
    """Whoever sent fewer than the limit in the period before is always served."""
    time = Time()
    served: list[float] = []
    limit = Limit("x", requests, SECOND, time)
    for gap in gaps:
        time.now += gap
        recent = [at for at in served if at > time.now - 1.000_001]
        try:
            limit.spend("a")
            served.append(time.now)
        except TooManyRequests:
            assert len(recent) >= requests


def test_the_clients_remembered_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits_module, "MAX_TRACKED", 10)
    limit = Limit("x", 1, SECOND, Time())
    for client in range(100):
        limit.spend(str(client))
    assert len(limit._whole_at) == 10


@pytest.mark.parametrize(
    ("host", "stands_for"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("testclient", "testclient"),
    ],
)
def test_whom_an_address_stands_for(host: str, stands_for: str) -> None:
    assert client_address(Request({"type": "http", "client": (host, 1)})) == stands_for


def test_a_limited_route_tells_what_is_left_and_refuses_with_a_wait() -> None:
    with TestClient(a_web_app(rate_limits="verification=2/minute")) as client:
        first = client.get("/sample/checked/a")
        assert first.headers["ratelimit"].startswith('"verification";r=1;t=')
        assert first.headers["ratelimit-policy"] == '"verification";q=2;w=60'
        client.get("/sample/checked/a")
        refused = client.get("/sample/checked/a")
        assert refused.status_code == 429
        assert refused.json()["code"] == "too-many-requests"
        assert int(refused.headers["retry-after"]) >= 1
        assert client.get("/livez").status_code == 200
        assert client.get("/sample/mine", headers=PROVIDER_KEY).status_code == 200


def test_keys_are_counted_each_for_itself() -> None:
    with TestClient(a_web_app(rate_limits="key=1/minute")) as client:
        assert client.get("/sample/mine", headers=PROVIDER_KEY).status_code == 200
        assert client.get("/sample/mine", headers=PROVIDER_KEY).status_code == 429


def test_switched_off_limits_leave_those_on_guessable_secrets() -> None:
    app = a_web_app(rate_limits="off")
    assert app.state.limits.find("verification") is None
    assert app.state.limits.find("key") is None
    for name in ("login", "recovery", "reading-code"):
        assert app.state.limits.find(name) is not None
