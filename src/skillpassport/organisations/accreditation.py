"""Accreditation: who may award what, from when to when, and the two clocks that decide.

The first clock is the award's: the scope must have covered the day of the award. The second is
the log's: from the later of a withdrawal's recording and its effective day on, nothing more is
recorded under the accreditation, whatever the award's date says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import IntEnum
from typing import NewType

from skillpassport.organisations.model import Organisation, OrganisationId

AccreditationId = NewType("AccreditationId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccreditationScope:
    """What may be awarded. Exactly one of the three ways to say it is filled.

    achievements: ids or slugs of the organisation's achievements
    framework, levels: any achievement at these levels of this framework
    isced_f: any achievement in these ISCED-F 2013 fields or the narrower ones below them
    """

    achievements: tuple[str, ...] = ()
    framework: str | None = None
    levels: tuple[str, ...] = ()
    isced_f: tuple[str, ...] = ()

    def covers(self, claim: "ClaimedAward") -> bool:
        """Return whether an award falls under this scope, dates left aside."""
        if self.achievements:
            return not {claim.achievement_id, claim.achievement_slug}.isdisjoint(self.achievements)
        if self.framework is not None:
            return claim.framework == self.framework and claim.level in self.levels
        return claim.isced_f is not None and claim.isced_f.startswith(self.isced_f)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What an authority says when it accredits."""

    organisation: Organisation
    scope: AccreditationScope
    valid_from: date
    valid_until: date
    last_enrolment: date | None = None
    last_achievement: date | None = None

    @property
    def last_day(self) -> date:
        """The last day on which anything is allowed: the end, or the end of teach-out."""
        return max(self.valid_until, self.last_achievement or self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """The end of an accreditation by decision.

    effective_from: the first day without the right
    """

    effective_from: date
    reason: str
    recorded_at: datetime

    @property
    def closes_at(self) -> datetime:
        """The instant from which nothing more is recorded under the accreditation."""
        return max(self.recorded_at, start_of(self.effective_from))


@dataclass(frozen=True, slots=True, kw_only=True)
class LateAward:
    """An authority's leave to record one award after all; usable once."""

    id: str
    accreditation: AccreditationId
    achievement_id: str
    awarded_on: date
    reason: str
    approved_at: datetime
    used_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accreditation:
    """A right to award, granted by an authority to an organisation.

    valid_from, valid_until: calendar days, both inclusive
    last_enrolment: last day on which learners may enrol (teach-out)
    last_achievement: last day of award; `valid_until` where nothing else is said
    late_issue_days: days after the last award day on which awards may still be recorded
    document: the signed credential of the authority, exactly as signed
    """

    id: AccreditationId
    authority: OrganisationId
    organisation: OrganisationId
    scope: AccreditationScope
    valid_from: date
    valid_until: date
    granted_at: datetime
    document: str
    late_issue_days: int
    last_enrolment: date | None = None
    last_achievement: date | None = None
    withdrawal: Withdrawal | None = None
    late_awards: tuple[LateAward, ...] = ()

    @property
    def last_award_day(self) -> date:
        """The last calendar day on which an award is covered."""
        return self.last_achievement or self.valid_until

    def late_award_for(self, claim: "ClaimedAward", credential: str | None) -> LateAward | None:
        """Return the leave that lets this award be recorded late.

        credential: id of the credential that may have used it already
        """
        for late in self.late_awards:
            same = (late.achievement_id, late.awarded_on) == (
                claim.achievement_id,
                claim.awarded_on,
            )
            if same and late.used_by == credential:
                return late
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedAward:
    """The facts of an award by which its accreditation is judged."""

    achievement_id: str
    achievement_slug: str
    awarded_on: date
    framework: str | None = None
    level: str | None = None
    isced_f: str | None = None


class Standing(IntEnum):
    """How an award stands under an accreditation, the more telling the higher."""

    OUT_OF_SCOPE = 0
    OUT_OF_PERIOD = 1
    RECORDED_AFTER_WITHDRAWAL = 2
    WITHDRAWN = 3
    COVERED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The most favourable standing of an award, and what it rests on.

    recorded_late: covered, but recorded after the last day of award
    """

    standing: Standing
    accreditation: Accreditation | None = None
    recorded_late: bool = False
    late_award: LateAward | None = field(default=None)


def judge(
    accreditations: Sequence[Accreditation],
    claim: ClaimedAward,
    *,
    recorded_at: datetime,
    credential: str | None = None,
) -> Judgement:
    """Return how an award stands, under whichever accreditation is kindest to it.

    accreditations: all that the organisation ever had, withdrawn ones included
    recorded_at: log time of the award's recording; the present when it is about to be recorded
    credential: id of the recorded credential, None when it is about to be recorded
    """
    judgements = [
        _judge_one(accreditation, claim, recorded_at, credential)
        for accreditation in accreditations
        if accreditation.scope.covers(claim)
    ]
    nothing = Judgement(standing=Standing.OUT_OF_SCOPE)
    return max(judgements, key=_kindness, default=nothing)


def _kindness(judgement: Judgement) -> tuple[Standing, bool, bool]:
    """Order judgements: the better standing, then without a leave, then recorded in time."""
    return judgement.standing, judgement.late_award is None, not judgement.recorded_late


def _judge_one(
    accreditation: Accreditation,
    claim: ClaimedAward,
    recorded_at: datetime,
    credential: str | None,
) -> Judgement:
    last_day = accreditation.last_award_day
    if not accreditation.valid_from <= claim.awarded_on <= last_day:
        return Judgement(standing=Standing.OUT_OF_PERIOD, accreditation=accreditation)
    withdrawal = accreditation.withdrawal
    if withdrawal is not None and claim.awarded_on >= withdrawal.effective_from:
        return Judgement(standing=Standing.WITHDRAWN, accreditation=accreditation)
    is_closed = withdrawal is not None and recorded_at >= withdrawal.closes_at
    # In days, since an end without end (9999-12-31) has no day after it.
    days_late = (recorded_at.astimezone(UTC).date() - last_day).days
    is_too_late = days_late > accreditation.late_issue_days
    # A leave that is not needed is not used up.
    needs_leave = is_closed or is_too_late
    late_award = accreditation.late_award_for(claim, credential) if needs_leave else None
    if is_closed and late_award is None:
        return Judgement(standing=Standing.RECORDED_AFTER_WITHDRAWAL, accreditation=accreditation)
    if is_too_late and late_award is None:
        return Judgement(standing=Standing.OUT_OF_PERIOD, accreditation=accreditation)
    return Judgement(
        standing=Standing.COVERED,
        accreditation=accreditation,
        recorded_late=days_late > 0,
        late_award=late_award,
    )


def start_of(day: date) -> datetime:
    """Return the first instant of a calendar day in UTC."""
    return datetime.combine(day, time.min, tzinfo=UTC)
