"""Programmes of the own register that end with a unit that somebody wants."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from sqlalchemy import Connection, RowMapping, Select, Text, cast, or_, select

from skillpassport.credentials.model import AchievementKind
from skillpassport.db.tables.credentials import achievements
from skillpassport.db.tables.organisations import organisations
from skillpassport.db.unit_of_work import Database
from skillpassport.equivalence.outcomes import Offer

MAX_OFFERS: Final = 200
"""Of one answer: enough to choose from, and a bound on what a question costs."""

_BRIDGING: Final = (
    AchievementKind.UNIT.value,
    AchievementKind.MICRO_CREDENTIAL.value,
    AchievementKind.TRAINING.value,
)


@dataclass(frozen=True, slots=True)
class RegisteredProgrammes:
    """Units, short courses and trainings that organisations defined here; rehearsals are not."""

    database: Database

    def ending_with(self, codes: Sequence[str]) -> dict[str, tuple[Offer, ...]]:
        """Return the programmes whose outcomes name units, by the unit's code."""
        wanted = frozenset(codes)
        if not wanted:
            return {}
        found: dict[str, list[Offer]] = {}
        with self.database.snapshot() as work:
            for row in _rows(work.connection, wanted):
                for outcome in row["details"]["outcomes"]:
                    if outcome["code"] in wanted:
                        found.setdefault(outcome["code"], []).append(_offer(row))
        return {code: tuple(offers) for code, offers in found.items()}


def _rows(connection: Connection, wanted: frozenset[str]) -> Iterator[RowMapping]:
    return iter(connection.execute(_query(wanted)).mappings().all())


def _query(wanted: frozenset[str]) -> Select[tuple[object, ...]]:
    # The code stands in the text of the row; whether as a code, is read from the row itself.
    details = achievements.c.details
    mentions = (
        cast(details, Text).contains(
            f'"code":{json.dumps(code, ensure_ascii=False)},', autoescape=True
        )
        for code in sorted(wanted)
    )
    return (
        select(
            achievements.c.id,
            achievements.c.title,
            achievements.c.details,
            organisations.c.name.label("provider"),
            organisations.c.country,
        )
        .join(organisations, organisations.c.id == achievements.c.organisation)
        .where(achievements.c.kind.in_(_BRIDGING), organisations.c.sandbox.is_(False))
        .where(or_(*mentions))
        .order_by(achievements.c.id)
        .limit(MAX_OFFERS)
    )


def _offer(row: RowMapping) -> Offer:
    hours = row["details"]["hours"]
    return Offer(
        id=row["id"],
        title=row["title"],
        provider=row["provider"],
        country=row["country"],
        hours=None if hours is None else Decimal(str(hours)),
    )
