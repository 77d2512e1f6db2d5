"""Reading the seed of the registry: frameworks and what was published about their levels.

Only what was read in a source answers. What is known without having been read is there as well, as
`unverified`: a candidate for a person to look into, never an answer (docs/adr/0029).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from skillpassport.equivalence.model import (
    Direction,
    Endpoint,
    LevelMapping,
    Publication,
    Relation,
)
from skillpassport.equivalence.professions import RegulatedProfession
from skillpassport.equivalence.snapshot import RegistryContent, RegistrySnapshot
from skillpassport.equivalence.ways_in import profession_from_record
from skillpassport.frameworks.model import FrameworkId, SourceId
from skillpassport.frameworks.registry import FrameworkRows
from skillpassport.frameworks.seeding import read_framework_rows, read_record, read_records


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrySeed:
    """The content of one version of the seed.

    version: raised with every change of the files; each version is applied once
    """

    name: str
    version: int
    rows: FrameworkRows
    mappings: tuple[LevelMapping, ...]
    professions: tuple[RegulatedProfession, ...] = ()

    @property
    def content(self) -> RegistryContent:
        """Everything of it, as it is added to a registry."""
        return RegistryContent(rows=self.rows, mappings=self.mappings, professions=self.professions)

    @property
    def origin(self) -> str:
        """How rows of this version are marked: `seed registry 1`."""
        return f"seed {self.name} {self.version}"

    def snapshot(self) -> RegistrySnapshot:
        """Return the registry as the seed alone describes it, for use without a database."""
        return RegistrySnapshot.of_content(self.content, revision=self.origin)


def bundled_registry() -> Traversable:
    """Return the folder of the registry seed that ships with the product."""
    return files("skillpassport") / "seeds" / "registry"


def read_registry_seed(folder: Traversable | None = None) -> RegistrySeed:
    """Return the registry seed of a folder, by default the one that ships with the product.

    folder: holds `seed.json`, `mappings/*.json`, `professions.json` and what `read_framework_rows` reads
    """
    chosen = bundled_registry() if folder is None else folder
    header = read_record(chosen / "seed.json")
    return RegistrySeed(
        name=header["seed"],
        version=header["version"],
        rows=read_framework_rows(chosen),
        mappings=tuple(
            _mapping(record["framework"], mapping)
            for record in read_records(chosen / "mappings")
            for mapping in record["mappings"]
        ),
        professions=tuple(
            map(profession_from_record, read_record(chosen / "professions.json")["professions"])
        ),
    )


def _mapping(framework: str, record: Mapping[str, Any]) -> LevelMapping:
    target = record["to"]
    return LevelMapping(
        origin=Endpoint(
            framework=FrameworkId(framework), edition=record.get("edition"), level=record["level"]
        ),
        target=Endpoint(
            framework=FrameworkId(target["framework"]),
            edition=target.get("edition"),
            level=target["level"],
        ),
        relation=Relation(record["relation"]),
        direction=Direction(record["direction"]),
        publication=Publication(record["status"]),
        sources=tuple(map(SourceId, record["sources"])),
        note=record.get("note", ""),
        disclaimer=record.get("disclaimer", ""),
    )
