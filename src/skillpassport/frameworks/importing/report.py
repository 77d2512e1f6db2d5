"""What bringing in a file came to."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar

from skillpassport.frameworks.importing.problems import RowProblem, RowRefused
from skillpassport.frameworks.importing.table_file import Row

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """How many of a file's rows were added, changed what was there, were there already or refused.

    refused: every problem, in order of lines; unless bad rows are skipped, one is enough for
        nothing to be written, and the counts are then zero
    beside: what was added besides the rows themselves, by name: sources, levels that a row names
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: tuple[RowProblem, ...] = ()
    beside: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_written(self) -> bool:
        """Whether the rows that were not refused came in."""
        return not self.refused or bool(self.added or self.changed or self.unchanged)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "refused": [problem.to_json() for problem in self.refused],
            "beside": dict(self.beside),
        }


def take_rows(
    rows: Iterable[Row], read: Callable[[Row], T], problems: list[RowProblem]
) -> Iterator[tuple[int, T]]:
    """Yield the line of each row and what it says; put down why one is refused, and go on with the next.

    problems: is added to
    Raises: TableUnreadable
    """
    for row in rows:
        try:
            value = read(row)
        except RowRefused as refused:
            problems.append(refused.at(row.line))
        else:
            yield row.line, value
