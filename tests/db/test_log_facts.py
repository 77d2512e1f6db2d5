"""A row's facts are the same when written and when read back, on every engine."""

from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    insert,
    select,
)

from skillpassport.db.log_facts import (
    facts_of,
    key_values,
    row_id,
    stored_columns,
    stored_facts_of,
)
from skillpassport.db.tables.log import MUTABLE
from skillpassport.db.tables.metadata import Instant, Json
from skillpassport.db.unit_of_work import Database


class Colour(StrEnum):
    RED = "red"


SAMPLE = Table(
    "sample",
    MetaData(),
    Column("name", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("happened_at", Instant),
    Column("day", Date),
    Column("flag", Boolean),
    Column("details", Json),
    Column("sealed", LargeBinary),
    Column("colour", Text),
    Column("changing", Text, info=MUTABLE),
)

ROWS: list[dict[str, object]] = [
    {
        "name": "GH:NTVETQF@2014/é %",
        "number": -3,
        "happened_at": datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=timezone(timedelta(hours=2))),
        "day": date(2026, 2, 28),
        "flag": True,
        "details": {"b": (1, 2), "a": {"é": None}, "t": True},
        "sealed": b"\x00\xff",
        "colour": Colour.RED,
        "changing": "x",
    },
    {"name": "only the key", "number": 0},
    {"name": "false", "number": 1, "flag": False, "details": [], "sealed": b"", "colour": ""},
    {
        "name": "text",
        "number": 2,
        "details": "a text",
        "happened_at": datetime(1, 1, 1, tzinfo=UTC),
    },
]


@pytest.fixture
def sample(database: Database) -> Database:
    with database.transaction() as work:
        SAMPLE.create(work.connection)
    return database


def test_facts_survive_storage(sample: Database) -> None:
    with sample.transaction() as work:
        for row in ROWS:
            work.connection.execute(insert(SAMPLE), row)
    with sample.snapshot() as work:
        query = select(*stored_columns(SAMPLE))
        stored = {
            row_id(SAMPLE, row): stored_facts_of(SAMPLE, row)
            for row in work.connection.execute(query).mappings()
        }
    assert stored == {row_id(SAMPLE, row): facts_of(SAMPLE, row) for row in ROWS}


def test_what_may_change_is_no_fact() -> None:
    changed = ROWS[0] | {"changing": "y"}
    assert facts_of(SAMPLE, changed) == facts_of(SAMPLE, ROWS[0])
    assert "changing" not in facts_of(SAMPLE, ROWS[0])


def test_each_other_column_is_a_fact() -> None:
    others: dict[str, object] = {
        "happened_at": datetime(2026, 1, 2, tzinfo=UTC),
        "day": date(2026, 3, 1),
        "flag": False,
        "details": {},
        "sealed": b"",
        "colour": "blue",
    }
    for name, value in others.items():
        assert facts_of(SAMPLE, ROWS[0] | {name: value}) != facts_of(SAMPLE, ROWS[0])
        assert facts_of(SAMPLE, ROWS[0] | {name: None}) != facts_of(SAMPLE, ROWS[0])


def test_a_column_added_later_contradicts_nothing() -> None:
    """It is NULL in the rows that were there before, and NULL is no fact."""
    with_more = SAMPLE.to_metadata(MetaData())
    with_more.append_column(Column("new", Text))
    assert facts_of(with_more, ROWS[0]) == facts_of(SAMPLE, ROWS[0])


def test_a_value_without_one_text_is_refused() -> None:
    table = Table("t", MetaData(), Column("id", Text, primary_key=True), Column("x", Float))
    with pytest.raises(TypeError, match="keep it as text"):
        facts_of(table, {"id": "a", "x": 0.1})


@given(st.text(), st.integers(-(2**31), 2**31))
def test_a_row_is_found_by_its_name(name: str, number: int) -> None:
    name = name.encode("utf-8", "ignore").decode()
    row = {"name": name, "number": number}
    assert key_values(SAMPLE, row_id(SAMPLE, row)) == (name, number)


def test_ordinary_ids_are_their_own_names() -> None:
    table = Table("t", MetaData(), Column("id", Text, primary_key=True))
    assert row_id(table, {"id": "Az09_-"}) == "Az09_-"
    assert row_id(table, {"id": "IN:NSQF@2023"}) == "IN:NSQF@2023"
