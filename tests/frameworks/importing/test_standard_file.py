"""Files of occupational standards: whole ones come in, one with a bad row does not come in by half."""

import json
from decimal import Decimal
from importlib import resources
from pathlib import Path

import pytest

from skillpassport.equivalence.importing.files import FILES
from skillpassport.equivalence.importing.reading import Reading
from skillpassport.equivalence.seeding import read_registry_seed
from skillpassport.frameworks.importing.problems import FileUnreadable
from skillpassport.frameworks.model import Footing
from tests.support.importing import a_table, some_records
from tests.support.registry import the_seed

TEMPLATE = Path(__file__).parents[3] / "docs/how-to/framework-templates/standards.csv"
SKILL = "http://data.europa.eu/esco/skill/welding"


def first_row(**cells: str) -> dict[str, str]:
    return {
        "standard": "XZ-W",
        "standard_title_en": "Welder",
        "authority": "Authority of XZ",
        "country": "XZ",
        "isco": "7212",
        "source": "A gazette",
        "code": "U1",
        "title_en": "Prepare",
    } | cells


def a_row(code: str = "U2", **cells: str) -> dict[str, str]:
    return {"standard": "XZ-W", "code": code, "title_en": f"Unit {code}"} | cells


def read(*rows: dict[str, str]) -> Reading:
    return FILES["standards"](a_table(rows), {}, the_seed())


def read_json(*records: dict[str, object]) -> Reading:
    return FILES["standards"](some_records(records), {}, the_seed())


def told(reading: Reading) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, one.code) for one in sorted(reading.problems)]


def test_rows_are_units_of_one_standard_with_hours_dates_skills_and_parts() -> None:
    reading = read(
        first_row(total_hours="400", valid_from="2024-01-01", standard_level="2"),
        a_row("U2", hours="120.5", esco=f"{SKILL};{SKILL}-2", aliases="A|B", kind="core"),
        a_row("U2.1", part_of="u2", hours="40"),
        a_row("U3", essential="no", last_achievement="2027-06-30", footing=""),
    )
    assert reading.problems == ()
    (standard,) = reading.content.rows.standards
    assert (standard.level, standard.total_hours) == ("2", Decimal(400))
    assert [unit.code for unit in standard.units] == ["U1", "U2", "U3"]
    second, third = standard.units[1:]
    assert second.hours == Decimal("120.5")
    assert second.esco == (SKILL, f"{SKILL}-2")
    assert [part.code for part in second.parts] == ["U2.1"]
    assert (third.essential, str(third.last_achievement)) == (False, "2027-06-30")
    assert standard.footing is Footing.READ


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([first_row(source="")], (2, "source_id", "source-missing")),
        ([first_row(authority="")], (2, "authority", "cell-empty")),
        ([first_row(standard_title_en="")], (2, "title", "title-missing")),
        ([first_row(country="Utopia")], (2, "country", "country-malformed")),
        ([first_row(isco="72121")], (2, "isco", "isco-malformed")),
        ([first_row(valid_from="2024", title_fr="")], (2, "valid_from", "day-malformed")),
        (
            [first_row(valid_from="2024-02-01", valid_until="2024-01-01")],
            (2, "valid_until", "period-reversed"),
        ),
        ([first_row(standard="X Z")], (2, "standard", "standard-malformed")),
        ([first_row(total_hours="many")], (2, "total_hours", "number-malformed")),
        ([first_row(), a_row(title_en="")], (3, "title", "title-missing")),
        ([first_row(), a_row(hours="-1")], (3, "hours", "number-malformed")),
        ([first_row(), a_row(essential="maybe")], (3, "essential", "word-unknown")),
        ([first_row(), a_row(esco="welding")], (3, "esco", "esco-malformed")),
        ([first_row(), a_row(part_of="U9")], (3, "part_of", "unit-unknown")),
        ([first_row(), a_row(authority="Another")], (3, "authority", "standard-differs")),
        ([first_row(), a_row("u1")], (2, "code", "code-twice")),
        ([first_row(), a_row(aliases="U1")], (2, "code", "code-twice")),
        ([first_row(), a_row(standard="")], (3, "standard", "cell-empty")),
        ([first_row(footing="sure")], (2, "footing", "word-unknown")),
    ],
)
def test_what_cannot_be_taken_names_line_and_column(
    rows: list[dict[str, str]], problem: tuple[int, str, str]
) -> None:
    assert told(read(*rows)) == [problem]


def test_a_standard_with_a_bad_row_is_left_out_whole_and_the_others_stay() -> None:
    reading = read(first_row(), a_row(hours="x"), first_row(standard="XZ-V"))
    assert [one.id for one in reading.content.rows.standards] == ["XZ-V"]
    assert told(reading) == [(3, "hours", "number-malformed")]


def test_a_column_that_is_misspelt_refuses_the_file() -> None:
    with pytest.raises(FileUnreadable) as refused:
        read(first_row(ours="1"))
    assert "'hours' may be meant" in refused.value.message


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"unknown": 1}, ""),
        ({"units": []}, "units"),
        ({"units": "many"}, "units"),
        ({"units": [{"title": "text"}]}, "title"),
        ({"units": [{"title": {"en": "x"}, "hidden": 1}]}, "units"),
        ({"units": [{"title": {"en": "x"}, "essential": "no"}]}, "essential"),
        ({"units": [{"title": {"en": "x"}, "parts": [{"title": {"en": "y"}, "parts": [1]}]}]},
         "parts"),
        ({"source_id": "A"}, ""),
        ({"id": 7}, "id"),
        ({"title": {"en": "a\x07b"}}, "en"),
    ],
)  # fmt: skip
def test_records_of_another_form_are_refused(changes: dict[str, object], column: str) -> None:
    record: dict[str, object] = {
        "id": "XZ-W",
        "title": {"en": "Welder"},
        "authority": "A",
        "source": "A gazette",
        "units": [{"title": {"en": "Unit"}}],
    }
    assert read_json(record).problems == ()
    (problem,) = read_json(record | changes).problems
    assert (problem.line, problem.column) == (2, column)


def test_the_standards_of_the_seed_are_read_as_they_are() -> None:
    """What one instance has, another may bring in by the same file."""
    folder = resources.files("skillpassport") / "seeds/registry/standards"
    records = []
    for file in folder.iterdir():
        record = json.loads(file.read_text(encoding="utf-8"))
        record.pop("cites", None)
        records.append(record)
    reading = read_json(*records)
    assert reading.problems == ()
    known = {one.id: one for one in read_registry_seed().rows.standards}
    assert {one.id: one for one in reading.content.rows.standards} == known


def test_the_template_is_taken_as_it_is() -> None:
    reading = FILES["standards"](TEMPLATE.read_bytes(), {}, the_seed())
    assert reading.problems == ()
    (standard,) = reading.content.rows.standards
    assert [len(unit.parts) for unit in standard.units] == [0, 1, 0, 0]
