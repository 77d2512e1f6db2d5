"""Migrations lead an empty database to exactly the tables that the program declares."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from skillpassport import bundled as bundled_module
from skillpassport.bootstrap import open_instance
from skillpassport.bundled import bundled
from skillpassport.db import migrate
from skillpassport.db.engine import create_database_engine
from skillpassport.db.failures import DatabaseBusy
from skillpassport.db.file_lock import exclusively
from skillpassport.db.migrate import (
    DatabaseTooNew,
    current_revision,
    differences,
    head_revision,
    migration_config,
    upgrade,
)
from skillpassport.db.readiness import MigrationNeeded
from skillpassport.settings import load_settings
from tests.support.commands import LONGEST
from tests.support.patience import PATIENCE


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_database_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql_engine(postgres_database: Callable[[], str]) -> Iterator[Engine]:
    engine = create_database_engine(postgres_database())
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Make an empty database of each engine in turn."""
    made = request.getfixturevalue(f"{request.param}_engine")
    assert isinstance(made, Engine)
    return made


def test_an_empty_database_becomes_what_the_program_declares(
    engine: Engine, tmp_path: Path
) -> None:
    assert current_revision(engine) is None
    assert upgrade(engine, lock_file=tmp_path / "migrate.lock")
    assert current_revision(engine) == head_revision()
    assert differences(engine) == []


def test_the_newest_revision_is_the_one_that_alembic_names(engine: Engine, tmp_path: Path) -> None:
    """Both are read without Alembic, whose import would double the time of a start."""
    assert head_revision() == ScriptDirectory.from_config(migration_config()).get_current_head()
    upgrade(engine, lock_file=tmp_path / "migrate.lock")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert current_revision(engine) == context.get_current_revision()


def test_the_newest_of_several_is_the_one_that_none_builds_upon(tmp_path: Path) -> None:
    assert migrate._newest_in(tmp_path) is None
    (tmp_path / "b.py").write_text("revision = '0001'\ndown_revision = None\n")
    (tmp_path / "a.py").write_text('revision = "0002"\ndown_revision = "0001"\n')
    migrate._newest_in.cache_clear()
    assert migrate._newest_in(tmp_path) == "0002"


@pytest.mark.slow
def test_a_start_without_a_migration_does_not_import_alembic(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    upgrade(sqlite_engine, lock_file=tmp_path / "migrate.lock")
    program = (
        "import sys; import skillpassport.bootstrap\n"
        "from skillpassport.db.engine import create_database_engine\n"
        "from skillpassport.db.migrate import current_revision, head_revision\n"
        "print(current_revision(create_database_engine(sys.argv[1])) == head_revision())\n"
        "print([name for name in sys.modules if name.startswith('alembic')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(sqlite_engine.url)],
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    assert done.stdout.split("\n")[:2] == ["True", "[]"]


def test_a_current_database_is_left_alone(engine: Engine, tmp_path: Path) -> None:
    upgrade(engine, lock_file=tmp_path / "migrate.lock")
    assert not upgrade(engine, lock_file=tmp_path / "migrate.lock")


def test_workers_that_start_at_once_migrate_once(engine: Engine, tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        futures = [
            pool.submit(upgrade, engine, lock_file=tmp_path / "migrate.lock") for _ in range(4)
        ]
    assert sorted(future.result() for future in futures) == [False, False, False, True]


def test_a_migration_waits_for_whoever_writes(sqlite_engine: Engine, tmp_path: Path) -> None:
    """Such as another process that has just made the file."""
    with closing(sqlite3.connect(str(sqlite_engine.url.database))) as other:
        other.isolation_level = None
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(upgrade, sqlite_engine, lock_file=tmp_path / "migrate.lock")
            with pytest.raises(TimeoutError):
                running.result(timeout=0.5)
            other.execute("COMMIT")
            assert running.result()


@pytest.mark.slow
def test_processes_that_start_at_once_migrate_once(engine: Engine, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from skillpassport.db.engine import create_database_engine\n"
        "from skillpassport.db.migrate import upgrade\n"
        "print(upgrade(create_database_engine(sys.argv[1]), lock_file=Path(sys.argv[2])))"
    )
    address = engine.url.render_as_string(hide_password=False)
    arguments = [sys.executable, "-c", program, address, str(tmp_path / "migrate.lock")]
    running = [
        subprocess.Popen(arguments, cwd=tmp_path, stdout=subprocess.PIPE, text=True) for _ in "ab"
    ]
    said = sorted(process.communicate(timeout=LONGEST)[0].strip() for process in running)
    assert said == ["False", "True"]
    assert differences(engine) == []


@pytest.mark.postgresql
def test_a_shared_database_is_migrated_only_when_told_to(
    postgres_database: Callable[[], str], tmp_path: Path
) -> None:
    address = postgres_database()
    settings = {"database_url": address, "data_dir": tmp_path, "seed": "none"}
    instance = open_instance(load_settings(**settings))
    with pytest.raises(MigrationNeeded, match="skillpassport db upgrade"):
        instance.prepare()
    assert instance.is_empty()
    instance.close()
    instance = open_instance(load_settings(**settings, auto_migrate=True))
    assert instance.prepare().migrated
    assert differences(instance.database.engine) == []
    instance.close()


def test_a_database_of_a_newer_version_is_left_alone(engine: Engine, tmp_path: Path) -> None:
    upgrade(engine, lock_file=tmp_path / "migrate.lock")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'future'"))
    with pytest.raises(DatabaseTooNew, match="'future'"):
        upgrade(engine, lock_file=tmp_path / "migrate.lock")


def test_every_step_back_is_possible_too(engine: Engine, tmp_path: Path) -> None:
    upgrade(engine, lock_file=tmp_path / "migrate.lock")
    with engine.connect() as connection:
        command.downgrade(migration_config(connection), "base")
        connection.commit()
    assert current_revision(engine) is None
    assert upgrade(engine, lock_file=tmp_path / "migrate.lock")
    assert differences(engine) == []


def test_a_migration_that_fails_leaves_nothing_behind(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "migrations"
    (script / "versions").mkdir(parents=True)
    (script / "env.py").write_text((bundled("migrations") / "env.py").read_text())
    (script / "versions" / "one.py").write_text(
        "from alembic import op\n"
        "revision = 'one'\n"
        "down_revision = None\n"
        "def upgrade():\n"
        "    op.execute('CREATE TABLE half (id TEXT)')\n"
        "    raise KeyError('broken')\n"
    )
    monkeypatch.setattr(migrate, "bundled", lambda _name: script)
    with pytest.raises(KeyError):
        upgrade(engine, lock_file=tmp_path / "migrate.lock")
    assert current_revision(engine) is None
    with engine.connect() as connection:
        assert not engine.dialect.has_table(connection, "half")


def test_foreign_keys_are_enforced_again_after_a_migration(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    upgrade(sqlite_engine, lock_file=tmp_path / "migrate.lock")
    for _ in range(3):
        with sqlite_engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_migrations_are_found_from_any_working_directory(tmp_path: Path) -> None:
    program = "from skillpassport.db.migrate import head_revision; print(head_revision())"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, check=True, text=True
    )
    assert done.stdout.strip() == head_revision()


def test_what_is_missing_from_an_installation_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundled_module, "_PACKAGE", tmp_path)
    monkeypatch.setattr(bundled_module, "_CHECKOUT", tmp_path)
    with pytest.raises(FileNotFoundError, match="install skillpassport again"):
        bundled("migrations")
    (tmp_path / "_migrations").mkdir()
    assert bundled("migrations") == tmp_path / "_migrations"


def test_a_file_lock_is_waited_for_and_not_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "lock"
    held, refused, order = threading.Event(), threading.Event(), []

    def hold() -> None:
        with exclusively(path, wait_seconds=PATIENCE):
            held.set()
            refused.wait(PATIENCE)
            order.append("first")

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(PATIENCE)
    with pytest.raises(DatabaseBusy), exclusively(path, wait_seconds=0):
        pass
    refused.set()
    with exclusively(path, wait_seconds=PATIENCE):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]
