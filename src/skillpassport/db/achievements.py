"""Achievements, as rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, insert, literal, select, tuple_
from sqlalchemy.exc import IntegrityError

from skillpassport.credentials.model import (
    Achievement,
    AchievementId,
    AchievementKind,
    LearningOutcome,
)
from skillpassport.db.log import LogStore
from skillpassport.db.tables.credentials import achievements
from skillpassport.organisations.model import OrganisationId, SlugTaken
from skillpassport.transparency.entries import Kind

# Built once: every award and every verification of one reads its achievement.
_BY_ID = select(achievements).where(achievements.c.id == bindparam("id"))
_BY_REFERENCE = select(achievements).where(
    achievements.c.organisation == bindparam("organisation"),
    (achievements.c.id == bindparam("reference")) | (achievements.c.slug == bindparam("reference")),
)


class AchievementStore:
    """Achievements; rows are added and read, never changed."""

    def __init__(self, connection: Connection, log: LogStore) -> None:
        self._connection = connection
        self._log = log

    def add(self, achievement: Achievement) -> None:
        """Write a new achievement.

        Raises: SlugTaken
        """
        row = _row(achievement)
        try:
            self._connection.execute(insert(achievements), row)
        except IntegrityError as error:
            raise SlugTaken(achievement.slug) from error
        self._log.record(Kind.ACHIEVEMENT_REGISTERED, achievements, row)

    def get(self, reference: str, organisation: OrganisationId) -> Achievement | None:
        """Return an achievement of an organisation by id or slug."""
        wanted = {"organisation": organisation, "reference": reference}
        found = self._connection.execute(_BY_REFERENCE, wanted).mappings().all()
        # An id wins over a slug that happens to read the same.
        rows = sorted(found, key=lambda row: row["id"] != reference)
        return _achievement(rows[0]) if rows else None

    def by_id(self, identifier: AchievementId) -> Achievement:
        """Return the achievement with this id, which is known to exist."""
        found = self._connection.execute(_BY_ID, {"id": identifier})
        return _achievement(found.mappings().one())

    def of(
        self,
        organisation: OrganisationId,
        *,
        limit: int,
        after: tuple[datetime, str] | None = None,
    ) -> Sequence[Achievement]:
        """Return an organisation's achievements, oldest first.

        after: registration instant and id of the last one seen
        """
        key = tuple_(achievements.c.registered_at, achievements.c.id)
        query = (
            select(achievements)
            .where(achievements.c.organisation == organisation)
            .order_by(achievements.c.registered_at, achievements.c.id)
            .limit(limit)
        )
        if after is not None:
            query = query.where(key > tuple_(*_literals(after)))
        return [_achievement(row) for row in self._connection.execute(query).mappings()]


def _literals(after: tuple[datetime, str]) -> tuple[Any, Any]:
    return literal(after[0], achievements.c.registered_at.type), literal(after[1])


def _row(achievement: Achievement) -> dict[str, Any]:
    return {
        "id": achievement.id,
        "organisation": achievement.organisation,
        "slug": achievement.slug,
        "kind": achievement.kind.value,
        "title": dict(achievement.title),
        "framework": achievement.framework,
        "edition": achievement.edition,
        "level": achievement.level,
        "isced_f": achievement.isced_f,
        "details": {
            "isco": list(achievement.isco),
            "esco": list(achievement.esco),
            "hours": achievement.hours,
            # Left out where there is none: rows that are there say nothing of it.
            **({"qualification": achievement.qualification} if achievement.qualification else {}),
            "outcomes": [
                {
                    "code": outcome.code,
                    "statement": dict(outcome.statement),
                    "essential": outcome.essential,
                }
                for outcome in achievement.outcomes
            ],
        },
        "registered_at": achievement.registered_at,
    }


def _achievement(row: RowMapping) -> Achievement:
    details = row["details"]
    return Achievement(
        id=AchievementId(row["id"]),
        organisation=OrganisationId(row["organisation"]),
        slug=row["slug"],
        title=row["title"],
        kind=AchievementKind(row["kind"]),
        registered_at=row["registered_at"],
        framework=row["framework"],
        edition=row["edition"],
        level=row["level"],
        isced_f=row["isced_f"],
        isco=tuple(details["isco"]),
        esco=tuple(details["esco"]),
        outcomes=tuple(LearningOutcome(**outcome) for outcome in details["outcomes"]),
        hours=details["hours"],
        qualification=details.get("qualification"),
    )
