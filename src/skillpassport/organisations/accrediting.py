"""Granting, withdrawing and bending accreditations: the acts of an authority."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from skillpassport.errors import SkillPassportError
from skillpassport.idempotency import RequestKey
from skillpassport.identifiers import new_id
from skillpassport.organisations.accreditation import (
    Accreditation,
    AccreditationId,
    Grant,
    LateAward,
    Withdrawal,
    start_of,
)
from skillpassport.organisations.accreditation_document import sign_accreditation
from skillpassport.organisations.model import (
    Organisation,
    OrganisationId,
    covers_framework,
    covers_jurisdiction,
)
from skillpassport.organisations.signing_keys import ActiveSigner
from skillpassport.vc.bitstring_status import StatusEntry


class _SigningKeys(Protocol):
    def active(self, owner: OrganisationId, now: datetime) -> ActiveSigner: ...


class _Statuses(Protocol):
    def reserve(
        self, subject: str, did: str, purposes: tuple[str, ...], now: datetime
    ) -> tuple[StatusEntry, ...]: ...
    def set(self, subject: str, purpose: str, *, since: datetime, now: datetime) -> None: ...


class _Accreditations(Protocol):
    def add(self, accreditation: Accreditation) -> None: ...
    def lock(self, accreditation: AccreditationId) -> Accreditation | None: ...
    def withdraw(self, accreditation: AccreditationId, withdrawal: Withdrawal) -> None: ...
    def add_late_award(self, late_award: LateAward) -> None: ...


class Ledger(Protocol):
    """What accrediting needs of a transaction."""

    @property
    def signing_keys(self) -> _SigningKeys: ...
    @property
    def statuses(self) -> _Statuses: ...
    @property
    def accreditations(self) -> _Accreditations: ...

    @property
    def now(self) -> datetime:
        """The one instant of the transaction, asked for after locks are held."""
        ...

    def claim(self, request: RequestKey | None, resource: str, secret: str | None = None) -> None:
        """Tie the request's idempotency key to what was created."""
        ...


Transactions = Callable[[], AbstractContextManager[Ledger]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accredit:
    """Accredit an organisation; the accreditation is a signed credential of the authority."""

    transaction: Transactions

    def __call__(
        self, authority: Organisation, grant: Grant, request: RequestKey | None = None
    ) -> Accreditation:
        """Return the accreditation as stored.

        Raises: NotAnAuthority, AccreditsItself, RehearsalOnly, OutsideRemit, AlreadyDone,
            NoSigningKey
        """
        _require_remit(authority, grant)
        identifier = AccreditationId(new_id())
        with self.transaction() as ledger:
            ledger.claim(request, identifier)
            now = ledger.now
            active = ledger.signing_keys.active(authority.id, now)
            (status,) = ledger.statuses.reserve(identifier, authority.did, ("revocation",), now)
            accreditation = Accreditation(
                id=identifier,
                authority=authority.id,
                organisation=grant.organisation.id,
                scope=grant.scope,
                valid_from=grant.valid_from,
                valid_until=grant.valid_until,
                last_enrolment=grant.last_enrolment,
                last_achievement=grant.last_achievement,
                granted_at=now,
                late_issue_days=authority.late_issue_days,
                document=sign_accreditation(identifier, authority, grant, status, active, now),
            )
            ledger.accreditations.add(accreditation)
        return accreditation


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawAccreditation:
    """Withdraw an accreditation; nothing more is recorded under it afterwards."""

    transaction: Transactions

    def __call__(
        self,
        authority: Organisation,
        accreditation: AccreditationId,
        *,
        effective_from: date,
        reason: str,
    ) -> Accreditation:
        """Return the accreditation with its withdrawal.

        The row is locked before it is read: an issue that reads it at the same time waits, or
        has been recorded before.

        Raises: AccreditationUnknown, AlreadyWithdrawn
        """
        with self.transaction() as ledger:
            found = _own(ledger.accreditations.lock(accreditation), authority)
            now = ledger.now
            if found.withdrawal is not None:
                raise AlreadyWithdrawn(found.withdrawal.effective_from)
            withdrawal = Withdrawal(effective_from=effective_from, reason=reason, recorded_at=now)
            ledger.accreditations.withdraw(accreditation, withdrawal)
            since = max(now, start_of(effective_from))
            ledger.statuses.set(accreditation, "revocation", since=since, now=now)
            return _own(ledger.accreditations.lock(accreditation), authority)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveLateAward:
    """Let one award be recorded after the accreditation's books were closed."""

    transaction: Transactions

    def __call__(
        self,
        authority: Organisation,
        accreditation: AccreditationId,
        *,
        achievement: str,
        awarded_on: date,
        reason: str,
        request: RequestKey | None = None,
    ) -> LateAward:
        """Return the approval; it can be used once.

        achievement: id of the achievement
        Raises: AccreditationUnknown, LateAwardOutsidePeriod, AlreadyDone
        """
        with self.transaction() as ledger:
            found = _own(ledger.accreditations.lock(accreditation), authority)
            if not _was_in_period(found, awarded_on):
                raise LateAwardOutsidePeriod(awarded_on)
            late_award = LateAward(
                id=new_id(),
                accreditation=found.id,
                achievement_id=achievement,
                awarded_on=awarded_on,
                reason=reason,
                approved_at=ledger.now,
            )
            ledger.claim(request, late_award.id)
            ledger.accreditations.add_late_award(late_award)
        return late_award


def _require_remit(authority: Organisation, grant: Grant) -> None:
    if not authority.is_authority:
        raise NotAnAuthority
    if grant.organisation.id == authority.id:
        raise AccreditsItself
    if authority.sandbox and not grant.organisation.sandbox:
        raise RehearsalOnly
    if not covers_jurisdiction(authority, grant.organisation.country):
        raise OutsideRemit(grant.organisation.country)
    framework = grant.scope.framework
    if framework is not None and not covers_framework(authority, framework):
        raise OutsideRemit(framework)


def _was_in_period(accreditation: Accreditation, awarded_on: date) -> bool:
    if not accreditation.valid_from <= awarded_on <= accreditation.last_award_day:
        return False
    withdrawal = accreditation.withdrawal
    return withdrawal is None or awarded_on < withdrawal.effective_from


def _own(found: Accreditation | None, authority: Organisation) -> Accreditation:
    if found is None or found.authority != authority.id:
        raise AccreditationUnknown
    return found


class NotAnAuthority(SkillPassportError):
    """Only authorities accredit."""

    code = "not-an-authority"

    def __init__(self) -> None:
        super().__init__(
            "Expected an organisation of kind 'authority', found another; only an authority "
            "can accredit."
        )


class AccreditsItself(SkillPassportError):
    """An authority would vouch for itself as a provider: then nobody has looked at it.

    What an authority decides in its own right needs no accreditation; training that it gives needs
    another body's eye (ISO/IEC 17011, section 4.4, on the impartiality of accreditation bodies).
    """

    code = "accredits-itself"

    def __init__(self) -> None:
        super().__init__(
            "Expected another organisation than the authority itself; register the part that "
            "trains as an organisation of its own, or ask another authority. Recognition decisions "
            "and licences within the remit need no accreditation."
        )


class RehearsalOnly(SkillPassportError):
    """A rehearsal authority vouches for rehearsal organisations alone."""

    code = "rehearsal-only"

    def __init__(self) -> None:
        super().__init__(
            "Expected a sandbox organisation, found a real one; an authority of the sandbox "
            "accredits for rehearsals only."
        )


class OutsideRemit(SkillPassportError):
    """The organisation or framework is not in the authority's remit."""

    code = "outside-remit"
    public = ("outside",)

    def __init__(self, outside: str) -> None:
        super().__init__(
            f"'{outside}' is outside this authority's remit; ask the authority of that "
            "jurisdiction, or have the remit widened by the administrator."
        )
        self.outside = outside


class AccreditationUnknown(SkillPassportError):
    """No accreditation of this authority has this id."""

    code = "accreditation-unknown"

    def __init__(self) -> None:
        super().__init__("No such accreditation was found; check the id.")


class AlreadyWithdrawn(SkillPassportError):
    """The accreditation was withdrawn before."""

    code = "accreditation-already-withdrawn"
    public = ("effective_from",)

    def __init__(self, effective_from: date) -> None:
        super().__init__(
            f"The accreditation was withdrawn already, effective from {effective_from}."
        )
        self.effective_from = effective_from.isoformat()


class LateAwardOutsidePeriod(SkillPassportError):
    """The award's day was never covered, so no leave can cover it."""

    code = "late-award-outside-period"
    public = ("awarded_on",)

    def __init__(self, awarded_on: date) -> None:
        super().__init__(
            f"The accreditation did not cover {awarded_on}; a late award must have been made "
            "within its period and before any withdrawal took effect."
        )
        self.awarded_on = awarded_on.isoformat()


class LateAwardUsed(SkillPassportError):
    """Another award has used the approval a moment earlier."""

    code = "late-award-used"

    def __init__(self) -> None:
        super().__init__(
            "The approval for this late award has been used; ask the authority for another."
        )
