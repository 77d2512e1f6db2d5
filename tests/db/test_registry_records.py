"""Rows that leave come back as the values they were; other rows are refused by table and line."""

from typing import Any

import pytest

from skillpassport.db.registry_parts import PARTS, content_of
from skillpassport.db.registry_records import record_of, values_of
from skillpassport.equivalence.exchange.bundle import Record
from skillpassport.equivalence.exchange.errors import RowsMalformed
from skillpassport.equivalence.snapshot import RegistrySnapshot
from tests.fuzz.small_registry import by_table, small_content


def values_by_table() -> dict[str, list[Any]]:
    """Return something for every table that is exchanged."""
    return {table: list(values.values()) for table, values in by_table(small_content()).items()}


@pytest.fixture(scope="module")
def values() -> dict[str, list[Any]]:
    return values_by_table()


@pytest.fixture
def records(values: dict[str, list[Any]]) -> dict[str, list[Record]]:
    return {
        table: [record_of(PARTS[table].encode(one)) for one in listed]
        for table, listed in values.items()
    }


def test_every_table_comes_back_as_it_left(
    values: dict[str, list[Any]], records: dict[str, list[Record]]
) -> None:
    assert set(values) == set(PARTS)
    assert all(values.values())
    read = {table: list(values_of(table, rows)) for table, rows in records.items()}
    assert read == values
    RegistrySnapshot.of_content(content_of(read))


@pytest.mark.parametrize(
    ("table", "member", "value"),
    [
        ("frameworks", "id", []),
        ("frameworks", "name", ["en"]),
        ("frameworks", "name", {"en": 5}),
        ("frameworks", "authority", {}),
        ("framework_editions", "level_count", "8"),
        ("framework_editions", "level_count", 2**31),
        ("framework_editions", "level_count", True),
        ("framework_levels", "height", "NaN"),
        ("framework_levels", "height", "1E+1000000"),
        ("framework_levels", "descriptors", {"skills": "Welds"}),
        ("sources", "title", "nul \0"),
        ("level_mappings", "note", None),
        ("regulated_professions", "isco", [["2221"]]),
        ("regulated_professions", "ways", [{}]),
        ("unit_links", "whole", "yes"),
        ("precedents", "decided_in", 2**40),
        ("occupational_standards", "units", [{"title": [], "footing": "read"}]),
        ("agreements", "is_public", 1),
        ("recognition_rules", "aliases", "ab"),
        ("recognition_rules", "revision", 7),
        ("competent_authorities", "as_of", None),
    ],
)
def test_a_row_with_a_member_of_another_kind_is_refused_by_its_line(
    records: dict[str, list[Record]], table: str, member: str, value: object
) -> None:
    good = records[table][0]
    with pytest.raises(RowsMalformed) as refused:
        list(values_of(table, [good, {**good, member: value}]))
    assert (refused.value.table, refused.value.line) == (table, 2)
