"""Files of agreements: records vary, dates are partial, what is not known in force switches nothing."""

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.equivalence.agreements import Agreement, AgreementIndex, PartialDate
from skillpassport.equivalence.importing.agreements import read_agreement_file
from skillpassport.equivalence.importing.reading import Reading
from skillpassport.frameworks.importing.problems import FileUnreadable
from skillpassport.frameworks.model import Footing
from tests.support.importing import some_records
from tests.support.registry import the_seed
from tests.support.shared_data import shared_data

RECORDS = 60


def a_record(**members: object) -> dict[str, object]:
    return {"id": "AA-BB-2020", "kind": "blma", "source": "a text", "read": ["all"]} | members


def read(*records: dict[str, object]) -> Reading:
    return read_agreement_file(some_records(records), {}, the_seed())


def agreement_of(**members: object) -> Agreement:
    reading = read(a_record(**members))
    assert reading.problems == ()
    (agreement,) = reading.content.agreements
    return agreement


@pytest.mark.data
def test_every_record_of_the_shared_data_is_taken_and_told_with_all_it_says() -> None:
    data = (shared_data() / "equivalences/agreements.json").read_bytes()
    reading = read_agreement_file(data, {}, the_seed())
    assert reading.problems == ()
    told = {one.slug: one.to_json() for one in reading.content.agreements}
    records = {one["id"]: one for one in json.loads(data)}
    assert len(told) == len(records) == RECORDS
    for slug, record in records.items():
        for member, value in record.items():
            if member not in {"id", "isco", "parties", "in_force", "signed"}:
                assert told[slug][member] == value, (slug, member)
    assert told["IN-AU-MMRQ"]["origins"] == ["IN", "AU"]
    assert told["DE-TripleWin"]["origins"] == ["BA", "PH", "TN", "ID", "JO", "IN"]
    assert told["ASEAN-MRA-TP"]["parties"] == ["10 ASEAN states"]
    assert told["ADDIS"]["footing"] == "unverified"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019-06-14", "2019-06-14", "2019-06-14"),
        ("2019-02", "2019-02-01", "2019-02-28"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2019-12", "2019-12-01", "2019-12-31"),
        ("2004", "2004-01-01", "2004-12-31"),
    ],
)
def test_a_partial_date_means_every_day_within_it(text: str, first: str, last: str) -> None:
    date = PartialDate.read(text)
    assert (str(date.first), str(date.last)) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "before 2016-09",
        "by MoU with each state",
        "2019-13",
        "2019-02-30",
        "0000",
        "9999",
        "٢٠١٩",
        "",
    ],
)
def test_words_that_name_no_date_stay_words(text: str) -> None:
    date = PartialDate.read(text)
    assert (date.text, date.first, date.last) == (text, None, None)


@given(st.text(max_size=12))
def test_any_text_is_read_as_a_date_or_as_words(text: str) -> None:
    assert PartialDate.read(text).text == text


@pytest.mark.parametrize(
    ("members", "day", "expected"),
    [
        ({"in_force": "2020-03-01"}, "2020-02-29", False),
        ({"in_force": "2020-03-01"}, "2020-03-01", True),
        ({"in_force": "2020"}, "2019-12-31", False),
        ({"in_force": "2020"}, "2020-06-01", None),
        ({"in_force": "2020"}, "2020-12-31", True),
        ({"period": ["2020-01-01", "2021-04-30"]}, "2021-04-30", True),
        ({"period": ["2020-01-01", "2021-04-30"]}, "2021-05-01", False),
        ({"period": ["2020-01-01", "2021"]}, "2021-05-01", None),
        ({"period": ["2020-01-01", None]}, "2026-01-01", True),
        ({"period": [None, "2021-04-30"]}, "2020-01-01", None),
        ({"signed": "2020-01-01"}, "2026-01-01", None),
        ({"in_force": "2020-01-01", "read": [], "memory": ["all"]}, "2026-01-01", None),
    ],
)
def test_an_agreement_is_in_force_only_as_far_as_a_source_says(
    members: dict[str, object],
    day: str,
    expected: bool | None,
) -> None:
    assert agreement_of(**members).is_in_force(dt.date.fromisoformat(day)) is expected


@pytest.mark.parametrize(
    "members",
    [
        {"public": False},
        {"visibility": "private"},
        {"access": "Restricted"},
        {"confidential": True},
    ],
)
def test_an_agreement_is_public_unless_its_record_says_otherwise(
    members: dict[str, object],
) -> None:
    assert agreement_of().is_public
    hidden = agreement_of(**members)
    assert not hidden.is_public
    assert AgreementIndex.of([hidden]).search() == ()


def test_agreements_are_found_by_corridor_occupation_and_kind() -> None:
    nurses = agreement_of(origin="KE|GH", destination="GB", isco="2221|22")
    everyone = agreement_of(id="ALL", origin="KE", destination="DE", isco="*", kind="mou")
    index = AgreementIndex.of([everyone, nurses])
    assert [one.slug for one in index.search(origin="KE")] == ["AA-BB-2020", "ALL"]
    assert index.search(origin="KE", destination="GB") == (nurses,)
    assert index.search(isco="2269") == (nurses,)
    assert index.search(kind="mou") == (everyone,)
    assert index.find(nurses.id) is index.find("AA-BB-2020") is not None


@pytest.mark.parametrize(
    ("members", "column", "code"),
    [
        ({"id": ""}, "id", "member-missing"),
        ({"id": "../etc"}, "id", "agreement-id-malformed"),
        ({"id": 7}, "id", "member-mistyped"),
        ({"kind": ""}, "kind", "member-missing"),
        ({"source": None}, "source", "member-missing"),
        ({"parties": 3}, "parties", "member-mistyped"),
        ({"isco": "nurses"}, "isco", "isco-malformed"),
        ({"period": ["2020"]}, "period", "period-malformed"),
        ({"period": [2020, 2021]}, "period", "period-malformed"),
        ({"period": ["2021", "2020"]}, "period", "dates-reversed"),
        ({"note": "seen\u202e"}, "note", "cell-characters"),
        ({"deep": {"a": ["\u0000"]}}, "deep", "cell-characters"),
        ({"note": "x" * 5001}, "note", "cell-characters"),
        ({"footing": "read"}, "footing", "member-unknown"),
        ({f"member {n}": n for n in range(60)}, "", "record-large"),
    ],
)
def test_a_bad_record_is_refused_with_its_line(
    members: dict[str, object], column: str, code: str
) -> None:
    reading = read(a_record(id="GOOD"), a_record(**members))
    assert [(one.line, one.column, one.code) for one in reading.problems] == [(3, column, code)]


def test_two_records_of_one_id_that_differ_are_both_refused() -> None:
    reading = read(a_record(), a_record(kind="mou"))
    assert [one.line for one in reading.problems] == [2, 3]


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"[" * 200_000, b'[{"id": "a", "id": "b"}]'])
def test_a_file_that_is_no_list_of_records_is_refused_as_a_whole(data: bytes) -> None:
    with pytest.raises(FileUnreadable):
        read_agreement_file(data, {}, the_seed())


def test_what_was_read_is_told_from_what_is_remembered() -> None:
    assert agreement_of().footing is Footing.READ
    assert agreement_of(read=[]).footing is Footing.SECONDARY_SOURCE
    assert agreement_of(memory=["all"]).footing is Footing.UNVERIFIED
    assert agreement_of(source="memory").footing is Footing.UNVERIFIED
