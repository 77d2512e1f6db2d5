"""Whether an award may be recorded at all: its subject, its dates, and the issuer's right to it."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from skillpassport.credentials.model import (
    MAX_SUBJECT_ID,
    SUBJECT_ID_PATTERN,
    Achievement,
    AchievementKind,
    Award,
    Subject,
)
from skillpassport.errors import SkillPassportError
from skillpassport.organisations.accreditation import ClaimedAward, Standing
from skillpassport.organisations.model import Organisation, covers_framework

_SUBJECT_ID: Final = re.compile(SUBJECT_ID_PATTERN)


def claimed(award: Award) -> ClaimedAward:
    """Return the facts of an award by which its accreditation is judged."""
    return claimed_on(award.achievement, award.awarded_on)


def claimed_on(achievement: Achievement, awarded_on: date) -> ClaimedAward:
    """Return the facts of an achievement awarded on a day."""
    return ClaimedAward(
        achievement_id=achievement.id,
        achievement_slug=achievement.slug,
        awarded_on=awarded_on,
        framework=achievement.framework,
        level=achievement.level,
        isced_f=achievement.isced_f,
    )


def needs_no_accreditation(issuer: Organisation, achievement: Achievement) -> bool:
    """Return whether an authority awards this by its own right.

    Recognition decisions and licences within its remit are an authority's own acts; everything
    else needs an accreditation like anybody's.
    """
    own_acts = {AchievementKind.RECOGNITION_DECISION, AchievementKind.LICENCE}
    if not issuer.is_authority or achievement.kind not in own_acts:
        return False
    return achievement.framework is None or covers_framework(issuer, achievement.framework)


def check_dates(award: Award, today: date) -> None:
    """Refuse dates that cannot be.

    Raises: AwardedInFuture, AwardedBeforeBirth, ValidityEndsBeforeAward
    """
    if award.awarded_on > today:
        raise AwardedInFuture(award.awarded_on)
    born = award.subject.birth_date
    if born is not None and award.awarded_on < born:
        raise AwardedBeforeBirth
    if award.valid_until is not None and award.valid_until < award.awarded_on:
        raise ValidityEndsBeforeAward


def check_subject(subject: Subject) -> None:
    """Refuse an identifier that would be dangerous or meaningless in a signed document.

    Raises: SubjectIdUnusable
    """
    if subject.id is None:
        return
    if len(subject.id) > MAX_SUBJECT_ID or _SUBJECT_ID.fullmatch(subject.id) is None:
        raise SubjectIdUnusable


def refusal_of(standing: Standing, awarded_on: date) -> "NotAccredited":
    """Return why an award that stands like this is not recorded."""
    return _REFUSALS[standing](awarded_on)


class NotAccredited(SkillPassportError):
    """The issuer may not record this award."""

    public = ("awarded_on",)

    def __init__(self, awarded_on: date) -> None:
        super().__init__(self.sentence.format(day=awarded_on))
        self.awarded_on = awarded_on.isoformat()

    sentence = ""


class IssuerOutOfScope(NotAccredited):
    """No accreditation of the issuer covers the achievement."""

    code = "issuer-out-of-scope"
    sentence = (
        "No accreditation of this organisation covers the achievement; ask the authority to "
        "accredit the organisation for it."
    )


class IssuerOutOfPeriod(NotAccredited):
    """An accreditation covers the achievement, but not on that day, or it is too late to record."""

    code = "issuer-out-of-period"
    sentence = (
        "No accreditation covered the achievement on {day}, or the time to record that award "
        "has run out; check the date, or ask the authority."
    )


class IssuerAccreditationWithdrawn(NotAccredited):
    """The accreditation was withdrawn."""

    code = "issuer-accreditation-withdrawn"
    sentence = (
        "The accreditation for the award of {day} has been withdrawn, so nothing more is "
        "recorded under it; the authority can approve a single late award."
    )


_REFUSALS: Final[Mapping[Standing, type[NotAccredited]]] = {
    Standing.OUT_OF_SCOPE: IssuerOutOfScope,
    Standing.OUT_OF_PERIOD: IssuerOutOfPeriod,
    Standing.WITHDRAWN: IssuerAccreditationWithdrawn,
    Standing.RECORDED_AFTER_WITHDRAWAL: IssuerAccreditationWithdrawn,
}


class SubjectIdUnusable(SkillPassportError):
    """The person's identifier is no URI that names somebody."""

    code = "subject-id-unusable"

    def __init__(self) -> None:
        super().__init__(
            "Expected an absolute http, https, did, urn, mailto, tel or acct URI as the subject's "
            "id, found another text; leave it out where the person has none."
        )


class AwardedInFuture(SkillPassportError):
    """The day of the award has not come yet."""

    code = "awarded-in-future"
    public = ("awarded_on",)

    def __init__(self, awarded_on: date) -> None:
        super().__init__(f"Expected a day of award up to today, found {awarded_on}.")
        self.awarded_on = awarded_on.isoformat()


class AwardedBeforeBirth(SkillPassportError):
    """The award is dated before the subject was born."""

    code = "awarded-before-birth"

    def __init__(self) -> None:
        super().__init__("The award is dated before the subject's date of birth; check both.")


class ValidityEndsBeforeAward(SkillPassportError):
    """The validity would end before it begins."""

    code = "validity-ends-before-award"

    def __init__(self) -> None:
        super().__init__("`valid_until` lies before `awarded_on`; check both.")
