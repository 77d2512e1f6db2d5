"""Qualifications in files: what is taken, and what is refused with line, column and remedy."""

import json
from decimal import Decimal
from typing import Any

import pytest

from skillpassport.equivalence.seeding import read_registry_seed
from skillpassport.frameworks.importing.citing import Citations
from skillpassport.frameworks.importing.problems import FileUnreadable, RowProblem, TableUnreadable
from skillpassport.frameworks.importing.qualification_file import QualificationReader
from skillpassport.frameworks.qualification_records import record_of
from skillpassport.frameworks.qualifications import FormerName, Qualification
from skillpassport.frameworks.registry import Registry
from tests.support.taxonomies import a_full_qualification

REGISTRY = Registry.of(read_registry_seed().rows)
TABLE = "id,country,title_en,title_fr,aliases,framework,level,isco,valid_from,valid_until,credits\n"
RECORD: dict[str, Any] = {"id": "PL-1", "country": "PL", "title": {"en": "Diploma"}}


def reader() -> QualificationReader:
    return QualificationReader(REGISTRY, Citations(registry=REGISTRY, given={}))


def read(data: str) -> list[Qualification]:
    found = list(reader().read(data.encode()))
    problems = [each for each in found if isinstance(each, RowProblem)]
    assert problems == []
    return [each[1] for each in found if not isinstance(each, RowProblem)]


def refused(data: str) -> list[tuple[int, str, str]]:
    problems = (each for each in reader().read(data.encode()) if isinstance(each, RowProblem))
    return [(each.line, each.column, each.code) for each in problems]


def test_a_row_is_a_qualification() -> None:
    (found,) = read(
        f"{TABLE}PL-1,PL,Diploma,Diplôme,Old name;Other,PL:PRK,IV,7212,2020-01-01,,7.50\n"
    )
    assert found.title == {"en": "Diploma", "fr": "Diplôme"}
    assert found.aliases == (FormerName(text="Old name"), FormerName(text="Other"))
    assert (found.framework, found.level, found.isco) == ("PL:PRK", "IV", ("7212",))
    assert str(found.credits) == "7.50"


def test_a_record_is_a_qualification_with_units_and_outcomes() -> None:
    full = a_full_qualification()
    assert read(json.dumps([record_of(full)])) == [full]


@pytest.mark.parametrize(("given", "hours"), [(120, "120"), (7.5, "7.5"), ("7.50", "7.50")])
def test_numbers_of_a_record_are_numbers_or_texts(given: object, hours: str) -> None:
    (found,) = read(json.dumps([RECORD | {"hours": given}]))
    assert found.hours == Decimal(hours)


@pytest.mark.parametrize("given", [True, -1, 1e300, [], "x"])
def test_what_is_no_number_is_refused(given: object) -> None:
    ((_, column, _),) = refused(json.dumps([RECORD | {"hours": given}]))
    assert column == "hours"


def test_a_qualification_without_a_framework_is_taken() -> None:
    (found,) = read(json.dumps([RECORD]))
    assert (found.framework, found.level) == (None, None)


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (",PL,D,,,,,,,,", "id", "cell-empty"),
        ("a b,PL,D,,,,,,,,", "id", "id-malformed"),
        ("../x,PL,D,,,,,,,,", "id", "id-malformed"),
        ("x,Poland,D,,,,,,,,", "country", "country-malformed"),
        ("x,PL,,,,,,,,,", "title", "title-missing"),
        ("x,PL,D,,,XX:NONE,1,,,,", "framework", "framework-unknown"),
        ("x,PL,D,,,PL:PRK,99,,,,", "level", "level-unknown"),
        ("x,PL,D,,,,IV,,,,", "level", "framework-missing"),
        ("x,PL,D,,,,,72x,,,", "isco", "isco-malformed"),
        ("x,PL,D,,,,,,2020-13-01,,", "valid_from", "day-malformed"),
        ("x,PL,D,,,,,,2020-01-02,2020-01-01,", "valid_until", "period-reversed"),
        ("x,PL,D,,,,,,,,many", "credits", "number-malformed"),
        ("x,PL,D,,,,,,,,-1", "credits", "number-malformed"),
        ("x,PL,D\x07,,,,,,,,", "title_en", "cell-characters"),
        ("x,PL,D", "", "row-width"),
        ("ok,PL,D,,,,,,,,", "id", "id-twice"),
    ],
)
def test_a_row_that_cannot_be_taken_is_refused(row: str, column: str, code: str) -> None:
    assert refused(f"{TABLE}ok,PL,D,,,,,,,,\n{row}\n") == [(3, column, code)]


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"title": "Diploma"}, "title", "title-missing"),
        ({"title": {}}, "title", "title-missing"),
        ({"title": {"english": "D"}}, "title", "member-mistyped"),
        ({"title": {"en": 7}}, "en", "member-mistyped"),
        ({"surprise": 1}, "", "member-unknown"),
        ({"isco": "7212"}, "isco", "member-mistyped"),
        ({"isco": [7212]}, "isco", "member-mistyped"),
        ({"esco": ["javascript:alert(1)"]}, "esco", "esco-malformed"),
        ({"aliases": ["Old"]}, "aliases", "member-mistyped"),
        ({"aliases": [{"text": "Old", "since": "1"}]}, "aliases", "member-unknown"),
        ({"codes": [{"text": "1", "valid_from": "1999"}]}, "valid_from", "day-malformed"),
        ({"units": [{"title": {"en": "U"}}]}, "code", "cell-empty"),
        ({"units": [{"code": "U", "title": {"en": "U"}, "hours": "x"}]}, "hours",
         "number-malformed"),
        ({"outcomes": [{"statement": {"en": "S"}, "esco": ["x"]}]}, "esco", "esco-malformed"),
        ({"outcomes": [{"statement": {"en": "S"}}] * 401}, "outcomes", "list-too-long"),
        ({"type": "x" * 5001}, "type", "cell-too-long"),
        ({"sources": ["no id!"]}, "source_id", "source-malformed"),
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_taken_is_refused(
    change: dict[str, Any], column: str, code: str
) -> None:
    assert refused(json.dumps([RECORD | change])) == [(1, column, code)]


def test_good_rows_are_read_beside_bad_ones() -> None:
    rows = f"{TABLE}a,PL,D,,,,,,,,\n!,PL,D,,,,,,,,\nb,PL,D,,,,,,,,\n"
    found = [type(each) for each in reader().read(rows.encode())]
    assert found == [tuple, RowProblem, tuple]


@pytest.mark.parametrize(
    "data",
    [
        "", "id,title_en\nx,D\n", "id,country\nx,PL\n", "id,country,titel_en\nx,PL,D\n",
        "id,country,title_en,id\n", "id,country,title_EN\n",
    ],
)  # fmt: skip
def test_a_table_with_other_columns_is_refused(data: str) -> None:
    with pytest.raises(TableUnreadable):
        list(reader().read(data.encode()))


@pytest.mark.parametrize("data", ["[", "[1]", '[{"id":1,"id":2}]', "[" * 500, '[{"id":"\\ud800"}]'])
def test_json_that_is_broken_is_refused(data: str) -> None:
    with pytest.raises(FileUnreadable):
        list(reader().read(data.encode()))
