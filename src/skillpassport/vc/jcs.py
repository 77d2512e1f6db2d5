"""JSON Canonicalization Scheme (RFC 8785): the one byte string that stands for a JSON value.

Sorted keys alone are not enough: keys sort by UTF-16 code units and numbers are written as
ECMAScript writes them. The `rfc8785` package does both, in Python. Most documents need neither;
for those the standard library's encoder gives the same bytes five times faster, and canonical form
is half the cost of a proof. A property test holds the two ways against each other.
"""

import json
import re

import rfc8785

from skillpassport.errors import SkillPassportError
from skillpassport.vc.strict_json import MAX_INTEGER, JsonValue

_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode

_TEXT = frozenset({str})

# Up to U+D7FF code points and UTF-16 code units sort alike.
_SORTS_OTHERWISE = re.compile("[\ud800-\U0010ffff]")


class NotCanonicalizable(SkillPassportError):
    """The value has no canonical form: a number out of range, a lone surrogate, a foreign type."""

    code = "not-canonicalizable"

    def __init__(self) -> None:
        super().__init__(
            "Expected a JSON value with integers within 2^53 and whole characters; found one "
            "without a canonical form. Write large numbers as strings."
        )


def canonicalize(value: JsonValue) -> bytes:
    """Return the canonical UTF-8 bytes of a JSON value.

    Raises: NotCanonicalizable
    Source: RFC 8785, section 3.2
    """
    try:
        text = _encode(value)
        if _is_plain(value) and not _SORTS_OTHERWISE.search(text):
            return text.encode()
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError, ValueError, TypeError) as error:
        raise NotCanonicalizable from error


def _is_plain(value: JsonValue) -> bool:
    """Return whether there are only texts, small integers, booleans, nulls and their containers.

    Ends for any value that the encoder has accepted, since that one refuses circles.
    """
    waiting: list[object] = [value]
    for item in waiting:  # grows as it is walked
        kind = type(item)
        if kind is str or kind is bool or item is None:
            continue
        if isinstance(item, dict):
            if not _TEXT.issuperset(map(type, item)):
                return False
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
        elif kind is not int or not -MAX_INTEGER <= item <= MAX_INTEGER:  # type: ignore[operator]
            return False
    return True
