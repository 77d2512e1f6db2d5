"""Whole instances for tests: the real application over a prepared database, with a clock to set.

The database with its registry is made once and copied for each test, so that a test begins within
a few milliseconds on a fresh instance.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from httpx2 import Response as Answer
from starlette.datastructures import State
from starlette.testclient import TestClient

from skillpassport.bootstrap import Instance, open_instance
from skillpassport.clock import FixedClock
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.settings import Settings, load_settings
from skillpassport.web.app import create_app
from tests.support.postgres import Cluster

PUBLIC_URL = "https://passport.example"
ADMINISTRATOR = "administrator-of-the-tests"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

__all__ = ["ADMINISTRATOR", "NOON", "PUBLIC_URL", "Answer", "Served", "an_instance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One instance with a client of its HTTP routes."""

    instance: Instance
    http: TestClient
    clock: FixedClock
    folder: Path

    def get(self, path: str, key: str | None = None, **headers: str) -> Answer:
        """Send a GET, with an API key if one is given; `if_none_match` becomes If-None-Match."""
        return self.http.get(path, headers=_headers(key, headers), follow_redirects=False)

    def post(self, path: str, body: object, key: str | None = None, **headers: str) -> Answer:
        """Send a body as JSON, with an API key if one is given."""
        return self.http.post(path, json=body, headers=_headers(key, headers))

    def pass_time(self, **by: float) -> datetime:
        """Move the clock on, as in `timedelta(**by)`, and return the new time."""
        self.clock.instant += timedelta(**by)
        return self.clock.instant

    def set_day(self, day: str) -> None:
        """Move the clock on to noon of a day."""
        self.clock.instant = datetime.fromisoformat(f"{day}T12:00:00+00:00")


def _headers(key: str | None, further: dict[str, str]) -> dict[str, str]:
    headers = {name.replace("_", "-"): value for name, value in further.items()}
    return headers | ({"Authorization": f"Bearer {key}"} if key is not None else {})


@contextmanager
def an_instance(
    folder: Path,
    clock: FixedClock | None = None,
    *,
    prepare: bool = False,
    registry: RegistrySnapshot | None = None,
    **settings: object,
) -> Iterator[Served]:
    """Open an instance over a data folder, and close it at the end of the block.

    One event loop serves all its requests, as in earnest; a loop for each would cost more than
    most requests.

    registry: what the folder's registry holds, so that it need not be read again; the instance
        keeps it for as long as its revision is the newest, as it keeps what it has read itself
    """
    clock = clock or FixedClock(NOON)
    wanted: dict[str, object] = {
        "data_dir": folder,
        "public_url": PUBLIC_URL,
        "bootstrap_admin_key": ADMINISTRATOR,
        "rate_limits": "off",
        "seed": "registry",
        "auto_migrate": True,
    }
    chosen = load_settings(**(wanted | settings))
    instance = open_instance(chosen, clock=clock)
    try:
        if prepare:
            instance.prepare()
        if registry is not None:
            instance.database._opened.registry = registry
        with _application(instance, chosen) as app:
            http = TestClient(app, base_url=PUBLIC_URL, raise_server_exceptions=False)
            with start_blocking_portal() as http.portal:
                yield Served(instance=instance, http=http, clock=clock, folder=folder)
    finally:
        instance.close()


_IDLE: dict[str, list[FastAPI]] = {}
"""Applications whose instance is closed, by public address."""


@contextmanager
def _application(instance: Instance, settings: Settings) -> Iterator[FastAPI]:
    """Make an application, or take one that nobody uses and give it the state of a new one.

    The framework analyses a router when the first request meets it, which takes longer than many a
    test; what an application then knows of its routes does not depend on the instance.
    """
    made = create_app(instance, settings)
    idle = _IDLE.setdefault(settings.public_url, [])
    app = idle.pop() if idle else made
    if app is not made:
        app.state = State(made.state._state | {"metrics": app.state.metrics})
    yield app
    idle.append(app)


@pytest.fixture(scope="session")
def instance_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a data folder with the registry and the administrator's key, to be copied."""
    folder = tmp_path_factory.mktemp("instance-template")
    with an_instance(folder, prepare=True):
        pass
    return folder


@pytest.fixture(scope="session")
def seeded_registry(instance_template: Path) -> RegistrySnapshot:
    """Read the registry of the template, once for all its copies."""
    with an_instance(instance_template) as opened:
        return opened.instance.registry()


@pytest.fixture(scope="session")
def postgres_instance_template(
    postgres_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """Make the same on PostgreSQL; return the name of the database and the data folder."""
    name, folder = postgres_cluster.create_database(), tmp_path_factory.mktemp("pg-template")
    with an_instance(folder, database_url=postgres_cluster.url(name), prepare=True):
        pass
    return name, folder


@pytest.fixture
def served(
    instance_template: Path, seeded_registry: RegistrySnapshot, tmp_path: Path
) -> Iterator[Served]:
    """Serve a fresh instance over SQLite; its clock stands at noon."""
    folder = tmp_path / "var"
    shutil.copytree(instance_template, folder)
    with an_instance(folder, registry=seeded_registry) as opened:
        yield opened


@pytest.fixture
def served_by_postgresql(
    postgres_cluster: Cluster, postgres_instance_template: tuple[str, Path], tmp_path: Path
) -> Iterator[Served]:
    """Serve a fresh instance over PostgreSQL; its clock stands at noon."""
    template, prepared = postgres_instance_template
    folder = tmp_path / "var"
    shutil.copytree(prepared, folder)
    name = postgres_cluster.create_database(template)
    with an_instance(folder, database_url=postgres_cluster.url(name)) as opened:
        yield opened
    postgres_cluster.drop_database(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def served_anywhere(request: pytest.FixtureRequest) -> Served:
    """Serve a fresh instance over each engine in turn."""
    name = "served" if request.param == "sqlite" else "served_by_postgresql"
    opened = request.getfixturevalue(name)
    assert isinstance(opened, Served)
    return opened
