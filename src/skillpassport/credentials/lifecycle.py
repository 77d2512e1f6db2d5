"""What can happen to a credential after it was issued, and who sees it at once: everyone."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from skillpassport.credentials.issuing import Issue
from skillpassport.credentials.model import (
    Action,
    Award,
    CredentialId,
    IssuedCredential,
    PositionsWanted,
    ReasonCode,
    SignedAward,
    State,
    StatusEvent,
)
from skillpassport.credentials.recording import Ledger as IssuingLedger
from skillpassport.errors import SkillPassportError
from skillpassport.idempotency import RequestKey
from skillpassport.identifiers import new_id
from skillpassport.organisations.model import Organisation, OrganisationId
from skillpassport.vc.bitstring_status import StatusEntry

_ALLOWED = {
    State.GOOD: frozenset({Action.SUSPEND, Action.REVOKE, Action.SUPERSEDE}),
    State.SUSPENDED: frozenset({Action.REINSTATE, Action.REVOKE, Action.SUPERSEDE}),
    State.REVOKED: frozenset[Action](),
    State.SUPERSEDED: frozenset[Action](),
}


class _Statuses(Protocol):
    def reserve_many(
        self, wanted: Sequence[PositionsWanted], did: str, now: datetime
    ) -> list[tuple[StatusEntry, ...]]: ...
    def set(self, subject: str, purpose: str, *, since: datetime, now: datetime) -> None: ...
    def clear(self, subject: str, purpose: str, *, now: datetime) -> None: ...


class _Credentials(Protocol):
    def add(self, signed: Sequence[SignedAward]) -> None: ...
    def lock(self, credential: CredentialId) -> IssuedCredential | None: ...
    def add_event(self, event: StatusEvent) -> None: ...


class Ledger(IssuingLedger, Protocol):
    """What changes of status need of a transaction."""

    @property
    def statuses(self) -> _Statuses: ...
    @property
    def credentials(self) -> _Credentials: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why, in words and by code."""

    text: str
    code: ReasonCode = ReasonCode.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeStatus:
    """Suspend, reinstate or revoke a credential; effective at once."""

    transaction: Callable[[], AbstractContextManager[Ledger]]

    def __call__(
        self, issuer: OrganisationId, credential: CredentialId, action: Action, reason: Reason
    ) -> IssuedCredential:
        """Return the credential with its new state.

        Raises: CredentialUnknown, TransitionRefused
        """
        with self.transaction() as ledger:
            found = own(ledger.credentials.lock(credential), issuer)
            return record_event(ledger, found, action, reason, ledger.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supersede:
    """Replace a credential by a corrected one; the old one says so from then on."""

    transaction: Callable[[], AbstractContextManager[Ledger]]
    issue: Issue

    def __call__(
        self,
        issuer: Organisation,
        credential: CredentialId,
        award: Award,
        reason: Reason,
        request: RequestKey | None = None,
    ) -> IssuedCredential:
        """Return the new credential.

        Raises: CredentialUnknown, TransitionRefused, and all that issuing raises
        """
        (wanted,) = self.issue.ready_for(issuer, [award])
        with self.transaction() as ledger:
            old = own(ledger.credentials.lock(credential), issuer.id)
            new = self.issue.record(ledger, replace(wanted, supersedes=old), request)
            record_event(ledger, old, Action.SUPERSEDE, reason, ledger.now)
        return new


def record_event(
    ledger: Ledger, credential: IssuedCredential, action: Action, reason: Reason, now: datetime
) -> IssuedCredential:
    """Write what happened and turn the bits that say so; return the credential afterwards.

    Raises: TransitionRefused
    """
    if action not in _ALLOWED[credential.state]:
        raise TransitionRefused(action, credential.state)
    event = StatusEvent(
        id=new_id(),
        credential=credential.id,
        position=len(credential.events) + 1,
        action=action,
        reason=reason.text,
        reason_code=reason.code,
        recorded_at=now,
    )
    ledger.credentials.add_event(event)
    purposes = {entry.purpose for entry in credential.entries}
    if action in {Action.REVOKE, Action.SUPERSEDE}:
        ledger.statuses.set(credential.id, "revocation", since=now, now=now)
    elif "suspension" in purposes and action is Action.SUSPEND:
        ledger.statuses.set(credential.id, "suspension", since=now, now=now)
    elif "suspension" in purposes and action is Action.REINSTATE:
        ledger.statuses.clear(credential.id, "suspension", now=now)
    return replace(credential, events=(*credential.events, event))


def own(found: IssuedCredential | None, issuer: OrganisationId) -> IssuedCredential:
    """Return the credential if this organisation issued it.

    Raises: CredentialUnknown, also for another organisation's: ids of others tell nothing
    """
    if found is None or found.organisation != issuer:
        raise CredentialUnknown
    return found


class CredentialUnknown(SkillPassportError):
    """No credential of this organisation has this id."""

    code = "credential-unknown"

    def __init__(self) -> None:
        super().__init__("No such credential of this organisation was found; check the id.")


class TransitionRefused(SkillPassportError):
    """The credential's state does not allow this."""

    code = "transition-refused"
    public = ("state",)

    def __init__(self, action: Action, state: State) -> None:
        allowed = ", ".join(sorted(_ALLOWED[state])) or "nothing: this state is final"
        super().__init__(
            f"A credential that is {state.value} cannot be changed by '{action.value}'; allowed "
            f"is {allowed}."
        )
        self.state = state.value
