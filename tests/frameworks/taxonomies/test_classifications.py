"""ISCO-08 and ISCED-F 2013 from their tables."""

import pytest

from skillpassport.frameworks.importing.problems import TableUnreadable
from skillpassport.frameworks.taxonomies.classifications import read_classification
from skillpassport.frameworks.taxonomies.model import ConceptKind, Scheme
from tests.support.shared_data import shared_data

ISCO = "code,level,parent,title_en,title_fr\n7,1,,Craft workers,Métiers\n72,2,7,Metal workers,\n"


def test_a_code_lies_below_its_parent() -> None:
    content, problems = read_classification(ISCO.encode(), Scheme.ISCO_08)
    assert problems == ()
    craft, metal = content.concepts
    assert (craft.code, craft.kind) == ("7", ConceptKind.OCCUPATION_GROUP)
    assert craft.labels == {"en": "Craft workers", "fr": "Métiers"}
    assert metal.labels == {"en": "Metal workers"}
    (relation,) = content.relations
    assert (relation.source, relation.target) == (metal.uri, craft.uri)
    assert craft.uri == "http://data.europa.eu/esco/isco/C7"


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("72,2,7,Again,", "code", "code-twice"),
        ("73,2,8,Others,", "parent", "parent-unknown"),
        ("74,2,74,Others,", "parent", "parent-unknown"),
        ("7x,2,7,Others,", "code", "code-malformed"),
        ("75,2,7,,", "title_en", "cell-empty"),
    ],
)
def test_a_row_that_cannot_be_taken_is_refused(row: str, column: str, code: str) -> None:
    _, problems = read_classification(f"{ISCO}{row}\n".encode(), Scheme.ISCO_08)
    assert [(each.line, each.column, each.code) for each in problems] == [(4, column, code)]


def test_a_table_of_the_other_classification_is_refused() -> None:
    with pytest.raises(TableUnreadable, match="label_en"):
        read_classification(ISCO.encode(), Scheme.ISCED_F_2013)


@pytest.mark.data
@pytest.mark.parametrize(
    ("file", "scheme", "number"),
    [("isco08.csv", Scheme.ISCO_08, 619), ("isced_f_2013.csv", Scheme.ISCED_F_2013, 220)],
)
def test_the_whole_classification_is_read(file: str, scheme: Scheme, number: int) -> None:
    data = (shared_data() / "taxonomies" / file).read_bytes()
    content, problems = read_classification(data, scheme)
    assert problems == ()
    assert len(content.concepts) == number
