"""The kinds of file that describe frameworks and their levels, each as one reading.

A row is checked against the registry as it stands, so that a refusal can name its line; what the
rows say of each other is checked when all were read.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, TypeAlias

from skillpassport.equivalence.importing import level_mappings
from skillpassport.equivalence.importing.agreements import read_agreement_file
from skillpassport.equivalence.importing.precedents import read_precedent_file
from skillpassport.equivalence.importing.reading import Reading
from skillpassport.equivalence.importing.recognition_rules import read_rule_file
from skillpassport.equivalence.snapshot import RegistryContent, RegistrySnapshot
from skillpassport.frameworks.importing import edition_file, level_file, vocabulary_file
from skillpassport.frameworks.importing.citing import Citations
from skillpassport.frameworks.importing.framework_file import read_framework
from skillpassport.frameworks.importing.problems import RowProblem, RowRefused
from skillpassport.frameworks.importing.record_file import read_records
from skillpassport.frameworks.importing.repeated import without_contradictions
from skillpassport.frameworks.importing.report import take_rows
from skillpassport.frameworks.importing.standard_file import read_standards
from skillpassport.frameworks.importing.table_file import read_table
from skillpassport.frameworks.model import Source, SourceId
from skillpassport.frameworks.registry import FrameworkRows

GivenSources: TypeAlias = Mapping[SourceId, Source]

Reader: TypeAlias = Callable[[RegistrySnapshot], Reading]
"""Reads a file against the registry as it stands. Raises FileUnreadable."""

FileReader: TypeAlias = Callable[[bytes, GivenSources, RegistrySnapshot], Reading]


def read_framework_file(data: bytes, sources: GivenSources, snapshot: RegistrySnapshot) -> Reading:
    """Return the frameworks of a JSON array.

    Raises: FileUnreadable
    """
    citations = Citations(registry=snapshot.registry, given=sources)
    problems: list[RowProblem] = []
    told = []
    for record in read_records(data):
        try:
            framework = read_framework(record, citations)
        except RowRefused as refused:
            problems.append(refused.at(record.line))
        else:
            told.append((record.line, framework.id, framework))
    kept = without_contradictions(told, "id", problems)
    rows = FrameworkRows(sources=citations.sources(), frameworks=kept)
    return _reading("frameworks", len(kept), RegistryContent(rows=rows), problems)


def read_edition_file(data: bytes, sources: GivenSources, snapshot: RegistrySnapshot) -> Reading:
    """Return the editions of a table.

    Raises: FileUnreadable
    """
    citations = Citations(registry=snapshot.registry, given=sources)
    problems: list[RowProblem] = []
    table = read_table(data, required=edition_file.REQUIRED, optional=edition_file.OPTIONAL)
    read = partial(edition_file.read_edition, registry=snapshot.registry, citations=citations)
    told = (
        (line, (one.framework, one.label), one)
        for line, one in take_rows(table.rows, read, problems)
    )
    kept = without_contradictions(told, "edition", problems)
    rows = FrameworkRows(sources=citations.sources(), editions=kept)
    return _reading("framework_editions", len(kept), RegistryContent(rows=rows), problems)


def read_level_file(data: bytes, sources: GivenSources, snapshot: RegistrySnapshot) -> Reading:
    """Return the levels of a table.

    Raises: FileUnreadable
    """
    citations = Citations(registry=snapshot.registry, given=sources)
    problems: list[RowProblem] = []
    table = read_table(
        data,
        required=level_file.REQUIRED,
        optional=level_file.OPTIONAL,
        by_language=level_file.BY_LANGUAGE,
    )
    read = partial(level_file.read_level, registry=snapshot.registry, citations=citations)
    told = (
        (line, (one.framework, one.edition, one.notation), one)
        for line, one in take_rows(table.rows, read, problems)
    )
    kept = without_contradictions(told, "notation", problems)
    rows = FrameworkRows(sources=citations.sources(), levels=kept)
    return _reading("framework_levels", len(kept), RegistryContent(rows=rows), problems)


def read_level_mapping_file(
    data: bytes, sources: GivenSources, snapshot: RegistrySnapshot
) -> Reading:
    """Return the statements about levels of a table.

    Raises: FileUnreadable
    """
    citations = Citations(registry=snapshot.registry, given=sources, is_strict=True)
    problems: list[RowProblem] = []
    table = read_table(data, required=level_mappings.REQUIRED, optional=level_mappings.OPTIONAL)
    read = partial(
        level_mappings.read_level_mapping, registry=snapshot.registry, citations=citations
    )
    told = ((line, one.id, one) for line, one in take_rows(table.rows, read, problems))
    kept = without_contradictions(told, "", problems)
    content = RegistryContent(rows=FrameworkRows(sources=citations.sources()), mappings=kept)
    return _reading("level_mappings", len(kept), content, problems)


def read_vocabulary_file(
    data: bytes, _sources: GivenSources, snapshot: RegistrySnapshot
) -> Reading:
    """Return frameworks and levels with the addresses that the EU's vocabulary gives them.

    Raises: FileUnreadable
    """
    problems: list[RowProblem] = []
    table = read_table(data, required=vocabulary_file.REQUIRED, optional=vocabulary_file.OPTIONAL)
    read = partial(vocabulary_file.read_addressed, registry=snapshot.registry)
    addressed = [one for _, one in take_rows(table.rows, read, problems)]
    frameworks, levels = vocabulary_file.merged(addressed)
    is_known = snapshot.registry.has_source(vocabulary_file.SOURCE.id)
    rows = FrameworkRows(
        sources=() if is_known or not levels else (vocabulary_file.SOURCE,),
        frameworks=frameworks,
        levels=levels,
    )
    return _reading("framework_levels", len(levels), RegistryContent(rows=rows), problems)


def read_standard_file(data: bytes, sources: GivenSources, snapshot: RegistrySnapshot) -> Reading:
    """Return the occupational standards of a table or of a JSON array.

    Raises: FileUnreadable
    """
    citations = Citations(registry=snapshot.registry, given=sources, is_strict=True)
    problems: list[RowProblem] = []
    told = []
    for said in read_standards(data, citations):
        if isinstance(said, RowProblem):
            problems.append(said)
        else:
            line, standard = said
            told.append((line, standard.id, standard))
    kept = without_contradictions(told, "standard", problems)
    rows = FrameworkRows(sources=citations.sources(), standards=kept)
    return _reading("occupational_standards", len(kept), RegistryContent(rows=rows), problems)


FILES: Final[Mapping[str, FileReader]] = {
    "frameworks": read_framework_file,
    "editions": read_edition_file,
    "levels": read_level_file,
    "level-mappings": read_level_mapping_file,
    "eu-vocabulary": read_vocabulary_file,
    "recognition-rules": read_rule_file,
    "agreements": read_agreement_file,
    "precedents": read_precedent_file,
    "standards": read_standard_file,
}
"""Each kind of file by the name under which it is brought in."""


def _reading(
    counted: str, rows: int, content: RegistryContent, problems: list[RowProblem]
) -> Reading:
    return Reading(content=content, counted=counted, rows=rows, problems=tuple(problems))
