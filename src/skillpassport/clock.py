"""Time comes in through a port, so that every rule about time can be tested and replayed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC, to the microsecond."""
        return datetime.now(UTC)


@dataclass(slots=True)
class FixedClock:
    """A clock that stands still until it is set: for tests and demonstrations of time."""

    instant: datetime

    def now(self) -> datetime:
        """Return the instant that was set."""
        return self.instant


def rfc3339(instant: datetime) -> str:
    """Return an aware instant as RFC 3339 in UTC with whole seconds: `2026-11-22T09:30:00Z`.

    Raises: ValueError for a naive datetime
    """
    if instant.tzinfo is None:
        raise ValueError("An instant needs a time zone; attach datetime.UTC.")
    utc = instant.astimezone(UTC)
    return f"{utc.replace(microsecond=0, tzinfo=None).isoformat()}Z"


def first_instant(day: date) -> str:
    """Return the start of a calendar day as it stands in signed documents: `2026-01-31T00:00:00Z`."""
    return f"{day.isoformat()}T00:00:00Z"


def last_instant(day: date) -> str:
    """Return the end of an inclusive calendar day in signed documents: `2026-01-31T23:59:59Z`."""
    return f"{day.isoformat()}T23:59:59Z"
