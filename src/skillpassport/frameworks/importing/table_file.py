"""Reading a CSV file (RFC 4180) strictly, so that every refusal can name its line.

Spreadsheets write a byte order mark, semicolons or tabs; those are taken. Another encoding than
UTF-8 is refused and never guessed: a name read in the wrong one would be stored wrongly for good.
"""

import csv
import difflib
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from skillpassport.frameworks.importing.problems import RowRefused, TableUnreadable
from skillpassport.frameworks.reading import has_heaped_marks

MAX_FILE_BYTES: Final = 1 << 30
"""Files are read as a whole; a million qualifications are some hundred megabytes."""

MAX_COLUMNS: Final = 200
MAX_COLUMN_NAME: Final = 200
MAX_CELL: Final = 20_000
"""Characters; the longest cell known, an ESCO list of labels, has about 4,000."""

_DELIMITERS: Final = (",", ";", "\t")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_OTHER_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
# Overrides and isolates make text look like other text; joiners (Cf as well) belong to scripts.
_HIDING: Final = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)))
_TAG: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_LAYOUT: Final = frozenset("\t\n\r")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; what is wrong with it is raised where a cell is asked for.

    line: where it begins in the file, the header being line 1; a row may go over several lines
    """

    line: int
    _columns: Mapping[str, int]
    _cells: tuple[str, ...]

    def __getitem__(self, column: str) -> str:
        """Return a cell, stripped and in NFC; empty where an optional column is not there.

        Raises: RowRefused
        """
        self._check_width()
        place = self._columns.get(column)
        return "" if place is None else _clean(self._cells[place], column)

    def needed(self, column: str) -> str:
        """Return a cell that must say something.

        Raises: RowRefused
        """
        cell = self[column]
        if not cell:
            raise RowRefused(column, "cell-empty", "Expected a value, found none; fill it in.")
        return cell

    def listed(self, column: str, separator: str = ";") -> tuple[str, ...]:
        """Return the parts of a cell, those that are not empty, each once and in their order.

        Raises: RowRefused
        """
        parts = (part.strip() for part in self[column].split(separator))
        return tuple(dict.fromkeys(part for part in parts if part))

    def by_language(self, column: str) -> dict[str, str]:
        """Return the texts of the columns `COLUMN_en`, `COLUMN_fr`, … by language, none empty.

        Raises: RowRefused
        """
        prefix = f"{column}_"
        named = (name for name in self._columns if name.startswith(prefix))
        return {name.removeprefix(prefix): text for name in named if (text := self[name])}

    def has_by_language(self, column: str) -> bool:
        """Return whether the header has a column `COLUMN_en` or the like."""
        return any(name.startswith(f"{column}_") for name in self._columns)

    def _check_width(self) -> None:
        if len(self._cells) != len(self._columns):
            raise RowRefused(
                "",
                "row-width",
                f"Expected {len(self._columns)} cells as in the header, found "
                f"{len(self._cells)}; quote a cell that has a separator in it.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table whose header was checked.

    rows: read one by one, once; raises TableUnreadable where the file cannot be read further
    """

    columns: tuple[str, ...]
    rows: Iterator[Row]


def read_table(
    data: bytes,
    *,
    required: Collection[str],
    optional: Collection[str] = (),
    by_language: Collection[str] = (),
    ignores_others: bool = False,
    fills_short_rows: bool = False,
) -> Table:
    """Return the rows of a CSV file behind its header.

    Blank rows are left out. The separator is the comma, semicolon or tab that the header uses.

    data: UTF-8, with or without a byte order mark; at most `MAX_FILE_BYTES`
    required, optional: names of columns as the header must and may have them, in any order
    by_language: beginnings of optional names that end in a language: `title` takes `title_en`
    ignores_others: whether further columns are passed over; else one is refused, since a misspelt
        name would silently lose what its column says
    fills_short_rows: whether empty cells at the end of a row may be missing, as in a file of ESCO
    Raises: TableUnreadable
    """
    text = _decode(data)
    records = _records(text, _delimiter(text))
    header = next(records, None)
    if header is None:
        raise TableUnreadable(1, "", f"Expected a header with {_named(required)}, found nothing.")
    columns = _names(*header, required)
    if not ignores_others:
        _check_known(header[0], columns, {*required, *optional}, by_language)
    places = {name: place for place, name in enumerate(columns)}
    if fills_short_rows:
        records = ((line, cells + [""] * (len(columns) - len(cells))) for line, cells in records)
    rows = (Row(line, places, tuple(cells)) for line, cells in records)
    return Table(columns=columns, rows=rows)


def _decode(data: bytes) -> str:
    if len(data) > MAX_FILE_BYTES:
        raise TableUnreadable(
            1, "", f"Expected at most {MAX_FILE_BYTES} bytes, found {len(data)}; divide the file."
        )
    if data.startswith(_OTHER_MARKS):
        raise TableUnreadable(1, "", "Expected UTF-8, found UTF-16; save the file as CSV UTF-8.")
    content = data.removeprefix(_BYTE_ORDER_MARK)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TableUnreadable(
            line, "", "Expected UTF-8, found other bytes; save the file as CSV UTF-8."
        ) from error


def _delimiter(text: str) -> str:
    """Return the separator that stands most often in the first line, the comma if none does."""
    first = text[: MAX_COLUMNS * 100].lstrip("\r\n").partition("\n")[0]
    return max(_DELIMITERS, key=first.count)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank, with the line where it begins.

    Raises: TableUnreadable
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableUnreadable(
                line, "", f"Expected a row of CSV, found one that is not closed or quoted: {error}."
            ) from error
        if any(map(str.strip, cells)):
            yield line, cells


def _names(line: int, cells: list[str], required: Collection[str]) -> tuple[str, ...]:
    if len(cells) > MAX_COLUMNS:
        raise TableUnreadable(
            line, "", f"Expected at most {MAX_COLUMNS} columns, found {len(cells)}."
        )
    if any(len(cell) > MAX_COLUMN_NAME for cell in cells):
        raise TableUnreadable(
            line, "", f"Expected names of columns of at most {MAX_COLUMN_NAME} characters."
        )
    names = tuple(unicodedata.normalize("NFC", cell).strip() for cell in cells)
    missing = [name for name in required if name not in names]
    if missing:
        raise TableUnreadable(
            line,
            missing[0],
            f"Expected a header with {_named(required)}; {_named(missing)} missing. "
            f"Found {_named(names)}.",
        )
    for name, count in Counter(names).items():
        if not name:
            raise TableUnreadable(line, "", "Expected a name for each column; delete empty ones.")
        if count > 1:
            raise TableUnreadable(
                line, name, f"Expected each column once, found '{name}' {count} times."
            )
    return names


def _check_known(
    line: int, names: Collection[str], known: Collection[str], by_language: Collection[str]
) -> None:
    for name in names:
        beginning, _, tag = name.rpartition("_")
        if name not in known and not (beginning in by_language and _TAG.fullmatch(tag)):
            raise TableUnreadable(
                line, name, _unknown(name, [*known, *(f"{one}_en" for one in by_language)])
            )


def _unknown(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1)
    meant = f"'{near[0]}' may be meant" if near else f"known are {_named(sorted(known))}"
    return f"Expected columns that this kind of file has, found '{name}'; {meant}. Take it out."


def _named(names: Collection[str]) -> str:
    return ", ".join(f"'{name}'" for name in names) or "no columns"


def _clean(cell: str, column: str) -> str:
    if len(cell) > MAX_CELL:
        raise RowRefused(
            column,
            "cell-too-long",
            f"Expected at most {MAX_CELL} characters, found {len(cell)}; shorten it.",
        )
    if cell.isascii() and cell.isprintable():
        return cell.strip()
    if has_heaped_marks(cell):
        raise RowRefused(
            column,
            "cell-characters",
            "Expected letters with a few marks each, found them heaped; take them out.",
        )
    text = unicodedata.normalize("NFC", cell).strip()
    _check_characters(text, column)
    return text


def _check_characters(text: str, column: str) -> None:
    if text.isprintable():
        return
    for character in text:
        hides = unicodedata.category(character) in {"Cc", "Cs", "Cn", "Co"}
        if character in _HIDING or (hides and character not in _LAYOUT):
            raise RowRefused(
                column,
                "cell-characters",
                f"Expected text that can be seen, found the character U+{ord(character):04X}; "
                "take it out.",
            )
