"""What a table says a qualification is comparable to: of rules, and of decisions on single cases.

A column named like a framework (`nlqf`, `eqf`, or an id such as `NO:NKR`) holds its levels,
separated by `|`; so a table for any destination reads without a change of the program.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from skillpassport.equivalence.rules import FrameworkLevels, RuleOutcome, RuleResult
from skillpassport.frameworks.errors import FrameworkUnknown
from skillpassport.frameworks.importing.cells import chosen
from skillpassport.frameworks.importing.problems import RowRefused, TableUnreadable
from skillpassport.frameworks.importing.table_file import Row, Table
from skillpassport.frameworks.model import FrameworkId
from skillpassport.frameworks.reading import fold
from skillpassport.frameworks.registry import Registry, is_of

ALWAYS_LEVELS: Final = ("nlqf", "eqf")
"""Columns of the published layout, taken as empty ones where the registry lacks the framework."""

MAX_TITLE: Final = 300
MAX_LEVELS: Final = 12

COUNTRY: Final = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")
"""Form of an ISO 3166-1 alpha-2 or 3166-2 code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultReader:
    """Reads what rows of one table compare with.

    levels: framework by column; None for a column whose framework the registry lacks
    destination: of the whole table; None where each row has its own
    """

    registry: Registry
    levels: Mapping[str, FrameworkId | None]
    destination: str | None

    def country(self, row: Row) -> str:
        """Return the country that decides.

        Raises: RowRefused
        """
        told = country_of(row, "destination") if row["destination_country"] else self.destination
        if told is None:
            raise RowRefused(
                "destination_country",
                "cell-empty",
                "Expected the country whose rule this is; fill it in, or name it for the file.",
            )
        if self.destination is not None and _whole(told) != _whole(self.destination):
            raise RowRefused(
                "destination_country",
                "destination-differs",
                f"Expected '{self.destination}', for which this file is brought in, found "
                f"'{told}'; bring in its rules by a file of their own.",
            )
        return told

    def result(self, row: Row) -> RuleResult:
        """Return what a row compares with.

        Raises: RowRefused
        """
        named = (
            FrameworkLevels(framework=framework, levels=levels)
            for column, known in self.levels.items()
            if (levels := row.listed(column, "|"))
            and (framework := self._checked(column, known, levels))
        )
        return RuleResult(
            outcome=chosen(row, "outcome", RuleOutcome),
            comparable_to=title_of(row.needed("comparable_to"), "comparable_to"),
            levels=tuple(named),
            measures=row.listed("measures", "|"),
        )

    def _checked(
        self, column: str, framework: FrameworkId | None, levels: Sequence[str]
    ) -> FrameworkId:
        registry = self.registry
        if framework is None:
            raise RowRefused(
                column,
                "framework-unknown",
                f"Expected levels of a framework of the registry, found '{levels[0][:40]}' in "
                f"'{column}', which is none; bring the framework in first.",
            )
        if len(levels) > MAX_LEVELS:
            raise RowRefused(
                column, "levels-many", f"Expected at most {MAX_LEVELS} levels; take some out."
            )
        for level in levels:
            check_level(registry, framework, level, column)
        return framework


def level_columns(
    table: Table, others: Collection[str], registry: Registry, destination: str | None
) -> Mapping[str, FrameworkId | None]:
    """Return the framework of each column that holds levels, the destination's own first.

    others: columns of the table that hold something else
    Raises: TableUnreadable
    """
    columns: dict[str, FrameworkId | None] = {}
    for name in table.columns:
        if name in others:
            continue
        columns[name] = _framework(registry, name, destination)
        if columns[name] is None and name not in ALWAYS_LEVELS:
            raise TableUnreadable(
                1,
                name,
                f"Expected a known column or the name of one framework, found '{name}'; use "
                "an id such as 'NO:NKR', or take the column out.",
            )
    return dict(sorted(columns.items(), key=lambda one: not _is_own(registry, one[1], destination)))


def _framework(registry: Registry, name: str, destination: str | None) -> FrameworkId | None:
    try:
        return registry.framework(name.upper() if ":" not in name else name).id
    except FrameworkUnknown:
        meant = registry.abbreviated(name)
    own = [one for one in meant if destination is not None and is_of(one, _whole(destination))]
    for listed in (own, meant):
        if len(listed) == 1:
            return listed[0].id
    return None


def _is_own(registry: Registry, framework: FrameworkId | None, destination: str | None) -> bool:
    if framework is None or destination is None:
        return False
    return is_of(registry.framework(framework), _whole(destination))


def _whole(code: str) -> str:
    return code.partition("-")[0]


def check_level(registry: Registry, framework: FrameworkId, level: str, column: str) -> None:
    """Refuse a level that a framework's list lacks; where no list is known, any is taken.

    Raises: RowRefused
    """
    edition = registry.newest_edition(framework)
    if edition is None or registry.has_level(edition, level):
        return
    if registry.has_list(edition):
        known = ", ".join(f"'{one.notation}'" for one in registry.levels(framework, edition.label))
        raise RowRefused(
            column,
            "level-unknown",
            f"Expected levels of '{framework}', which are {known}; found '{level[:40]}'.",
        )


def country_of(row: Row, side: str) -> str:
    """Return the code of the column `origin_country` or `destination_country`.

    Raises: RowRefused
    """
    column = f"{side}_country"
    code = row.needed(column).upper()
    if not COUNTRY.fullmatch(code):
        raise RowRefused(
            column,
            "country-malformed",
            f"Expected an ISO 3166-1 alpha-2 or 3166-2 code, found '{code[:40]}'.",
        )
    return code


def title_of(text: str, column: str) -> str:
    """Return a title that has something to be found by.

    Raises: RowRefused
    """
    if len(text) > MAX_TITLE or not fold(text):
        raise RowRefused(
            column,
            "title-unreadable",
            f"Expected a text with letters or figures of at most {MAX_TITLE} characters.",
        )
    return text
