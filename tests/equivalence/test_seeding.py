"""The seed that ships with the product says what was read in sources, and what was not."""

import csv
import datetime as dt
from collections import Counter

import pytest

from skillpassport.equivalence.model import LevelMapping, Publication
from skillpassport.equivalence.professions import AwardedIn
from skillpassport.equivalence.seeding import read_registry_seed
from skillpassport.frameworks.model import (
    Edition,
    Footing,
    Framework,
    FrameworkId,
    FrameworkStatus,
    Level,
    SourceId,
)
from tests.support.registry import ask, the_seed
from tests.support.shared_data import shared_data

SEED = read_registry_seed()
COUNTS = {
    Publication.PUBLISHED: 256,
    Publication.SECONDARY_SOURCE: 22,
    Publication.NOT_ENDORSED: 10,
    Publication.SUPERSEDED: 6,
    Publication.UNVERIFIED: 217,
}
"""Statements by footing: what stands here was counted, so that nothing grows unnoticed."""


def test_the_seed_is_as_large_as_was_counted() -> None:
    rows = SEED.rows
    assert (len(rows.frameworks), len(rows.editions), len(rows.levels)) == (142, 148, 826)
    assert Counter(one.publication for one in SEED.mappings) == COUNTS


def test_what_nobody_read_says_so_and_answers_nothing() -> None:
    unread = [one for one in SEED.mappings if one.publication is Publication.UNVERIFIED]
    assert all(one.note.startswith(("Not read", "Inferred")) for one in unread)
    for mapping in unread:
        answer = ask(the_seed(), str(mapping.origin), mapping.target.framework)
        steps = [step.mapping for one in answer.answers for step in one.path]
        assert mapping not in steps, mapping.id


def test_what_rests_on_recollection_alone_is_never_called_read() -> None:
    written: tuple[Framework | Edition | Level, ...] = (
        *SEED.rows.frameworks,
        *SEED.rows.editions,
        *SEED.rows.levels,
    )
    for row in written:
        if row.sources == ("REMEMBERED",):
            assert row.footing in {Footing.UNVERIFIED, Footing.NAMED}
            assert not isinstance(row, Level) or (row.title, row.qualification_types) == (None, ())


def cited() -> list[tuple[SourceId, ...]]:
    rows = SEED.rows
    return [
        *(one.sources for one in rows.frameworks),
        *(one.sources for one in rows.editions),
        *(one.sources for one in rows.levels),
        *(one.sources for one in rows.authorities),
        *(one.sources for one in rows.standards),
        *(one.sources for one in SEED.mappings),
        *(way.sources for one in SEED.professions for way in one.ways),
    ]


def test_every_row_of_the_seed_cites_a_source() -> None:
    assert all(cited())


def test_every_source_of_the_seed_is_cited() -> None:
    assert {one.id for one in SEED.rows.sources} == {id for ids in cited() for id in ids}


def test_every_level_that_a_statement_names_is_listed() -> None:
    registry = the_seed().registry
    for mapping in SEED.mappings:
        for end in (mapping.origin, mapping.target):
            edition = registry.newest_edition(end.framework)
            label = end.edition or (edition.label if edition else None)
            if end.level is not None:
                assert registry.find_level(end.framework, label, end.level), mapping.id


def test_an_id_without_need_of_encoding_leads_to_every_framework() -> None:
    plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"
    for framework in SEED.rows.frameworks:
        ids = (framework.id, *framework.aliases)
        assert any(all(c in plain for c in one.replace(":", "", 1)) for one in ids), framework.id


def test_statements_and_things_of_the_seed_are_there_once() -> None:
    rows = SEED.rows
    for names in (
        [one.id for one in SEED.mappings],
        [str(one.id) for one in rows.frameworks],
        [str(one.id) for one in rows.sources],
        [f"{one.framework}@{one.edition} {one.notation}" for one in rows.levels],
    ):
        assert not [name for name, count in Counter(names).items() if count > 1]


def test_a_draft_is_called_a_draft() -> None:
    assert the_seed().registry.framework("LB:LQF").status is FrameworkStatus.DRAFT


@pytest.mark.parametrize(
    ("day", "edition", "count"),
    [("2013-12-26", None, None), ("2022-05-01", "2013", 10), ("2023-06-06", "2023", 8)],
)
def test_the_indian_framework_has_both_editions(
    day: str, edition: str | None, count: int | None
) -> None:
    found = the_seed().registry.edition_in_force(FrameworkId("IN:NSQF"), dt.date.fromisoformat(day))
    assert (found and found.label, found and found.level_count) == (edition, count)


READ_SINCE = {f"LV:LKI {level} > EU:EQF {level} referenced" for level in "35678"}
"""Pairs that the shared table has as unverified, and that were read later."""


@pytest.mark.data
def test_the_seed_says_what_the_shared_table_of_mappings_says() -> None:
    with (shared_data() / "equivalences" / "level_mappings.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    told = {_identity(one) for one in SEED.mappings if one.id not in READ_SINCE}
    assert told == {
        (
            row["from_framework"],
            row["from_edition"],
            row["from_level"],
            row["to_framework"],
            row["to_edition"],
            row["to_level"],
            row["relation"],
            row["direction"],
            row["status"],
            row["source_id"],
        )
        for row in rows
        if (row["from_framework"], row["status"]) != ("LV:LKI", "unverified")
        or row["from_level"] not in "35678"
    }


def _identity(mapping: LevelMapping) -> tuple[str, ...]:
    ends = (mapping.origin, mapping.target)
    places = [text for end in ends for text in (end.framework, end.edition or "", end.level or "")]
    how = (mapping.relation, mapping.direction, mapping.publication, ";".join(mapping.sources))
    return (*places, *how)


def test_who_decides_on_a_profession_is_told_by_where_one_qualified() -> None:
    for profession in SEED.professions:
        groups = [way.awarded_in for way in profession.ways]
        assert len(groups) == len(set(groups)), profession.id
        for way in profession.ways:
            is_directive = "EU-2005-36" in way.sources
            assert is_directive == (way.awarded_in is AwardedIn.DIRECTIVE_AREA), profession.id
            if way.authority_id is not None:
                assert the_seed().registry.authority(way.authority_id) is not None
