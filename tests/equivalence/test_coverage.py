"""What the registry holds is counted from it, and each country is answered with what is true."""

import pytest

from skillpassport.equivalence.answer import AnswerKind
from skillpassport.equivalence.coverage import Reach, measure_coverage
from skillpassport.equivalence.model import Publication
from skillpassport.equivalence.standing import SENTENCES, Standing, standing_of
from skillpassport.frameworks.model import FrameworkStatus
from tests.support.registry import a_framework, a_mapping, a_snapshot, ask, the_seed

COUNTRIES = ("GH", "ET", "LB", "MW", "SN", "TZ", "NE", "NO", "AQ")


@pytest.mark.parametrize(
    ("country", "standing", "kind"),
    [
        ("GH", Standing.VOCATIONAL_ONLY, AnswerKind.UNKNOWN),
        ("ET", Standing.OFFICIAL, AnswerKind.UNKNOWN),
        ("LB", Standing.DRAFT, AnswerKind.UNKNOWN),
        ("MW", Standing.IN_DEVELOPMENT, AnswerKind.UNKNOWN),
        ("SN", Standing.IN_DEVELOPMENT, AnswerKind.UNKNOWN),
        ("TZ", Standing.VOCATIONAL_ONLY, AnswerKind.UNKNOWN),
        ("NE", Standing.NONE, AnswerKind.UNKNOWN),
        ("AQ", Standing.UNRECORDED, AnswerKind.UNKNOWN),
        ("NO", Standing.OFFICIAL, AnswerKind.FOUND),
    ],
)
def test_a_country_is_answered_with_what_is_true_of_it(
    country: str, standing: Standing, kind: AnswerKind
) -> None:
    assert standing_of(the_seed().registry, country) is standing
    answer = ask(the_seed(), "PL:PRK VI", country)
    assert answer.kind is kind
    if standing is not Standing.OFFICIAL:
        assert answer.explanation == SENTENCES[standing]


def test_countries_are_told_apart_by_what_is_known_of_them() -> None:
    coverage = measure_coverage(the_seed(), COUNTRIES)
    reaches = {one.country: one.reach for one in coverage.countries}
    assert reaches["NO"] is Reach.REACHED
    assert reaches["AQ"] is Reach.NOT_REACHED
    partly = ("GH", "ET", "LB", "MW", "SN", "TZ", "NE")  # Ethiopia relates its two frameworks alone
    assert {reaches[one] for one in partly} == {Reach.PARTLY_REACHED}


def test_a_country_of_which_nothing_was_read_is_not_reached() -> None:
    (kuwait,) = measure_coverage(the_seed(), ("KW",)).countries
    assert (kuwait.reach, len(kuwait.frameworks)) == (Reach.NOT_REACHED, 1)


def test_statements_that_answer_nothing_reach_no_country() -> None:
    for publication in Publication:
        snapshot = a_snapshot(a_mapping("AA:X 1", "EU:Y 2", publication=publication))
        (country,) = measure_coverage(snapshot, ("AA",)).countries
        assert (country.reach is Reach.REACHED) == publication.is_usable


def test_every_source_and_every_statement_is_counted() -> None:
    coverage = measure_coverage(the_seed(), COUNTRIES)
    assert sum(coverage.statements.values()) == 511
    assert sum(coverage.frameworks.values()) == 142
    assert coverage.frameworks[FrameworkStatus.DRAFT] == 5
    assert all(one.cited for one in coverage.sources)


def test_a_record_that_there_is_no_framework_is_a_standing_of_its_own() -> None:
    snapshot = a_snapshot(frameworks=[a_framework("AA:none", status=FrameworkStatus.NONE)])
    assert standing_of(snapshot.registry, "AA") is Standing.NONE
    assert standing_of(snapshot.registry, "AB") is Standing.UNRECORDED
