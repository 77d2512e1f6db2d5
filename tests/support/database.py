"""Databases for tests: the same tests run on SQLite and on PostgreSQL.

A test that asks for `database` runs twice, once on each engine. `sqlite_database` is for what is
not the engine's business.
"""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from skillpassport.clock import FixedClock
from skillpassport.custody.master import MasterKeys
from skillpassport.db.engine import create_database_engine
from skillpassport.db.sequencer import Sequencer
from skillpassport.db.subject_keys import SubjectKeys
from skillpassport.db.tables import custody, log, metadata  # noqa: F401 (fills the metadata)
from skillpassport.db.unit_of_work import Database
from skillpassport.organisations.model import SERVICE
from skillpassport.vc.keys import Ed25519Signer
from tests.support.postgres import Cluster

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ORIGIN = "skills.example.org/log"
MASTER = MasterKeys(bytes(range(32)))
LOG_SIGNER = Ed25519Signer.from_private_bytes(bytes(range(32, 64)))


def a_database(engine: Engine, keys: Engine, clock: FixedClock | None = None) -> Database:
    """Return a database over two engines whose tables exist."""
    clock = clock or FixedClock(NOON)
    subject_keys = SubjectKeys(keys, MASTER, clock)
    subject_keys.prepare()
    return Database(engine, subject_keys=subject_keys, master=MASTER, clock=clock)


def with_own_key(database: Database) -> Database:
    """Return a database after making the service's own key, with which it marks its entries."""
    with database.transaction() as work:
        work.organisation_keys.create(SERVICE)
    return database


def a_sequencer(database: Database, folder: Path) -> Sequencer:
    """Return a sequencer with a fixed key that leaves its heads in a folder."""
    return Sequencer(
        database=database,
        origin=ORIGIN,
        active_signer=lambda _: LOG_SIGNER,
        heads_dir=folder / "heads",
    )


def later(database: Database, by: timedelta = timedelta(seconds=1)) -> datetime:
    """Move the database's clock forward and return the new time."""
    assert isinstance(database.clock, FixedClock)
    database.clock.instant += by
    return database.clock.instant


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a file of SQLite that has the tables, to be copied."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    engine = create_database_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_cluster: Cluster) -> str:
    """Make a database of PostgreSQL that has the tables, to be cloned; return its name."""
    name = postgres_cluster.create_database()
    engine = create_database_engine(postgres_cluster.url(name))
    metadata.create_all(engine)
    engine.dispose()
    return name


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """Make a database of SQLite with all tables and no rows; its clock stands at noon."""
    shutil.copy(sqlite_template, tmp_path / "skillpassport.db")
    engine = create_database_engine(f"sqlite:///{tmp_path / 'skillpassport.db'}")
    keys = create_database_engine(f"sqlite:///{tmp_path / 'subject-keys.db'}")
    yield with_own_key(a_database(engine, keys))
    engine.dispose()
    keys.dispose()


@pytest.fixture
def postgresql_database(postgres_cluster: Cluster, postgres_template: str) -> Iterator[Database]:
    """Make a database of PostgreSQL with all tables and no rows; its clock stands at noon."""
    name = postgres_cluster.create_database(postgres_template)
    engine = create_database_engine(postgres_cluster.url(name))
    yield with_own_key(a_database(engine, engine))
    engine.dispose()
    postgres_cluster.drop_database(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> Database:
    """Make a database of each engine in turn, with all tables and no rows."""
    made = request.getfixturevalue(f"{request.param}_database")
    assert isinstance(made, Database)
    return made
