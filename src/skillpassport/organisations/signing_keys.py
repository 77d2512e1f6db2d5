"""Signing keys and the DID document that publishes them.

A key that is rotated out stops signing and stays published without `expires` or `revoked`:
nothing is verified with a method at or after those dates, so publishing the signing window would
kill all that the key ever signed. `revoked` is for compromise alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

from skillpassport.clock import rfc3339
from skillpassport.errors import SkillPassportError
from skillpassport.organisations.model import OrganisationId
from skillpassport.vc.keys import Signer
from skillpassport.vc.strict_json import JsonObject

SigningKeyId = NewType("SigningKeyId", str)

SIGNING_WINDOW = timedelta(days=730)
"""How long a key signs; `doctor` warns 90, 30 and 7 days before the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """The public half of a key and its life.

    fragment: the method's name in the DID document, without `#`
    multikey: public key in Multikey encoding (`z6Mk…`)
    signs_until: end of the signing window; never published
    retired_at: when it was rotated out; it stays published
    revoked_at: when it was found to be compromised; published
    """

    id: SigningKeyId
    owner: OrganisationId
    did: str
    fragment: str
    multikey: str
    created_at: datetime
    signs_until: datetime
    retired_at: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def verification_method(self) -> str:
        """The DID URL of the method."""
        return f"{self.did}#{self.fragment}"

    def signs_at(self, now: datetime) -> bool:
        """Return whether the key may sign at an instant."""
        return self.retired_at is None and self.revoked_at is None and now < self.signs_until


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRevocation:
    """Why a key was published as compromised, and at whose word.

    reason: without personal data; None where none was given
    api_key: id of the API key that asked; None from the command line
    """

    reason: str | None = None
    api_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveSigner:
    """A key that may sign, ready to do so."""

    key: SigningKey
    signer: Signer

    @property
    def verification_method(self) -> str:
        """The DID URL to name in a proof."""
        return self.key.verification_method


def did_document(did: str, keys: Sequence[SigningKey]) -> JsonObject:
    """Return the DID document that publishes all keys of one DID, retired ones included.

    keys: oldest first
    Source: Controlled Identifiers 1.0, sections 2.2 (Verification Methods) and 2.3.2 (assertion)
    """
    methods: list[JsonObject] = [_method(key) for key in keys]
    relationships = [key.verification_method for key in keys]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": [*methods],
        "assertionMethod": [*relationships],
        "authentication": [*relationships],
    }


def _method(key: SigningKey) -> JsonObject:
    method: JsonObject = {
        "id": key.verification_method,
        "type": "Multikey",
        "controller": key.did,
        "publicKeyMultibase": key.multikey,
    }
    if key.revoked_at is not None:
        method["revoked"] = rfc3339(key.revoked_at)
    return method


class SigningKeyUnknown(SkillPassportError):
    """The owner has no signing key of this name."""

    code = "signing-key-unknown"

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__(
            f"Expected one of the owner's keys, {', '.join(known)}, found another name; take it "
            "from the DID document."
        )


class NoSigningKey(SkillPassportError):
    """The owner has no key that may sign now."""

    code = "no-signing-key"

    def __init__(self) -> None:
        super().__init__(
            "Expected a signing key in its window, found none: it has expired or was revoked; "
            "rotate it with `skillpassport keys rotate`."
        )
