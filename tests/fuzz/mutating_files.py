"""Changes files that have parts: archives in their members, tables in their cells, lines in lines.

An archive with octets changed at random fails its checksum and says nothing of what reads its
members, so the members are changed and packed anew.
"""

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Callable
from random import Random
from typing import Final

Change = Callable[[bytes, Random], bytes]

ARCHIVE: Final = b"PK\x03\x04"

_BROKEN: Final = (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError)
_NAMES: Final = (
    "manifest.json", "skills_en.csv", "skills_fr.csv", "occupations_en.csv", "sources.jsonl",
    "../skills_en.csv", "/etc/passwd", "a/b/skills_de.csv", "C:skills_en.csv", "x\x00.csv", "", "x",
    "\u202egpj.csv", "skills_" + "e" * 300 + ".csv",
)  # fmt: skip
_CELLS: Final = (
    "", " ", "x", "0", "-1", "1e9", "NaN", "999999999999", "4+", "Entry 3", "\u0664", "\u202e", "\x00",
    "\ufeff", '"', "'", ",", ";", "|", "\n", "=1+1", "a" * 21_000, "TRUE", "null", "current", "EU:EQF",
    "XZ:NQF", "5", "2026-11-22", "2026-02-30", "0000-00-00", "NL", "gb-sct", "http://x/", "XZ-ACT",
    '{"award_date":{"from":"2018-01-01"}}', '{"duration_years":{"in":[4]}}', "published", "read",
)  # fmt: skip


def changed_archive(data: bytes, random: Random, change: Change) -> bytes:
    """Return an archive with one of its files changed, renamed, doubled or lost.

    change: how the content of a file is changed
    Raises: ValueError, where it cannot be read
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = [(each.filename, archive.read(each)) for each in archive.infolist()]
    except (*_BROKEN, zlib.error) as error:
        raise ValueError from error
    if not files:
        raise ValueError
    at = random.randrange(len(files))
    name, content = files[at]
    kind = random.randrange(12)
    if kind == 0:
        del files[at]
    elif kind == 1:
        files.insert(random.randrange(len(files)), files[at])
    elif kind == 2:
        files[at] = random.choice(_NAMES), content
    elif kind == 3:
        files[at] = name, random.choice(files)[1]
    else:
        files[at] = name, change(content, random)
    return _packed(files, random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))


def changed_table(data: bytes, random: Random, change: Change) -> bytes:
    """Return a table with a cell, a row or a column changed.

    Raises: ValueError, where it cannot be read
    """
    text = data.decode("utf-8", "surrogateescape")
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise ValueError from error
    rows = [row for row in rows if row]
    if not rows:
        raise ValueError
    _change_rows(rows, random, change)
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter, lineterminator="\n", escapechar="\\")
    try:
        writer.writerows(rows)
    except csv.Error as error:
        raise ValueError from error
    return written.getvalue().encode("utf-8", "surrogateescape")


def _change_rows(rows: list[list[str]], random: Random, change: Change) -> None:
    """Change one thing; mostly a cell below the header, since a header is refused as a whole."""
    at = random.randrange(1, len(rows)) if len(rows) > 1 and random.random() < 0.95 else 0
    row = rows[at]
    column = random.randrange(len(row))
    kind = random.randrange(12)
    if kind == 0:
        del rows[at]
    elif kind == 1:
        rows[at:at] = [list(row) for _ in range(random.choice((1, 2, 30)))]
    elif kind == 2:
        for each in rows:
            del each[column : column + 1]
    elif kind == 3:
        other = random.choice(rows)
        row[column] = other[column % len(other)] if other else ""
    elif kind == 4:
        row[column] = random.choice(row)
    elif kind < 8:
        row[column] = random.choice(_CELLS)
    else:
        bent = change(row[column].encode("utf-8", "surrogateescape"), random)
        row[column] = bent.decode("utf-8", "surrogateescape")


def changed_lines(data: bytes, random: Random, change: Change) -> bytes:
    """Return lines with one of them changed, lost, doubled or moved."""
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    kind = random.randrange(8)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(random.randrange(len(lines)), lines[at])
    elif kind == 2:
        random.shuffle(lines)
    else:
        lines[at] = change(lines[at], random)
    return b"\n".join(lines)


def _packed(files: list[tuple[str, bytes]], method: int) -> bytes:
    packed = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # two files of one name are meant
        with zipfile.ZipFile(packed, "w", method) as archive:
            for name, content in files:
                archive.writestr(zipfile.ZipInfo(name), content, method)
    return packed.getvalue()
