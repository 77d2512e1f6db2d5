"""Defining what can be awarded."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from skillpassport.credentials.model import (
    Achievement,
    AchievementId,
    AchievementKind,
    LearningOutcome,
)
from skillpassport.errors import SkillPassportError
from skillpassport.frameworks.qualifications import Qualification, QualificationUnknown
from skillpassport.idempotency import RequestKey
from skillpassport.identifiers import new_id
from skillpassport.languages import LanguageMap
from skillpassport.organisations.model import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredLevel:
    """One level as the registry of frameworks knows it; `uri` is the publisher's, if any."""

    framework: str
    edition: str
    level: str | None
    uri: str | None


class Levels(Protocol):
    """The registry of qualification frameworks, as far as awards need it."""

    def find(
        self, framework: str, edition: str | None, level: str | None, on: date
    ) -> RegisteredLevel:
        """Return the level of the named edition, or of the one in force on a day.

        Raises: LevelNotRegistered
        """
        ...


class _Achievements(Protocol):
    def add(self, achievement: Achievement) -> None: ...


class _Qualifications(Protocol):
    def get(self, identifier: str) -> Qualification: ...


class Ledger(Protocol):
    """What defining an achievement needs of a transaction."""

    @property
    def achievements(self) -> _Achievements: ...
    @property
    def qualifications(self) -> _Qualifications: ...

    @property
    def now(self) -> datetime:
        """The one instant of the transaction, asked for after locks are held."""
        ...

    def claim(self, request: RequestKey | None, resource: str, secret: str | None = None) -> None:
        """Tie the request's idempotency key to what was created."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What an organisation says of a new achievement."""

    slug: str
    title: LanguageMap
    kind: AchievementKind
    framework: str | None = None
    edition: str | None = None
    level: str | None = None
    isced_f: str | None = None
    isco: tuple[str, ...] = ()
    esco: tuple[str, ...] = ()
    outcomes: tuple[LearningOutcome, ...] = ()
    hours: float | None = None
    qualification: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DefineAchievement:
    """Define an achievement; its edition is fixed at this moment."""

    transaction: Callable[[], AbstractContextManager[Ledger]]
    levels: Levels

    def __call__(
        self, organisation: Organisation, definition: Definition, request: RequestKey | None = None
    ) -> Achievement:
        """Return the achievement as stored.

        Raises: MayNotAward, LevelWithoutFramework, LevelNotRegistered,
            QualificationNotRegistered, QualificationDiffers, SlugTaken, AlreadyDone
        """
        if not organisation.kind.awards:
            raise MayNotAward(organisation.kind.value)
        with self.transaction() as ledger:
            achievement = self._achievement(organisation, definition, ledger.now)
            if achievement.qualification is not None:
                _check_qualification(achievement, organisation, ledger.qualifications)
            ledger.claim(request, achievement.id)
            ledger.achievements.add(achievement)
        return achievement

    def _achievement(
        self, organisation: Organisation, definition: Definition, now: datetime
    ) -> Achievement:
        place = self._place(definition, now.date())
        return Achievement(
            id=AchievementId(new_id()),
            organisation=organisation.id,
            slug=definition.slug,
            title=definition.title,
            kind=definition.kind,
            registered_at=now,
            framework=place.framework if place else None,
            edition=place.edition if place else None,
            level=place.level if place else None,
            isced_f=definition.isced_f,
            isco=definition.isco,
            esco=definition.esco,
            outcomes=definition.outcomes,
            hours=definition.hours,
            qualification=definition.qualification,
        )

    def _place(self, definition: Definition, today: date) -> RegisteredLevel | None:
        if definition.framework is None:
            if definition.level is not None or definition.edition is not None:
                raise LevelWithoutFramework
            return None
        return self.levels.find(definition.framework, definition.edition, definition.level, today)


def _check_qualification(
    achievement: Achievement, organisation: Organisation, known: _Qualifications
) -> None:
    """Refuse an achievement that calls itself a qualification which it cannot be.

    Raises: QualificationNotRegistered, QualificationDiffers
    """
    try:
        registered = known.get(achievement.qualification or "")
    except QualificationUnknown as unknown:
        raise QualificationNotRegistered from unknown
    if registered.country.partition("-")[0] != organisation.country:
        raise QualificationDiffers("country", registered.country, organisation.country)
    for member in ("framework", "level"):
        own, theirs = getattr(achievement, member), getattr(registered, member)
        if own is not None and theirs is not None and own != theirs:
            raise QualificationDiffers(member, theirs, own)


class MayNotAward(SkillPassportError):
    """Only providers, assessors and authorities award."""

    code = "may-not-award"
    public = ("kind",)

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"Expected an organisation of kind 'provider', 'assessor' or 'authority', found "
            f"'{kind}'; only those define achievements and award them."
        )
        self.kind = kind


class LevelWithoutFramework(SkillPassportError):
    """A level or edition was named without its framework."""

    code = "level-without-framework"

    def __init__(self) -> None:
        super().__init__(
            "A level or edition was given without a framework; name the framework as well, "
            "since the same digit means another level elsewhere."
        )


class LevelNotRegistered(SkillPassportError):
    """The registry does not know the framework, the edition or the level."""

    code = "level-not-registered"

    def __init__(self, why: str) -> None:
        super().__init__(why)


class QualificationNotRegistered(SkillPassportError):
    """No registered qualification has the id that an achievement names."""

    code = "qualification-not-registered"

    def __init__(self) -> None:
        super().__init__(
            "Expected the id of a registered qualification, found another text; look it up with "
            "GET /api/v1/qualifications, or leave 'qualification' out."
        )


class QualificationDiffers(SkillPassportError):
    """The registered qualification is of another country, framework or level."""

    code = "qualification-differs"
    public = ("member", "registered", "given")

    def __init__(self, member: str, registered: str, given: str) -> None:
        super().__init__(
            f"Expected {member} '{registered}', that of the registered qualification, found "
            f"'{given}'; name another qualification, or correct the {member}."
        )
        self.member = member
        self.registered = registered
        self.given = given


class AchievementUnknown(SkillPassportError):
    """No achievement of this organisation has this id or slug."""

    code = "achievement-unknown"

    def __init__(self) -> None:
        super().__init__(
            "No such achievement of this organisation was found; check the id or slug."
        )
