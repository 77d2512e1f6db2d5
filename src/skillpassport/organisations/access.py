"""Who is asking, and what they may do: API keys and their scopes."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from skillpassport.errors import SkillPassportError
from skillpassport.organisations.model import OrganisationId, OrganisationKind


class Scope(StrEnum):
    """One right that an API key can carry."""

    ORGANISATIONS_WRITE = "organisations:write"
    KEYS_WRITE = "keys:write"
    ACCREDITATIONS_WRITE = "accreditations:write"
    ACHIEVEMENTS_WRITE = "achievements:write"
    CREDENTIALS_READ = "credentials:read"
    CREDENTIALS_WRITE = "credentials:write"
    STATUS_WRITE = "status:write"
    PROFILES_WRITE = "profiles:write"


_AWARDING = {
    Scope.ACHIEVEMENTS_WRITE,
    Scope.CREDENTIALS_READ,
    Scope.CREDENTIALS_WRITE,
    Scope.STATUS_WRITE,
    Scope.PROFILES_WRITE,
}


def scopes_of(kind: OrganisationKind) -> frozenset[Scope]:
    """Return every scope that a key of such an organisation may carry."""
    scopes = {Scope.KEYS_WRITE}
    if kind.awards:
        scopes |= _AWARDING
    if kind is OrganisationKind.AUTHORITY:
        scopes |= {Scope.ACCREDITATIONS_WRITE}
    return frozenset(scopes)


ADMINISTRATOR_SCOPES = frozenset({Scope.ORGANISATIONS_WRITE, Scope.KEYS_WRITE})


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """One API key as stored: its digest, never the key.

    organisation: None for the administrator
    """

    id: str
    digest: str
    organisation: OrganisationId | None
    scopes: frozenset[str]
    created_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who stands behind a request.

    organisation: None for the administrator
    """

    organisation: OrganisationId | None
    scopes: frozenset[str]
    key_id: str

    @property
    def administrator(self) -> bool:
        """Whether the instance's administrator is asking."""
        return self.organisation is None

    @property
    def owner(self) -> str:
        """Under whom idempotency keys and rate limits are counted."""
        return self.organisation or "administrator"


def new_api_key() -> str:
    """Return a fresh API key: `sp_` and 256 random bits in base64url."""
    return f"sp_{secrets.token_urlsafe(32)}"


def api_key_digest(token: str) -> str:
    """Return what is stored of an API key and looked up by: SHA-256 in hexadecimal.

    A slow hash would add nothing: keys are random, not chosen. Looking up by digest leaves no
    comparison whose time could tell anything about a key.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class ApiKeyUnknown(SkillPassportError):
    """The organisation has no API key with this id."""

    code = "api-key-unknown"

    def __init__(self) -> None:
        super().__init__(
            "No API key of this organisation has that id; list them to see which there are."
        )


class ScopeUnknown(SkillPassportError):
    """A key was to carry a right that does not exist."""

    code = "scope-unknown"
    public = ("scopes",)

    def __init__(self, wrong: frozenset[str], known: frozenset[str]) -> None:
        super().__init__(
            f"Keys here may carry {', '.join(sorted(known))}; found {', '.join(sorted(wrong))}."
        )
        self.scopes = sorted(known)


class ScopeOutOfKind(SkillPassportError):
    """A key was to carry a right that organisations of this kind never have."""

    code = "scope-out-of-kind"
    public = ("scopes",)

    def __init__(self, wrong: frozenset[str], known: frozenset[str]) -> None:
        super().__init__(
            f"Keys of this organisation may carry {', '.join(sorted(known))}; found "
            f"{', '.join(sorted(wrong))}. Ask for a key with rights of its kind."
        )
        self.scopes = sorted(known)
