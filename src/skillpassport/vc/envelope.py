"""Enveloped credentials and presentations: a token inside a `data:` URL inside a JSON object.

Follows VC Data Model 2.0, sections 4.12 (Enveloped Verifiable Credentials) and 4.13.1 (Enveloped
Verifiable Presentations), and RFC 2397. The envelope itself says nothing: what counts is the token.

Departs from the specification by refusing more: an envelope has no members beside its three, so that
nobody reads unsigned claims there, and its media type comes without parameters.
"""

import re
from dataclasses import dataclass
from typing import Final

from skillpassport.errors import SkillPassportError
from skillpassport.vc.model import CREDENTIALS_V2
from skillpassport.vc.quoting import quoted
from skillpassport.vc.strict_json import JsonObject, one_or_many

ENVELOPED_CREDENTIAL: Final = "EnvelopedVerifiableCredential"
ENVELOPED_PRESENTATION: Final = "EnvelopedVerifiablePresentation"

_MEMBERS = frozenset({"@context", "id", "type"})
_DATA_URL = re.compile(r"data:application/([a-z0-9.+-]+),([A-Za-z0-9._~-]+)\Z", re.IGNORECASE)


class EnvelopeMalformed(SkillPassportError):
    """The envelope is not of the one form that is opened here."""

    code = "envelope-malformed"

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(
            f"Expected {expected} in the envelope; found {found}. Ask for the document again, from "
            "software that follows the VC Data Model 2.0."
        )


@dataclass(frozen=True, slots=True)
class Envelope:
    """What lies in an envelope, not yet read.

    media_type: in lower case, without `application/`
    """

    media_type: str
    text: str


def envelope(text: str, media_type: str, kind: str = ENVELOPED_CREDENTIAL) -> JsonObject:
    """Return the envelope around a token, for instance of the media type `vc+jwt`."""
    return {
        "@context": CREDENTIALS_V2,
        "type": kind,
        "id": f"data:application/{media_type},{text}",
    }


def is_envelope(document: JsonObject, kind: str = ENVELOPED_CREDENTIAL) -> bool:
    """Return whether a document means to be an envelope of this kind."""
    return kind in one_or_many(document.get("type"))


def open_envelope(document: JsonObject, kind: str = ENVELOPED_CREDENTIAL) -> Envelope:
    """Return what lies in an envelope.

    Raises: EnvelopeMalformed
    """
    if one_or_many(document.get("type")) != [kind]:
        raise EnvelopeMalformed(f"the one type '{kind}'", "another or several")
    if CREDENTIALS_V2 not in one_or_many(document.get("@context")):
        raise EnvelopeMalformed(f"the context '{CREDENTIALS_V2}'", "another or none")
    if document.keys() - _MEMBERS:
        raise EnvelopeMalformed("nothing beside '@context', 'id' and 'type'", "further members")
    url = document.get("id")
    matched = _DATA_URL.match(url) if isinstance(url, str) else None
    if matched is None:
        raise EnvelopeMalformed(
            "a token in a data: URL without parameters as 'id'",
            quoted(url) if isinstance(url, str) else "another value or none",
        )
    return Envelope(matched.group(1).lower(), matched.group(2))
