"""Issuing: from an award to a signed credential that the log knows.

Everything happens in one transaction: the accreditation is read under the lock that a withdrawal
also takes, status indexes are reserved, the document is built, signed and checked, rows and log
entries are written. Nothing leaves before the commit, so nothing signed can be unknown.
"""

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Protocol

from skillpassport.credentials.achievements import AchievementUnknown, Levels
from skillpassport.credentials.code import new_code
from skillpassport.credentials.documents import Issuance
from skillpassport.credentials.formats import DOCUMENT_FORMATS, cryptosuite_of
from skillpassport.credentials.model import (
    MAX_SUBJECT_ID,
    SUBJECT_ID_PATTERN,
    Achievement,
    AchievementKind,
    Award,
    CredentialId,
    IssuedCredential,
    Subject,
)
from skillpassport.credentials.securing import load_what_signs, secure
from skillpassport.custody.subjects import SubjectKey
from skillpassport.errors import SkillPassportError
from skillpassport.idempotency import RequestKey
from skillpassport.identifiers import new_id, new_urn
from skillpassport.organisations.accreditation import (
    Accreditation,
    ClaimedAward,
    Judgement,
    LateAward,
    Standing,
    judge,
)
from skillpassport.organisations.model import Organisation, OrganisationId, covers_framework
from skillpassport.organisations.signing_keys import ActiveSigner
from skillpassport.vc.bitstring_status import StatusEntry
from skillpassport.vc.status_forms import StatusForm
from skillpassport.vc.vocabulary import accreditation_uri

_SUBJECT_ID: Final = re.compile(SUBJECT_ID_PATTERN)


class _SigningKeys(Protocol):
    def active(self, owner: OrganisationId, now: datetime) -> ActiveSigner: ...


class _Statuses(Protocol):
    def reserve(
        self,
        subject: str,
        did: str,
        purposes: tuple[str, ...],
        now: datetime,
        *,
        form: StatusForm = ...,
    ) -> tuple[StatusEntry, ...]: ...


class _Accreditations(Protocol):
    def lock_of(self, organisation: OrganisationId) -> Sequence[Accreditation]: ...
    def use_late_award(self, late_award: LateAward, credential: str) -> None: ...


class _Credentials(Protocol):
    def add(
        self,
        credential: IssuedCredential,
        award: Award,
        subject_key: SubjectKey,
        *,
        content: bytes,
    ) -> None: ...


class Ledger(Protocol):
    """What issuing needs of a transaction."""

    @property
    def signing_keys(self) -> _SigningKeys: ...
    @property
    def statuses(self) -> _Statuses: ...
    @property
    def accreditations(self) -> _Accreditations: ...
    @property
    def credentials(self) -> _Credentials: ...
    @property
    def levels(self) -> Levels: ...

    @property
    def now(self) -> datetime:
        """The one instant of the transaction, asked for after locks are held."""
        ...

    def claim(self, request: RequestKey | None, resource: str, secret: str | None = None) -> None:
        """Tie the request's idempotency key to what was created."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Issue one credential for one award.

    subject_key: makes a key for a person, committed to its own store before the award is
    """

    transaction: Callable[[], AbstractContextManager[Ledger]]
    subject_key: Callable[[], SubjectKey]

    def __call__(
        self, issuer: Organisation, award: Award, request: RequestKey | None = None
    ) -> IssuedCredential:
        """Return the stored credential; its `document` is exactly what was signed.

        Raises: SubjectIdUnusable, AwardedInFuture, AwardedBeforeBirth, ValidityEndsBeforeAward,
            SecuringUnusable, HolderKeyUnusable, CannotBeSecured, NotAccredited and its kinds,
            NoSigningKey, AlreadyDone
        """
        subject_key = self.ready_for(award)
        with self.transaction() as ledger:
            return self.record(ledger, issuer, award, subject_key, request=request)

    def ready_for(self, award: Award) -> SubjectKey:
        """Return a key for the person, with all at hand that nobody should hold a lock for."""
        load_what_signs(award)
        return self.subject_key()

    def record(
        self,
        ledger: Ledger,
        issuer: Organisation,
        award: Award,
        subject_key: SubjectKey,
        *,
        supersedes: IssuedCredential | None = None,
        request: RequestKey | None = None,
    ) -> IssuedCredential:
        """Write one award within a transaction that is already open.

        Raises: as `__call__`
        """
        if award.achievement.organisation != issuer.id:
            raise AchievementUnknown
        cryptosuite = cryptosuite_of(award)
        identifier = CredentialId(new_id())
        ledger.claim(request, identifier)
        judgement = self._judge(ledger, issuer, award)
        now = ledger.now
        covered_by = judgement.accreditation.id if judgement and judgement.accreditation else None
        builder = DOCUMENT_FORMATS[award.format.value]
        entries = ledger.statuses.reserve(
            identifier, issuer.did, builder.purposes, now, form=builder.status_form
        )
        document_id = new_urn()
        document = builder.build(
            award,
            Issuance(
                document_id=document_id,
                issuer=issuer,
                statuses=entries,
                level_uri=_level_uri(ledger.levels, award.achievement),
                accreditation_uri=accreditation_uri(covered_by) if covered_by else None,
                supersedes=supersedes.document_id if supersedes else None,
            ),
        )
        active = ledger.signing_keys.active(issuer.id, now)
        secured = secure(document, award.format, active, now, cryptosuite=cryptosuite)
        credential = IssuedCredential(
            id=identifier,
            organisation=issuer.id,
            achievement=award.achievement.id,
            accreditation=covered_by,
            format=award.format,
            awarded_on=award.awarded_on,
            valid_until=award.valid_until,
            subject_name=award.subject.name,
            code=new_code(),
            document=secured.text,
            document_id=document_id,
            issued_at=now,
            entries=entries,
            supersedes=supersedes.id if supersedes else None,
        )
        ledger.credentials.add(credential, award, subject_key, content=secured.content)
        if judgement is not None and judgement.late_award is not None:
            ledger.accreditations.use_late_award(judgement.late_award, identifier)
        return credential

    def _judge(self, ledger: Ledger, issuer: Organisation, award: Award) -> Judgement | None:
        # Locks first, then the time: whoever waited for a withdrawal comes after it.
        accreditations = ledger.accreditations.lock_of(issuer.id)
        check_subject(award.subject)
        check_dates(award, ledger.now.date())
        if issuer.sandbox or needs_no_accreditation(issuer, award.achievement):
            return None
        judgement = judge(accreditations, claimed(award), recorded_at=ledger.now)
        if judgement.standing is not Standing.COVERED:
            raise _REFUSALS[judgement.standing](award.awarded_on)
        return judgement


def _level_uri(levels: Levels, achievement: Achievement) -> str | None:
    if achievement.framework is None or achievement.level is None:
        return None
    found = levels.find(
        achievement.framework,
        achievement.edition,
        achievement.level,
        achievement.registered_at.date(),
    )
    return found.uri


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


_REFUSALS: dict[Standing, type[NotAccredited]] = {
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
