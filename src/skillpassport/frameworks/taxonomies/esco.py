"""ESCO from the publisher's own package of CSV files: `occupations_en.csv`, `skills_en.csv`, ….

This service uses the ESCO classification of the European Commission. Concepts, their codes and how
they relate are read from the English files where they are there, labels from every language.
Descriptions and hidden labels are left out.

Source: ESCO handbook, annex "CSV structure"; the files of ESCO 1.2.0
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO, Final

from skillpassport.frameworks.importing.problems import RowProblem, RowRefused, TableUnreadable
from skillpassport.frameworks.importing.table_file import Row, read_table
from skillpassport.frameworks.taxonomies.model import (
    Concept,
    ConceptKind,
    Relation,
    RelationKind,
    Scheme,
    TaxonomyContent,
)
from skillpassport.frameworks.taxonomies.package import Package, PackageUnreadable, open_package

OCCUPATIONS: Final = "occupations"
SKILLS: Final = "skills"
OCCUPATION_SKILLS: Final = "occupationSkillRelations"
GROUPS: Final = "ISCOGroups"
OCCUPATIONS_BROADER: Final = "broaderRelationsOccPillar"
REQUIRED: Final = (OCCUPATIONS, SKILLS, OCCUPATION_SKILLS, GROUPS, OCCUPATIONS_BROADER)

SKILL_GROUPS: Final = "skillGroups"
SKILLS_BROADER: Final = "broaderRelationsSkillPillar"
SKILL_SKILLS: Final = "skillSkillRelations"
HIERARCHY: Final = "skillsHierarchy"

_KINDS: Final = {
    GROUPS: ConceptKind.OCCUPATION_GROUP,
    OCCUPATIONS: ConceptKind.OCCUPATION,
    SKILL_GROUPS: ConceptKind.SKILL_GROUP,
    SKILLS: ConceptKind.SKILL,
}
_HIERARCHY_LEVELS: Final = tuple(f"Level {level} URI" for level in range(4))
_URI: Final = re.compile(r"https?://[!-~]{1,300}", re.ASCII)
_ISCO: Final = re.compile(r"[0-9]{1,4}", re.ASCII)
_VERSION: Final = re.compile(r"(?<![0-9.])v?(?P<version>[0-9]+\.[0-9]+(?:\.[0-9]+)?)(?![0-9])")


def version_in(file_name: str) -> str | None:
    """Return the version that a file's name tells, `1.2.0` of `esco-1.2.0.zip`; None if none."""
    found = _VERSION.search(file_name)
    return found["version"] if found else None


def read_esco(
    file: BinaryIO | bytes, *, version: str
) -> tuple[TaxonomyContent, tuple[RowProblem, ...]]:
    """Return what a package says, and why rows of it are refused.

    file: the ZIP, seekable
    Raises: PackageUnreadable, TableUnreadable
    """
    package = open_package(file)
    missing = [kind for kind in REQUIRED if not package.languages(kind)]
    if missing:
        listed = ", ".join(f"'{kind}_en.csv'" for kind in missing)
        raise PackageUnreadable(
            f"Expected the files of ESCO, found no {listed}; fetch the whole classification as CSV."
        )
    reading = _Reading(package)
    for kind in _KINDS:
        reading.read_concepts(kind)
    reading.read_relations(OCCUPATION_SKILLS, _required("occupationUri", "skillUri"))
    reading.read_relations(SKILL_SKILLS, _required("originalSkillUri", "relatedSkillUri"))
    reading.read_relations(OCCUPATIONS_BROADER, _broader)
    reading.read_relations(SKILLS_BROADER, _broader)
    reading.read_relations(HIERARCHY, _hierarchy)
    content = TaxonomyContent(
        scheme=Scheme.ESCO,
        version=version,
        concepts=tuple(reading.concepts.values()),
        relations=tuple(reading.relations),
    )
    return content, tuple(reading.problems)


_ReadRelation = Callable[[Row], Relation | None]

_COLUMNS: Final = {
    OCCUPATIONS: ("conceptUri", "preferredLabel", "altLabels", "iscoGroup", "code"),
    SKILLS: ("conceptUri", "preferredLabel", "altLabels", "skillType", "reuseLevel"),
    SKILL_GROUPS: ("conceptUri", "preferredLabel", "altLabels", "code"),
    GROUPS: ("conceptUri", "preferredLabel", "altLabels", "code"),
    OCCUPATION_SKILLS: ("occupationUri", "relationType", "skillUri"),
    SKILL_SKILLS: ("originalSkillUri", "relationType", "relatedSkillUri"),
    OCCUPATIONS_BROADER: ("conceptUri", "broaderUri"),
    SKILLS_BROADER: ("conceptUri", "broaderUri"),
    HIERARCHY: _HIERARCHY_LEVELS,
}


@dataclass(slots=True)
class _Reading:
    """What was read of a package so far."""

    package: Package
    concepts: dict[str, Concept] = field(default_factory=dict)
    # A dictionary keeps each once, in the order of the file.
    relations: dict[Relation, None] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)

    def read_concepts(self, kind: str) -> None:
        """Read the concepts of a kind, in each language that is there."""
        for language in self.package.languages(kind):
            seen: set[str] = set()
            for row in self._rows(kind, language):
                with _refusals(self, self.package.name(kind, language), row.line):
                    self._take(_concept(row, _KINDS[kind], language), seen)

    def read_relations(self, kind: str, read: _ReadRelation) -> None:
        """Read relations, which are the same in each language, from one file."""
        languages = self.package.languages(kind)
        if not languages:
            return
        name = self.package.name(kind, languages[0])
        for row in self._rows(kind, languages[0]):
            with _refusals(self, name, row.line):
                relation = read(row)
                if relation is not None:
                    self._relate(relation, kind)

    def _rows(self, kind: str, language: str) -> Iterator[Row]:
        name = self.package.name(kind, language)
        data = self.package.read(kind, language)
        try:
            table = read_table(
                data,
                required=_COLUMNS[kind],
                ignores_others=True,
                fills_short_rows=kind == HIERARCHY,
            )
            yield from table.rows
        except TableUnreadable as error:
            raise TableUnreadable(
                error.line or 1, error.column, f"{name}: {error.reason}"
            ) from error

    def _take(self, concept: Concept, seen: set[str]) -> None:
        if concept.uri in seen:
            raise RowRefused(
                "conceptUri", "concept-twice", "Expected each concept once in a file; delete one."
            )
        seen.add(concept.uri)
        known = self.concepts.get(concept.uri)
        if known is None:
            self.concepts[concept.uri] = concept
            return
        if known.kind is not concept.kind:
            raise RowRefused(
                "conceptUri",
                "concept-of-two-kinds",
                f"Expected a URI of one kind, found it as {known.kind} and {concept.kind}.",
            )
        self.concepts[concept.uri] = replace(
            known,
            labels={**concept.labels, **known.labels},
            alternatives={**concept.alternatives, **known.alternatives},
        )

    def _relate(self, relation: Relation, kind: str) -> None:
        ends = _COLUMNS[kind][0], _COLUMNS[kind][-1]
        for column, uri in zip(ends, (relation.source, relation.target), strict=True):
            if uri not in self.concepts:
                raise RowRefused(
                    column,
                    "concept-unknown",
                    f"Expected a concept that the package has, found '{uri}'; add it, or take the "
                    "relation out.",
                )
        if kind == OCCUPATION_SKILLS and relation in self.relations:
            raise RowRefused(
                "", "relation-twice", "Expected each relation once, found it again; delete one."
            )
        self.relations[relation] = None


class _refusals:  # noqa: N801 (reads as a statement; a generator would cost more than the row)
    """Turns a refused row into a problem that names file and line."""

    __slots__ = ("_line", "_name", "_reading")

    def __init__(self, reading: _Reading, name: str, line: int) -> None:
        self._reading, self._name, self._line = reading, name, line

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if not isinstance(error, RowRefused):
            return False
        message = f"{self._name}: {error.message}"
        self._reading.problems.append(
            RowProblem(line=self._line, column=error.column, code=error.cause, message=message)
        )
        return True


def _concept(row: Row, kind: ConceptKind, language: str) -> Concept:
    names = tuple(dict.fromkeys(map(str.strip, row["altLabels"].split("\n"))))
    names = tuple(name for name in names if name)
    return Concept(
        uri=_uri(row, "conceptUri"),
        kind=kind,
        code=row["code"] or None,
        labels={language: row.needed("preferredLabel")},
        alternatives={language: names} if names else {},
        isco_group=_isco_group(row) if kind is ConceptKind.OCCUPATION else None,
        skill_type=row["skillType"] or None,
        reuse_level=row["reuseLevel"] or None,
    )


def _uri(row: Row, column: str) -> str:
    text = row.needed(column)
    if _URI.fullmatch(text) is None:
        raise RowRefused(column, "uri-malformed", f"Expected a URI, found '{text[:80]}'.")
    return text


def _isco_group(row: Row) -> str:
    code = row.needed("iscoGroup")
    if _ISCO.fullmatch(code) is None:
        raise RowRefused(
            "iscoGroup", "isco-malformed", f"Expected a code of ISCO-08, found '{code[:20]}'."
        )
    return code


def _required(source: str, target: str) -> _ReadRelation:
    kinds = {"essential": RelationKind.ESSENTIAL, "optional": RelationKind.OPTIONAL}

    def read(row: Row) -> Relation:
        word = row.needed("relationType")
        if word not in kinds:
            raise RowRefused(
                "relationType",
                "relation-unknown",
                f"Expected 'essential' or 'optional', found '{word[:40]}'.",
            )
        return Relation(source=row.needed(source), kind=kinds[word], target=row.needed(target))

    return read


def _broader(row: Row) -> Relation:
    return Relation(
        source=row.needed("conceptUri"),
        kind=RelationKind.BROADER,
        target=row.needed("broaderUri"),
    )


def _hierarchy(row: Row) -> Relation | None:
    """Return that the last group of a row lies below the one before it."""
    path = [uri for uri in _each(row, _HIERARCHY_LEVELS) if uri]
    if len(path) < 2:  # noqa: PLR2004 (a group at the top)
        return None
    return Relation(source=path[-1], kind=RelationKind.BROADER, target=path[-2])


def _each(row: Row, columns: Iterable[str]) -> Iterator[str]:
    for column in columns:
        yield row[column]
