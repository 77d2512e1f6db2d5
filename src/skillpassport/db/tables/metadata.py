"""What all tables share: constraint names, and column types that mean the same on both engines."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Dialect, MetaData, Text
from sqlalchemy.types import TypeDecorator

# Named from the first migration on: batch mode on SQLite can only alter what has a name.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ORDINAL = Text().with_variant(Text(collation="C"), "postgresql")
"""Text in the order of its code points on both engines, so that ranges of a prefix use an index
and a digest over rows in the order of their keys is the same."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z", re.ASCII)


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant, kept as RFC 3339 text with microseconds.

    Text sorts in time order on both engines, and SQLite has no type that keeps the zone.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Refuse naive datetimes; write UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs a time zone; attach datetime.UTC.")
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Read UTC."""
        return None if value is None else read_instant(value)


def read_instant(text: str) -> datetime:
    """Return the instant that is kept as this text.

    Raises: ValueError
    """
    # Not `strptime`, which takes ten times as long: a verification reads a dozen instants.
    if _INSTANT.fullmatch(text) is None:
        raise ValueError("Expected an instant such as 2026-01-31T12:00:00.000000Z.")
    return datetime.fromisoformat(text)


class Json(TypeDecorator[Any]):
    """A JSON value kept as text with sorted keys, so that equal values are equal rows."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write compact JSON with sorted keys; Python's None is SQL's NULL."""
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read JSON."""
        return None if value is None else json.loads(value)
