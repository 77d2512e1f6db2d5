"""Opaque identifiers of everything that the product stores."""

import secrets
import uuid


def new_id() -> str:
    """Return a fresh opaque id: 22 characters of base64url, 128 random bits.

    A leading hyphen is avoided, since ids are typed on command lines.
    """
    while (token := secrets.token_urlsafe(16)).startswith("-"):
        pass
    return token


def new_urn() -> str:
    """Return a fresh id for a signed document: `urn:uuid:…` with 122 random bits."""
    return f"urn:uuid:{uuid.uuid4()}"
