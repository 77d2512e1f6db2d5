"""Answers about organisations, their API keys and their signing keys."""

from pydantic import BaseModel

from skillpassport.organisations.model import OrganisationKind
from skillpassport.web.api.answers.texts import Instant, Names


class OrganisationOut(BaseModel):
    """What is public about an organisation."""

    id: str
    slug: str
    name: Names
    kind: OrganisationKind
    country: str
    jurisdictions: list[str]
    frameworks: list[str]
    did: str
    sandbox: bool
    late_issue_days: int
    registered_at: Instant


class RegisteredOut(OrganisationOut):
    """A new organisation; its API key is shown this once."""

    api_key: str


class ApiKeyOut(BaseModel):
    """A further API key; it is shown this once."""

    id: str
    scopes: list[str]
    api_key: str


class ApiKeyRecord(BaseModel):
    """What is kept of an API key: never the key."""

    id: str
    scopes: list[str]
    created_at: Instant
    revoked_at: Instant | None


class ApiKeyPage(BaseModel):
    """A page of API keys, oldest first."""

    items: list[ApiKeyRecord]
    next: str | None


class SigningKeyOut(BaseModel):
    """A signing key's public half and its life; `revoked_by` is the API key that asked."""

    name: str
    verification_method: str
    created_at: Instant
    signs_until: Instant
    retired_at: Instant | None
    revoked_at: Instant | None
    reason: str | None
    revoked_by: str | None


class SigningKeyPage(BaseModel):
    """A page of signing keys, oldest first."""

    items: list[SigningKeyOut]
    next: str | None


class SigningKeyRevokedOut(BaseModel):
    """The key that was published as compromised, and the new one if it had still been in use."""

    revoked: SigningKeyOut
    new: SigningKeyOut | None


class ReissueProblem(BaseModel):
    """An award that was not signed anew, and why."""

    credential: str
    code: str


class ReissueOut(BaseModel):
    """What became of the awards that were looked at; `next` is null when there are no more."""

    looked_at: int
    signed_anew: int
    in_order: int
    final: int
    erased: int
    recorded_later: int
    refused: int
    problems: list[ReissueProblem]
    next: str | None


class MeOut(BaseModel):
    """Who stands behind a key; no organisation for the administrator."""

    administrator: bool
    organisation: OrganisationOut | None
    scopes: list[str]
