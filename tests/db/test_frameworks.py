"""The registry as rows: added, revised, never changed, each recorded in the log."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Table, func, select

from skillpassport.db.framework_rows import (
    AUTHORITIES,
    EDITIONS,
    FRAMEWORKS,
    LEVELS,
    MAPPINGS,
    SOURCES,
)
from skillpassport.db.frameworks import FrameworkStore
from skillpassport.db.tables.frameworks import frameworks, registry_changes
from skillpassport.db.tables.log import log_entries
from skillpassport.db.unit_of_work import Database
from skillpassport.equivalence.answer import AnswerKind
from skillpassport.equivalence.seeding import RegistrySeed, read_registry_seed
from skillpassport.equivalence.snapshot import RegistryContent
from skillpassport.frameworks.errors import RegistryInconsistent
from skillpassport.frameworks.model import Edition, FrameworkStatus, Level
from skillpassport.frameworks.registry import FrameworkRows
from tests.support.database import NOON
from tests.support.registry import (
    a_framework,
    a_mapping,
    a_source,
    an_edition,
    ask,
    levels_of,
    some_levels,
)

SEED = read_registry_seed()


def a_registry(status: FrameworkStatus = FrameworkStatus.OFFICIAL) -> RegistryContent:
    ids = ("AA:X", "EU:Y")
    return RegistryContent(
        rows=FrameworkRows(
            sources=(a_source(),),
            frameworks=tuple(a_framework(one, status=status) for one in ids),
            editions=tuple(map(an_edition, ids)),
            levels=tuple(level for one in ids for level in some_levels(one)),
        ),
        mappings=(a_mapping("AA:X 1", "EU:Y 2"),),
    )


def count(database: Database, table: Table) -> int:
    with database.snapshot() as work:
        return work.connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_what_the_seed_says_is_what_is_read_back(database: Database) -> None:
    with database.transaction() as work:
        change = work.frameworks.apply_seed(SEED, now=work.now)
    assert change is not None
    assert change.added["frameworks"] == len(SEED.rows.frameworks)
    assert "level mappings" in str(change)
    with database.snapshot() as work:
        content = work.frameworks.content()
        snapshot = work.frameworks.load()
    assert {(one.framework, one.edition, one.notation): one for one in content.rows.levels} == {
        (one.framework, one.edition, one.notation): one for one in SEED.rows.levels
    }
    assert set(map(repr, content.rows.editions)) == set(map(repr, SEED.rows.editions))
    assert set(map(repr, content.rows.sources)) == set(map(repr, SEED.rows.sources))
    assert {one.id: one for one in content.rows.frameworks} == {
        one.id: one for one in SEED.rows.frameworks
    }
    assert {one.id: one for one in content.rows.authorities} == {
        one.id: one for one in SEED.rows.authorities
    }
    assert set(content.mappings) == set(SEED.mappings)
    assert levels_of(ask(snapshot, "PL:PRK VI", "NO")) == ["6"]


def test_a_version_of_the_seed_is_applied_once(database: Database) -> None:
    with database.transaction() as work:
        work.frameworks.apply_seed(SEED, now=work.now)
    with database.transaction() as work:
        assert work.frameworks.apply_seed(SEED, now=work.now) is None
    assert count(database, registry_changes) == 1


def test_a_later_version_of_the_seed_adds_and_changes_nothing_that_is_there(
    sqlite_database: Database,
) -> None:
    touched = dataclasses.replace(SEED.rows.frameworks[0], authority="Touched by hand")
    correction = RegistryContent(rows=FrameworkRows(frameworks=(touched,)))
    later = dataclasses.replace(
        SEED,
        version=SEED.version + 1,
        rows=dataclasses.replace(
            SEED.rows, frameworks=(*SEED.rows.frameworks, a_framework("ZZ:NEW"))
        ),
        mappings=SEED.mappings,
    )
    later = _with_source(later)
    with sqlite_database.transaction() as work:
        work.frameworks.apply_seed(SEED, now=work.now)
        work.frameworks.revise(correction, origin="by hand", now=work.now)
    with sqlite_database.transaction() as work:
        change = work.frameworks.apply_seed(later, now=work.now)
    assert change is not None
    assert (change.added["frameworks"], change.kept) == (1, (str(touched.id),))
    assert "left 1 as they are" in str(change)
    with sqlite_database.snapshot() as work:
        registry = work.frameworks.load().registry
    assert registry.framework(touched.id).authority == "Touched by hand"


def test_a_later_version_of_the_seed_says_more_of_what_nobody_touched(
    sqlite_database: Database,
) -> None:
    said = dataclasses.replace(SEED.rows.frameworks[0], notes=("Said later.",))
    later = dataclasses.replace(
        SEED,
        version=SEED.version + 1,
        rows=dataclasses.replace(SEED.rows, frameworks=(said, *SEED.rows.frameworks[1:])),
    )
    with sqlite_database.transaction() as work:
        work.frameworks.apply_seed(SEED, now=work.now)
    with sqlite_database.transaction() as work:
        change = work.frameworks.apply_seed(later, now=work.now)
    assert change is not None
    assert (change.changed["frameworks"], change.kept) == (1, ())
    with sqlite_database.snapshot() as work:
        assert work.frameworks.load().registry.framework(said.id).notes == ("Said later.",)


def _with_source(seed: RegistrySeed) -> RegistrySeed:
    rows = dataclasses.replace(seed.rows, sources=(*seed.rows.sources, a_source()))
    return dataclasses.replace(seed, rows=rows)


def test_adding_leaves_what_is_there_and_revising_adds_a_revision(database: Database) -> None:
    draft = a_registry(FrameworkStatus.DRAFT)
    with database.transaction() as work:
        work.frameworks.add(a_registry(), origin="first", now=work.now)
    with database.transaction() as work:
        kept = work.frameworks.add(draft, origin="second", now=work.now)
    with database.transaction() as work:
        revised = work.frameworks.revise(draft, origin="third", now=work.now)
    assert (kept.total, kept.kept) == (0, ("AA:X", "EU:Y"))
    assert (revised.total, revised.kept) == (2, ())
    with database.snapshot() as work:
        registry = work.frameworks.load().registry
        rows = work.connection.execute(
            select(frameworks.c.revision, frameworks.c.origin).where(frameworks.c.id == "AA:X")
        ).all()
    assert registry.framework("AA:X").status is FrameworkStatus.DRAFT
    assert [tuple(row) for row in rows] == [(1, "first"), (2, "third")]


def test_the_version_changes_with_every_change_and_with_nothing_else(database: Database) -> None:
    versions = []
    for content in (None, a_registry(), None, a_registry(FrameworkStatus.DRAFT)):
        with database.transaction() as work:
            if content is not None:
                work.frameworks.revise(content, origin="a test", now=work.now)
            versions.append(work.frameworks.version())
    assert versions == [0, 1, 1, 2]
    with database.snapshot() as work:
        assert work.frameworks.load().revision == "2"


def test_the_registry_can_be_told_as_it_was_after_an_earlier_change(database: Database) -> None:
    with database.transaction() as work:
        work.frameworks.add(a_registry(), origin="first", now=NOON)
    corrected = RegistryContent(
        rows=a_registry(FrameworkStatus.DRAFT).rows, mappings=(a_mapping("AA:X 1", "EU:Y 3"),)
    )
    with database.transaction() as work:
        later = NOON + dt.timedelta(days=1)
        work.frameworks.revise(corrected, origin="second", now=later)
    with database.snapshot() as work:
        store = work.frameworks
        assert [store.made_at(n) for n in (1, 2, 3)] == [NOON, later, None]
        assert levels_of(ask(store.load(1), "AA:X 1", "EU:Y")) == ["2"]
        assert levels_of(ask(store.load(2), "AA:X 1", "EU:Y")) == ["2", "3"]
        assert store.load(1).registry.framework("AA:X").status is FrameworkStatus.OFFICIAL
        assert store.load().registry.framework("AA:X").status is FrameworkStatus.DRAFT
        assert not store.load(0).registry.search()


def test_every_added_row_is_recorded_in_the_log(database: Database) -> None:
    with database.transaction() as work:
        change = work.frameworks.add(a_registry(), origin="a test", now=work.now)
    with database.snapshot() as work:
        entries = work.connection.execute(select(log_entries.c.kind, log_entries.c.row_id)).all()
    assert len(entries) == change.total + 1
    assert {kind for kind, _ in entries} == {"registry-edited"}
    assert "AA:X/1" in {row_id for _, row_id in entries}


@pytest.mark.parametrize(
    "broken",
    [
        RegistryContent(rows=FrameworkRows(sources=(a_source(),), editions=(an_edition("AA:X"),))),
        RegistryContent(rows=FrameworkRows(frameworks=(a_framework("AA:X"),))),
        RegistryContent(rows=FrameworkRows(), mappings=(a_mapping("AA:X 1", "EU:Y 1"),)),
    ],
)
def test_rows_that_name_what_is_not_there_are_refused_and_nothing_is_kept(
    sqlite_database: Database, broken: RegistryContent
) -> None:
    with pytest.raises(RegistryInconsistent), sqlite_database.transaction() as work:
        work.frameworks.add(broken, origin="a test", now=work.now)
    assert count(sqlite_database, registry_changes) == 0
    assert count(sqlite_database, frameworks) == 0


def test_an_empty_registry_knows_nothing(sqlite_database: Database) -> None:
    with sqlite_database.snapshot() as work:
        snapshot = work.frameworks.load()
    assert snapshot.registry.search() == ()
    assert snapshot.revision == "0"


def test_a_row_that_is_given_twice_is_added_once(sqlite_database: Database) -> None:
    content = a_registry()
    twice = dataclasses.replace(content, mappings=content.mappings * 2)
    with sqlite_database.transaction() as work:
        change = work.frameworks.add(twice, origin="a test", now=work.now)
        answer = ask(work.frameworks.load(), "AA:X 1", "EU:Y")
    assert change.added["level_mappings"] == 1
    assert answer.kind is AnswerKind.FOUND


def test_the_log_is_told_of_rows_as_they_are_inserted(sqlite_database: Database) -> None:
    told: list[tuple[str, Mapping[str, object]]] = []
    with sqlite_database.transaction() as work:
        store = FrameworkStore(
            work.connection, lambda _kind, table, row: told.append((table.name, row))
        )
        store.add(a_registry(), origin="a test", now=NOON)
    assert next(name for name, _ in told) == "sources"
    assert all("origin" in row for _, row in told)


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
days = st.none() | st.dates()
decimals = st.decimals(-99, 99, places=2)


@given(
    st.builds(
        Edition,
        framework=texts,
        label=texts,
        footing=st.just(an_edition("AA:X").footing),
        sources=st.lists(texts, max_size=2).map(tuple),
        valid_from=days,
        valid_until=days,
        level_count=st.none() | st.integers(0, 99),
        credit_unit_hours=st.none() | decimals,
        notes=st.lists(texts, max_size=2).map(tuple),
    )
)
def test_an_edition_survives_being_a_row(edition: Edition) -> None:
    assert EDITIONS.decode(EDITIONS.encode(edition)) == edition


@given(
    st.builds(
        Level,
        framework=texts,
        edition=texts,
        notation=texts,
        order=decimals,
        footing=st.just(an_edition("AA:X").footing),
        sources=st.lists(texts, max_size=2).map(tuple),
        title=st.none() | st.dictionaries(texts, texts, max_size=2),
        qualification_types=st.lists(texts, max_size=2).map(tuple),
        parent=st.none() | texts,
        published_uri=st.none() | texts,
        aliases=st.lists(texts, max_size=2).map(tuple),
    )
)
def test_a_level_survives_being_a_row(level: Level) -> None:
    assert LEVELS.decode(LEVELS.encode(level)) == level


def test_everything_of_the_seed_survives_being_a_row() -> None:
    rows = SEED.rows
    assert [FRAMEWORKS.decode(FRAMEWORKS.encode(one)) for one in rows.frameworks] == [
        *rows.frameworks
    ]
    assert [SOURCES.decode(SOURCES.encode(one)) for one in rows.sources] == [*rows.sources]
    assert [MAPPINGS.decode(MAPPINGS.encode(one)) for one in SEED.mappings] == [*SEED.mappings]
    assert [AUTHORITIES.decode(AUTHORITIES.encode(one)) for one in rows.authorities] == [
        *rows.authorities
    ]
    assert Decimal(30) in {one.credit_unit_hours for one in rows.editions}
    assert dt.date(2013, 12, 27) in {one.valid_from for one in rows.editions}
