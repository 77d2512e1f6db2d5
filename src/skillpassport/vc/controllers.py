"""Verification methods of a controller's document, and the rules under which one may be used.

The document of a DID lists keys; this module finds the one that a proof names and answers whether
its controller published it for the purpose, and whether it had ended. Follows Controlled
Identifiers 1.0, sections 2.2, 2.3 and 3.3.
"""

from dataclasses import dataclass
from datetime import datetime

from skillpassport.errors import SkillPassportError
from skillpassport.vc.did import DidInvalid, DidUrl, parse_did_url
from skillpassport.vc.instants import parse_instant
from skillpassport.vc.keys import KeyRefused, PublicKey
from skillpassport.vc.strict_json import JsonObject, JsonValue

ASSERTION = "assertionMethod"
AUTHENTICATION = "authentication"

# Tuples: a member of a hostile document may be unhashable.
_MULTIBASE_TYPES = ("Multikey", "Ed25519VerificationKey2020")
_JWK_TYPES = ("JsonWebKey", "JsonWebKey2020")
_MAX_METHODS = 256


class MethodError(SkillPassportError):
    """The verification method that a proof names cannot be used."""


class MethodNotFound(MethodError):
    """The controller's document does not list the method."""

    code = "verification-method-not-found"

    def __init__(self) -> None:
        super().__init__(
            "Expected the proof's verification method in the document of its controller; found "
            "none with that id. Ask the issuer whether the key was withdrawn."
        )


class MethodNotAuthorised(MethodError):
    """The method is listed, but not for this purpose or not under this controller."""

    code = "verification-method-not-authorised"

    def __init__(self, found: str) -> None:
        super().__init__(
            f"Expected a method that its controller lists for the proof's purpose; found {found}. "
            "Ask the issuer to sign with a key meant for credentials."
        )


class MethodEnded(MethodError):
    """The method must no longer be used for verification."""

    def __init__(self, verb: str, instant: datetime) -> None:
        self.instant = instant
        super().__init__(
            f"Expected a key in force; found one that {verb} on {instant.isoformat()}. "
            "Ask the issuer for a newly signed credential."
        )


class MethodExpired(MethodEnded):
    """The method's published `expires` has come."""

    code = "verification-method-expired"

    def __init__(self, instant: datetime) -> None:
        super().__init__("expired", instant)


class MethodRevoked(MethodEnded):
    """The method's published `revoked` has come: the key may be in other hands."""

    code = "verification-method-revoked"

    def __init__(self, instant: datetime) -> None:
        super().__init__("was revoked", instant)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationMethod:
    """A public key as its controller published it."""

    id: str
    controller: str
    public_key: PublicKey
    expires: datetime | None = None
    revoked: datetime | None = None


def resolve_verification_method(
    document: JsonObject, did_url: str, purpose: str, *, now: datetime
) -> VerificationMethod:
    """Return the method that a proof names, if its controller lets it be used for the purpose now.

    document: the resolved document of the DID in `did_url`
    did_url: absolute, with a fragment
    Raises: DidInvalid (document or key malformed), MethodNotFound, MethodNotAuthorised,
    MethodExpired, MethodRevoked
    Source: Controlled Identifiers 1.0, section 3.3 (Retrieve Verification Method)
    """
    method = find_verification_method(document, did_url)
    if not _is_listed(document, method.id, purpose):
        raise MethodNotAuthorised("one that is not listed for it")
    if method.revoked is not None and method.revoked <= now:
        raise MethodRevoked(method.revoked)
    if method.expires is not None and method.expires <= now:
        raise MethodExpired(method.expires)
    return method


def find_verification_method(document: JsonObject, did_url: str) -> VerificationMethod:
    """Return the method with this id, whatever it may be used for.

    Raises: DidInvalid, MethodNotFound, MethodNotAuthorised (another controller)
    """
    url = parse_did_url(did_url)
    if not url.fragment or url.path or url.query:
        raise DidInvalid("a verification method with a fragment", "a DID URL of another form")
    if document.get("id") != url.did:
        raise DidInvalid("the document of the verification method's DID", "another document")
    found = [m for m in _embedded_methods(document) if _absolute(m.get("id"), url) == did_url]
    if not found:
        raise MethodNotFound
    if any(other != found[0] for other in found[1:]):
        raise DidInvalid("one verification method under an id", "two different ones")
    return _method_of(found[0], did_url, url.did)


def _embedded_methods(document: JsonObject) -> list[JsonObject]:
    """Return the methods under `verificationMethod` and those embedded in a purpose."""
    methods: list[JsonObject] = []
    for member in ("verificationMethod", ASSERTION, AUTHENTICATION):
        listed = document.get(member, [])
        if not isinstance(listed, list) or len(listed) > _MAX_METHODS:
            raise DidInvalid(f"an array of at most {_MAX_METHODS} under {member}", "another value")
        methods += [entry for entry in listed if isinstance(entry, dict)]
    return methods


def _is_listed(document: JsonObject, method_id: str, purpose: str) -> bool:
    url = parse_did_url(method_id)
    listed = document.get(purpose)
    if not isinstance(listed, list):
        return False
    references = (entry.get("id") if isinstance(entry, dict) else entry for entry in listed)
    return any(_absolute(reference, url) == method_id for reference in references)


def _absolute(reference: JsonValue, url: DidUrl) -> str | None:
    """Return an id as an absolute DID URL; documents may write `#key-1`."""
    if not isinstance(reference, str):
        return None
    return f"{url.did}{reference}" if reference.startswith("#") else reference


def _method_of(entry: JsonObject, method_id: str, did: str) -> VerificationMethod:
    # A method that names another controller was not published by this one for itself: to accept it
    # would let anyone list a stranger's key as their own, or their own key as a stranger's.
    if entry.get("controller") != did:
        raise MethodNotAuthorised("one under another controller")
    return VerificationMethod(
        id=method_id,
        controller=did,
        public_key=_public_key_of(entry),
        expires=_instant_of(entry, "expires"),
        revoked=_instant_of(entry, "revoked"),
    )


def _public_key_of(entry: JsonObject) -> PublicKey:
    kind = entry.get("type")
    multibase, jwk = entry.get("publicKeyMultibase"), entry.get("publicKeyJwk")
    if multibase is not None and jwk is not None:
        raise DidInvalid("one form of the key in a verification method", "two")
    try:
        if kind in _MULTIBASE_TYPES and isinstance(multibase, str):
            return PublicKey.from_multikey(multibase)
        if kind in _JWK_TYPES and isinstance(jwk, dict):
            return PublicKey.from_jwk(jwk)
    except KeyRefused as error:
        raise DidInvalid("a public key that is read here", str(error)) from error
    raise DidInvalid("a Multikey or JsonWebKey verification method", "another type")


def _instant_of(entry: JsonObject, member: str) -> datetime | None:
    if member not in entry:
        return None
    instant = parse_instant(entry[member])
    if instant is None:
        raise DidInvalid(f"a dateTimeStamp in {member}", "another value")
    return instant
