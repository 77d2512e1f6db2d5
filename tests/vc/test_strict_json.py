"""The strict parser refuses whatever two readers could read in two ways."""

import contextlib
import json
import sys
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.vc.strict_json import (
    MAX_BYTES,
    MAX_INTEGER,
    JsonByteOrderMark,
    JsonDuplicateMember,
    JsonLoneSurrogate,
    JsonMalformed,
    JsonNotAnObject,
    JsonNotANumber,
    JsonNotUtf8,
    JsonNumberOutOfRange,
    JsonTooDeep,
    JsonTooLarge,
    StrictJsonError,
    parse,
    parse_object,
)

# name, hostile text, its cause, and the nearest text that is accepted
HOSTILE: list[tuple[str, bytes, type[StrictJsonError], bytes]] = [
    ("duplicate member", b'{"a":1,"a":1}', JsonDuplicateMember, b'{"a":1,"b":1}'),
    ("duplicate by escape", rb'{"a":1,"\u0061":2}', JsonDuplicateMember, rb'{"a":1,"\u0062":2}'),
    ("duplicate deep", b'[{"a":{"b":1,"b":2}}]', JsonDuplicateMember, b'[{"a":{"b":1}}]'),
    ("NaN", b'{"a":NaN}', JsonNotANumber, b'{"a":"NaN"}'),
    ("Infinity", b"[Infinity]", JsonNotANumber, b'["Infinity"]'),
    ("-Infinity", b"[-Infinity]", JsonNotANumber, b"[-1]"),
    ("integer of 2^53", b"[9007199254740992]", JsonNumberOutOfRange, b"[9007199254740991]"),
    ("integer of -2^53", b"[-9007199254740992]", JsonNumberOutOfRange, b"[-9007199254740991]"),
    ("integer of a page", b"[" + b"9" * 9000 + b"]", JsonNumberOutOfRange, b"[99]"),
    ("overflowing fraction", b"[1e400]", JsonNumberOutOfRange, b"[1e300]"),
    ("integer as a fraction", b"[9007199254740993.0]", JsonNumberOutOfRange, b"[1e21]"),
    ("negative overflow", b"[-1e400]", JsonNumberOutOfRange, b"[-1e300]"),
    ("high surrogate", rb'["\ud800"]', JsonLoneSurrogate, rb'["\ud83d\ude00"]'),
    ("low surrogate", rb'["\udc00"]', JsonLoneSurrogate, rb'["\u0041"]'),
    ("surrogate in a name", rb'{"\uDFFF":1}', JsonLoneSurrogate, rb'{"\u00e9":1}'),
    ("surrogates swapped", rb'["\ude00\ud83d"]', JsonLoneSurrogate, rb'["\ud83d\ude00"]'),
    ("surrogate in UTF-8", b'["\xed\xa0\x80"]', JsonNotUtf8, '["é"]'.encode()),
    ("Latin-1", b'["\xe9"]', JsonNotUtf8, '["é"]'.encode()),
    ("overlong UTF-8", b'["\xc0\x80"]', JsonNotUtf8, b'["0"]'),
    ("UTF-16", '{"a":1}'.encode("utf-16-le"), JsonMalformed, b'{"a":1}'),
    ("byte order mark", b'\xef\xbb\xbf{"a":1}', JsonByteOrderMark, b'{"a":1}'),
    ("101 levels", b"[" * 101 + b"]" * 101, JsonTooDeep, b"[" * 100 + b"]" * 100),
    ("million levels", b"[" * 500_000 + b"]" * 500_000, JsonTooDeep, b"[]"),
    ("open levels", b"[" * 500_000, JsonTooDeep, b"[[]]"),
    ("open objects", b'{"a":' * 100_000, JsonTooDeep, b'{"a":{}}'),
    ("mixed levels", b'[{"a":' * 51 + b"1" + b"}]" * 51, JsonTooDeep, b'[{"a":1}]'),
    ("deep after a string", b'["\\"[",' + b"[" * 100 + b"]" * 101, JsonTooDeep, b'["[[[["]'),
    ("too large", b'"' + b"a" * MAX_BYTES + b'"', JsonTooLarge, b'"' + b"a" * 100 + b'"'),
    ("empty", b"", JsonMalformed, b"null"),
    ("trailing text", b"{} {}", JsonMalformed, b" {} \n"),
    ("trailing comma", b'{"a":1,}', JsonMalformed, b'{"a":1}'),
    ("single quotes", b"{'a':1}", JsonMalformed, b'{"a":1}'),
    ("comment", b"{}//", JsonMalformed, b"{}"),
    ("leading zero", b"[01]", JsonMalformed, b"[0.1]"),
    ("leading plus", b"[+1]", JsonMalformed, b"[1]"),
    ("bare control character", b'["\n"]', JsonMalformed, b'["\\n"]'),
    ("unbalanced", b"]" * 200 + b"[" * 90, JsonMalformed, b"[]"),
    ("no-break space", b"\xc2\xa0{}", JsonMalformed, b"\t{}"),
]
IDS = [row[0] for row in HOSTILE]


@pytest.mark.parametrize(("name", "text", "cause", "control"), HOSTILE, ids=IDS)
def test_a_hostile_text_is_refused_and_its_neighbour_accepted(
    name: str, text: bytes, cause: type[StrictJsonError], control: bytes
) -> None:
    with pytest.raises(cause) as caught:
        parse(text)
    assert caught.value.code
    assert caught.value.message.count(";") == 1
    parse(control)


def test_a_refusal_repeats_nothing_of_the_document() -> None:
    """Member names and values may be personal data, and messages end up in logs."""
    with pytest.raises(JsonDuplicateMember) as caught:
        parse(b'{"Ama Mensah":1,"Ama Mensah":2}')
    assert "Ama" not in caught.value.message


def test_text_with_a_lone_surrogate_is_refused_before_parsing() -> None:
    with pytest.raises(JsonLoneSurrogate):
        parse('["\ud800"]')


def test_only_an_object_is_an_object() -> None:
    assert parse_object(b'{"a":1}') == {"a": 1}
    with pytest.raises(JsonNotAnObject):
        parse_object(b"[]")


@pytest.mark.parametrize(
    "text",
    [b'"' + b'\\"' * 250_000, b"[]," * 300_000, b'"' * 400_000, b"[" * 50 + b"[],[]," * 80_000],
    ids=["escaped quotes, open", "flat arrays", "quotes", "wide below fifty levels"],
)
def test_no_text_takes_quadratic_time(text: bytes) -> None:
    started = time.process_time()
    with pytest.raises(StrictJsonError):
        parse(text)
    assert time.process_time() - started < 20


def test_depth_is_counted_outside_strings_only() -> None:
    deep_looking = '["' + "[" * 5000 + '"]'
    assert parse(deep_looking) == ["[" * 5000]


def test_the_limit_of_depth_holds_near_the_end_of_the_stack() -> None:
    """A caller that is itself deep gets our error, not a RecursionError."""

    def call(levels: int, action: Callable[[], object]) -> object:
        return action() if levels == 0 else call(levels - 1, action)

    room = sys.getrecursionlimit() - len(__import__("inspect").stack()) - 60
    text = b"[" * 99 + b"]" * 99
    with contextlib.suppress(JsonTooDeep):
        call(room, lambda: parse(text))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.floats(-1e15, 1e15)
    | st.floats(1e21, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON)
def test_what_json_writes_is_read_back(value: object) -> None:
    assert parse(json.dumps(value)) == value
    assert parse(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary(max_size=60))
def test_any_bytes_end_in_a_value_or_in_our_error(data: bytes) -> None:
    try:
        parse(data)
    except StrictJsonError as error:
        assert error.code.startswith("json-")  # noqa: PT017


@given(
    st.text(
        st.sampled_from(list('{}[]:,"\\/abeEnultrfs019.-+ \u00e9\ud7ff\U0001f600')), max_size=30
    )
    | st.recursive(
        st.sampled_from(
            [
                *("1", "-1", "0", "-0", "1.0", "1e3", "1e16", "1e+16", "1e999"),
                *("9007199254740991", "9007199254740992", "18446744073709551616"),
                *("NaN", "Infinity", "null", "true"),
                *(
                    '"a"',
                    '"\\ud800"',
                    '"\\u00e9"',
                    '"\\/"',
                    '"é"',
                    '"\U0001f600"',
                    '"\x7f"',
                    '"\t"',
                ),
            ]
        ),
        lambda inner: (
            st.lists(inner, max_size=3).map(lambda items: f"[{','.join(items)}]")
            | st.lists(
                st.tuples(st.sampled_from(["a", "b", "\\u0061", "é"]), inner), max_size=3
            ).map(lambda pairs: "{" + ",".join(f'"{name}":{value}' for name, value in pairs) + "}")
        ),
        max_leaves=8,
    )
)
def test_a_text_without_a_blank_is_read_as_one_with_a_blank(text: str) -> None:
    """A blank at the end leads to the slower of the two parsers."""

    def read(written: str) -> object:
        try:
            return repr(parse(written))  # tells 1 from 1.0 and from true
        except StrictJsonError as error:
            return error.code

    blanks = text.replace(":", ": ").replace(",", ", ")
    assert read(text) == read(f"{text} ")
    assert read(blanks) == read(f"{blanks} ")


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":1}',
        '{"a":{"b":1,"b":2}}',
        '{"a": 1, "a": 1}',
        '{"a": 1,"a":1}',
        '[{"a":1},{"a":1,"\\u0061":1}]',
        '[{"a": 1}, {"a": 1, "a": 1}]',
        '{"a, {": 1, "a, {": 1}',
        '{"a, {": {}, "b": {}, "b": {}}',
        "[9007199254740992]",
        "[-9007199254740992]",
        "[1e16]",
        "[1e+16]",
        "[NaN]",
        '["\\ud800"]',
        "[" * 101 + "]" * 101,
    ],
)
def test_nothing_that_is_refused_passes_for_being_written_without_blanks(text: str) -> None:
    with pytest.raises(StrictJsonError):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [{"b": "c"}, {"d": ", {"}], "e": ": "}',
        '{"a, {": {"b": 1}, "a,{": {"c": [2]}, "d": "\\", \\""}',
        '[{}, {"a": "b"},{"c":"d"}, {"e": [[], {}]}]',
    ],
)
def test_blanks_inside_texts_stay(text: str) -> None:
    assert parse(text) == json.loads(text)
