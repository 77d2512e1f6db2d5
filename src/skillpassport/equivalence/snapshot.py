"""Everything that questions about comparability are answered from, at one revision."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from skillpassport.equivalence.agreements import Agreement, AgreementIndex
from skillpassport.equivalence.mappings import MappingIndex
from skillpassport.equivalence.model import LevelMapping
from skillpassport.equivalence.named_levels import named_levels
from skillpassport.equivalence.precedents import Precedent, PrecedentIndex
from skillpassport.equivalence.professions import ProfessionIndex, RegulatedProfession
from skillpassport.equivalence.rule_index import RuleIndex
from skillpassport.equivalence.rules import RecognitionRule
from skillpassport.frameworks.errors import RegistryInconsistent
from skillpassport.frameworks.registry import FrameworkRows, Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryContent:
    """Everything of the registry that rows hold, or a part of it to be added."""

    rows: FrameworkRows = field(default_factory=FrameworkRows)
    mappings: tuple[LevelMapping, ...] = ()
    rules: tuple[RecognitionRule, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    precedents: tuple[Precedent, ...] = ()
    professions: tuple[RegulatedProfession, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrySnapshot:
    """One revision of the registry: frameworks, and what was published about what they are worth.

    revision: changes with every change of the stored registry; equal revisions are equal content
    """

    registry: Registry
    mappings: MappingIndex
    rules: RuleIndex
    agreements: AgreementIndex
    precedents: PrecedentIndex
    professions: ProfessionIndex
    revision: str

    @classmethod
    def of(
        cls, rows: FrameworkRows, mappings: Iterable[LevelMapping], *, revision: str = ""
    ) -> Self:
        """Return the snapshot of frameworks and mappings alone; their order does not matter.

        Raises: RegistryInconsistent
        """
        return cls.of_content(
            RegistryContent(rows=rows, mappings=tuple(mappings)), revision=revision
        )

    @classmethod
    def of_content(cls, content: RegistryContent, *, revision: str = "") -> Self:
        """Return the snapshot that rows describe; their order does not matter.

        Raises: RegistryInconsistent
        """
        read = Registry.of(content.rows)
        registry = read.with_levels(named_levels(content.mappings, read))
        agreements = AgreementIndex.of(content.agreements)
        _check_sources(content, registry)
        return cls(
            registry=registry,
            mappings=MappingIndex.of(content.mappings, registry),
            rules=RuleIndex.of(content.rules, registry, agreements),
            agreements=agreements,
            precedents=PrecedentIndex.of(content.precedents),
            professions=ProfessionIndex.of(content.professions),
            revision=revision,
        )


def _check_sources(content: RegistryContent, registry: Registry) -> None:
    """Refuse precedents and professions that cite nothing, or what is not there.

    Raises: RegistryInconsistent
    """
    cited = [
        *((f"precedent '{one.id}'", one.sources) for one in content.precedents),
        *(
            (f"profession '{one.id}'", way.sources)
            for one in content.professions
            for way in one.ways
        ),
    ]
    for name, sources in cited:
        if not sources:
            raise RegistryInconsistent(name, "a source")
        for source in sources:
            if not registry.has_source(source):
                raise RegistryInconsistent(name, f"source '{source}'")
