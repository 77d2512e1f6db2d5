"""Fuzz target: tables that an operator brings into the registry, whoever wrote them."""

from contextlib import suppress
from typing import Final

from sqlalchemy import Integer

from skillpassport.db.registry_parts import PARTS
from skillpassport.equivalence.importing.files import FILES
from skillpassport.equivalence.importing.reading import Reading
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.frameworks.errors import RegistryInconsistent
from skillpassport.frameworks.importing.citing import Citations, read_sources
from skillpassport.frameworks.importing.problems import FileUnreadable, RowProblem
from skillpassport.frameworks.importing.qualification_file import QualificationReader
from skillpassport.frameworks.qualification_records import (
    qualification_of,
    record_of,
)
from tests.fuzz.small_registry import by_table, small_registry, template, with_more

SOURCES: Final = read_sources(template("sources.json"))
RECORDS: Final = ("frameworks", "agreements")
"""Kinds of files that are JSON; the others are tables."""

LARGEST: Final = 2**31 - 1
"""What a column of PostgreSQL takes."""


def check(data: bytes) -> None:
    """Fail for a foreign exception, and for rows that no database or registry takes."""
    for kind in FILES:
        if kind not in RECORDS:
            bring_in(kind, data)
    bring_in_qualifications(data)


def bring_in(kind: str, data: bytes) -> None:
    """Read a file of a kind as an import does that skips bad rows."""
    with suppress(FileUnreadable):
        reading = FILES[kind](data, SOURCES, small_registry())
        assert all(_is_told(problem) for problem in reading.problems)
        _write(reading)


def _write(reading: Reading) -> None:
    for table, values in by_table(reading.content).items():
        codec = PARTS[table]
        for value in values.values():
            row = codec.encode(value)
            for column in codec.table.columns:
                held = row.get(column.key)
                if isinstance(column.type, Integer) and held is not None:
                    assert abs(held) <= LARGEST, (table, column.key)
            assert codec.decode({**row, "revision": 1}) == value
            assert "\x00" not in repr(row)
    if reading.rows:
        with suppress(RegistryInconsistent):
            RegistrySnapshot.of_content(with_more(reading.content))


def bring_in_qualifications(data: bytes) -> None:
    """Read a file of qualifications twice, as an import does."""
    with suppress(FileUnreadable):
        citations = Citations(registry=small_registry().registry, given=SOURCES)
        reader = QualificationReader(small_registry().registry, citations)
        found = list(reader.read(data))
        assert list(reader.read(data)) == found
        for each in found:
            if isinstance(each, RowProblem):
                assert _is_told(each)
            else:
                assert qualification_of(record_of(each[1])) == each[1]


def _is_told(problem: RowProblem) -> bool:
    return problem.line > 0 and bool(problem.code) and problem.message in str(problem)
