"""Awards of many persons in one file: a CSV table, or JSON with an array of awards.

A table has one award in each row: `name` and `awarded_on`, and where wanted `birth_date`,
`subject_id`, `valid_until`, `language` and a column `result.…` for each assessed part. What all
have in common is said once, beside the file. Each award follows the rules of the API.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from skillpassport.frameworks.importing.problems import RowProblem, RowRefused, TableUnreadable
from skillpassport.frameworks.importing.table_file import Row, read_table
from skillpassport.vc.strict_json import JsonValue, parse
from skillpassport.web.api.credentials import AwardIn

MAX_FILE_BYTES: Final = 4 * 1024 * 1024
"""Far above what as many awards as a batch takes fill."""

_REQUIRED: Final = ("name", "awarded_on")
_OPTIONAL: Final = ("birth_date", "subject_id", "valid_until", "language")
_RESULT: Final = "result."
_COLUMNS: Final = {
    "subject.name": "name",
    "subject.birth_date": "birth_date",
    "subject.id": "subject_id",
}
"""Members of an award to the columns that they come from, where these differ."""

_FORMULA: Final = re.compile(r"[=@\t\r]|[+-][^\W\d_]")
"""What a spreadsheet would carry out instead of showing it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardsRead:
    """What a file holds.

    awards: each with its line, or with its place in an array, counted from 1
    problems: what is wrong with the others, in the order of the file
    """

    awards: Sequence[tuple[int, AwardIn]]
    problems: tuple[RowProblem, ...]

    @property
    def total(self) -> int:
        """How many awards the file has, good and bad."""
        return len(self.awards) + len({problem.line for problem in self.problems})


def read_awards(data: bytes, common: Mapping[str, Any]) -> AwardsRead:
    """Return the awards of a file, and what is wrong with those that are none.

    data: JSON where it begins with a bracket, else CSV; at most `MAX_FILE_BYTES`
    common: members of each award, as the API takes them; they take precedence
    Raises: TableUnreadable, StrictJsonError
    """
    if len(data) > MAX_FILE_BYTES:
        raise TableUnreadable(
            1, "", f"Expected at most {MAX_FILE_BYTES} bytes, found {len(data)}; divide the file."
        )
    bodies = _in_json(data) if data.lstrip()[:1] == b"[" else _in_table(data)
    awards: list[tuple[int, AwardIn]] = []
    problems: list[RowProblem] = []
    for line, body in bodies:
        if isinstance(body, RowProblem):
            problems.append(body)
            continue
        try:
            awards.append((line, AwardIn.model_validate({**body, **common})))
        except ValidationError as error:
            problems += _problems(line, error)
    return AwardsRead(awards=awards, problems=tuple(problems))


def _in_json(data: bytes) -> Iterator[tuple[int, dict[str, JsonValue] | RowProblem]]:
    listed = parse(data, max_bytes=MAX_FILE_BYTES)
    assert isinstance(listed, list)  # noqa: S101 - it began with a bracket
    for place, each in enumerate(listed, start=1):
        if isinstance(each, dict):
            yield place, each
        else:
            message = "Expected an award as the API takes it, found another value; mend it."
            yield place, RowProblem(line=place, column="", code="award-invalid", message=message)


def _in_table(data: bytes) -> Iterator[tuple[int, dict[str, Any] | RowProblem]]:
    table = read_table(data, required=_REQUIRED, ignores_others=True)
    results = [name for name in table.columns if name.startswith(_RESULT) and name != _RESULT]
    for name in table.columns:
        if name not in {*_REQUIRED, *_OPTIONAL, *results}:
            known = ", ".join(f"'{one}'" for one in (*_REQUIRED, *_OPTIONAL))
            raise TableUnreadable(
                1,
                name,
                f"Expected {known} and 'result.…' as columns, found '{name}'. Take it out.",
            )
    for row in table.rows:
        try:
            yield row.line, _body(row, results)
        except RowRefused as refusal:
            yield row.line, refusal.at(row.line)


def _body(row: Row, results: Sequence[str]) -> dict[str, Any]:
    """Return the award of a row, its empty cells left out.

    Raises: RowRefused
    """
    name = row.needed("name")
    if _FORMULA.match(name):
        raise RowRefused(
            "name",
            "formula-like-text",
            "Expected a name, found a text that a spreadsheet takes for a formula; write it without "
            "the sign at its beginning.",
        )
    subject = {"name": name, "birth_date": row["birth_date"], "id": row["subject_id"]}
    body: dict[str, Any] = {
        "subject": _filled(subject),
        "awarded_on": row.needed("awarded_on"),
        "valid_until": row["valid_until"],
        "language": row["language"],
        "results": _filled({each.removeprefix(_RESULT): row[each] for each in results}),
    }
    return _filled(body)


def _filled(cells: Mapping[str, Any]) -> dict[str, Any]:
    return {name: cell for name, cell in cells.items() if cell}


def _problems(line: int, error: ValidationError) -> Iterator[RowProblem]:
    for fault in error.errors(include_input=False, include_url=False):
        place = ".".join(map(str, fault["loc"]))
        yield RowProblem(
            line=line,
            column=_COLUMNS.get(place, place.replace("results.", _RESULT, 1)),
            code="award-invalid",
            message=fault["msg"],
        )
