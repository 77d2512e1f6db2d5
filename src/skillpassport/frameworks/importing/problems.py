"""What can be wrong with a file that is brought in, told by line and column."""

from dataclasses import dataclass
from typing import Any

from skillpassport.errors import SkillPassportError


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class RowProblem:
    """One thing for which a row is refused.

    line: where the row begins in the file; the header is line 1. In a file without lines, the
        place of the record, counted from 1
    column: name of the column or member; empty where the row as a whole is meant
    message: expected, found, what to do
    """

    line: int
    column: str
    code: str
    message: str

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "line": self.line,
            "column": self.column,
            "code": self.code,
            "message": self.message,
        }

    def __str__(self) -> str:
        """Say it in a line."""
        column = f", column '{self.column}'" if self.column else ""
        return f"line {self.line}{column}: {self.message} ({self.code})"


class RowRefused(SkillPassportError):
    """A row says something that cannot be taken; the importer goes on with the next one."""

    code = "row-refused"
    public = ("column", "cause")

    def __init__(self, column: str, cause: str, message: str) -> None:
        super().__init__(message)
        self.column = column
        self.cause = cause

    def at(self, line: int) -> RowProblem:
        """Return the refusal with its place in the file."""
        return RowProblem(line=line, column=self.column, code=self.cause, message=self.message)


class FileUnreadable(SkillPassportError):
    """A file cannot be read as what it should be; no row of it is taken.

    line: None where no single one is meant
    column: name of a column; empty where none is meant
    """

    code = "file-unreadable"
    public = ("line", "column")

    def __init__(self, reason: str, *, line: int | None = None, column: str = "") -> None:
        place = "" if line is None else f"Line {line}: "
        super().__init__(f"{place}{reason}")
        self.line = line
        self.column = column
        self.reason = reason

    @property
    def problem(self) -> RowProblem:
        """The cause in the form in which the problems of rows are told."""
        return RowProblem(
            line=self.line or 1, column=self.column, code=self.code, message=self.reason
        )


class TableUnreadable(FileUnreadable):
    """A file cannot be read as the table that it should be."""

    code = "table-unreadable"

    def __init__(self, line: int, column: str, reason: str) -> None:
        super().__init__(reason, line=line, column=column)
