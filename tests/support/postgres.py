"""A PostgreSQL cluster of the tests' own: made, started and stopped by them, on loopback.

One for each test process (each worker of pytest-xdist has its own), started by the first test that
asks. Each test gets a fresh database, cloned from a template that has the tables already.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.support.ports import free_port

MINIMUM_VERSION = 15

_SETTINGS = {
    # What is lost with the machine is only a test's.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "autovacuum": "off",
}


def binaries() -> Path | None:
    """Return the folder with PostgreSQL's programs, newest version first; None without any."""
    if (found := shutil.which("initdb")) is not None:
        return Path(found).resolve().parent
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parents[1].name),
        reverse=True,
    )
    return installed[0].parent if installed else None


def _owner() -> pwd.struct_passwd | None:
    """Return who is to run the cluster: root may not, so one of the system's unprivileged users."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("Expected a user 'postgres' or 'nobody' to run PostgreSQL as; found none.")


@dataclass
class Cluster:
    """A running cluster in a folder of its own."""

    bin: Path
    folder: Path
    port: int
    owner: pwd.struct_passwd | None
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @classmethod
    def start(cls, programs: Path) -> "Cluster":
        """Make and start a cluster."""
        owner = _owner()
        folder = Path(tempfile.mkdtemp(prefix="skillpassport-pg-"))
        if owner is not None:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        cluster = cls(programs, folder, free_port(), owner)
        try:
            cluster._run(
                "initdb", "--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C",
                "--username=tests", "--pgdata", str(folder / "data"),
            )  # fmt: skip
            cluster.resume()
        except BaseException:
            cluster.stop()
            raise
        return cluster

    def stop(self) -> None:
        """Stop the cluster and remove its folder."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self.halt("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def halt(self, mode: str) -> None:
        """Stop the cluster and keep its folder.

        mode: `fast` cuts every connection in good order, `immediate` is a crash
        """
        self._run("pg_ctl", "stop", f"--mode={mode}", "--pgdata", str(self.folder / "data"))

    def resume(self) -> None:
        """Start the cluster in its folder, on its port."""
        options = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
        self._run(
            "pg_ctl", "start", "--wait", "--silent",
            "--pgdata", str(self.folder / "data"), "--log", str(self.folder / "log"),
            "--options",
            f"-p {self.port} -c listen_addresses=127.0.0.1 "
            f"-c unix_socket_directories={self.folder} {options}",
        )  # fmt: skip

    def restart(self) -> None:
        """Restart the cluster as an operator would, cutting every connection."""
        self._run("pg_ctl", "restart", "--mode=fast", "--wait", "--pgdata",
                  str(self.folder / "data"), "--log", str(self.folder / "log"))  # fmt: skip

    def url(self, database: str) -> str:
        """Return the address of a database."""
        return f"postgresql://tests@127.0.0.1:{self.port}/{database}"

    def create_database(self, template: str = "template1") -> str:
        """Return the name of a new database."""
        name = f"test_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        """Run a statement as the cluster's administrator, outside a transaction."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _run(self, program: str, *arguments: str) -> None:
        # Output to a file: a server started by pg_ctl would keep a pipe open for ever.
        with (self.folder / "programs").open("ab") as output:
            done = subprocess.run(
                [self.bin / program, *arguments],
                cwd=self.folder,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                check=False,
                env={"LC_ALL": "C", "PATH": os.defpath, "PGCTLTIMEOUT": "180"},
                user=self.owner and self.owner.pw_uid,
                group=self.owner and self.owner.pw_gid,
                extra_groups=self.owner and (),
            )
        if done.returncode != 0:
            said = (self.folder / "programs").read_text(errors="replace")
            raise RuntimeError(f"{program} failed:\n{said}")


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """Start a cluster for this process, or skip and say why there is none."""
    programs = binaries()
    if programs is None:
        reason = "PostgreSQL tests skipped: no initdb in PATH or /usr/lib/postgresql/*/bin."
        if os.environ.get("REQUIRE_PG") == "1":
            pytest.fail(f"{reason} REQUIRE_PG=1 forbids that.")
        pytest.skip(reason)
    cluster = Cluster.start(programs)
    try:
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture
def postgres_database(postgres_cluster: Cluster) -> Iterator[Callable[[str], str]]:
    """Make new databases of the cluster; they are dropped after the test.

    Takes the name of a template, returns the address.
    """
    made: list[str] = []

    def create(template: str = "template1") -> str:
        made.append(postgres_cluster.create_database(template))
        return postgres_cluster.url(made[-1])

    yield create
    for name in made:
        postgres_cluster.drop_database(name)
