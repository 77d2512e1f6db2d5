"""What can happen to a credential that was issued under a profile with a status.

Revocation is for good; a suspension can be lifted (Bitstring Status List 1.0, section 2.1,
`statusPurpose`).
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from skillpassport.errors import SkillPassportError
from skillpassport.organisations.model import OrganisationId
from skillpassport.profiles.model import ProfileId
from skillpassport.vc.bitstring_status import StatusEntry

REVOCATION: Final = "revocation"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileCredential:
    """What is kept of a credential that was signed under a profile: where its status stands."""

    id: str
    profile: ProfileId
    entries: tuple[StatusEntry, ...]
    issued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusTurn:
    """One change of a status bit, and at whose word."""

    credential: str
    purpose: str
    sets: bool
    api_key: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichCredential:
    """A credential as its owner names it: by its id, by its place in a list, or by both."""

    document_id: str | None = None
    list_url: str | None = None
    index: int | None = None


class _Credentials(Protocol):
    def lock_by_document(
        self, organisation: OrganisationId, document_id: str
    ) -> Sequence[ProfileCredential]: ...
    def lock_by_entry(
        self, organisation: OrganisationId, list_url: str, index: int
    ) -> Sequence[ProfileCredential]: ...
    def add_turn(self, turn: StatusTurn) -> None: ...
    def is_set(self, credential: str, purpose: str) -> bool: ...


class _Statuses(Protocol):
    def set(self, subject: str, purpose: str, *, since: datetime, now: datetime) -> None: ...
    def clear(self, subject: str, purpose: str, *, now: datetime) -> None: ...


class Ledger(Protocol):
    """What a change of status needs of a transaction."""

    @property
    def profile_credentials(self) -> _Credentials: ...
    @property
    def statuses(self) -> _Statuses: ...

    @property
    def now(self) -> datetime:
        """The one instant of the transaction."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeProfileStatus:
    """Set or clear the status of a credential that was issued under a profile; at once."""

    transaction: Callable[[], AbstractContextManager[Ledger]]

    def __call__(
        self,
        owner: OrganisationId,
        which: WhichCredential,
        *,
        purpose: str = REVOCATION,
        sets: bool = True,
        api_key: str,
    ) -> int:
        """Return how many bits were turned; none when they stood so already.

        Raises: ProfileCredentialUnknown, PurposeUnknown, RevocationFinal
        """
        with self.transaction() as ledger:
            found = _find(ledger.profile_credentials, owner, which)
            turned = 0
            for credential in found:
                if purpose not in {entry.purpose for entry in credential.entries}:
                    raise PurposeUnknown(sorted({entry.purpose for entry in credential.entries}))
                if ledger.profile_credentials.is_set(credential.id, purpose) is sets:
                    continue
                if purpose == REVOCATION and not sets:
                    raise RevocationFinal
                self._turn(ledger, credential, purpose, sets=sets, api_key=api_key)
                turned += 1
        return turned

    def _turn(
        self, ledger: Ledger, credential: ProfileCredential, purpose: str, *,
        sets: bool, api_key: str,
    ) -> None:  # fmt: skip
        now = ledger.now
        turn = StatusTurn(
            credential=credential.id, purpose=purpose, sets=sets, api_key=api_key, recorded_at=now
        )
        ledger.profile_credentials.add_turn(turn)
        if sets:
            ledger.statuses.set(credential.id, purpose, since=now, now=now)
        else:
            ledger.statuses.clear(credential.id, purpose, now=now)


def _find(
    credentials: _Credentials, owner: OrganisationId, which: WhichCredential
) -> Sequence[ProfileCredential]:
    """Return what is meant; where it is named twice, both names must mean the same."""
    found: list[Sequence[ProfileCredential]] = []
    if which.list_url is not None and which.index is not None:
        found.append(credentials.lock_by_entry(owner, which.list_url, which.index))
    if which.document_id is not None:
        found.append(credentials.lock_by_document(owner, which.document_id))
    if not found or not all(found):
        raise ProfileCredentialUnknown
    meant = [each for each in found[0] if all(each in others for others in found)]
    if not meant:
        raise ProfileCredentialUnknown
    return meant


class ProfileCredentialUnknown(SkillPassportError):
    """No credential with a status was issued under a profile of this organisation by this name."""

    code = "profile-credential-unknown"

    def __init__(self) -> None:
        super().__init__(
            "No credential with a status was issued by this organisation under that id or entry; "
            "take both from the credential itself."
        )


class PurposeUnknown(SkillPassportError):
    """The credential has no status of this purpose."""

    code = "status-purpose-absent"
    public = ("purposes",)

    def __init__(self, purposes: Sequence[str]) -> None:
        super().__init__(
            f"Expected a purpose that the credential has, {', '.join(purposes)}; found another. "
            "Give one of those."
        )
        self.purposes = tuple(purposes)


class RevocationFinal(SkillPassportError):
    """A revocation was to be taken back."""

    code = "revocation-final"

    def __init__(self) -> None:
        super().__init__(
            "Expected a change that is possible, found the end of a revocation, which is for good; "
            "issue a new credential."
        )
