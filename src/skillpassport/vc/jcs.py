"""JSON Canonicalization Scheme (RFC 8785): the one byte string that stands for a JSON value.

Sorted keys alone are not enough: keys sort by UTF-16 code units and numbers are written as
ECMAScript writes them. The `rfc8785` package does both, in Python. Most documents need neither: for
those `orjson` gives the same bytes fifty times faster, and canonical form is half the cost of a
proof. A property test holds the two ways against each other.
"""

from collections.abc import Collection
from typing import Final

import orjson
import rfc8785

from skillpassport.errors import SkillPassportError
from skillpassport.vc.strict_json import JsonObject, JsonValue, count_containers

_OPTIONS: Final = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_STRICT_INTEGER  # refuses integers beyond 2^53 - 1
    | orjson.OPT_PASSTHROUGH_SUBCLASS
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
)

# orjson sorts by UTF-8, which is the order of code points. UTF-16 differs from it only between
# U+E000 to U+FFFF (first octet EE or EF) and what lies beyond the basic plane (F0 and more).
_SORTS_ALIKE: Final = bytes(range(0xEE))


class NotCanonicalizable(SkillPassportError):
    """The value has no canonical form: a number out of range, a lone surrogate, a foreign type.

    What an RDF cryptosuite refuses to sign (`json_ld`, `rdfc`) is a case of it, with its own code.
    """

    code = "not-canonicalizable"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(
            message
            or "Expected a JSON value with integers within 2^53 and whole characters; found one "
            "without a canonical form. Write large numbers as strings."
        )


def canonicalize(value: JsonValue) -> bytes:
    """Return the canonical UTF-8 bytes of a JSON value.

    Raises: NotCanonicalizable
    Source: RFC 8785, section 3.2
    """
    try:
        # First, since it refuses circles, in which the walk would not end.
        text = orjson.dumps(value, option=_OPTIONS)
        is_plain = count_containers(value) is not None
        # Leaving octets out takes a tenth of the time of searching for those that remain.
        if is_plain and (text.isascii() or not text.translate(None, _SORTS_ALIKE)):
            return text
    except orjson.JSONEncodeError:
        pass  # the slow way has the last word on what has a canonical form
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError, ValueError, TypeError) as error:
        raise NotCanonicalizable from error


def canonicalize_whole_and_part(
    value: JsonObject, left_out: Collection[str]
) -> tuple[bytes, bytes]:
    """Return the canonical form of an object, and that of the same without some of its members.

    Each member is written once for both.

    Raises: NotCanonicalizable
    Source: RFC 8785, section 3.2
    """
    names = sorted(value, key=_in_utf_16)
    written = {name: canonicalize(name) + b":" + canonicalize(value[name]) for name in names}
    kept = (text for name, text in written.items() if name not in left_out)
    return b"{" + b",".join(written.values()) + b"}", b"{" + b",".join(kept) + b"}"


def _in_utf_16(name: str) -> bytes:
    """Return what member names are sorted by (section 3.2.3)."""
    return name.encode("utf-16-be", "surrogatepass")
