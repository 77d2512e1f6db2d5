"""Files of recognition rules: unseen countries are answered, what is wrong is refused in its place."""

import dataclasses
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.equivalence.importing.reading import Reading
from skillpassport.equivalence.importing.recognition_rules import read_rule_file
from skillpassport.equivalence.rules import RecognitionRule, RuleStatus
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.frameworks.importing.problems import FileUnreadable
from tests.support.importing import a_table
from tests.support.registry import a_registry_client, a_source, the_seed
from tests.support.rules import a_rule, a_ruled_snapshot, with_rules

SOURCES = {one.id: one for one in (a_source(), a_source("OTHER"))}


def a_row(**cells: str) -> dict[str, str]:
    return {
        "origin_country": "FJ",
        "qualification": "Trade Certificate",
        "comparable_to": "A trade diploma",
        "outcome": "comparable",
        "source_id": "SRC",
    } | cells


def read(
    *rows: dict[str, str],
    snapshot: RegistrySnapshot | None = None,
    destination: str | None = "WS",
) -> Reading:
    return read_rule_file(a_table(rows), SOURCES, snapshot or the_seed(), destination=destination)


def refusals(
    *rows: dict[str, str], snapshot: RegistrySnapshot | None = None
) -> list[tuple[int, str, str]]:
    reading = read(*rows, snapshot=snapshot)
    assert all(one.message.endswith(".") for one in reading.problems)
    return [(one.line, one.column, one.code) for one in reading.problems]


def rule_of(**cells: str) -> RecognitionRule:
    reading = read(a_row(**cells))
    assert reading.problems == ()
    (rule,) = reading.content.rules
    return rule


# --- countries that nobody has seen ----------------------------------------------------------------


def test_countries_without_any_framework_are_answered_by_a_file_alone() -> None:
    assert the_seed().registry.search(jurisdiction="KI") == ()
    reading = read(
        a_row(
            origin_country="KI", condition="from 2020", when='{"award_date":{"from":"2020-01-01"}}'
        ),
        a_row(
            origin_country="KI",
            condition="before 2020",
            when='{"award_date":{"before":"2020-01-01"}}',
            outcome="partial",
        ),
        destination="TV",
    )
    with a_registry_client(with_rules(reading)) as client:
        body = client.get(
            "/api/v1/equivalences",
            params={
                "qualification": "TRADE certificate",
                "origin": "ki",
                "to_country": "tv",
                "facts": '{"award_date": "2019-12-31"}',
            },
        ).json()
    assert body["answer"] == "found"
    assert [(one["outcome"], one["conditions"]["met"]) for one in body["answers"]] == [
        ("partial", True),
        ("comparable", False),
    ]
    assert [one["source"] for one in body["answers"][0]["evidence"]] == ["SRC"]


def test_a_column_named_like_a_framework_holds_its_levels() -> None:
    rule = rule_of(**{"NZ:NZQCF": "4|5", "eqf": "4"})
    assert {one.framework: one.levels for one in rule.result.levels} == {
        "NZ:NZQCF": ("4", "5"),
        "EU:EQF": ("4",),
    }


def test_levels_of_the_destination_come_first_whatever_the_order_of_columns() -> None:
    row = a_row(eqf="4", nlqf="4+")
    (rule,) = read(row, destination="NL").content.rules
    assert [one.framework for one in rule.result.levels] == ["NL:NLQF", "EU:EQF"]


def test_every_column_is_taken() -> None:
    rule = rule_of(
        id="rule-of-fiji-1",
        aliases="Certificat | CT",
        condition="six subjects",
        when='{"subjects_passed":{"grades":["A"],"count":{"min":6}}}',
        origin_framework_level="FQF 4",
        purpose="employment",
        status="superseded",
        publication="secondary_source",
        valid_from="2015-01-01",
        valid_until="2019-12-31",
        measures="aptitude test|adaptation period",
        note="read in translation",
        source_id="SRC;OTHER",
    )
    assert rule.id == "rule-of-fiji-1"
    assert rule.aliases == ("Certificat", "CT")
    assert rule.when is not None
    assert (rule.origin_level, rule.purpose, rule.status) == (
        "FQF 4",
        "employment",
        RuleStatus.SUPERSEDED,
    )
    assert rule.result.measures == ("aptitude test", "adaptation period")
    assert rule.sources == ("SRC", "OTHER")


# --- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"origin_country": ""}, "origin_country", "cell-empty"),
        ({"origin_country": "Fiji"}, "origin_country", "country-malformed"),
        ({"qualification": ""}, "qualification", "cell-empty"),
        ({"qualification": "…"}, "qualification", "title-unreadable"),
        ({"qualification": "x" * 301}, "qualification", "title-unreadable"),
        ({"qualification": "Trade\u202ecertificate"}, "qualification", "cell-characters"),
        ({"comparable_to": ""}, "comparable_to", "cell-empty"),
        ({"outcome": ""}, "outcome", "cell-empty"),
        ({"outcome": "equal"}, "outcome", "word-unknown"),
        ({"status": "old"}, "status", "word-unknown"),
        ({"purpose": "fun"}, "purpose", "word-unknown"),
        ({"publication": "hearsay"}, "publication", "word-unknown"),
        ({"source_id": ""}, "source_id", "source-missing"),
        ({"source_id": "NOBODY"}, "source_id", "source-unknown"),
        ({"source_id": "a b"}, "source_id", "source-malformed"),
        ({"destination_country": "NO"}, "destination_country", "destination-differs"),
        ({"NO:NKR": "9"}, "NO:NKR", "level-unknown"),
        ({"eqf": "4|9"}, "eqf", "level-unknown"),
        (
            {"eqf": "|".join(map(str, range(20)))},
            "eqf",
            "levels-many",
        ),
        ({"origin_framework_level": "FQF"}, "origin_framework_level", "level-malformed"),
        ({"origin_framework_level": "XX:NO 4"}, "origin_framework_level", "framework-unknown"),
        ({"origin_framework_level": "PL:PRK IX"}, "origin_framework_level", "level-unknown"),
        ({"when": '{"stream":{"in":["x"]}}'}, "condition", "cell-empty"),
        ({"condition": "c", "when": "grade > 3"}, "when", "condition-malformed"),
        ({"condition": "c", "when": '{"age":{"min":3}}'}, "when", "condition-malformed"),
        ({"valid_from": "2020"}, "valid_from", "day-malformed"),
        (
            {"valid_from": "2020-01-02", "valid_until": "2020-01-01"},
            "valid_until",
            "dates-reversed",
        ),
        ({"agreement": "NONE"}, "agreement", "agreement-unknown"),
        ({"authority": "NONE"}, "authority", "authority-unknown"),
        ({"id": "x"}, "id", "rule-id-malformed"),
        ({"id": "rule/../../etc"}, "id", "rule-id-malformed"),
        ({"supersedes": "rule-nobody-knows"}, "supersedes", "rule-unknown"),
        (
            {"id": "rule-of-fiji-1", "supersedes": "rule-of-fiji-1"},
            "supersedes",
            "supersession-cycle",
        ),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_column(
    cells: dict[str, str], column: str, code: str
) -> None:
    assert refusals(a_row(qualification="Good one"), a_row(**cells)) == [(3, column, code)]


def test_two_rules_that_differ_in_their_outcome_alone_are_both_refused() -> None:
    first, second = a_row(), a_row(outcome="partial")
    assert refusals(first, a_row(qualification="Other"), second) == [
        (2, "outcome", "rules-contradict"),
        (4, "outcome", "rules-contradict"),
    ]
    spelled = a_row(qualification="TRADE  certificate", comparable_to="Another diploma")
    assert len(refusals(first, spelled)) == 2
    (problem, _) = read(first, second).problems
    assert "2, 3" in problem.message


@pytest.mark.parametrize(
    "cells",
    [
        {"condition": "4 years", "when": '{"duration_years":{"in":[4]}}'},
        {"condition": "with distinction"},
        {"origin_framework_level": "FQF 5"},
        {"purpose": "migration"},
        {"valid_from": "2020-01-01"},
        {"status": "superseded"},
        {"origin_country": "TO"},
    ],
)
def test_rules_that_something_tells_apart_stand_beside_each_other(cells: dict[str, str]) -> None:
    assert refusals(a_row(), a_row(outcome="partial", **cells)) == []


def test_a_row_that_stands_twice_is_one_rule() -> None:
    reading = read(a_row(), a_row())
    assert (reading.rows, reading.problems) == (1, ())


def test_rules_that_supersede_each_other_in_a_ring_are_refused_with_their_lines() -> None:
    rows = [
        a_row(
            qualification=f"Certificate {n}",
            id=f"rule-of-a-ring-{n}",
            supersedes=f"rule-of-a-ring-{(n + 1) % 3}",
        )
        for n in range(3)
    ]
    assert refusals(a_row(), *rows) == [
        (line, "supersedes", "supersession-cycle") for line in (3, 4, 5)
    ]


def test_a_long_chain_of_supersession_that_ends_nowhere_is_refused_in_time() -> None:
    rows = [
        a_row(
            qualification=f"Certificate {n}",
            id=f"rule-of-a-chain-{n}",
            supersedes=f"rule-of-a-chain-{n + 1}",
        )
        for n in range(3_000)
    ]
    assert {code for _, _, code in refusals(*rows)} == {"rule-unknown", "supersession-unclear"}


def test_a_rule_of_the_registry_is_not_contradicted_under_another_id() -> None:
    known = a_rule(
        "Trade Certificate", origin="FJ", destination="WS", id="rule-known-one", levels={}
    )
    snapshot = a_ruled_snapshot(known)
    other = a_row(outcome="partial")
    assert refusals(other, snapshot=snapshot) == [(2, "outcome", "rules-contradict")]
    assert refusals(other | {"id": "rule-known-one"}, snapshot=snapshot) == []
    replaced = other | {"supersedes": "rule-known-one"}
    assert refusals(replaced, snapshot=snapshot) == []


def test_a_row_that_ends_a_known_rule_is_a_version_of_that_rule() -> None:
    (current,) = read(a_row()).content.rules
    snapshot = with_rules(read(a_row()))
    (ended,) = read(
        a_row(status="superseded", valid_until="2026-06-30"), snapshot=snapshot
    ).content.rules
    assert ended.id == current.id
    (other,) = read(a_row(status="superseded", outcome="partial"), snapshot=snapshot).content.rules
    assert other.id != current.id


@pytest.mark.parametrize(
    ("data", "column"),
    [
        (b"", ""),
        (b"origin_country,qualification,outcome\n", "comparable_to"),
        (b"origin_country,qualification,outcome,comparable_to,outcom\n", "outcom"),
        (b"origin_country,qualification,outcome,comparable_to,outcome\n", "outcome"),
        (b"\xff\xfeo\x00r\x00", ""),
        (b'origin_country,qualification,outcome,comparable_to\nFJ,"open,x,y\n', ""),
    ],
)
def test_a_file_that_is_no_table_of_rules_is_refused_as_a_whole(data: bytes, column: str) -> None:
    with pytest.raises(FileUnreadable) as refused:
        list(read_rule_file(data, SOURCES, the_seed(), destination="WS").content.rules)
    assert refused.value.column == column


def test_without_a_destination_each_row_names_its_own() -> None:
    reading = read(a_row(), a_row(destination_country="TO"), destination=None)
    assert [(one.line, one.column) for one in reading.problems] == [(2, "destination_country")]
    assert [rule.destination for rule in reading.content.rules] == ["TO"]


# --- properties ------------------------------------------------------------------------------------

rows = st.builds(
    a_row,
    origin_country=st.sampled_from(["FJ", "TO"]),
    qualification=st.sampled_from(["Trade Certificate", "Diploma", "dîploma"]),
    outcome=st.sampled_from(["comparable", "partial"]),
    status=st.sampled_from(["current", "superseded"]),
    origin_framework_level=st.sampled_from(["", "FQF 4", "FQF 5"]),
    valid_from=st.sampled_from(["", "2020-01-01"]),
    source_id=st.sampled_from(["SRC", "OTHER"]),
)


@given(st.lists(rows, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_neither_rules_nor_refusals(
    listed: list[dict[str, str]], shuffler: random.Random
) -> None:
    shuffled = listed.copy()
    shuffler.shuffle(shuffled)
    one, other = read(*listed, a_row()), read(*shuffled, a_row())
    assert set(one.content.rules) == set(other.content.rules)
    assert sorted(each.code for each in one.problems) == sorted(
        each.code for each in other.problems
    )


@given(st.lists(rows, max_size=8))
def test_no_two_rules_that_were_taken_answer_one_question_differently(
    listed: list[dict[str, str]],
) -> None:
    taken = read(*listed, a_row()).content.rules
    assert len({rule.question for rule in taken}) == len(taken)
    assert len({rule.id for rule in taken}) == len(taken)
    assert all(rule.sources for rule in taken)
    results = {rule.id: dataclasses.replace(rule, note="") for rule in taken}
    assert len(results) == len(taken)
