"""Registering organisations and handing out their API keys."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from skillpassport.idempotency import RequestKey
from skillpassport.identifiers import new_id
from skillpassport.languages import LanguageMap
from skillpassport.organisations.access import (
    ApiKey,
    ApiKeyUnknown,
    Scope,
    ScopeOutOfKind,
    ScopeUnknown,
    api_key_digest,
    new_api_key,
    scopes_of,
)
from skillpassport.organisations.model import (
    DEFAULT_LATE_ISSUE_DAYS,
    Organisation,
    OrganisationId,
    OrganisationKind,
    organisation_did,
)
from skillpassport.organisations.signing_keys import ActiveSigner


class _Organisations(Protocol):
    def add(self, organisation: Organisation) -> None: ...


class _ApiKeys(Protocol):
    def add(self, key: ApiKey) -> None: ...
    def lock(self, key: str) -> ApiKey | None: ...
    def revoke(self, key: str, now: datetime) -> None: ...


class _SigningKeys(Protocol):
    def create(self, owner: OrganisationId, did: str, now: datetime) -> ActiveSigner: ...


class Ledger(Protocol):
    """What registering needs of a transaction."""

    @property
    def organisations(self) -> _Organisations: ...
    @property
    def api_keys(self) -> _ApiKeys: ...
    @property
    def signing_keys(self) -> _SigningKeys: ...

    @property
    def now(self) -> datetime:
        """The one instant of the transaction, asked for after locks are held."""
        ...

    def claim(self, request: RequestKey | None, resource: str, secret: str | None = None) -> None:
        """Tie the request's idempotency key to what was created."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What the administrator says of a new organisation."""

    slug: str
    name: LanguageMap
    kind: OrganisationKind
    country: str
    jurisdictions: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    sandbox: bool = False
    demonstration: bool = False
    late_issue_days: int = DEFAULT_LATE_ISSUE_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterOrganisation:
    """Register an organisation with its DID, its first signing key and its first API key."""

    transaction: Callable[[], AbstractContextManager[Ledger]]
    public_url: str

    def __call__(
        self, registration: Registration, request: RequestKey | None = None
    ) -> tuple[Organisation, str]:
        """Return the organisation and its API key, which is shown this once.

        Raises: SlugTaken, AlreadyDone
        """
        token = new_api_key()
        with self.transaction() as ledger:
            organisation = self._organisation(registration, ledger.now)
            ledger.claim(request, organisation.id, token)
            ledger.organisations.add(organisation)
            ledger.signing_keys.create(organisation.id, organisation.did, ledger.now)
            scopes = scopes_of(organisation.kind)
            ledger.api_keys.add(_key(organisation, token, scopes, ledger.now))
        return organisation, token

    def _organisation(self, registration: Registration, now: datetime) -> Organisation:
        return Organisation(
            id=OrganisationId(new_id()),
            slug=registration.slug,
            name=registration.name,
            kind=registration.kind,
            country=registration.country,
            did=organisation_did(self.public_url, registration.slug),
            registered_at=now,
            jurisdictions=registration.jurisdictions,
            frameworks=registration.frameworks,
            sandbox=registration.sandbox,
            demonstration=registration.demonstration,
            late_issue_days=registration.late_issue_days,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateApiKey:
    """Hand out a further API key of an organisation, with some of its rights."""

    transaction: Callable[[], AbstractContextManager[Ledger]]

    def __call__(
        self,
        organisation: Organisation,
        scopes: frozenset[str],
        request: RequestKey | None = None,
    ) -> tuple[ApiKey, str]:
        """Return the key's record and the key, which is shown this once.

        Raises: ScopeUnknown, ScopeOutOfKind, AlreadyDone
        """
        allowed = frozenset(scope.value for scope in scopes_of(organisation.kind))
        if unknown := scopes - frozenset(Scope):
            raise ScopeUnknown(unknown, allowed)
        if wrong := scopes - allowed:
            raise ScopeOutOfKind(wrong, allowed)
        token = new_api_key()
        granted = frozenset(Scope(scope) for scope in scopes)
        with self.transaction() as ledger:
            key = _key(organisation, token, granted, ledger.now)
            ledger.claim(request, key.id, token)
            ledger.api_keys.add(key)
        return key, token


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeApiKey:
    """End an API key of an organisation; it is refused at once."""

    transaction: Callable[[], AbstractContextManager[Ledger]]

    def __call__(self, organisation: Organisation, key: str) -> ApiKey:
        """Return the key's record as it is afterwards; a key that has ended stays as it was.

        Raises: ApiKeyUnknown, also for another organisation's key
        """
        with self.transaction() as ledger:
            found = ledger.api_keys.lock(key)
            if found is None or found.organisation != organisation.id:
                raise ApiKeyUnknown
            if found.revoked_at is not None:
                return found
            ledger.api_keys.revoke(key, ledger.now)
            return replace(found, revoked_at=ledger.now)


def _key(organisation: Organisation, token: str, scopes: frozenset[Scope], now: datetime) -> ApiKey:
    return ApiKey(
        id=new_id(),
        digest=api_key_digest(token),
        organisation=organisation.id,
        scopes=frozenset(scope.value for scope in scopes),
        created_at=now,
    )
