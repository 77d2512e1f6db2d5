"""Imports to break: commands that bring files in, and a count of what is there afterwards.

An import is one transaction, so whatever happens to it, either none of its rows are there or all.
Each is told by what it adds to every table of the registry when nothing happens to it.
"""

import csv
import io
import json
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, func, select

from skillpassport.db.bulk import bulk_tables
from skillpassport.db.engine import create_database_engine
from skillpassport.db.tables import metadata
from tests.faults.proving_ground import Ground, ground
from tests.support.commands import Done, program
from tests.support.shared_data import shared_data_folder

Counts = Mapping[str, int]

_OF_THE_REGISTRY: Final = (
    "registry_changes",
    "sources",
    "frameworks",
    "framework_editions",
    "framework_levels",
    "level_mappings",
    "competent_authorities",
    "recognition_rules",
    "agreements",
    "precedents",
    "regulated_professions",
    "occupational_standards",
    "unit_links",
    "comparability_statements",
    "taxonomies",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of import.

    ready: brings the instance to where the import has something to do; returns its arguments,
        which differ from round to round so that each has all of its rows to write
    """

    name: str
    ready: Callable[[int], tuple[str, ...]]


@dataclass(slots=True)
class ImportGround:
    """An instance into which files are brought."""

    ground: Ground
    files: Path
    _engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        url = self.ground.commands.settings["database_url"]
        file = self.ground.commands.folder / "skillpassport.db"
        self._engine = create_database_engine(url or f"sqlite:///{file}")

    def kinds(self) -> tuple[Kind, ...]:
        """Return the imports: the largest one, a table of statements, a bundle of another."""
        return (
            Kind("esco", self._esco),
            Kind("level-mappings", self._level_mappings),
            Kind("bundle", self._bundle),
        )

    def run(self, *arguments: str) -> Done:
        """Carry out one import to its end."""
        return self.ground.commands.run("import", *arguments, "--json")

    def begin(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start an import in a process group of its own."""
        commands = self.ground.commands
        return subprocess.Popen(
            program("import", *arguments, "--json"),
            cwd=commands.home,
            env=commands.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def counts(self) -> Counts:
        """Return how many rows each table of the registry has."""
        names = [*_OF_THE_REGISTRY, *(table.name for table in bulk_tables())]
        with self._engine.connect() as connection:
            return {
                name: connection.execute(
                    select(func.count()).select_from(metadata.tables[name])
                ).scalar_one()
                for name in names
            }

    def close(self) -> None:
        """Let the database go."""
        self._engine.dispose()

    def _esco(self, number: int) -> tuple[str, ...]:
        package = shared_data_folder() / "taxonomies" / "esco-1.2.0.zip"
        return ("esco", str(package), "--version", f"9.{number}")

    def _level_mappings(self, number: int) -> tuple[str, ...]:
        folder = shared_data_folder() / "equivalences"
        rows = list(csv.DictReader(io.StringIO((folder / "level_mappings.csv").read_text())))
        written = io.StringIO()
        writer = csv.DictWriter(written, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | {"note": f"Noted for the {number}th time."} for row in rows)
        file = self.files / f"level_mappings_{number}.csv"
        file.write_text(written.getvalue())
        return ("level-mappings", str(file), "--sources", str(folder / "sources.json"))

    def _bundle(self, number: int) -> tuple[str, ...]:
        """Return a bundle of this instance as it was before its statements were revised."""
        file = self.files / "registry.zip"
        if not file.exists():
            done = self.ground.commands.run("export", "bundle", str(file))
            assert done.code == 0, done.err
        done = self.run(*self._level_mappings(1_000 + number))
        assert done.code == 0, done.err
        with zipfile.ZipFile(file) as package:
            manifest = json.loads(package.read("manifest.json"))
        issuer, _, key = manifest["proof"]["verificationMethod"].partition("#")
        return ("bundle", str(file), "--from", issuer, "--key", key, "--approve", "*")


@contextmanager
def import_ground(engine: str, *, folder: Path | None = None) -> Iterator[ImportGround]:
    """Prepare an instance for imports on an engine.

    folder: for the data, an empty one; else a temporary one
    """
    package = shared_data_folder() / "taxonomies" / "esco-1.2.0.zip"
    if not package.exists():
        raise SystemExit(f"The package of ESCO is needed: {package}.")
    with tempfile.TemporaryDirectory() as files, ground(engine, folder=folder) as prepared:
        importing = ImportGround(prepared, Path(files))
        try:
            yield importing
        finally:
            importing.close()


def added(before: Counts, after: Counts) -> Counts:
    """Return how many rows came to each table."""
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}
