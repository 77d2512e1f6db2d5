"""Classifications as they are stored: what was brought in is what is found."""

import dataclasses

import pytest
from sqlalchemy import func, select

from skillpassport.db.tables.frameworks import registry_changes
from skillpassport.db.tables.taxonomies import taxonomy_concepts
from skillpassport.db.taxonomies import TaxonomyChange
from skillpassport.db.unit_of_work import Database
from skillpassport.frameworks.taxonomies.catalogue import ConceptSearch
from skillpassport.frameworks.taxonomies.esco import read_esco
from skillpassport.frameworks.taxonomies.model import (
    ConceptKind,
    ConceptUnknown,
    RelationKind,
    TaxonomyContent,
    TaxonomyUnknown,
)
from tests.support.taxonomies import GROUP, PIPE_WELDER, WELDER, WELDING, a_package, a_taxonomy


def bring_in(database: Database, content: TaxonomyContent) -> TaxonomyChange:
    with database.transaction() as work:
        return work.taxonomies.add(content, origin="the tests", now=lambda: work.now)


@pytest.fixture
def esco(database: Database) -> Database:
    content, _ = read_esco(a_package(), version="1.2.0")
    bring_in(database, content)
    return database


def found(
    database: Database, text: str, language: str | None = None, **others: ConceptKind
) -> list[str]:
    with database.snapshot() as work:
        taxonomy = work.taxonomies.named("esco")
        wanted = ConceptSearch(text=text, language=language, **others)
        return [each.match.name for each in work.taxonomies.search(taxonomy, wanted, limit=10)]


def test_what_was_brought_in_is_what_is_read_back(database: Database) -> None:
    content = a_taxonomy()
    change = bring_in(database, content)
    assert (change.added, change.changed, change.unchanged, change.gone) == (3, 0, 0, 0)
    with database.snapshot() as work:
        (taxonomy,) = work.taxonomies.all()
        assert (taxonomy.name, taxonomy.languages) == ("esco@1.0", ("ar", "en", "fr"))
        assert taxonomy.counts == content.counts
        read = work.taxonomies.concepts(taxonomy, kind=None, after=None, limit=10)
    assert {each.uri: each for each in read} == {each.uri: each for each in content.concepts}


def test_the_same_content_changes_nothing(database: Database) -> None:
    bring_in(database, a_taxonomy())
    again = bring_in(
        database, dataclasses.replace(a_taxonomy(), concepts=a_taxonomy().concepts[::-1])
    )
    assert (again.added, again.changed, again.unchanged) == (0, 0, 3)
    with database.snapshot() as work:
        changes = select(func.count()).select_from(registry_changes)
        assert work.connection.scalar(changes) == 1


def test_other_content_of_a_version_is_a_further_revision_and_the_earlier_one_stays(
    database: Database,
) -> None:
    bring_in(database, a_taxonomy())
    change = bring_in(database, a_taxonomy(label="metal joiner"))
    assert (change.added, change.changed, change.unchanged) == (0, 1, 2)
    assert change.taxonomy.revision == 2
    with database.snapshot() as work:
        (taxonomy,) = work.taxonomies.all()
        assert work.taxonomies.concept(taxonomy, WELDER).labels["en"] == "metal joiner"
        assert work.connection.scalar(select(func.count()).select_from(taxonomy_concepts)) == 6
    assert found(database, "welder") == ["Welders and flame cutters", "arc welder"]


def test_the_newest_version_answers_unless_one_is_named(database: Database) -> None:
    for version in ("1.10", "1.9"):
        bring_in(database, a_taxonomy(version=version))
    with database.snapshot() as work:
        assert work.taxonomies.named("esco").version == "1.10"
        assert work.taxonomies.named("esco@1.9").version == "1.9"
        for unknown in ("esco@2", "isco-08", ""):
            with pytest.raises(TaxonomyUnknown):
                work.taxonomies.named(unknown)


def test_a_concept_is_found_by_uri_and_by_code(esco: Database) -> None:
    with esco.snapshot() as work:
        taxonomy = work.taxonomies.named("esco")
        assert work.taxonomies.concept(taxonomy, "7212.3").uri == WELDER
        assert work.taxonomies.concept(taxonomy, WELDER).code == "7212.3"
        for unknown in ("0000", "", "http://example.org/none", "7212.3%"):
            with pytest.raises(ConceptUnknown):
                work.taxonomies.concept(taxonomy, unknown)


def test_relations_are_read_from_either_end(esco: Database) -> None:
    with esco.snapshot() as work:
        store, taxonomy = work.taxonomies, work.taxonomies.named("esco")
        skills = store.related(taxonomy, WELDER, RelationKind.ESSENTIAL)
        assert [each.concept.uri for each in skills] == [WELDING]
        assert {each.kind.value for each in store.related(taxonomy, WELDER)} == {
            "broader", "essential", "optional",
        }  # fmt: skip
        needing = store.relating(taxonomy, WELDING)
        assert [each.concept.uri for each in needing] == [WELDER]
        below = store.relating(taxonomy, GROUP, RelationKind.BROADER)
        assert [each.concept.uri for each in below] == [WELDER]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("WELDER", ["welder", "Welders and flame cutters", "pipe welder"]),
        ("soudeuse", ["soudeur/soudeuse"]),
        ("infirmiere specialiste", ["infirmier spécialiste/infirmière spécialiste"]),
        ("drawings read", ["read drawings"]),
        ("interpret drawings", ["interpret drawings"]),
        ("weldor", ["welder", "pipe welder", "Welders and flame cutters"]),
        ("nothing of the kind", []),
        ("%", []),
        ("'; DROP TABLE taxonomies; --", []),
    ],
)
def test_names_are_found_in_any_language_best_first(
    esco: Database, text: str, names: list[str]
) -> None:
    assert found(esco, text) == names


def test_a_search_may_be_narrowed_to_a_language_or_a_kind(esco: Database) -> None:
    assert found(esco, "welder", language="fr") == []
    assert found(esco, "weld", kind=ConceptKind.SKILL) == ["welding"]


def test_arabic_is_found_as_people_write_it(database: Database) -> None:
    bring_in(database, a_taxonomy())
    assert found(database, "لحام") == ["لَحّام"]


def test_a_name_is_found_whole_in_any_language(esco: Database) -> None:
    with esco.snapshot() as work:
        taxonomy = work.taxonomies.named("esco")
        (same,) = work.taxonomies.labelled(taxonomy, "Soudeur / Soudeuse")
        assert same.uri == WELDER
        assert work.taxonomies.labelled(taxonomy, "weld") == []


def test_concepts_are_listed_in_pages(esco: Database) -> None:
    with esco.snapshot() as work:
        store, taxonomy = work.taxonomies, work.taxonomies.named("esco")
        first = store.concepts(taxonomy, kind=ConceptKind.OCCUPATION, after=None, limit=1)
        rest = store.concepts(taxonomy, kind=ConceptKind.OCCUPATION, after=first[0].uri, limit=9)
        assert [each.uri for each in (*first, *rest)][1:] == [PIPE_WELDER, WELDER]
