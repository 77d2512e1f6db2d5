"""ISCO-08 and ISCED-F 2013 from tables: a code, the code above it, and titles.

Concepts have the URIs under which the European Commission publishes both classifications.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from skillpassport.frameworks.importing.problems import RowProblem, RowRefused
from skillpassport.frameworks.importing.table_file import Row, read_table
from skillpassport.frameworks.taxonomies.model import (
    Concept,
    ConceptKind,
    Relation,
    RelationKind,
    Scheme,
    TaxonomyContent,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """How the table of a classification is written.

    title: begins the names of the columns of titles, a language follows
    codes: what a code looks like; uri: what stands before it, unless a column says the URI
    """

    version: str
    kind: ConceptKind
    title: str
    codes: re.Pattern[str]
    uri: str


_LANGUAGES: Final = ("ar", "en", "es", "fr", "pt", "ru", "zh")
_LAYOUTS: Final[Mapping[Scheme, _Layout]] = {
    Scheme.ISCO_08: _Layout(
        version="2008",
        kind=ConceptKind.OCCUPATION_GROUP,
        title="title",
        codes=re.compile(r"[0-9]{1,4}", re.ASCII),
        uri="http://data.europa.eu/esco/isco/C",
    ),
    Scheme.ISCED_F_2013: _Layout(
        version="2013",
        kind=ConceptKind.FIELD,
        title="label",
        codes=re.compile(r"[0-9]{2,4}", re.ASCII),
        uri="http://data.europa.eu/snb/isced-f/",
    ),
}


def version_of(scheme: Scheme) -> str:
    """Return the one version of ISCO-08 or ISCED-F 2013."""
    return _LAYOUTS[scheme].version


def read_classification(
    data: bytes, scheme: Scheme
) -> tuple[TaxonomyContent, tuple[RowProblem, ...]]:
    """Return what a table says, and why rows of it are refused.

    data: CSV with the columns `code`, `parent`, and `title_en` (ISCO) or `label_en` (ISCED-F);
        `level`, `uri` and titles in further languages may be there
    scheme: ISCO-08 or ISCED-F 2013
    Raises: TableUnreadable
    """
    layout = _LAYOUTS[scheme]
    further = [f"{layout.title}_{tag}" for tag in _LANGUAGES]
    table = read_table(
        data, required=("code", "parent", further[1]), optional=("level", "uri", *further)
    )
    concepts: dict[str, Concept] = {}
    above: dict[str, tuple[int, str]] = {}
    problems = []
    for row in table.rows:
        try:
            concept = _concept(row, layout)
            if concept.code in above:
                raise RowRefused("code", "code-twice", "Expected each code once; delete one row.")
            above[str(concept.code)] = row.line, row["parent"]
            concepts[str(concept.code)] = concept
        except RowRefused as refused:
            problems.append(refused.at(row.line))
    relations = []
    for code, (line, parent) in above.items():
        if parent in concepts and parent != code:
            relations.append(
                Relation(
                    source=concepts[code].uri,
                    kind=RelationKind.BROADER,
                    target=concepts[parent].uri,
                )
            )
        elif parent:
            message = f"Expected a code of this file, found '{parent[:20]}'; add it, or mend it."
            problems.append(
                RowProblem(line=line, column="parent", code="parent-unknown", message=message)
            )
    content = TaxonomyContent(
        scheme=scheme,
        version=layout.version,
        concepts=tuple(concepts.values()),
        relations=tuple(relations),
    )
    return content, tuple(sorted(problems))


def _concept(row: Row, layout: _Layout) -> Concept:
    code = row.needed("code")
    if layout.codes.fullmatch(code) is None:
        raise RowRefused(
            "code",
            "code-malformed",
            f"Expected figures of the classification, found '{code[:20]}'.",
        )
    english = row.needed(f"{layout.title}_en")
    others = {tag: row[f"{layout.title}_{tag}"] for tag in _LANGUAGES}
    return Concept(
        uri=row["uri"] or f"{layout.uri}{code}",
        kind=layout.kind,
        code=code,
        labels={"en": english, **{tag: text for tag, text in others.items() if text}},
    )
