"""Recognition rules in a table: the layout of `qualification_recognition_NL.csv`.

A column named like a framework (`nlqf`, `eqf`, or an id such as `NO:NKR`) holds its levels,
separated by `|`; so a table for any destination reads without a change of the program.
"""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from skillpassport.equivalence.conditions import Condition, ConditionMalformed
from skillpassport.equivalence.importing.reading import Reading
from skillpassport.equivalence.importing.results import (
    ALWAYS_LEVELS,
    ResultReader,
    check_level,
    country_of,
    level_columns,
    title_of,
)
from skillpassport.equivalence.importing.rule_conflicts import without_conflicts
from skillpassport.equivalence.level_chains import read_level
from skillpassport.equivalence.model import Publication
from skillpassport.equivalence.questions import Purpose
from skillpassport.equivalence.rules import (
    RecognitionRule,
    RuleId,
    RuleStatus,
    rule_id,
)
from skillpassport.equivalence.snapshot import RegistryContent, RegistrySnapshot
from skillpassport.frameworks.importing.cells import day, word_of
from skillpassport.frameworks.importing.citing import Citations
from skillpassport.frameworks.importing.problems import RowProblem, RowRefused
from skillpassport.frameworks.importing.report import take_rows
from skillpassport.frameworks.importing.table_file import Row, read_table
from skillpassport.frameworks.model import FrameworkId, Source, SourceId
from skillpassport.frameworks.registry import FrameworkRows

REQUIRED: Final = ("origin_country", "qualification", "outcome", "comparable_to")
OPTIONAL: Final = (
    *("id", "aliases", "condition", "when", "origin_framework_level", "destination_country"),
    *("purpose", "status", "publication", "valid_from", "valid_until", "supersedes"),
    *("agreement", "authority", "measures", "note", "source_id", "source"),
)
E = TypeVar("E", bound=StrEnum)

_ID: Final = re.compile(r"[A-Za-z0-9_-]{10,40}")


def read_rule_file(
    data: bytes,
    sources: Mapping[SourceId, Source],
    snapshot: RegistrySnapshot,
    *,
    destination: str | None = None,
) -> Reading:
    """Return the recognition rules of a table.

    destination: ISO 3166-1 or -2; of every row, which may repeat it; None where each row has its own
    Raises: FileUnreadable
    """
    table = read_table(
        data, required=REQUIRED, optional=(*OPTIONAL, *ALWAYS_LEVELS), ignores_others=True
    )
    citations = Citations(registry=snapshot.registry, given=sources, is_strict=True)
    reader = _RuleReader(
        snapshot=snapshot,
        citations=citations,
        results=ResultReader(
            registry=snapshot.registry,
            levels=level_columns(table, (*REQUIRED, *OPTIONAL), snapshot.registry, destination),
            destination=destination,
        ),
    )
    problems: list[RowProblem] = []
    told = list(take_rows(table.rows, reader.rule, problems))
    rules = without_conflicts(told, snapshot.rules, problems)
    content = RegistryContent(rows=FrameworkRows(sources=citations.sources()), rules=rules)
    return Reading(
        content=content, counted="recognition_rules", rows=len(rules), problems=tuple(problems)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _RuleReader:
    """Reads rows as rules of one registry."""

    snapshot: RegistrySnapshot
    citations: Citations
    results: ResultReader

    def rule(self, row: Row) -> RecognitionRule:
        """Return the rule of a row.

        Raises: RowRefused
        """
        title, origin = (
            title_of(row.needed("qualification"), "qualification"),
            country_of(row, "origin"),
        )
        valid_from, valid_until = day(row, "valid_from"), day(row, "valid_until")
        if valid_from is not None and valid_until is not None and valid_until < valid_from:
            raise RowRefused(
                "valid_until",
                "dates-reversed",
                f"Expected a day not before {valid_from}, found {valid_until}; correct one.",
            )
        condition, when = _condition(row)
        rule = RecognitionRule(
            id=RuleId(""),
            origin=origin,
            destination=self.results.country(row),
            title=title,
            aliases=tuple(title_of(one, "aliases") for one in row.listed("aliases", "|")),
            origin_level=self._origin_level(row, origin),
            purpose=_word(row, "purpose", Purpose),
            condition=condition,
            when=when,
            result=self.results.result(row),
            status=_word(row, "status", RuleStatus) or RuleStatus.CURRENT,
            publication=_word(row, "publication", Publication) or Publication.PUBLISHED,
            agreement=self._agreement(row),
            authority=self._authority(row),
            valid_from=valid_from,
            valid_until=valid_until,
            supersedes=tuple(_rule_id(one, "supersedes") for one in row.listed("supersedes")),
            note=row["note"],
            sources=self._sources(row),
        )
        return dataclasses.replace(rule, id=self._id(row, rule))

    def _id(self, row: Row, rule: RecognitionRule) -> RuleId:
        """Return the id that is given, else one made of what tells the rule apart.

        A row that says of a rule in force that it holds no longer is about that very rule.
        """
        if row["id"]:
            return _rule_id(row["id"], "id")
        if rule.status is RuleStatus.SUPERSEDED:
            as_current = dataclasses.replace(rule, status=RuleStatus.CURRENT)
            known = self.snapshot.rules.find(rule_id(as_current.question))
            if known is not None and known.result == rule.result:
                return known.id
        return rule_id(rule.question)

    def _origin_level(self, row: Row, origin: str) -> str | None:
        text = row["origin_framework_level"]
        if not text:
            return None
        name, _, notation = text.partition(" ")
        if not notation.strip():
            raise RowRefused(
                "origin_framework_level",
                "level-malformed",
                f"Expected a framework and a level such as 'PRK III', found '{text[:40]}'.",
            )
        if ":" in name:
            if not self.snapshot.registry.has_framework(FrameworkId(name)):
                raise RowRefused(
                    "origin_framework_level",
                    "framework-unknown",
                    f"Expected a framework of the registry, found '{name[:40]}'; bring it in first.",
                )
            level = read_level(self.snapshot.registry, text, origin)
            if level is not None:
                check_level(
                    self.snapshot.registry,
                    FrameworkId(name),
                    level.level,
                    "origin_framework_level",
                )
        return text

    def _agreement(self, row: Row) -> str | None:
        slug = row["agreement"]
        if not slug:
            return None
        found = self.snapshot.agreements.find(slug)
        if found is None:
            raise RowRefused(
                "agreement",
                "agreement-unknown",
                f"Expected an agreement of the registry, found '{slug[:40]}'; bring it in first.",
            )
        return found.slug

    def _authority(self, row: Row) -> str | None:
        name = row["authority"]
        if name and self.snapshot.registry.authority(name) is None:
            raise RowRefused(
                "authority",
                "authority-unknown",
                f"Expected the id of a competent authority of the registry, found '{name[:40]}'.",
            )
        return name or None

    def _sources(self, row: Row) -> tuple[SourceId, ...]:
        cited = self.citations.cite(row.listed("source_id"), row["source"])
        if not cited:
            raise RowRefused(
                "source_id", "source-missing", "Expected the source of the rule; name it."
            )
        return cited


def _condition(row: Row) -> tuple[str, Condition | None]:
    text, when = row["condition"], row["when"]
    if not when:
        return text, None
    if not text:
        raise RowRefused(
            "condition",
            "cell-empty",
            "Expected the condition in words beside 'when', since people read it; fill it in.",
        )
    try:
        return text, Condition.read(when)
    except ConditionMalformed as malformed:
        raise RowRefused("when", malformed.code, malformed.message) from malformed


def _rule_id(text: str, column: str) -> RuleId:
    if not _ID.fullmatch(text):
        raise RowRefused(
            column,
            "rule-id-malformed",
            f"Expected 10 to 40 letters, figures, '-' and '_', found '{text[:60]}'.",
        )
    return RuleId(text)


def _word(row: Row, column: str, kind: type[E]) -> E | None:
    return word_of(kind, row[column], column) if row[column] else None
