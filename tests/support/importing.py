"""Files brought into a registry that is kept in memory."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from skillpassport.equivalence.importing.files import FILES
from skillpassport.equivalence.importing.reading import Reading
from skillpassport.equivalence.snapshot import RegistryContent, RegistrySnapshot
from skillpassport.frameworks.importing.citing import read_sources
from skillpassport.frameworks.registry import FrameworkRows
from tests.support.shared_data import shared_data

SHARED_FILES: Mapping[str, str] = {
    "frameworks": "frameworks/frameworks.json",
    "editions": "frameworks/editions.csv",
    "levels": "frameworks/levels.csv",
    "level-mappings": "equivalences/level_mappings.csv",
}


@dataclass(slots=True)
class ImportedRegistry:
    """Keeps the latest of what was read, by what names it, as the store does."""

    sources: dict[object, Any] = field(default_factory=dict)
    frameworks: dict[object, Any] = field(default_factory=dict)
    editions: dict[object, Any] = field(default_factory=dict)
    levels: dict[object, Any] = field(default_factory=dict)
    mappings: dict[object, Any] = field(default_factory=dict)

    def bring_in(self, kind: str, data: bytes, sources: bytes = b"{}") -> Reading:
        """Read a file against what is there, and keep what it says unless rows are refused."""
        reading = FILES[kind](data, read_sources(sources), self.snapshot())
        if not reading.problems:
            self.keep(reading.content)
        return reading

    def snapshot(self) -> RegistrySnapshot:
        """Return what is there, ready to be asked."""
        rows = FrameworkRows(
            sources=tuple(self.sources.values()),
            frameworks=tuple(self.frameworks.values()),
            editions=tuple(self.editions.values()),
            levels=tuple(self.levels.values()),
        )
        return RegistrySnapshot.of(rows, tuple(self.mappings.values()))

    def keep(self, content: RegistryContent) -> None:
        """Keep values, each in place of the one that it names."""
        rows = content.rows
        self.sources |= {one.id: one for one in rows.sources}
        self.frameworks |= {one.id: one for one in rows.frameworks}
        self.editions |= {(one.framework, one.label): one for one in rows.editions}
        self.levels |= {(one.framework, one.edition, one.notation): one for one in rows.levels}
        self.mappings |= {one.id: one for one in content.mappings}


def shared_file(kind: str) -> bytes:
    """Return a file of the shared data."""
    return (shared_data() / SHARED_FILES[kind]).read_bytes()


def shared_sources() -> bytes:
    """Return the register of sources of the shared data."""
    return (shared_data() / "equivalences/sources.json").read_bytes()


def a_table(rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return rows as a CSV file with the columns of all of them."""
    listed = list(rows)
    columns = list(dict.fromkeys(column for row in listed for column in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(listed)
    return text.getvalue().encode()


def some_records(records: Sequence[Mapping[str, object]]) -> bytes:
    """Return records as a JSON file, one a line."""
    return ("[\n" + ",\n".join(json.dumps(one) for one in records) + "\n]").encode()


def a_framework_record(id: str, **members: object) -> dict[str, object]:
    """Return a framework as its file has it."""
    return {
        "id": id,
        "name": {"en": f"Framework {id}"},
        "kind": "national",
        "status": "official",
        "jurisdictions": [id.partition(":")[0]],
        "source": "read in a publication",
        "verified": "read",
    } | members


def a_statement(origin: str, target: str, **cells: str) -> dict[str, str]:
    """Return a mapping as its file has it, written as `ZZ:NQF 1` to `ZY:QF 3`."""
    (from_framework, _, from_level), (to_framework, _, to_level) = (
        end.partition(" ") for end in (origin, target)
    )
    return {
        "from_framework": from_framework,
        "from_edition": "",
        "from_level": from_level,
        "to_framework": to_framework,
        "to_edition": "",
        "to_level": to_level,
        "relation": "referenced",
        "direction": "both",
        "status": "published",
        "source_id": "",
        "source": "a report that was read",
        "note": "",
    } | cells
