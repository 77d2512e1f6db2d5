"""The keys that an issuer publishes at `/.well-known/jwt-vc-issuer`.

Follows the Internet-Draft "SD-JWT-based Verifiable Digital Credentials", section 5 (JWT VC Issuer
Metadata), and RFC 7517, section 5 (JWK Set).
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from skillpassport.errors import SkillPassportError
from skillpassport.vc.keys import KeyRefused, PublicKey
from skillpassport.vc.strict_json import JsonObject, StrictJsonError, parse_object

_WELL_KNOWN = "/.well-known/jwt-vc-issuer"
_MAX_KEYS = 64

Fetch = Callable[[str], bytes | str]
"""Returns the document at a URL; raises WebDocumentUnreachable."""


class IssuerMetadataRefused(SkillPassportError):
    """The issuer's published keys cannot be used, or the one that signed is not among them."""

    code = "issuer-metadata-refused"

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(
            f"Expected {expected}; found {found}. Ask the issuer to correct what it publishes."
        )


def metadata_url(issuer: str) -> str:
    """Return the address of an issuer's metadata.

    Raises: IssuerMetadataRefused for an issuer that is no https URL without query and fragment
    Source: SD-JWT VC, section 5
    """
    try:
        parts = urlsplit(issuer)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    is_plain = issuer.startswith("https://") and not any(mark in issuer for mark in "?#@\\ ")
    if not host or not is_plain or not issuer.isascii() or not issuer.isprintable():
        raise IssuerMetadataRefused("an https URL without query or fragment as issuer", "another")
    return f"https://{parts.netloc}{_WELL_KNOWN}{parts.path.rstrip('/')}"


def published_key(issuer: str, kid: str | None, fetch: Fetch) -> PublicKey:
    """Return the key of an issuer that a token names; the only one when it names none.

    Raises: IssuerMetadataRefused, WebDocumentUnreachable
    Source: SD-JWT VC, sections 5.1 to 5.3
    """
    metadata = _object(fetch(metadata_url(issuer)))
    if metadata.get("issuer") != issuer:
        raise IssuerMetadataRefused("metadata of this very issuer", "another's")
    if ("jwks" in metadata) == ("jwks_uri" in metadata):
        raise IssuerMetadataRefused("either 'jwks' or 'jwks_uri'", "both or none")
    key_set = metadata.get("jwks")
    if "jwks_uri" in metadata:
        key_set = _object(fetch(_https(metadata["jwks_uri"])))
    keys = key_set.get("keys") if isinstance(key_set, dict) else None
    if not isinstance(keys, list) or len(keys) > _MAX_KEYS:
        raise IssuerMetadataRefused(f"an array of at most {_MAX_KEYS} keys", "another value")
    named = [
        key for key in keys if isinstance(key, dict) and (kid is None or key.get("kid") == kid)
    ]
    if len(named) != 1:
        raise IssuerMetadataRefused("one key of the name in the token", f"{len(named)}")
    try:
        return PublicKey.from_jwk(named[0])
    except KeyRefused as error:
        raise IssuerMetadataRefused("a key that is read here", "another") from error


def _https(url: object) -> str:
    if not isinstance(url, str) or not url.startswith("https://"):
        raise IssuerMetadataRefused("an https address as 'jwks_uri'", "another value")
    return url


def _object(raw: bytes | str) -> JsonObject:
    try:
        return parse_object(raw)
    except StrictJsonError as error:
        raise IssuerMetadataRefused("a JSON object", "another text") from error
