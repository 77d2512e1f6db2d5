"""What holds for every test: no network, the same examples each time."""

import socket
from importlib.util import find_spec
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = [
    plugin
    for plugin in (
        "tests.support.patience",
        "tests.support.postgres",
        "tests.support.database",
        "tests.support.instances",
        "tests.support.awards",
        "tests.support.lived_in",
        "tests.support.vc_api",
    )
    if find_spec(plugin) is not None
]

# Derandomised, so that a red build is red again on the next machine; `--hypothesis-seed` explores.
settings.register_profile(
    "steady",
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("steady")

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class NetworkForbidden(Exception):
    """A test tried to leave this machine."""


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tests connect to this machine only."""
    connect = socket.socket.connect

    def connect_locally(self: socket.socket, address: Any) -> None:  # noqa: ANN401 (socket's own)
        if self.family != socket.AF_UNIX and address[0] not in LOOPBACK:
            raise NetworkForbidden(f"A test tried to connect to {address}; use a fake.")
        connect(self, address)

    resolve = socket.getaddrinfo

    def resolve_locally(host: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        if host not in LOOPBACK and host is not None:
            raise NetworkForbidden(f"A test tried to look up {host!r}; use a fake.")
        return resolve(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", connect_locally)
    monkeypatch.setattr(socket, "getaddrinfo", resolve_locally)
