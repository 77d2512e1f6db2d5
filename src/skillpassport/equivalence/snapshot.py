"""Everything that questions about comparability are answered from, at one revision."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from skillpassport.equivalence.mappings import MappingIndex
from skillpassport.equivalence.model import LevelMapping
from skillpassport.frameworks.registry import FrameworkRows, Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryContent:
    """Everything of the registry that rows hold, or a part of it to be added."""

    rows: FrameworkRows = field(default_factory=FrameworkRows)
    mappings: tuple[LevelMapping, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrySnapshot:
    """One revision of the registry of frameworks and of the mappings between them.

    revision: changes with every change of the stored registry; equal revisions are equal content
    """

    registry: Registry
    mappings: MappingIndex
    revision: str

    @classmethod
    def of(
        cls, rows: FrameworkRows, mappings: Iterable[LevelMapping], *, revision: str = ""
    ) -> Self:
        """Return the snapshot that rows describe; their order does not matter.

        Raises: RegistryInconsistent
        """
        registry = Registry.of(rows)
        return cls(
            registry=registry, mappings=MappingIndex.of(mappings, registry), revision=revision
        )
