"""Cells of a table as values: words of a list, days and numbers."""

import datetime as dt
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final, TypeVar

from skillpassport.frameworks.importing.problems import RowRefused
from skillpassport.frameworks.importing.table_file import Row

E = TypeVar("E", bound=StrEnum)

_LONGEST_NUMBER: Final = 12
_LARGEST_WHOLE: Final = 2**31 - 1
"""What an integer column takes on both engines."""


def chosen(row: Row, column: str, kind: type[E]) -> E:
    """Return the word of a list that a cell is.

    Raises: RowRefused
    """
    return word_of(kind, row.needed(column), column)


def word_of(kind: type[E], text: str, column: str) -> E:
    """Return a text as a word of a list.

    Raises: RowRefused
    """
    try:
        return kind(text)
    except ValueError as error:
        words = ", ".join(f"'{word.value}'" for word in kind)
        raise RowRefused(
            column, "word-unknown", f"Expected one of {words}, found '{text}'; choose one."
        ) from error


def day(row: Row, column: str) -> dt.date | None:
    """Return the calendar day of a cell written `YYYY-MM-DD`; None where the cell is empty.

    Raises: RowRefused
    """
    text = row[column]
    if not text:
        return None
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        raise RowRefused(
            column, "day-malformed", f"Expected a day as YYYY-MM-DD, found '{text}'; write it so."
        )
    return found


def whole_number(row: Row, column: str) -> int | None:
    """Return the number of a cell, not negative; None where the cell is empty.

    Raises: RowRefused
    """
    text = row[column]
    if not text:
        return None
    is_number = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
    if not is_number or int(text) > _LARGEST_WHOLE:
        raise RowRefused(
            column, "number-malformed", f"Expected a whole number, found '{text}'; use figures."
        )
    return int(text)


def decimal_number(row: Row, column: str) -> Decimal | None:
    """Return the number of a cell, with a point for its decimals; None where the cell is empty.

    Raises: RowRefused
    """
    text = row[column]
    if not text:
        return None
    plain = text.isascii() and set(text) <= set("0123456789.-") and len(text) <= _LONGEST_NUMBER
    try:
        if plain:
            return Decimal(text)
    except InvalidOperation:
        pass
    raise RowRefused(
        column, "number-malformed", f"Expected a number such as 5 or 5.5, found '{text}'."
    )
