"""Concepts of a classification, how they relate, and the version that says so.

This service uses the ESCO classification of the European Commission. ESCO names and explains;
nothing here decides what a qualification is worth.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from skillpassport.errors import SkillPassportError
from skillpassport.languages import LanguageMap

Names = Mapping[str, tuple[str, ...]]
"""BCP 47 tag to further names in that language."""


class Scheme(StrEnum):
    """The classifications that are known, by the name that addresses use."""

    ISCO_08 = "isco-08"
    ISCED_F_2013 = "isced-f-2013"
    ESCO = "esco"


TITLES: Final[Mapping[Scheme, str]] = {
    Scheme.ISCO_08: "International Standard Classification of Occupations 2008 (ISCO-08)",
    Scheme.ISCED_F_2013: "ISCED Fields of Education and Training 2013 (ISCED-F 2013)",
    Scheme.ESCO: "European Skills, Competences, Qualifications and Occupations (ESCO)",
}

ATTRIBUTIONS: Final[Mapping[Scheme, str]] = {
    Scheme.ISCO_08: "ISCO-08: International Labour Organization; titles as reproduced in ESCO.",
    Scheme.ISCED_F_2013: "ISCED-F 2013: UNESCO Institute for Statistics.",
    Scheme.ESCO: "This service uses the ESCO classification of the European Commission.",
}
"""What the publishers ask to be said wherever their classification shows."""


class ConceptKind(StrEnum):
    """What a concept is."""

    OCCUPATION = "occupation"
    OCCUPATION_GROUP = "occupation_group"
    SKILL = "skill"
    SKILL_GROUP = "skill_group"
    FIELD = "field"


class RelationKind(StrEnum):
    """How one concept relates to another."""

    BROADER = "broader"  # the target is the wider of the two
    ESSENTIAL = "essential"  # the target is a skill that the source cannot do without
    OPTIONAL = "optional"  # the target is a skill that may come with the source


class TaxonomyUnknown(SkillPassportError):
    """No classification of this name was brought in, or not in this version."""

    code = "taxonomy-unknown"
    public = ("taxonomies",)

    def __init__(self, known: Sequence[str]) -> None:
        listed = ", ".join(f"'{name}'" for name in known) or "none yet"
        super().__init__(
            "Expected a classification of this registry, with or without '@' and a version, found "
            f"another text; known are {listed}."
        )
        self.taxonomies = tuple(known)


class ConceptUnknown(SkillPassportError):
    """The classification has no concept of this code or URI."""

    code = "concept-unknown"
    public = ("taxonomy",)

    def __init__(self, taxonomy: str) -> None:
        super().__init__(
            f"The classification '{taxonomy}' has no concept of this code or URI; search its "
            "concepts by name."
        )
        self.taxonomy = taxonomy


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One occupation, group, skill or field of one version of a classification.

    uri: the publisher's identifier
    code: the publisher's notation; skills of ESCO have none
    labels: the preferred name in each language; alternatives: further ones
    isco_group: of an occupation, its ISCO-08 unit group
    skill_type, reuse_level: of a skill, as ESCO words them
    """

    uri: str
    kind: ConceptKind
    labels: LanguageMap
    code: str | None = None
    alternatives: Names = field(default_factory=dict)
    isco_group: str | None = None
    skill_type: str | None = None
    reuse_level: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Relation:
    """That one concept relates to another, both by their URIs."""

    source: str
    kind: RelationKind
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A concept at the other end of a relation."""

    kind: RelationKind
    concept: Concept


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxonomy:
    """One version of a classification, as it was brought in last.

    change: number of the registry's change that brought it
    counts: of concepts by their kind, of relations as `occupation_skill`, `skill_skill`, `broader`
    """

    scheme: Scheme
    version: str
    revision: int
    change: int
    languages: tuple[str, ...]
    counts: Mapping[str, int]
    content_digest: str

    @property
    def name(self) -> str:
        """How addresses name this version: `esco@1.2.0`."""
        return f"{self.scheme}@{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxonomyContent:
    """All that a file says of one version of a classification, in any order."""

    scheme: Scheme
    version: str
    concepts: tuple[Concept, ...]
    relations: tuple[Relation, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language that a label is in, in alphabetical order."""
        return tuple(sorted({tag for concept in self.concepts for tag in concept.labels}))

    @property
    def counts(self) -> dict[str, int]:
        """How many concepts there are of each kind, and relations between which of them."""
        kinds = {concept.uri: concept.kind for concept in self.concepts}
        found = Counter(kind.value for kind in kinds.values())
        for relation in self.relations:
            broader = relation.kind is RelationKind.BROADER
            name = "broader" if broader else f"{kinds[relation.source]}_{kinds[relation.target]}"
            found[name] += 1
        return dict(sorted(found.items()))

    def digest(self) -> str:
        """Return a digest that is the same for the same content, whatever the order of rows."""
        grown = hashlib.sha256()
        for concept in sorted(self.concepts, key=lambda each: each.uri):
            grown.update(concept_text(concept).encode())
        for relation in sorted(self.relations):
            grown.update(f"{relation.source} {relation.kind} {relation.target}\n".encode())
        return f"sha256:{grown.hexdigest()}"


def concept_text(concept: Concept) -> str:
    """Return a concept as one line of JSON, equal for equal concepts."""
    values = (
        concept.uri,
        concept.kind.value,
        concept.code,
        dict(concept.labels),
        {tag: list(names) for tag, names in concept.alternatives.items()},
        concept.isco_group,
        concept.skill_type,
        concept.reuse_level,
    )
    return json.dumps(values, ensure_ascii=False, sort_keys=True) + "\n"
