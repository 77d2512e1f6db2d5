"""The EU's vocabulary gives addresses to what is there, and renames and invents nothing."""

import pytest

from skillpassport.equivalence.seeding import read_registry_seed
from skillpassport.frameworks.model import Footing
from tests.support.importing import (
    ImportedRegistry,
    a_framework_record,
    a_table,
    some_records,
)
from tests.support.shared_data import shared_data

QDR = "http://data.europa.eu/snb/qdr/"


def a_row(notation: str, address: str, **changes: str) -> dict[str, str]:
    return {
        "framework_abbr": "NQF",
        "jurisdiction": "ZZ",
        "framework_uri": f"{QDR}c_framework",
        "framework_name": "A framework",
        "level_notation": notation,
        "level_uri": f"{QDR}{address}",
        "level_label": f"NQF Level {notation}",
        **changes,
    }


def a_registry(*, levels: tuple[str, ...] = ()) -> ImportedRegistry:
    registry = ImportedRegistry()
    assert not registry.bring_in(
        "frameworks", some_records([a_framework_record("ZZ:NQF")])
    ).problems
    editions = [{"framework": "ZZ:NQF", "edition": label} for label in ("1990", "current")]
    assert not registry.bring_in("editions", a_table(editions)).problems
    if levels:
        rows = [
            {"framework": "ZZ:NQF", "edition": "current", "notation": one, "order": str(place)}
            for place, one in enumerate(levels)
        ]
        assert not registry.bring_in("levels", a_table(rows)).problems
    return registry


def test_levels_that_are_there_get_their_addresses() -> None:
    registry = a_registry(levels=("I", "II"))
    rows = [a_row("I", "c_1"), a_row("II", "c_2")]
    assert not registry.bring_in("eu-vocabulary", a_table(rows)).problems
    known = registry.snapshot().registry
    assert known.framework("ZZ:NQF").published_uri == f"{QDR}c_framework"
    found = [(one.notation, one.uri) for one in known.levels_of("ZZ:NQF", "current")]
    assert found == [("I", f"{QDR}c_1"), ("II", f"{QDR}c_2")]


def test_a_framework_without_a_list_gets_its_levels() -> None:
    registry = a_registry()
    rows = [a_row("2", "c_2"), a_row("1", "c_1")]
    assert not registry.bring_in("eu-vocabulary", a_table(rows)).problems
    levels = registry.snapshot().registry.levels_of("ZZ:NQF", "current")
    assert [(one.notation, one.footing) for one in levels] == [
        ("1", Footing.READ),
        ("2", Footing.READ),
    ]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (a_row("III", "c_3"), "level_notation", "level-unknown"),
        (a_row("I", "c_9"), "level_uri", "address-differs"),
        (a_row("I", "c_1", jurisdiction="ZY"), "framework_abbr", "framework-unknown"),
        (
            a_row("I", "c_1", framework_abbr="X", framework_name="Y", framework_uri=f"{QDR}x"),
            "framework_abbr",
            "framework-unknown",
        ),
        (a_row("", "c_1"), "level_notation", "cell-empty"),
    ],
)
def test_what_does_not_fit_is_refused_by_line(row: dict[str, str], column: str, code: str) -> None:
    registry = a_registry(levels=("I", "II"))
    assert not registry.bring_in("eu-vocabulary", a_table([a_row("I", "c_1")])).problems
    (problem,) = registry.bring_in("eu-vocabulary", a_table([a_row("II", "c_2"), row])).problems
    assert (problem.line, problem.column, problem.code) == (3, column, code)


def test_words_without_a_known_order_are_refused() -> None:
    (problem,) = a_registry().bring_in("eu-vocabulary", a_table([a_row("Entry 1", "c_1")])).problems
    assert problem.code == "order-unknown"


@pytest.mark.data
def test_the_seed_has_the_addresses_of_the_whole_vocabulary_but_where_sources_disagree() -> None:
    registry = ImportedRegistry()
    registry.keep(read_registry_seed().content)
    data = (shared_data() / "frameworks" / "eu_nqf_vocabulary.csv").read_bytes()
    reading = registry.bring_in("eu-vocabulary", data)
    refused = {problem.line: problem.code for problem in reading.problems}
    assert len(refused) == 11
    assert set(refused.values()) == {"level-unknown"}
    address = f"{QDR}c_c392e7a2"  # what European credentials call level 6 of the RQF
    levels = registry.snapshot().registry.levels_of("GB-ENG+NIR:RQF", "current")
    assert [one.notation for one in levels if one.uri == address] == ["6"]
    # The vocabulary still lists the French scale of 1969, where I is the highest.
    old = registry.snapshot().registry.find_level("FR:RNCP", "1969", "V")
    assert old is not None
    assert old.published_uri is not None
