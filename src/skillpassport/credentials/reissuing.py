"""Signing awards anew whose key was stolen, so that they hold everywhere again.

Once a key is published as `revoked`, every verifier refuses what it signed. An award that was
recorded before is no thief's: its claims, its id, its code and its status entries stay, and so does
the time at which it was recorded; the key in use now signs the same content once more. Nothing is
judged anew, since an accreditation may have run out meanwhile.

Nothing is laundered either: only what the log recorded before the revocation, kept word for word,
and soundly signed by the stolen key in its day, gets a new proof. Each award is a transaction of
its own; what was done stays done, and a run that was killed is simply begun again.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from skillpassport.credentials.model import AwardRecord, CredentialId, IssuedCredential, State
from skillpassport.credentials.securing import (
    CannotBeSecured,
    SignedWrongly,
    content_found,
    read_back,
    secure_again,
    was_soundly_signed,
)
from skillpassport.custody.sealing import SealBroken
from skillpassport.custody.subjects import SubjectKeyErased, SubjectKeyUnknown
from skillpassport.errors import SkillPassportError
from skillpassport.organisations.model import Organisation, OrganisationId
from skillpassport.organisations.signing_keys import ActiveSigner, SigningKey, SigningKeyId
from skillpassport.schemas import DocumentMalformed

_FINAL: Final = frozenset({State.REVOKED, State.SUPERSEDED})

Place = tuple[datetime, str]
"""Where a run stands: when the last award that was looked at was recorded, and its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedAnew:
    """A document with a new proof.

    signing_key: the key that signed
    """

    credential: CredentialId
    signing_key: SigningKeyId
    document: str
    recorded_at: datetime


class Fate(StrEnum):
    """What becomes of an award in a run."""

    SIGNED_ANEW = "signed_anew"
    IN_ORDER = "in_order"  # its document is signed with a key that was not revoked
    FINAL = "final"  # revoked or replaced: a new signature would make nothing of it
    ERASED = "erased"  # the person was erased, and the document with them
    RECORDED_LATER = "recorded_later"  # not before the revocation: it may be the thief's
    REFUSED = "refused"  # not as the log recorded it, or its first signature does not hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a run came to.

    place: where the next run goes on; None when every award was looked at
    refused: credential and code of each that was refused
    """

    fates: Counter[Fate]
    refused: tuple[tuple[str, str], ...] = ()
    place: Place | None = None

    @property
    def looked_at(self) -> int:
        """How many awards were looked at."""
        return self.fates.total()


class _SigningKeys(Protocol):
    def active(self, owner: OrganisationId, now: datetime) -> ActiveSigner: ...
    def of(self, owner: OrganisationId) -> Sequence[SigningKey]: ...


class _Credentials(Protocol):
    def get(self, identifier: str) -> IssuedCredential | None: ...
    def lock(self, identifier: CredentialId) -> IssuedCredential | None: ...
    def next_recorded(
        self, organisation: OrganisationId, *, before: datetime, after: Place | None, limit: int
    ) -> Sequence[tuple[datetime, CredentialId]]: ...
    def count_recorded(self, organisation: OrganisationId, *, before: datetime) -> int: ...
    def logged_at(self, identifier: CredentialId) -> datetime | None:
        """Return when the log recorded a credential, if it stands as recorded; else None."""
        ...

    def by_content(self, content: bytes) -> AwardRecord | None: ...
    def add_reissue(self, anew: SignedAnew) -> None: ...


class Ledger(Protocol):
    """What signing anew needs of a transaction."""

    @property
    def signing_keys(self) -> _SigningKeys: ...
    @property
    def credentials(self) -> _Credentials: ...

    @property
    def now(self) -> datetime:
        """The one instant of the transaction, asked for after locks are held."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reissue:
    """Sign anew what an organisation's stolen keys had signed before they were revoked.

    reading: a snapshot; transaction: one that writes
    """

    reading: Callable[[], AbstractContextManager[Ledger]]
    transaction: Callable[[], AbstractContextManager[Ledger]]

    def __call__(
        self,
        issuer: Organisation,
        *,
        after: Place | None = None,
        limit: int = 100,
        dry_run: bool = False,
    ) -> Tally:
        """Look at the next awards, oldest first, sign anew those that need it, and count.

        limit: how many awards are looked at
        dry_run: only count what would be done
        Raises: NoSigningKey, DatabaseFailure and its kinds
        """
        with self.reading() as register:
            revoked = _newest_revocation(_own_keys(register, issuer))
            if revoked is None:
                return Tally(fates=Counter())
            register.signing_keys.active(issuer.id, register.now)  # refuses before any work
            places = register.credentials.next_recorded(
                issuer.id, before=revoked, after=after, limit=limit
            )
        fates: Counter[Fate] = Counter()
        refused: list[tuple[str, str]] = []
        for _, identifier in places:
            fate, code = self._treat(issuer, identifier, dry_run=dry_run)
            fates[fate] += 1
            if code is not None:
                refused.append((identifier, code))
        return Tally(
            fates=fates,
            refused=tuple(refused),
            place=places[-1] if len(places) == limit else None,
        )

    def count(self, issuer: Organisation) -> int:
        """Return how many awards there are to look at."""
        with self.reading() as register:
            revoked = _newest_revocation(_own_keys(register, issuer))
            if revoked is None:
                return 0
            return register.credentials.count_recorded(issuer.id, before=revoked)

    def _treat(
        self, issuer: Organisation, identifier: CredentialId, *, dry_run: bool
    ) -> tuple[Fate, str | None]:
        try:
            with self.reading() as register:
                fate = _judge(register, issuer, register.credentials.get(identifier))
            if fate is not Fate.SIGNED_ANEW or dry_run:
                return fate, None
            with self.transaction() as ledger:
                # Judged again: it may have been revoked or signed meanwhile.
                credential = ledger.credentials.lock(identifier)
                fate = _judge(ledger, issuer, credential)
                if credential is not None and fate is Fate.SIGNED_ANEW:
                    ledger.credentials.add_reissue(_sign(ledger, credential))
        except SubjectKeyErased:
            return Fate.ERASED, None
        except _ONE_AWARD as error:
            return Fate.REFUSED, error.code
        return fate, None


def _own_keys(ledger: Ledger, issuer: Organisation) -> Sequence[SigningKey]:
    return [key for key in ledger.signing_keys.of(issuer.id) if key.did == issuer.did]


def _newest_revocation(keys: Sequence[SigningKey]) -> datetime | None:
    return max((key.revoked_at for key in keys if key.revoked_at is not None), default=None)


def _judge(ledger: Ledger, issuer: Organisation, credential: IssuedCredential | None) -> Fate:
    """Return what has to be done with an award of this issuer.

    Raises: NotAsRecorded, SubjectKeyErased
    """
    keys = _own_keys(ledger, issuer)
    if credential is None or not keys:
        raise NotAsRecorded
    # With the keys as they were before anybody knew of the theft: that is when it was signed.
    before = [replace(key, revoked_at=None) for key in keys]
    found = read_back(credential.document, before, ledger.now)
    stolen = next((k for k in keys if k.verification_method == found.verification_method), None)
    content = content_found(found)
    if stolen is None or content is None or not was_soundly_signed(found):
        raise NotAsRecorded
    if stolen.revoked_at is None:
        return Fate.IN_ORDER
    if credential.state in _FINAL:
        return Fate.FINAL
    recorded_at = ledger.credentials.logged_at(credential.id)
    same = ledger.credentials.by_content(content)
    if recorded_at is None or same is None or same.id != credential.id:
        raise NotAsRecorded
    if recorded_at >= stolen.revoked_at:
        return Fate.RECORDED_LATER
    return Fate.SIGNED_ANEW


def _sign(ledger: Ledger, credential: IssuedCredential) -> SignedAnew:
    active = ledger.signing_keys.active(credential.organisation, ledger.now)
    signed = secure_again(credential.document, credential.format, active, ledger.now)
    return SignedAnew(
        credential=credential.id,
        signing_key=active.key.id,
        document=signed.text,
        recorded_at=ledger.now,
    )


class NotAsRecorded(SkillPassportError):
    """An award is not as the log recorded it, or its first signature does not hold."""

    code = "not-as-recorded"

    def __init__(self) -> None:
        super().__init__(
            "Expected an award as the log recorded it, soundly signed, found another; run "
            "`skillpassport log verify`."
        )


_ONE_AWARD: Final = (
    NotAsRecorded,
    CannotBeSecured,
    SignedWrongly,
    DocumentMalformed,
    SealBroken,
    SubjectKeyUnknown,
)
"""What is wrong with one award, and no reason to leave the others."""
