"""Sign a credential that somebody composed, under a signing profile.

Without a status nothing of it is kept: the profile's key vouches that its organisation's API key
asked for it, and no more. With one, its place in a status list and a line of the log are committed
before it is signed, so that nothing with a status is signed that could not be revoked. A place whose
credential is refused after all is never used again.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from skillpassport.clock import Clock
from skillpassport.identifiers import new_id
from skillpassport.organisations.model import OrganisationId
from skillpassport.organisations.signing_keys import ActiveSigner, NoSigningKey
from skillpassport.profiles.composing import Compose, CredentialRefused, Departure
from skillpassport.profiles.model import SigningProfile, StatusKind
from skillpassport.profiles.securing import MANDATORY, Secure
from skillpassport.profiles.statuses import REVOCATION, ProfileCredential
from skillpassport.vc.bitstring_status import StatusEntry
from skillpassport.vc.contexts import ContextError
from skillpassport.vc.jcs import NotCanonicalizable
from skillpassport.vc.jose import JoseError
from skillpassport.vc.sdjwt import SdJwtError
from skillpassport.vc.status_forms import StatusForm
from skillpassport.vc.strict_json import JsonObject, JsonValue, one_or_many
from skillpassport.vc.suites import ProofError
from skillpassport.vc.token_status import STATUS, StatusReference


class _Credentials(Protocol):
    def add(self, credential: ProfileCredential, document_id: str | None) -> None: ...


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


class _SigningKeys(Protocol):
    def active(self, owner: OrganisationId, now: datetime) -> ActiveSigner: ...


class Ledger(Protocol):
    """What issuing under a profile needs of a transaction."""

    @property
    def profile_credentials(self) -> _Credentials: ...
    @property
    def statuses(self) -> _Statuses: ...
    @property
    def signing_keys(self) -> _SigningKeys: ...

    @property
    def now(self) -> datetime:
        """The one instant of the transaction."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueOptions:
    """What the client may say about the securing.

    credential_id: under which it will ask for a change of status; default the document's own id
    mandatory: JSON pointers to what every holder must disclose
    """

    credential_id: str | None = None
    mandatory: tuple[str, ...] = MANDATORY


DEFAULT_OPTIONS = IssueOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueUnderProfile:
    """Sign a credential under a profile."""

    transaction: Callable[[], AbstractContextManager[Ledger]]
    clock: Clock
    compose: Compose
    secure: Secure

    def __call__(
        self,
        profile: SigningProfile,
        active: ActiveSigner,
        credential: JsonObject,
        options: IssueOptions = DEFAULT_OPTIONS,
    ) -> JsonObject | str:
        """Return the credential as it leaves.

        active: the profile's key
        Raises: CredentialRefused, NoSigningKey, SignedUnsoundly
        """
        document = self.compose(credential, profile.did, profile.securing)
        if profile.status is StatusKind.NONE:
            return self._stateless(profile, active, document, options)
        with self.transaction() as ledger:
            # Asked anew: the key may have ended since it was read.
            active, now = ledger.signing_keys.active(profile.key_owner, ledger.now), ledger.now
            document = _recorded(ledger, profile, document, options)
        # After the commit: a document whose shape is new may take long, and others want to write.
        return self._secured(profile, active, document, options, now)

    def at_once(
        self, profile: SigningProfile, active: ActiveSigner, credential: JsonObject
    ) -> JsonObject | str | None:
        """Return the credential as it leaves, where that waits for nothing; None where it may.

        What is refused, and what takes longer than a few signatures, is None too.
        """
        if profile.status is not StatusKind.NONE or not self.secure.may_be_quick(profile.securing):
            return None
        try:
            # Statements are made once: what they were made of has passed the processor by that.
            is_known = self.secure.quick_test(profile.securing, active.signer.algorithm)
            document = self.compose.quickly(credential, profile.did, is_known)
            if document is None:
                return None
            return self._stateless(profile, active, document, DEFAULT_OPTIONS)
        except CredentialRefused:
            return None

    def _stateless(
        self,
        profile: SigningProfile,
        active: ActiveSigner,
        document: JsonObject,
        options: IssueOptions,
    ) -> JsonObject | str:
        now = self.clock.now()
        if not active.key.signs_at(now):
            raise NoSigningKey
        return self._secured(profile, active, document, options, now)

    def _secured(
        self,
        profile: SigningProfile,
        active: ActiveSigner,
        document: JsonObject,
        options: IssueOptions,
        now: datetime,
    ) -> JsonObject | str:
        try:
            return self.secure(document, profile.securing, active, now, mandatory=options.mandatory)
        except (ProofError, JoseError, SdJwtError, NotCanonicalizable, ContextError) as error:
            raise CredentialRefused((Departure("", error.message),)) from error


def _recorded(
    ledger: Ledger, profile: SigningProfile, document: JsonObject, options: IssueOptions
) -> JsonObject:
    """Return the document with its status entry, which is recorded before anything is signed."""
    record = ProfileCredential(id=new_id(), profile=profile.id, entries=(), issued_at=ledger.now)
    form = StatusForm(profile.status)
    (entry,) = ledger.statuses.reserve(record.id, profile.did, (REVOCATION,), ledger.now, form=form)
    own_id = document.get("jti" if form is StatusForm.TOKEN else "id")
    known_as = options.credential_id or (own_id if isinstance(own_id, str) else None)
    ledger.profile_credentials.add(replace(record, entries=(entry,)), known_as)
    if form is StatusForm.TOKEN:
        reference = StatusReference(uri=entry.list_url, index=entry.index)
        return {**document, STATUS: reference.as_claim()}
    given = one_or_many(document.get("credentialStatus"))
    statuses: list[JsonValue] = [*given, entry.as_json()]
    return {**document, "credentialStatus": statuses if given else statuses[0]}
