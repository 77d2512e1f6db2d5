"""Instants as signed documents write them."""

import re
from datetime import datetime
from functools import lru_cache
from typing import Final

from skillpassport.vc.strict_json import JsonValue

_DATE_TIME_STAMP = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
    r"T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?"
    r"(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)\Z",
    re.ASCII,
)

_LONGEST: Final = 100
"""Characters; the fraction of a second may have any number of digits, and no use for as many."""


def parse_instant(value: JsonValue) -> datetime | None:
    """Return the instant of an XML Schema `dateTimeStamp`, or None when the value is not one.

    A time without a zone is no instant: it would be read differently in Accra and in Manila.
    Fractions beyond the microsecond are cut off.

    Source: XML Schema 1.1 part 2, section 3.4.28; VC Data Model 2.0, section 4.9
    """
    return _parsed(value) if isinstance(value, str) and len(value) <= _LONGEST else None


# A credential's few instants are asked for by several checks, and many credentials share them.
@lru_cache(maxsize=1024)
def _parsed(value: str) -> datetime | None:
    if not _DATE_TIME_STAMP.match(value):
        return None
    try:
        return datetime.fromisoformat(_at_most_microseconds(value))
    except ValueError:  # 30 February, year 0
        return None


def _at_most_microseconds(text: str) -> str:
    head, dot, tail = text.partition(".")
    if not dot:
        return text
    zone_at = next(i for i, character in enumerate(tail) if not character.isdigit())
    return f"{head}.{tail[:zone_at][:6]}{tail[zone_at:]}"
