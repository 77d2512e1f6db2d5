"""Qualifications as they are stored: added, revised, found by id, title, country, level and words."""

import dataclasses
from collections.abc import Iterable
from typing import Any

import pytest
from sqlalchemy import event

from skillpassport.db.qualifications import MAX_TITLED, QualificationChange
from skillpassport.db.unit_of_work import Database
from skillpassport.frameworks.model import FrameworkId
from skillpassport.frameworks.qualifications import (
    FormerName,
    Qualification,
    QualificationFilter,
    QualificationUnknown,
)
from skillpassport.frameworks.reading import fold
from tests.support.taxonomies import a_full_qualification, a_qualification

EVERY = QualificationFilter()


def bring_in(database: Database, *given: Qualification) -> QualificationChange:
    with database.transaction() as work:
        return work.qualifications.add(given, origin="the tests", now=lambda: work.now)


def listed(database: Database, wanted: QualificationFilter = EVERY) -> list[str]:
    with database.snapshot() as work:
        return [each.id for each in work.qualifications.list(wanted, after=None, limit=50)]


def titled(database: Database, origin: str, title: str) -> list[str]:
    with database.snapshot() as work:
        return [each.id for each in work.qualifications.titled(origin, fold(title))]


def found(database: Database, text: str, wanted: QualificationFilter = EVERY) -> list[str]:
    with database.snapshot() as work:
        search = work.qualifications.search(text, wanted, limit=10)
        return [each.qualification.id for each in search]


def test_what_was_brought_in_is_what_is_read_back(database: Database) -> None:
    given = a_full_qualification()
    assert bring_in(database, given) == QualificationChange(added=1, changed=0, unchanged=0)
    with database.snapshot() as work:
        assert work.qualifications.get("PL-full") == given
        with pytest.raises(QualificationUnknown):
            work.qualifications.get("PL-none")


def test_the_same_qualifications_change_nothing(database: Database) -> None:
    given = [a_full_qualification(), a_qualification(1)]
    bring_in(database, *given)
    again = bring_in(database, *given)
    assert again == QualificationChange(added=0, changed=0, unchanged=2)
    with database.snapshot() as work:
        assert work.frameworks.version() == 1


def test_one_that_differs_is_a_further_revision_and_its_old_title_finds_nothing(
    database: Database,
) -> None:
    bring_in(database, a_qualification(1), a_qualification(2))
    change = bring_in(database, a_qualification(1, title="Certificate in Joinery"))
    assert change == QualificationChange(added=0, changed=1, unchanged=0)
    assert listed(database) == ["PL-0001", "PL-0002"]
    assert titled(database, "PL", "Diploma in Welding") == ["PL-0002"]
    assert titled(database, "PL", "certificate in joinery") == ["PL-0001"]
    assert found(database, "joinery") == ["PL-0001"]
    assert found(database, "Diploma in Welding") == ["PL-0002"]


def test_a_title_is_found_in_any_language_and_by_alias_in_its_country_alone(
    database: Database,
) -> None:
    bring_in(database, a_qualification(1))
    for title in ("DIPLOMA in welding", "Dyplom 1: spawacz", "Welder 1"):
        assert titled(database, "PL", title) == ["PL-0001"]
        assert titled(database, "DE", title) == []
    assert titled(database, "PL", "Diploma") == []


def test_a_title_tells_the_level_that_a_comparison_goes_on_from(database: Database) -> None:
    bring_in(database, a_full_qualification())
    with database.snapshot() as work:
        (known,) = work.qualifications.titled("PL", fold("Pipe Welder"))
    assert (known.framework, known.edition, known.level) == ("PL:PRK", "current", "IV")
    assert (known.title, known.sources) == ("Certificate in Pipe Welding", ("S1",))


def test_a_part_of_a_country_sees_its_own_and_the_whole_country_s(database: Database) -> None:
    places = ("GB", "GB-SCT", "GB-WLS")
    bring_in(
        database,
        *(dataclasses.replace(a_qualification(n), country=place) for n, place in enumerate(places)),
    )
    title = "Diploma in Welding"
    assert titled(database, "GB", title) == ["PL-0000", "PL-0001", "PL-0002"]
    assert titled(database, "GB-SCT", title) == ["PL-0000", "PL-0001"]
    assert listed(database, QualificationFilter(country="GB")) == ["PL-0000", "PL-0001", "PL-0002"]
    assert listed(database, QualificationFilter(country="GB-SCT")) == ["PL-0001"]
    assert found(database, "welding", QualificationFilter(country="GB-WLS")) == ["PL-0002"]


def test_many_of_one_title_are_few_in_an_answer(database: Database) -> None:
    bring_in(database, *map(a_qualification, range(MAX_TITLED + 5)))
    assert len(titled(database, "PL", "Diploma in Welding")) == MAX_TITLED


def test_they_are_listed_by_framework_and_level_in_pages(database: Database) -> None:
    at_level = (
        dataclasses.replace(a_qualification(n), framework=FrameworkId("PL:PRK"), level="IV")
        for n in range(3)
    )
    bring_in(database, a_qualification(9), *at_level)
    wanted = QualificationFilter(framework="PL:PRK", level="IV")
    assert listed(database, wanted) == ["PL-0000", "PL-0001", "PL-0002"]
    with database.snapshot() as work:
        rest = work.qualifications.list(wanted, after="PL-0000", limit=1)
    assert [each.id for each in rest] == ["PL-0001"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("welding diploma", ["PL-0001"]),
        ("weldnig", ["PL-0001"]),
        ("cuisinière", ["PL-0002"]),
        ("CUISINIERE certificat", ["PL-0002"]),
        ("REG/77", ["PL-0002"]),
        ("pipe", []),
        ("'\"%_\\", []),
    ],
)
def test_words_are_found_in_spite_of_accents_order_and_slips(
    database: Database, text: str, expected: list[str]
) -> None:
    cook = Qualification(
        id="PL-0002",
        country="PL",
        title={"fr": "Certificat de cuisinière"},
        codes=(FormerName(text="REG/77"),),
    )
    bring_in(database, a_qualification(1), cook)
    assert found(database, text) == expected


def test_hundreds_come_in_one_change(database: Database) -> None:
    def given() -> Iterable[Qualification]:
        return map(a_qualification, range(1200))

    done: list[int] = []
    with database.transaction() as work:
        work.qualifications.add(given(), origin="x", now=lambda: work.now, progress=done.append)
    assert sum(done) == 1200
    assert bring_in(database, *given()).unchanged == 1200


def test_words_together_are_looked_up_by_the_whole_key(sqlite_database: Database) -> None:
    """Without the country in it, each look-up went through all things of a common word."""
    asked: list[tuple[str, Any]] = []

    def note(_one: object, _two: object, statement: str, values: object, *_: object) -> None:
        asked.append((statement, values))

    with sqlite_database.transaction() as work:
        given = [a_qualification(number) for number in range(1, 9)]
        work.qualifications.add(given, origin="the tests", now=lambda: work.now)
    with sqlite_database.snapshot() as work:
        event.listen(work.connection, "before_cursor_execute", note)
        work.qualifications.search("diploma welding", QualificationFilter(), limit=5)
        ((statement, values),) = [each for each in asked if "other_0" in each[0]]
        plan = work.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    (step,) = [row[3] for row in plan if "SEARCH other_0" in row[3]]
    assert "term=? AND country=? AND number=?" in step
