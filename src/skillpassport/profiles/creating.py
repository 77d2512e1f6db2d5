"""Making a signing profile: a DID and a key of its own, both there before anything is signed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from skillpassport.idempotency import RequestKey
from skillpassport.identifiers import new_id
from skillpassport.organisations.model import Organisation, OrganisationId
from skillpassport.organisations.signing_keys import ActiveSigner
from skillpassport.profiles.model import (
    KeyType,
    Method,
    ProfileId,
    Securing,
    SigningProfile,
    StatusKind,
    check_supported,
    profile_did,
)
from skillpassport.vc.did import did_jwk, did_key
from skillpassport.vc.keys import PublicKey


class _Profiles(Protocol):
    def add(self, profile: SigningProfile) -> None: ...


class _Keys(Protocol):
    def create(self, owner: str) -> bytes: ...


class _SigningKeys(Protocol):
    def create_named(
        self,
        owner: OrganisationId,
        name: Callable[[PublicKey], tuple[str, str]],
        now: datetime,
        *,
        algorithm: str,
    ) -> ActiveSigner: ...


class Ledger(Protocol):
    """What making a profile needs of a transaction."""

    @property
    def profiles(self) -> _Profiles: ...
    @property
    def organisation_keys(self) -> _Keys: ...
    @property
    def signing_keys(self) -> _SigningKeys: ...

    @property
    def now(self) -> datetime:
        """The one instant of the transaction."""
        ...

    def claim(self, request: RequestKey | None, resource: str, secret: str | None = None) -> None:
        """Tie the request's idempotency key to what was created."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileWish:
    """What an organisation says of a new profile."""

    slug: str
    securing: Securing
    key_type: KeyType
    did_method: Method
    status: StatusKind = StatusKind.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateProfile:
    """Make a signing profile of an organisation."""

    transaction: Callable[[], AbstractContextManager[Ledger]]
    public_url: str

    def __call__(
        self, owner: Organisation, wish: ProfileWish, request: RequestKey | None = None
    ) -> SigningProfile:
        """Return the profile with its DID; its key is kept under a wrapping key of its own.

        Raises: ProfileUnsupported, SlugTaken, AlreadyDone
        """
        check_supported(wish.securing, wish.key_type, wish.status)
        identifier = ProfileId(new_id())
        with self.transaction() as ledger:
            ledger.claim(request, identifier)
            ledger.organisation_keys.create(identifier)
            active = ledger.signing_keys.create_named(
                OrganisationId(identifier),
                lambda key: self._name(owner, wish, key),
                ledger.now,
                algorithm=wish.key_type,
            )
            profile = SigningProfile(
                id=identifier,
                organisation=owner.id,
                slug=wish.slug,
                securing=wish.securing,
                key_type=wish.key_type,
                did_method=wish.did_method,
                status=wish.status,
                did=active.key.did,
                created_at=ledger.now,
            )
            ledger.profiles.add(profile)
        return profile

    def _name(self, owner: Organisation, wish: ProfileWish, key: PublicKey) -> tuple[str, str]:
        """Return the DID, and the fragment under which its document lists the key."""
        if wish.did_method is Method.KEY:
            return did_key(key), key.multikey
        if wish.did_method is Method.JWK:
            return did_jwk(key), "0"
        return profile_did(self.public_url, owner.slug, wish.slug), key.multikey
