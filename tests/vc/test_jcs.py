"""RFC 8785 canonical JSON."""

import json
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.vc.jcs import (
    NotCanonicalizable,
    canonicalize,
    canonicalize_whole_and_part,
)
from skillpassport.vc.report import Outcome
from skillpassport.vc.strict_json import JsonValue, parse
from tests.support.shared_data import shared_data
from tests.vc.test_strict_json import JSON

CASES = ["arrays", "french", "structures", "unicode", "values", "weird"]


@pytest.mark.data
@pytest.mark.parametrize("case", CASES)
def test_the_published_vectors_match(case: str) -> None:
    folder = shared_data() / "vectors" / "jcs"
    canonical = canonicalize(parse((folder / "input" / f"{case}.json").read_bytes()))
    assert canonical == (folder / "output" / f"{case}.json").read_bytes()
    assert canonical == bytes.fromhex((folder / "outhex" / f"{case}.txt").read_text())


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (1e21, "1e+21"),
        (1e-7, "1e-7"),
        (0.000001, "0.000001"),
        (333333333.3333332, "333333333.3333332"),
        (5e-324, "5e-324"),
        (4.35, "4.35"),
    ],
)
def test_numbers_are_written_as_ecmascript_writes_them(number: float, text: str) -> None:
    assert canonicalize(number) == text.encode()


def test_members_sort_by_utf_16_code_units() -> None:
    """A character beyond the basic plane sorts before U+FB33, unlike by code point."""
    assert canonicalize({"\ufb33": 1, "\U0001f600": 2}) == '{"😀":2,"\ufb33":1}'.encode()


@pytest.mark.parametrize(
    "value", [2**53, -(2**53), float("nan"), float("inf"), "\ud800", {"\udfff": 1}]
)
def test_a_value_without_canonical_form_is_refused(value: JsonValue) -> None:
    with pytest.raises(NotCanonicalizable):
        canonicalize(value)


@pytest.mark.parametrize(
    "text",
    ["\ue000", "\uffff", "\U00010000", "\x7f", "\x00\x1f\b\t\n\f\r", '"\\/', "\u2028\u2029", "é"],
)
def test_letters_are_escaped_and_sorted_alike_both_ways(text: str) -> None:
    value: JsonValue = {f"{text}b": text, "\ufb33": 1, "\U0001f600": 2, "a": [text], text: None}
    assert canonicalize(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [uuid4(), datetime.now(UTC), date(2026, 1, 1), Outcome])
def test_types_that_an_encoder_knows_and_json_does_not_are_refused(value: object) -> None:
    with pytest.raises(NotCanonicalizable):
        canonicalize({"a": [value]})  # type: ignore[list-item]


@given(JSON)
def test_both_ways_to_the_canonical_form_give_the_same_bytes(value: JsonValue) -> None:
    assert canonicalize(value) == rfc8785.dumps(value)


def test_a_value_that_contains_itself_is_refused() -> None:
    circle: list[JsonValue] = []
    circle.append(circle)
    with pytest.raises(NotCanonicalizable):
        canonicalize(circle)


@pytest.mark.parametrize("value", [{1: "a"}, {"a": (1,)}, {None: 1}, {1: 2, "a": 3}, [object()]])
def test_what_is_no_json_value_is_never_silently_changed(value: object) -> None:
    """The standard encoder would write the key 1 as the text "1"."""
    try:
        canonical = canonicalize(value)  # type: ignore[arg-type]
    except NotCanonicalizable:
        return
    assert canonical == b'{"a":[1]}'


@given(JSON)
def test_canonical_form_is_idempotent_and_free_of_order(value: JsonValue) -> None:
    canonical = canonicalize(value)
    assert canonicalize(parse(canonical)) == canonical
    assert canonicalize(json.loads(json.dumps(value, sort_keys=True))) == canonical


@given(value=st.dictionaries(st.text(max_size=3), JSON, max_size=6), data=st.data())
def test_an_object_and_a_part_of_it_are_written_at_once(
    value: dict[str, JsonValue], data: st.DataObject
) -> None:
    left_out = data.draw(st.frozensets(st.sampled_from([*value, "proof"])))
    part = {name: member for name, member in value.items() if name not in left_out}
    try:
        expected = canonicalize(value), canonicalize(part)
    except NotCanonicalizable:
        with pytest.raises(NotCanonicalizable):
            canonicalize_whole_and_part(value, left_out)
    else:
        assert canonicalize_whole_and_part(value, left_out) == expected
