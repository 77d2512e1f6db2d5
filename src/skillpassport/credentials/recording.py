"""Recording awards in an open transaction: judged, given positions, signed, checked and written.

What the awards of one issuer have in common is read once: accreditations, signing key, levels. The
rows of several awards are written together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from skillpassport.credentials.achievements import AchievementUnknown, Levels
from skillpassport.credentials.admitting import (
    check_dates,
    check_subject,
    claimed,
    needs_no_accreditation,
    refusal_of,
)
from skillpassport.credentials.code import new_code
from skillpassport.credentials.documents import Issuance
from skillpassport.credentials.formats import DOCUMENT_FORMATS, cryptosuite_of
from skillpassport.credentials.model import (
    Achievement,
    Award,
    CredentialId,
    Cryptosuite,
    IssuedCredential,
    PositionsWanted,
    SignedAward,
)
from skillpassport.credentials.securing import secure
from skillpassport.custody.subjects import SubjectKey
from skillpassport.errors import SkillPassportError
from skillpassport.idempotency import RequestKey
from skillpassport.identifiers import new_urn
from skillpassport.organisations.accreditation import (
    Accreditation,
    Judgement,
    LateAward,
    Standing,
    judge,
)
from skillpassport.organisations.model import Organisation, OrganisationId
from skillpassport.organisations.signing_keys import ActiveSigner
from skillpassport.vc.bitstring_status import StatusEntry
from skillpassport.vc.vocabulary import accreditation_uri


class _SigningKeys(Protocol):
    def active(self, owner: OrganisationId, now: datetime) -> ActiveSigner: ...


class _Statuses(Protocol):
    def reserve_many(
        self, wanted: Sequence[PositionsWanted], did: str, now: datetime
    ) -> list[tuple[StatusEntry, ...]]: ...


class _Accreditations(Protocol):
    def lock_of(self, organisation: OrganisationId) -> Sequence[Accreditation]: ...
    def use_late_award(self, late_award: LateAward, credential: str) -> None: ...


class _Credentials(Protocol):
    def add(self, signed: Sequence[SignedAward]) -> None: ...


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
class Wanted:
    """One award that is to be recorded.

    issuer: as it was read for this award
    id: of the credential that it becomes
    subject_key: of the person, committed to its own store
    """

    issuer: Organisation
    award: Award
    id: CredentialId
    subject_key: SubjectKey
    supersedes: IssuedCredential | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An award that may be recorded.

    judgement: None where no accreditation is needed
    """

    wanted: Wanted
    cryptosuite: Cryptosuite | None
    judgement: Judgement | None

    @property
    def accreditation(self) -> str | None:
        """Id of the accreditation that covers it."""
        found = self.judgement.accreditation if self.judgement else None
        return found.id if found else None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one award out of several is not recorded; position counts from zero."""

    position: int
    cause: SkillPassportError


class AwardsRefused(SkillPassportError):
    """Some awards out of several cannot be recorded, so none is."""

    code = "awards-refused"

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(
            f"Expected awards that may all be recorded, found {len(refusals)} that may not; "
            "nothing was issued. Correct or leave out those that are named."
        )
        self.refusals = tuple(refusals)


class Recording:
    """The awards of one issuer within one transaction."""

    def __init__(self, ledger: Ledger, issuer: Organisation) -> None:
        self._ledger = ledger
        self._issuer = issuer
        self._accreditations: list[Accreditation] | None = None
        self._levels: dict[str, str | None] = {}

    def judge(self, wanted: Sequence[Wanted]) -> list[Judged | SkillPassportError]:
        """Return each award with what it rests on, or why it is refused; nothing is written.

        A leave for a late award serves the first that needs it.
        """
        # Locks first, then the time: whoever waited for a withdrawal comes after it.
        if self._accreditations is None:
            self._accreditations = list(self._ledger.accreditations.lock_of(self._issuer.id))
        return [self._judged_or_refused(each) for each in wanted]

    def write(self, judged: Sequence[Judged]) -> list[IssuedCredential]:
        """Return the credentials that were signed and written for awards.

        Raises: AwardsRefused, where some cannot be signed; NoSigningKey, LateAwardUsed. The
            transaction is then to be undone.
        """
        now = self._ledger.now
        active = self._ledger.signing_keys.active(self._issuer.id, now)
        places = self._ledger.statuses.reserve_many(
            [_positions_of(each.wanted) for each in judged], self._issuer.did, now
        )
        signed: list[SignedAward] = []
        refused: list[Refusal] = []
        for position, (each, entries) in enumerate(zip(judged, places, strict=True)):
            try:
                signed.append(self._sign(each, entries, active, now))
            except SkillPassportError as error:
                refused.append(Refusal(position, error))
        if refused:
            raise AwardsRefused(refused)
        self._ledger.credentials.add(signed)
        for each in judged:
            if each.judgement is not None and each.judgement.late_award is not None:
                leave = each.judgement.late_award
                self._ledger.accreditations.use_late_award(leave, each.wanted.id)
        return [each.credential for each in signed]

    def _judged_or_refused(self, wanted: Wanted) -> Judged | SkillPassportError:
        award = wanted.award
        try:
            if award.achievement.organisation != self._issuer.id:
                raise AchievementUnknown
            suite = cryptosuite_of(award)
            check_subject(award.subject)
            check_dates(award, self._ledger.now.date())
            return Judged(wanted=wanted, cryptosuite=suite, judgement=self._judge(wanted))
        except SkillPassportError as refusal:
            return refusal

    def _judge(self, wanted: Wanted) -> Judgement | None:
        """Return what an award rests on.

        Raises: NotAccredited and its kinds
        """
        award, known = wanted.award, self._accreditations or []
        if wanted.issuer.sandbox or needs_no_accreditation(wanted.issuer, award.achievement):
            return None
        judgement = judge(known, claimed(award), recorded_at=self._ledger.now)
        if judgement.standing is not Standing.COVERED:
            raise refusal_of(judgement.standing, award.awarded_on)
        if judgement.late_award is not None:
            self._accreditations = [_without(each, judgement.late_award) for each in known]
        return judgement

    def _sign(
        self, judged: Judged, entries: tuple[StatusEntry, ...], active: ActiveSigner, now: datetime
    ) -> SignedAward:
        wanted, award, covered_by = judged.wanted, judged.wanted.award, judged.accreditation
        document_id, supersedes = new_urn(), judged.wanted.supersedes
        document = DOCUMENT_FORMATS[award.format.value].build(
            award,
            Issuance(
                document_id=document_id,
                issuer=wanted.issuer,
                statuses=entries,
                level_uri=self._level_uri(award.achievement),
                accreditation_uri=accreditation_uri(covered_by) if covered_by else None,
                supersedes=supersedes.document_id if supersedes else None,
            ),
        )
        secured = secure(document, award.format, active, now, cryptosuite=judged.cryptosuite)
        credential = IssuedCredential(
            id=wanted.id,
            organisation=self._issuer.id,
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
        return SignedAward(
            credential=credential,
            award=award,
            subject_key=wanted.subject_key,
            content=secured.content,
            octets=secured.octets,
        )

    def _level_uri(self, achievement: Achievement) -> str | None:
        if achievement.framework is None or achievement.level is None:
            return None
        if achievement.id not in self._levels:
            found = self._ledger.levels.find(
                achievement.framework,
                achievement.edition,
                achievement.level,
                achievement.registered_at.date(),
            )
            self._levels[achievement.id] = found.uri
        return self._levels[achievement.id]


def _positions_of(wanted: Wanted) -> PositionsWanted:
    builder = DOCUMENT_FORMATS[wanted.award.format.value]
    return PositionsWanted(wanted.id, builder.purposes, builder.status_form)


def _without(accreditation: Accreditation, used: LateAward) -> Accreditation:
    """Return an accreditation without a leave that has been used up."""
    left = tuple(each for each in accreditation.late_awards if each.id != used.id)
    return replace(accreditation, late_awards=left)
