"""Files of frameworks and statements: what they say is answered, what is wrong is refused."""

import csv
import io
import json
import random
from functools import cache
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillpassport.equivalence.answer import AnswerKind
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.frameworks.model import Footing, FrameworkId
from skillpassport.frameworks.resolving import Resolution, resolve
from tests.support.importing import (
    SHARED_FILES,
    ImportedRegistry,
    a_framework_record,
    a_statement,
    a_table,
    shared_file,
    shared_sources,
    some_records,
)
from tests.support.registry import TODAY, ask, levels_of
from tests.support.shared_data import shared_data


def an_imported_registry() -> ImportedRegistry:
    """Return two countries that no seed has, with editions and without any list of levels."""
    registry = ImportedRegistry()
    records = [a_framework_record("ZZ:NQF"), a_framework_record("ZY:QF", status="draft")]
    assert not registry.bring_in("frameworks", some_records(records)).problems
    editions = a_table(
        [
            {"framework": "ZZ:NQF", "edition": "current", "level_count": "8"},
            {"framework": "ZY:QF", "edition": "2020", "valid_from": "2020-01-01"},
        ]
    )
    assert not registry.bring_in("editions", editions).problems
    return registry


def refusals_of(registry: ImportedRegistry, kind: str, data: bytes) -> list[tuple[int, str, str]]:
    problems = registry.bring_in(kind, data).problems
    assert all(problem.message.endswith((".", "'")) for problem in problems)
    return [(problem.line, problem.column, problem.code) for problem in problems]


# --- the shared data ------------------------------------------------------------------------------


@cache
def the_shared_registry() -> RegistrySnapshot:
    registry = ImportedRegistry()
    for kind in SHARED_FILES:
        sources = shared_sources() if kind == "level-mappings" else b"{}"
        assert not registry.bring_in(kind, shared_file(kind), sources).problems
    return registry.snapshot()


@pytest.mark.data
def test_the_shared_files_alone_answer_the_golden_questions_after_levels() -> None:
    snapshot = the_shared_registry()
    golden = json.loads((shared_data() / "golden.json").read_bytes())["questions"]
    asked = [one for one in golden if one["input"]["kind"] == "level"]
    assert len(asked) == 12
    for question in asked:
        wanted = question["input"]
        answer = ask(
            snapshot, f"{wanted['from_framework']} {wanted['from_level']}", wanted["to_framework"]
        )
        levels = [level for level in levels_of(answer) if level is not None]
        assert levels == question["expected"]["levels"], question["id"]
        assert all(one.evidence for one in answer.answers)
        if question["expected"].get("relation") == "no_comparable_level":
            assert answer.kind is AnswerKind.PUBLISHED_GAP


@pytest.mark.data
def test_the_shared_files_alone_tell_editions_and_acronyms_apart() -> None:
    registry = the_shared_registry().registry
    nsqf = registry.edition_in_force(FrameworkId("IN:NSQF"), TODAY.replace(2022, 5, 1))
    assert nsqf is not None
    assert (nsqf.label, nsqf.level_count) == ("2013", 10)
    found = resolve(registry, "PQF level 5", on=TODAY)
    assert found.answer is Resolution.AMBIGUOUS
    assert {one.framework.id for one in found.candidates} == {
        *("PH:PQF", "PK:PQF", "PL:PRK", "SPC:PQF")
    }


@pytest.mark.data
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("last", list(permutations(("levels", "level-mappings"))))
def test_the_order_of_files_and_rows_changes_no_answer(last: tuple[str, ...], seed: int) -> None:
    """What rows name comes first; every other order is free."""
    shuffled = random.Random(seed)
    registry = ImportedRegistry()
    for kind in ("frameworks", "editions", *last):
        sources = shared_sources() if kind == "level-mappings" else b"{}"
        data = _shuffled(kind, shared_file(kind), shuffled)
        assert not registry.bring_in(kind, data, sources).problems
    assert _told(registry.snapshot()) == _told_in_order()


def _shuffled(kind: str, data: bytes, by: random.Random) -> bytes:
    if kind == "frameworks":
        records = json.loads(data)
        by.shuffle(records)
        return json.dumps(records).encode()
    rows: list[dict[str, str]] = list(csv.DictReader(io.StringIO(data.decode())))
    by.shuffle(rows)
    return a_table(rows)


@cache
def _told_in_order() -> dict[str, Any]:
    return _told(the_shared_registry())


def _told(snapshot: RegistrySnapshot) -> dict[str, Any]:
    """Return the answers from every level to the frameworks that most statements lead to."""
    told: dict[str, Any] = {}
    for framework in snapshot.registry.search():
        for edition in snapshot.registry.editions(framework.id):
            for level in snapshot.registry.levels(framework.id, edition.label):
                origin = f"{framework.id}@{edition.label} {level.notation}"
                for target in ("EU:EQF", "NZ:NZQCF", "NL"):
                    told[f"{origin} > {target}"] = ask(snapshot, origin, target).to_json()
    return told


# --- countries that nobody prepared for ------------------------------------------------------------


def test_a_country_that_the_product_has_never_heard_of_is_answered_from_its_files() -> None:
    registry = an_imported_registry()
    rows = [a_statement("ZZ:NQF 4", "ZY:QF Grade B"), a_statement("ZZ:NQF 8", "ZY:QF Grade A")]
    assert registry.bring_in("level-mappings", a_table(rows)).rows == 2
    found = ask(registry.snapshot(), "ZZ:NQF 4", "ZY:QF")
    assert (found.kind, levels_of(found)) == (AnswerKind.FOUND, ["Grade B"])
    (evidence,) = found.answers[0].evidence
    assert evidence.source.title == "a report that was read"


def test_a_level_that_only_a_statement_names_is_there_and_says_so() -> None:
    registry = an_imported_registry()
    registry.bring_in("level-mappings", a_table([a_statement("ZZ:NQF 4+", "ZY:QF II")]))
    snapshot = registry.snapshot().registry
    (named,) = snapshot.levels(FrameworkId("ZZ:NQF"), "current")
    assert (named.notation, named.footing) == ("4+", Footing.NAMED)
    # One level that is named is no list: another one may be asked for.
    assert snapshot.locate("ZZ:NQF", "5", on=TODAY).level is None


NOTATIONS = st.sampled_from(["1", "2", "2+", "V", "Grade A"])


@settings(max_examples=40)
@given(
    st.lists(st.tuples(NOTATIONS, NOTATIONS), min_size=1, max_size=8, unique=True),
    st.lists(NOTATIONS, max_size=4, unique=True),
    st.randoms(use_true_random=False),
)
def test_whether_statements_or_levels_come_first_changes_no_answer(
    pairs: list[tuple[str, str]], listed: list[str], by: random.Random
) -> None:
    statements = [a_statement(f"ZZ:NQF {a}", f"ZY:QF {b}") for a, b in pairs]
    levels = [
        {
            "framework": "ZZ:NQF",
            "edition": "current",
            "notation": one,
            "order": str(place),
            "aliases": "V" if one == "2" and "V" not in listed else "",
        }
        for place, one in enumerate(listed)
    ]
    files = [("level-mappings", statements), ("levels", levels)]
    seen = []
    for order in (files, files[::-1]):
        registry = an_imported_registry()
        for kind, rows in order:
            by.shuffle(rows)
            if rows:
                assert not registry.bring_in(kind, a_table(rows)).problems
        snapshot = registry.snapshot()
        seen.append(
            [ask(snapshot, f"ZZ:NQF {a}", "ZY:QF").to_json() for a in ("1", "2", "2+", "V")]
        )
    assert seen[0] == seen[1]


def test_a_file_without_descriptors_leaves_those_that_are_there() -> None:
    registry = an_imported_registry()
    row = {"framework": "ZZ:NQF", "edition": "current", "notation": "1", "order": "1"}
    for cells in ({"skills_en": "Works alone.", "title_fr": "Un"}, {}, {"skills_en": ""}):
        assert not registry.bring_in("levels", a_table([row | cells])).problems
        (level,) = registry.snapshot().registry.levels(FrameworkId("ZZ:NQF"), "current")
        kept = cells != {"skills_en": ""}
        assert level.descriptors == ({"skills": {"en": "Works alone."}} if kept else {})


# --- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"from_framework": "ZX:NQF"}, "from_framework", "framework-unknown"),
        ({"to_framework": "=cmd()"}, "to_framework", "framework-id-malformed"),
        ({"to_framework": ""}, "to_framework", "cell-empty"),
        ({"from_edition": "1999"}, "from_edition", "edition-unknown"),
        ({"from_level": ""}, "from_level", "cell-empty"),
        ({"to_level": ""}, "to_level", "gap-unclear"),
        ({"relation": "no_comparable_level"}, "to_level", "gap-unclear"),
        ({"relation": "equal"}, "relation", "word-unknown"),
        ({"direction": ""}, "direction", "cell-empty"),
        ({"status": "Published"}, "status", "word-unknown"),
        ({"source": ""}, "source_id", "source-missing"),
        ({"source_id": "NOBODY"}, "source_id", "source-unknown"),
        ({"source_id": "a b"}, "source_id", "source-malformed"),
        ({"to_framework": "ZZ:NQF"}, "to_framework", "ends-alike"),
        ({"from_level": "9" * 61}, "from_level", "notation-malformed"),
        ({"note": "a\x07b"}, "note", "cell-characters"),
    ],
)
def test_a_statement_that_cannot_be_taken_is_refused_with_its_place(
    cells: dict[str, str], column: str, code: str
) -> None:
    rows = [a_statement("ZZ:NQF 1", "ZY:QF 1"), a_statement("ZZ:NQF 2", "ZY:QF 2", **cells)]
    assert refusals_of(an_imported_registry(), "level-mappings", a_table(rows)) == [
        (3, column, code)
    ]


def test_a_statement_about_a_level_that_a_whole_list_lacks_is_refused() -> None:
    registry = an_imported_registry()
    levels = [
        {"framework": "ZZ:NQF", "edition": "current", "notation": str(n), "order": str(n)}
        for n in range(1, 9)
    ]
    registry.bring_in("levels", a_table(levels))
    rows = [a_statement("ZZ:NQF 9", "ZY:QF 1")]
    assert refusals_of(registry, "level-mappings", a_table(rows)) == [
        (2, "from_level", "level-unknown")
    ]


def test_rows_that_contradict_each_other_are_all_refused() -> None:
    rows = [
        a_statement("ZZ:NQF 1", "ZY:QF 1"),
        a_statement("ZZ:NQF 2", "ZY:QF 2"),
        a_statement("ZZ:NQF 2", "ZY:QF 2"),
        a_statement("ZZ:NQF 1", "ZY:QF 1", status="superseded"),
    ]
    assert refusals_of(an_imported_registry(), "level-mappings", a_table(rows)) == [
        (2, "", "rows-contradict"),
        (5, "", "rows-contradict"),
    ]


def test_a_record_that_there_is_no_framework_ends_no_statement() -> None:
    registry = ImportedRegistry()
    none = a_framework_record("ZZ:none", status="none", kind="none")
    registry.bring_in("frameworks", some_records([none, a_framework_record("ZY:QF")]))
    rows = [a_statement("ZY:QF 1", "ZZ:none 1")]
    assert refusals_of(registry, "level-mappings", a_table(rows)) == [
        (2, "to_framework", "framework-none")
    ]


@pytest.mark.parametrize(
    ("members", "column", "code"),
    [
        ({"id": "NQF"}, "id", "framework-id-malformed"),
        ({"id": "ZZ:A:B"}, "id", "framework-id-malformed"),
        ({"id": 7}, "id", "member-mistyped"),
        ({"name": {}}, "name", "member-mistyped"),
        ({"name": "Framework"}, "name", "member-mistyped"),
        ({"name": {"en": "a\u202eb"}}, "name", "cell-characters"),
        ({"status": "offical"}, "status", "word-unknown"),
        ({"jurisdictions": ["zz"]}, "jurisdictions", "jurisdiction-malformed"),
        ({"source": ""}, "source", "source-missing"),
        ({"levels": 8}, "levels", "member-unknown"),
    ],
)
def test_a_framework_that_cannot_be_taken_is_refused_with_its_line(
    members: dict[str, object], column: str, code: str
) -> None:
    records = [a_framework_record("ZY:QF"), a_framework_record("ZZ:NQF") | members]
    assert refusals_of(ImportedRegistry(), "frameworks", some_records(records)) == [
        (3, column, code)
    ]


@pytest.mark.parametrize(
    ("kind", "cells", "column", "code"),
    [
        ("editions", {"framework": "ZX:QF"}, "framework", "framework-unknown"),
        ("editions", {"edition": "a@b"}, "edition", "edition-malformed"),
        ("editions", {"valid_from": "2020-1-1"}, "valid_from", "day-malformed"),
        ("editions", {"valid_from": "20200101"}, "valid_from", "day-malformed"),
        (
            "editions",
            {"valid_from": "2021-01-01", "valid_to": "2020-01-01"},
            "valid_to",
            "dates-reversed",
        ),
        ("editions", {"level_count": "٨"}, "level_count", "number-malformed"),
        ("editions", {"level_count": "2147483648"}, "level_count", "number-malformed"),
        ("editions", {"credit_unit_hours": "1e9"}, "credit_unit_hours", "number-malformed"),
        ("levels", {"edition": "2019"}, "edition", "edition-unknown"),
        ("levels", {"order": ""}, "order", "cell-empty"),
        ("levels", {"order": "first"}, "order", "number-malformed"),
        ("levels", {"notation": ""}, "notation", "cell-empty"),
        ("levels", {"status": "known"}, "status", "word-unknown"),
    ],
)
def test_an_edition_or_level_that_cannot_be_taken_is_refused_with_its_place(
    kind: str, cells: dict[str, str], column: str, code: str
) -> None:
    row = {"framework": "ZZ:NQF", "edition": "current"}
    if kind == "levels":
        row |= {"notation": "1", "order": "1"}
    good = row | ({"notation": "0"} if kind == "levels" else {"edition": "other"})
    assert refusals_of(an_imported_registry(), kind, a_table([good, row | cells])) == [
        (3, column, code)
    ]


def test_an_edition_may_cite_a_source_whose_record_comes_later() -> None:
    registry = an_imported_registry()
    row = {"framework": "ZZ:NQF", "edition": "2030", "source_id": "ZZ-1;ZZ-2"}
    assert not registry.bring_in("editions", a_table([row])).problems
    record = {"ZZ-1": {"name": "Law 1", "where": "gazette", "verified": "read", "note": ""}}
    statement = a_table([a_statement("ZZ:NQF 1", "ZY:QF 1", source_id="ZZ-1")])
    assert not registry.bring_in("level-mappings", statement, json.dumps(record).encode()).problems
    known = registry.snapshot().registry
    edition = known.edition(known.framework("ZZ:NQF"), "2030")
    assert [known.source(one).title for one in edition.sources] == ["Law 1", "ZZ-2"]
