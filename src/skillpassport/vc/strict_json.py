"""One strict JSON parser for every format that comes in: I-JSON (RFC 7493) with size and depth limits.

Python's own parser lets duplicate members, NaN, huge integers and lone surrogates pass. Each of them
lets two readers of the same signed bytes see two different documents, so each is refused here.

Most texts are written without a blank and without such a thing. `orjson` reads and writes those: when
it writes what it has read as the very same bytes, no member stood there twice and nothing was
changed on the way. Every other text is read by the slower parser below, which also finds the reason.
"""

import json
import math
import re
from collections.abc import Callable
from typing import TypeAlias

import orjson

from skillpassport.errors import SkillPassportError

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
JsonObject: TypeAlias = dict[str, JsonValue]

MAX_BYTES = 1024 * 1024
"""A credential with a large embedded image is about half of this."""

MAX_DEPTH = 100
MAX_INTEGER = 2**53 - 1
"""RFC 7493 section 2.2: the largest integer that every reader of doubles sees alike."""

_LONGEST_INTEGER = len(str(-MAX_INTEGER))
_FIRST_WITH_EXPONENT = 1e21
_BOM = b"\xef\xbb\xbf"
_WRITER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)

# The closing quote is optional so that an unterminated string is swallowed in one pass: with a
# mandatory one, each escaped quote inside it would start a new scan to the end (quadratic time).
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")
_BLANKS = ((b'": ', b'":'), (b', "', b',"'), (b", {", b",{"))
_BRACES_AS_BRACKETS = bytes.maketrans(b"{}", b"[]")
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")


class StrictJsonError(SkillPassportError):
    """The text is not JSON that two readers are sure to understand alike."""


class JsonTooLarge(StrictJsonError):
    """The text is longer than the limit."""

    code = "json-too-large"
    public = ("max_bytes",)

    def __init__(self, size: int, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        super().__init__(
            f"At most {max_bytes} bytes are read; found {size}. "
            "Send a smaller document, for instance without embedded images."
        )


class JsonTooDeep(StrictJsonError):
    """Objects and arrays are nested beyond the limit."""

    code = "json-too-deep"
    public = ("max_depth",)

    def __init__(self, max_depth: int) -> None:
        self.max_depth = max_depth
        super().__init__(
            f"At most {max_depth} levels of nesting are read; found more. Flatten the document."
        )


class JsonMalformed(StrictJsonError):
    """The text does not follow the JSON grammar."""

    code = "json-malformed"
    public = ("position",)

    def __init__(self, problem: str, position: int) -> None:
        self.position = position
        super().__init__(
            f"Expected JSON; found at character {position}: {problem}. Send a whole JSON document."
        )


class JsonNotUtf8(StrictJsonError):
    """The bytes are not UTF-8."""

    code = "json-not-utf8"

    def __init__(self) -> None:
        super().__init__("Expected UTF-8; found other bytes. Encode the document as UTF-8.")


class JsonByteOrderMark(StrictJsonError):
    """The text starts with a byte order mark (RFC 8259, section 8.1)."""

    code = "json-byte-order-mark"

    def __init__(self) -> None:
        super().__init__("Expected JSON; found a byte order mark before it. Remove the mark.")


class JsonDuplicateMember(StrictJsonError):
    """An object names one member twice: two readers may take two different values."""

    code = "json-duplicate-member"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            "Expected each member once in an object; found one twice. Keep one of the two."
        )


class JsonNumberOutOfRange(StrictJsonError):
    """A number that readers of IEEE 754 doubles would change."""

    code = "json-number-out-of-range"

    def __init__(self) -> None:
        super().__init__(
            f"Expected integers of at most {MAX_INTEGER} and finite fractions; found a larger "
            "number. Write it as a string."
        )


class JsonNotANumber(StrictJsonError):
    """NaN, Infinity or -Infinity, which JSON does not have."""

    code = "json-not-a-number"

    def __init__(self) -> None:
        super().__init__("Expected JSON values; found NaN or Infinity. Leave the member out.")


class JsonLoneSurrogate(StrictJsonError):
    """A string with half of a surrogate pair, which has no UTF-8 form and so no signature."""

    code = "json-lone-surrogate"

    def __init__(self) -> None:
        super().__init__(
            "Expected Unicode text; found half of a surrogate pair. Write the whole character."
        )


class JsonNotAnObject(StrictJsonError):
    """The document is JSON, but not an object."""

    code = "json-not-an-object"

    def __init__(self) -> None:
        super().__init__("Expected a JSON object; found another JSON value. Send an object.")


def parse(raw: bytes | str, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> JsonValue:
    """Return the one value that every careful reader sees in this text.

    raw: UTF-8 without a byte order mark
    Raises: StrictJsonError (JsonTooLarge, JsonByteOrderMark, JsonNotUtf8, JsonTooDeep,
    JsonDuplicateMember, JsonNumberOutOfRange, JsonNotANumber, JsonLoneSurrogate, JsonMalformed)
    Source: RFC 7493 (I-JSON), section 2; RFC 8259
    """
    data = _bytes_of(raw)
    if len(data) > max_bytes:
        raise JsonTooLarge(len(data), max_bytes)
    if data.startswith(_BOM):
        raise JsonByteOrderMark
    plain = _written_plainly(data)
    containers = count_containers(plain) if plain is not None else None
    if containers is not None:
        if containers > max_depth:
            _check_depth(data, max_depth)
        return plain
    text = _text_of(data)
    _check_depth(data, max_depth)
    value = _load(text, max_depth)
    if _SURROGATE_ESCAPE.search(data):
        _check_surrogates(value)
    return value


def parse_object(
    raw: bytes | str, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH
) -> JsonObject:
    """Return the object in this text; see `parse`.

    Raises: StrictJsonError, also JsonNotAnObject
    """
    value = parse(raw, max_bytes=max_bytes, max_depth=max_depth)
    if not isinstance(value, dict):
        raise JsonNotAnObject
    return value


def write(value: JsonValue) -> bytes:
    """Return a value as compact JSON in UTF-8, members in their order.

    Raises: ValueError (NaN and infinity, half a character)
    """
    if count_containers(value) is not None:
        try:
            return orjson.dumps(value)
        except orjson.JSONEncodeError:  # beyond 64 bits, too deep, half a character
            pass
    return _WRITER.encode(value).encode()


def one_or_many(value: JsonValue) -> list[JsonValue]:
    """Return the values of a member that may hold one value or an array of them; none for null."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def count_containers(value: object) -> int | None:
    """Return how many objects and arrays a value holds; None unless all in it is plain.

    Plain are texts, integers, booleans and nulls. Fractions are not: there are several ways to write
    one, and orjson writes NaN as null. Nor are types that orjson knows and JSON does not, such as
    UUIDs.
    """
    containers = 0
    waiting: list[object] = [value]
    for item in waiting:  # grows as it is walked
        kind = type(item)
        if kind is str:
            continue
        if kind is dict:
            containers += 1
            waiting.extend(item.values())  # type: ignore[attr-defined]
        elif kind is list:
            containers += 1
            waiting.extend(item)  # type: ignore[arg-type]
        elif kind is not int and kind is not bool and item is not None:
            return None
    return containers


def _written_plainly(data: bytes) -> JsonValue:
    """Return the value of a text that orjson would write just so; None for any other text.

    A text that is the writing of a value has each member once and whole characters; integers beyond
    2^53 - 1 cannot be written. Blanks after colons and commas are overlooked, as most programs write
    all or none: taking blanks away changes no quotation mark, so it makes no two members one.
    """
    try:
        value: JsonValue = orjson.loads(data)
        written = orjson.dumps(value, option=orjson.OPT_STRICT_INTEGER)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None
    if written == data:
        return value
    for spaced, close in _BLANKS:
        blanks = len(data) - len(written)
        if blanks <= 0:
            break
        data = data.replace(spaced, close, blanks)  # a long text is not searched on for more
    return value if written == data else None


def _bytes_of(raw: bytes | str) -> bytes:
    if isinstance(raw, bytes):
        return raw
    try:
        return raw.encode()
    except UnicodeEncodeError as error:
        raise JsonLoneSurrogate from error


def _text_of(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise JsonNotUtf8 from error


def _check_depth(data: bytes, max_depth: int) -> None:
    """Refuse deep nesting before a recursive parser sees it.

    The innermost pairs are removed once per level, each time at the speed of `bytes.replace`; what
    is left over after `max_depth` rounds is too deep.
    """
    if data.count(b"[") + data.count(b"{") <= max_depth:
        return
    brackets = _STRING.sub(b"", data).translate(_BRACES_AS_BRACKETS, _NOT_BRACKETS)
    for _level in range(max_depth):
        inner = brackets.replace(b"[]", b"")
        if len(inner) == len(brackets):
            break
        brackets = inner
    # Unbalanced brackets are left for the parser to name, unless they alone are too many.
    if b"[]" in brackets or brackets.count(b"[") > max_depth:
        raise JsonTooDeep(max_depth)


def _load(text: str, max_depth: int) -> JsonValue:
    try:
        value: JsonValue = _decode(text)
    except json.JSONDecodeError as error:
        raise JsonMalformed(error.msg, error.pos) from error
    except RecursionError as error:
        raise JsonTooDeep(max_depth) from error
    return value


def _object_of(pairs: list[tuple[str, JsonValue]]) -> JsonObject:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        raise JsonDuplicateMember(next(name for name in names if names.count(name) > 1))
    return members


def _integer_of(text: str) -> int:
    # The length first: int() of a million digits takes quadratic time.
    if len(text) > _LONGEST_INTEGER or abs(value := int(text)) > MAX_INTEGER:
        raise JsonNumberOutOfRange
    return value


def _fraction_of(text: str) -> float:
    value = float(text)
    size = abs(value)
    # ECMAScript writes whole numbers below 10^21 with all their digits, so the canonical form of
    # such a fraction would be an integer out of range.
    if math.isinf(value) or MAX_INTEGER < size < _FIRST_WITH_EXPONENT:
        raise JsonNumberOutOfRange
    return value


def _refuse_constant(_text: str) -> None:
    raise JsonNotANumber


_decode: Callable[[str], JsonValue] = json.JSONDecoder(
    object_pairs_hook=_object_of,
    parse_int=_integer_of,
    parse_float=_fraction_of,
    parse_constant=_refuse_constant,
).decode


def _check_surrogates(value: JsonValue) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise JsonLoneSurrogate from error
