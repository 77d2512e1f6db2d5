"""Files of decisions on single cases: what was decided comes in, and nobody of whom it was decided."""

import csv
from pathlib import Path

import pytest

from skillpassport.equivalence.importing.files import FILES
from skillpassport.equivalence.importing.precedents import read_precedent_file
from skillpassport.equivalence.importing.reading import Reading
from skillpassport.equivalence.rules import RuleOutcome
from skillpassport.frameworks.importing.problems import FileUnreadable
from tests.support.importing import a_table
from tests.support.registry import the_seed

TEMPLATE = Path(__file__).parents[3] / "docs/how-to/framework-templates/precedents.csv"


def a_row(**cells: str) -> dict[str, str]:
    return {
        "origin_country": "PL",
        "qualification": "Spawacz",
        "decided_by": "Board of NO",
        "decided_in": "2024",
        "outcome": "partial",
        "comparable_to": "Fagbrev",
        "differences": "No pipe welding | No drawings",
        "measures": "Course of 80 hours",
        "eqf": "3",
        "source": "Register of decisions",
    } | cells


def read(*rows: dict[str, str], destination: str | None = "NO") -> Reading:
    return read_precedent_file(a_table(rows), {}, the_seed(), destination=destination)


def test_a_row_is_a_decision_with_all_it_says() -> None:
    reading = read(a_row(institution="School of Gdynia", legal_basis="Act of 2015-03-01"))
    assert reading.problems == ()
    (one,) = reading.content.precedents
    assert (one.origin, one.destination, one.title) == ("PL", "NO", "Spawacz")
    assert (one.decided_by, one.decided_in) == ("Board of NO", 2024)
    assert one.result.outcome is RuleOutcome.PARTIAL
    assert one.result.measures == ("Course of 80 hours",)
    assert one.differences == ("No pipe welding", "No drawings")
    assert [(str(each.framework), each.levels) for each in one.result.levels] == [
        ("EU:EQF", ("3",))
    ]
    assert one.institution == "School of Gdynia"
    assert len(reading.content.rows.sources) == 1


def test_the_same_decision_is_the_same_in_every_file_and_another_has_another_id() -> None:
    first, second = (read(row).content.precedents[0].id for row in (a_row(), a_row()))
    assert first == second
    assert read(a_row(outcome="comparable")).content.precedents[0].id != first
    assert len(read(a_row(), a_row()).content.precedents) == 1


def test_an_own_id_names_one_decision() -> None:
    contrary = read(a_row(id="case-type-1"), a_row(id="case-type-1", outcome="comparable"))
    assert [(one.line, one.code) for one in contrary.problems] == [
        (2, "rows-contradict"),
        (3, "rows-contradict"),
    ]


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"decided_in": "2024-05-03"}, "decided_in", "year-malformed"),
        ({"decided_in": "24"}, "decided_in", "year-malformed"),
        ({"decided_in": "٢٠٢٤"}, "decided_in", "year-malformed"),
        ({"decided_in": "3024"}, "decided_in", "year-malformed"),
        ({"decided_in": ""}, "decided_in", "cell-empty"),
        ({"decided_by": ""}, "decided_by", "cell-empty"),
        ({"outcome": "yes"}, "outcome", "word-unknown"),
        ({"origin_country": "Poland"}, "origin_country", "country-malformed"),
        ({"eqf": "11"}, "eqf", "level-unknown"),
        ({"source": ""}, "source_id", "source-missing"),
        ({"source": "", "source_id": "NOWHERE"}, "source_id", "source-unknown"),
        ({"id": "short"}, "id", "precedent-id-malformed"),
        ({"destination_country": "SE"}, "destination_country", "destination-differs"),
        ({"decided_by": "jan.kowalski@mail.example"}, "decided_by", "cell-personal"),
        ({"differences": "write to j.k@a.b.example."}, "differences", "cell-personal"),
        ({"differences": "Applicant born 3.5.1988"}, "differences", "cell-personal"),
        ({"differences": "ok | see case 2024 1234 56789"}, "differences", "cell-personal"),
        ({"measures": "Mr Kowalski takes a course"}, "measures", "cell-personal"),
        ({"institution": "+48 600 700 800"}, "institution", "cell-personal"),
        ({"qualification": "Spawacz 1988-05-03"}, "qualification", "cell-personal"),
        ({"qualification": "..."}, "qualification", "title-unreadable"),
    ],
)
def test_what_cannot_be_taken_names_line_and_column(
    cells: dict[str, str], column: str, code: str
) -> None:
    reading = read(a_row(), a_row(**cells))
    assert [(one.line, one.column, one.code) for one in reading.problems] == [(3, column, code)]


def test_long_words_are_gone_through_once() -> None:
    words = a_row(differences="a" * 19_000, measures="a@" * 9_000, legal_basis="@" * 19_000)
    assert not read(*(words | {"qualification": f"Spawacz {n}"} for n in range(40))).problems


@pytest.mark.parametrize(
    "column",
    ["name", "Applicant name", "surname", "birth_date", "passport_no", "e-mail", "phone",
     "case_number", "dossier", "gender", "Nationality", "Nom", "applicant_id", "file reference"],
)  # fmt: skip
def test_a_column_about_persons_refuses_the_file_and_names_it(column: str) -> None:
    with pytest.raises(FileUnreadable) as refused:
        read(a_row(**{column: ""}))
    assert refused.value.problem.line == 1
    assert refused.value.problem.column == column
    assert "person" in refused.value.message


def test_a_column_named_like_a_framework_holds_levels_and_any_other_is_refused() -> None:
    row = a_row(**{"NO:NKR": "4", "eqf": ""})
    assert read(row).content.precedents[0].result.levels[0].levels == ("4",)
    with pytest.raises(FileUnreadable):
        read(a_row(**{"NO:NOTHING": "4"}))


@pytest.mark.parametrize(
    "text",
    ["Courses of 2010-2014", "EQF 3 and 4", "7212.3", "Units 0098, 0099 and 0101", "At 80 % of it"],
)
def test_ordinary_words_and_figures_are_no_person(text: str) -> None:
    assert read(a_row(differences=text)).problems == ()


def test_without_a_destination_for_the_file_each_row_has_its_own() -> None:
    assert read(a_row(destination_country="SE"), destination=None).problems == ()
    (problem,) = read(a_row(), destination=None).problems
    assert problem.column == "destination_country"


def test_the_template_is_taken_as_it_is() -> None:
    reading = FILES["precedents"](TEMPLATE.read_bytes(), {}, the_seed())
    assert reading.problems == ()
    with TEMPLATE.open(encoding="utf-8", newline="") as file:
        assert reading.rows == len(list(csv.DictReader(file)))
