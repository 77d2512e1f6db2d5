"""Answers about accreditations: who may award what, and until when."""

from typing import Any

from pydantic import BaseModel

from skillpassport.web.api.answers.texts import DayText, Instant


class ScopeOut(BaseModel):
    """What may be awarded, said in one of three ways."""

    achievements: list[str] | None = None
    framework: str | None = None
    levels: list[str] | None = None
    isced_f: list[str] | None = None


class WithdrawalOut(BaseModel):
    """The end of an accreditation; `effective_from` is the first day without the right."""

    effective_from: DayText
    reason: str
    recorded_at: Instant


class AccreditationFacts(BaseModel):
    """What an accreditation allows, and until when; both days are inclusive."""

    id: str
    scope: ScopeOut
    valid_from: DayText
    valid_until: DayText
    last_enrolment: DayText | None
    last_achievement: DayText | None
    withdrawal: WithdrawalOut | None


class AccreditationOut(AccreditationFacts):
    """An accreditation with the credential that the authority signed."""

    authority: str
    organisation: str
    late_issue_days: int
    granted_at: Instant
    document: dict[str, Any]


class LateAwardOut(BaseModel):
    """Leave to record one award after all; usable once."""

    id: str
    accreditation: str
    achievement: str
    awarded_on: DayText
