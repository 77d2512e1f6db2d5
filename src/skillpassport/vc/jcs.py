"""JSON Canonicalization Scheme (RFC 8785): the one byte string that stands for a JSON value.

Sorted keys alone are not enough: keys sort by UTF-16 code units and numbers are written as
ECMAScript writes them. The `rfc8785` package does both; its errors become ours here.
"""

import rfc8785

from skillpassport.errors import SkillPassportError
from skillpassport.vc.strict_json import JsonValue


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
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError, UnicodeError) as error:
        raise NotCanonicalizable from error
