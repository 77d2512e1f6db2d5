"""Rows of one file that speak of the same thing."""

from collections.abc import Hashable, Iterable
from typing import TypeVar

from skillpassport.frameworks.importing.problems import RowProblem

V = TypeVar("V")


def without_contradictions(
    rows: Iterable[tuple[int, Hashable, V]], column: str, problems: list[RowProblem]
) -> tuple[V, ...]:
    """Return the values of rows, each once; refuse all rows that say different things of one thing.

    Were one of them taken, which would depend on the order of the rows.

    rows: line, what names the thing, and what the row says of it
    problems: is added to
    """
    said: dict[Hashable, list[tuple[int, V]]] = {}
    for line, key, value in rows:
        said.setdefault(key, []).append((line, value))
    kept = []
    for told in said.values():
        first = told[0][1]
        if all(value == first for _, value in told):
            kept.append(first)
            continue
        lines = ", ".join(str(line) for line, _ in told)
        problems.extend(
            RowProblem(
                line=line,
                column=column,
                code="rows-contradict",
                message=f"Expected one row for each thing, found lines {lines} that differ; keep one.",
            )
            for line, _ in told
        )
    return tuple(kept)
