"""ESCO from the publisher's package: what it says, and what is refused with file and line."""

import pytest

from skillpassport.frameworks.importing.problems import TableUnreadable
from skillpassport.frameworks.taxonomies.esco import read_esco, version_in
from skillpassport.frameworks.taxonomies.model import (
    ConceptKind,
    Relation,
    RelationKind,
    TaxonomyContent,
)
from skillpassport.frameworks.taxonomies.package import PackageUnreadable
from tests.support.shared_data import shared_data
from tests.support.taxonomies import (
    DRAWINGS,
    GROUP,
    METALWORK,
    NURSE,
    PIPE_WELDER,
    WELDER,
    WELDING,
    a_package,
    esco_files,
)


def read(**changed: str | None) -> TaxonomyContent:
    content, problems = read_esco(a_package(**changed), version="1.2.0")
    assert problems == ()
    return content


def refused(name: str, line: str, *, replacing: str = "") -> list[tuple[int, str, str, str]]:
    """Return the problems of a package with a line added to a file, or put for another."""
    text = esco_files()[f"{name}.csv"]
    text = text.replace(replacing, line) if replacing else f"{text}{line}\n"
    _, problems = read_esco(a_package(**{name: text}), version="1")
    return [(each.line, each.column, each.code, each.message) for each in problems]


def test_concepts_have_their_labels_in_every_language_of_the_package() -> None:
    concepts = {each.uri: each for each in read().concepts}
    welder = concepts[WELDER]
    assert welder.labels == {"en": "welder", "fr": "soudeur/soudeuse"}
    assert welder.alternatives == {"en": ("arc welder", "flame welder")}
    assert (welder.kind, welder.code, welder.isco_group) == (
        ConceptKind.OCCUPATION,
        "7212.3",
        "7212",
    )
    welding = concepts[WELDING]
    assert (welding.skill_type, welding.reuse_level) == ("knowledge", "sector-specific")
    assert concepts[NURSE].code == "2221.2"  # the French file has none
    assert concepts[METALWORK].kind is ConceptKind.SKILL_GROUP


def test_relations_are_those_of_the_files() -> None:
    content = read()
    assert Relation(source=WELDER, kind=RelationKind.OPTIONAL, target=DRAWINGS) in content.relations
    assert Relation(source=PIPE_WELDER, kind=RelationKind.BROADER, target=WELDER) in (
        content.relations
    )
    assert content.counts == {
        "broader": 3,
        "occupation": 3,
        "occupation_group": 3,
        "occupation_skill": 3,
        "skill": 2,
        "skill_group": 1,
    }


def test_the_same_content_has_the_same_digest_whatever_the_order_of_its_rows() -> None:
    lines = esco_files()["occupations_en.csv"].replace("arc welder\nflame", "arc welder~flame")
    header, *rows = lines.splitlines()
    turned = "\n".join((header, *reversed(rows))).replace("~", "\n")
    assert read().digest() == read(occupations_en=turned).digest()
    assert read().digest() != read(occupations_fr=None).digest()


def test_a_relation_to_a_skill_that_the_package_lacks_is_refused_with_file_and_line() -> None:
    ((line, column, code, message),) = refused(
        "occupationSkillRelations_en", f"{WELDER},essential,knowledge,http://example.org/nothing"
    )
    assert (line, column, code) == (5, "skillUri", "concept-unknown")
    assert message.startswith("occupationSkillRelations_en.csv: ")
    assert "http://example.org/nothing" in message


@pytest.mark.parametrize(
    ("name", "row", "code"),
    [
        ("occupationSkillRelations_en", f"{WELDER},essential,knowledge,{WELDING}", "relation-twice"),
        ("occupationSkillRelations_en", f"{WELDER},needed,knowledge,{WELDING}", "relation-unknown"),
        ("skills_en", f"KnowledgeSkillCompetence,{WELDING},,,again,,released", "concept-twice"),
        ("skills_en", f"KnowledgeSkillCompetence,{WELDER},,,a skill,,released", "concept-of-two-kinds"),
        ("skills_en", "KnowledgeSkillCompetence,javascript:x,,,a skill,,released", "uri-malformed"),
        ("skills_en", "KnowledgeSkillCompetence,http://example.org/1,,,,,released", "cell-empty"),
        ("skills_en", "one cell alone", "row-width"),
        ("skills_en", "KnowledgeSkillCompetence,http://example.org/1,,,a\x07b,,released",
         "cell-characters"),
        ("occupations_en", "Occupation,http://example.org/1,72x2,a,,released,", "isco-malformed"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_taken_is_refused(name: str, row: str, code: str) -> None:
    assert [each[2] for each in refused(name, row)] == [code]


def test_a_wrong_column_is_named_with_its_file() -> None:
    with pytest.raises(TableUnreadable, match=r"skills_en.csv: .*'preferredLabel'"):
        read_esco(a_package(skills_en="conceptUri,skillType,reuseLevel,altLabels\n"), version="1")


@pytest.mark.parametrize("missing", ["skills_en", "occupationSkillRelations_en", "ISCOGroups_en"])
def test_a_missing_file_is_named(missing: str) -> None:
    with pytest.raises(PackageUnreadable, match=missing):
        read_esco(a_package(**{missing: None}), version="1")


def test_a_package_without_english_is_read() -> None:
    english = {name: text for name, text in esco_files().items() if name.endswith("_en.csv")}
    files = {name.replace("_en", "_fr"): text for name, text in english.items()}
    content, problems = read_esco(a_package(files), version="1")
    assert problems == ()
    assert content.languages == ("fr",)


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("esco-1.2.0.zip", "1.2.0"),
        ("ESCO dataset - v1.1.2 - classification - en - csv.zip", "1.1.2"),
        ("ESCO_v1.2.zip", "1.2"),
        ("esco.zip", None),
        ("esco-2024.zip", None),
    ],
)
def test_the_version_is_read_in_the_name_of_the_file(name: str, version: str | None) -> None:
    assert version_in(name) == version


@pytest.mark.data
@pytest.mark.slow
def test_the_whole_of_esco_is_read_without_a_refusal() -> None:
    """Labels in English, French and Spanish; the file has 13,937 skills."""
    with (shared_data() / "taxonomies" / "esco-1.2.0.zip").open("rb") as file:
        content, problems = read_esco(file, version="1.2.0")
    assert problems == ()
    assert content.counts == {
        "broader": 4288,
        "occupation": 3039,
        "occupation_group": 619,
        "occupation_skill": 129_004,
        "skill": 13_937,
        "skill_group": 640,
        "skill_skill": 5818,
    }
    assert content.languages == ("en", "es", "fr")
    assert GROUP in {each.uri for each in content.concepts}
