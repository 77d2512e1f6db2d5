"""Records of JSON are read strictly, and each is named by the line where it begins."""

import json
from collections.abc import Callable, Iterable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.frameworks.importing.problems import FileUnreadable, RowRefused
from skillpassport.frameworks.importing.record_file import read_named_records, read_records

NAMES = st.text(max_size=6)
RECORDS = st.lists(st.dictionaries(NAMES, st.text() | st.booleans(), max_size=3), max_size=6)


@given(RECORDS, st.sampled_from([None, 0, 2]))
def test_each_record_is_found_at_its_line(
    records: list[dict[str, object]], indent: int | None
) -> None:
    text = json.dumps(records, indent=indent, ensure_ascii=False)
    found = list(read_records(b"\xef\xbb\xbf" + text.encode()))
    assert [record.members for record in found] == records
    for record in found:
        assert "{" in text.split("\n")[record.line - 1]


@given(st.dictionaries(NAMES, st.dictionaries(NAMES, NAMES, max_size=2), max_size=5))
def test_each_named_record_is_found_at_its_name(records: dict[str, dict[str, str]]) -> None:
    text = json.dumps(records, indent=1)
    found = list(read_named_records(text.encode()))
    assert {name: record.members for name, record in found} == records
    for name, record in found:
        assert text.split("\n")[record.line - 1].strip().startswith(json.dumps(name))


@pytest.mark.parametrize("read", [read_records, read_named_records])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[",
        b"7",
        b'"text"',
        b"[7]",
        b'{"a": 7}',
        b"[{}, {},]",
        b'[{"a": 1, "a": 2}]',
        b'{"a": {}, "a": {}}',
        b'[{"a": NaN}]',
        b"[{}]\xff",
        b'[{"a": "\\ud800"}]',
        b"[" * 200 + b"]" * 200,
        b'{"a":' * 200 + b"{}" + b"}" * 200,
    ],
)
def test_what_is_no_file_of_records_is_refused(
    read: Callable[[bytes], Iterable[object]], data: bytes
) -> None:
    with pytest.raises(FileUnreadable) as refused:
        list(read(data))
    assert refused.value.problem.line >= 1


@given(st.binary(max_size=120))
def test_no_bytes_do_more_than_be_refused(data: bytes) -> None:
    with suppress(FileUnreadable):
        list(read_records(data))
    with suppress(FileUnreadable):
        list(read_named_records(data))


def test_marks_in_heaps_are_refused_before_they_are_put_in_order() -> None:
    (record,) = read_records(json.dumps([{"name": "a" + "\u0301\u0323" * 300_000}]).encode())
    with pytest.raises(RowRefused) as refused:
        record.text("name")
    assert (refused.value.column, refused.value.cause) == ("name", "cell-characters")
