"""Decentralized identifiers: parse them, turn did:key, did:jwk and did:web into documents.

did:key and did:jwk are computed here; did:web is mapped to its URL and fetched behind the
`DidDocuments` port. Choosing and judging a verification method is in `controllers`.
Follows DID Core 1.0 section 3, did:key 0.9, did:jwk, did:web (2024).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Protocol
from urllib.parse import quote, unquote, urlsplit

from skillpassport.errors import SkillPassportError
from skillpassport.vc.keys import KeyRefused, PublicKey
from skillpassport.vc.multibase import MultibaseInvalid, decode_base64url, encode_base64url
from skillpassport.vc.quoting import quoted
from skillpassport.vc.strict_json import JsonObject, StrictJsonError, parse_object

DID_CONTEXT = "https://www.w3.org/ns/did/v1"
MULTIKEY_CONTEXT = "https://w3id.org/security/multikey/v1"
JWK_CONTEXT = "https://w3id.org/security/jwk/v1"

MAX_DID_CHARACTERS = 2048

_DID = re.compile(
    r"did:([a-z0-9]+):((?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2}|:)*(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2}))"
)
_DID_URL_REST = re.compile(r"(/[^?#\s]*)?(\?[^#\s]*)?(#[^#\s]*)?\Z", re.ASCII)
_ENCODED_COLON = re.compile("%3A", re.IGNORECASE)
_HOST_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z", re.IGNORECASE)
_HEXADECIMAL = re.compile(r"0x[0-9a-f]*\Z")
_MAX_HOST = 253
_MAX_PORT = 65535


class DidError(SkillPassportError):
    """An identifier or its document cannot be used."""


class DidInvalid(DidError):
    """The identifier, or the document behind it, breaks a rule: no retry will help."""

    code = "did-invalid"

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(f"Expected {expected}; found {found}. Ask the issuer to correct it.")


class DidUnresolvable(DidError):
    """The document could not be had now; the credential is neither proven nor disproven."""

    code = "did-unreachable"

    def __init__(self, did: str, reason: str = "no answer") -> None:
        self.did = did
        self.reason = reason
        super().__init__(
            f"Expected the issuer's DID document; found {reason}. Try again when it is reachable."
        )


class DidMethodUnknown(DidError):
    """No resolver for this DID method is in use."""

    code = "did-method-unknown"

    def __init__(self, method: str) -> None:
        self.method = method
        super().__init__(
            f"Expected a DID method in use here; found {quoted(method)}. "
            "Ask the issuer for a credential under did:web or did:key."
        )


@dataclass(frozen=True, slots=True)
class DidUrl:
    """A DID with an optional path, query and fragment, the separators included."""

    did: str
    path: str = ""
    query: str = ""
    fragment: str = ""

    @property
    def method(self) -> str:
        """The method name between the first two colons."""
        return self.did.split(":", 2)[1]

    def __str__(self) -> str:
        return f"{self.did}{self.path}{self.query}{self.fragment}"


class DidMethod(Protocol):
    """Turns the identifiers of one method into documents, without I/O."""

    @property
    def name(self) -> str:
        """The method name, for instance `key`."""
        ...

    def resolve(self, did: str) -> JsonObject:
        """Return the document of a DID of this method.

        Raises: DidInvalid
        """
        ...


class DidDocuments(Protocol):
    """Finds the documents of DIDs that need a network or a store."""

    def did_document(self, did: str) -> JsonObject:
        """Return the document of a DID.

        Raises: DidUnresolvable (try again later), DidInvalid (never)
        """
        ...


@lru_cache(maxsize=1024)
def parse_did_url(text: str) -> DidUrl:
    """Return the parts of a DID URL.

    Raises: DidInvalid
    Source: DID Core 1.0, sections 3.1 and 3.2
    """
    matched = _DID.match(text) if len(text) <= MAX_DID_CHARACTERS else None
    rest = _DID_URL_REST.match(text, matched.end()) if matched else None
    if matched is None or rest is None:
        raise DidInvalid("a DID URL such as did:web:example.org#key-1", "another text")
    return DidUrl(matched.group(0), *(part or "" for part in rest.groups()))


def parse_did(text: str) -> DidUrl:
    """Return a DID without path, query or fragment.

    Raises: DidInvalid
    """
    url = parse_did_url(text)
    if url.did != text:
        raise DidInvalid("a DID without path, query or fragment", "a DID URL")
    return url


def did_key(key: PublicKey) -> str:
    """Return the did:key of a public key."""
    return f"did:key:{key.multikey}"


def did_jwk(key: PublicKey) -> str:
    """Return the did:jwk of a public key, its members in canonical order."""
    compact = json.dumps(key.jwk, separators=(",", ":"), sort_keys=True)
    return f"did:jwk:{encode_base64url(compact.encode())}"


def own_verification_method(did: str) -> str:
    """Return the id of the one verification method of a did:key or did:jwk.

    Raises: DidInvalid
    """
    url = parse_did(did)
    if url.method == "key":
        return f"{did}#{did.removeprefix('did:key:')}"
    if url.method == "jwk":
        return f"{did}#0"
    raise DidInvalid("a did:key or did:jwk", f"did:{url.method}")


def did_web(base_url: str, *segments: str) -> str:
    """Return the did:web of a place under a base URL: `did:web:localhost%3A8000:orgs:x`.

    Raises: DidInvalid for a base that did:web cannot name, such as an IP address
    """
    parts = urlsplit(base_url)
    path = [segment for segment in parts.path.split("/") if segment]
    host = quote(parts.netloc, safe="")
    did = ":".join(["did", "web", host, *(quote(s, safe="") for s in (*path, *segments))])
    did_web_url(did)
    return did


def did_web_url(did: str) -> str:
    """Return the https URL at which the document of a did:web lies.

    Raises: DidInvalid for an IP address, a bad port, or a path that could leave its place
    Source: did:web, section 2.5.2 (Read); section 2.1: "The method specific identifier MUST NOT
    include IP addresses"
    """
    url = parse_did(did)
    if url.method != "web":
        raise DidInvalid("a did:web", f"did:{url.method}")
    host, *segments = did.removeprefix("did:web:").split(":")
    # The colon before a port alone is encoded: with other letters encoded a host has many names.
    authority = _checked_authority(_ENCODED_COLON.sub(":", host))
    if not segments:
        return f"https://{authority}/.well-known/did.json"
    for segment in segments:
        _check_segment(segment)
    return f"https://{authority}/{'/'.join(segments)}/did.json"


class DidKey:
    """did:key: the identifier is the key."""

    name = "key"

    def resolve(self, did: str) -> JsonObject:
        """Return the document with the one key under every purpose that it can serve.

        Raises: DidInvalid
        Source: did:key method 0.9, section 3.1
        """
        multikey = parse_did(did).did.removeprefix("did:key:")
        try:
            PublicKey.from_multikey(multikey)
        except KeyRefused as error:
            raise DidInvalid("a did:key of a key that is read here", str(error)) from error
        method_id = f"{did}#{multikey}"
        method: JsonObject = {
            "id": method_id,
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": multikey,
        }
        return _document(did, MULTIKEY_CONTEXT, method)


class DidJwk:
    """did:jwk: the identifier is the JWK."""

    name = "jwk"

    def resolve(self, did: str) -> JsonObject:
        """Return the document with the one key; none is offered for a key meant for encryption.

        Raises: DidInvalid
        Source: did:jwk, section "Resolve"
        """
        encoded = parse_did(did).did.removeprefix("did:jwk:")
        try:
            jwk = parse_object(decode_base64url(encoded))
            PublicKey.from_jwk(jwk)
        except (MultibaseInvalid, StrictJsonError, KeyRefused) as error:
            raise DidInvalid("a did:jwk of a key that is read here", str(error)) from error
        method: JsonObject = {
            "id": f"{did}#0",
            "type": "JsonWebKey",
            "controller": did,
            "publicKeyJwk": jwk,
        }
        return _document(did, JWK_CONTEXT, method)


COMPUTED_METHODS: Mapping[str, DidMethod] = MappingProxyType(
    {method.name: method for method in (DidKey(), DidJwk())}
)
"""The DID methods that need no port."""


def resolve_did(did: str, documents: DidDocuments) -> JsonObject:
    """Return the document of a DID; the caller must not change it.

    did:key and did:jwk are computed, never asked of the port.

    Raises: DidInvalid, DidUnresolvable
    """
    method = parse_did(did).method
    if method in COMPUTED_METHODS:
        return _computed(method, did)
    document = documents.did_document(did)
    if document.get("id") != did:
        raise DidInvalid("a DID document whose id is the DID", "another id")
    return document


@lru_cache(maxsize=1024)
def _computed(method: str, did: str) -> JsonObject:
    return COMPUTED_METHODS[method].resolve(did)


def _document(did: str, context: str, method: JsonObject) -> JsonObject:
    reference = method["id"]
    return {
        "@context": [DID_CONTEXT, context],
        "id": did,
        "verificationMethod": [method],
        "authentication": [reference],
        "assertionMethod": [reference],
        "capabilityInvocation": [reference],
        "capabilityDelegation": [reference],
    }


def _checked_authority(authority: str) -> str:
    host, colon, port = authority.partition(":")
    if colon and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) <= _MAX_PORT):
        raise DidInvalid("a port from 1 to 65535 after %3A", "another text")
    _check_host(host)
    return authority


def _check_host(host: str) -> None:
    labels = host.split(".")
    if len(host) > _MAX_HOST or not all(_HOST_LABEL.match(label) for label in labels):
        raise DidInvalid("a host name in a did:web", "another text")
    # Resolvers read a last label that is a number, also in hexadecimal, as an IPv4 address
    # (WHATWG URL, section 3.5, "ends in a number").
    last = labels[-1].lower()
    if last.isdigit() or _HEXADECIMAL.match(last):
        raise DidInvalid("a host name in a did:web", "an IP address")


def _check_segment(segment: str) -> None:
    plain = unquote(segment)
    if (
        not plain
        or plain.strip(".") == ""
        or any(c in plain for c in "/\\%?#")
        or not plain.isprintable()
    ):
        raise DidInvalid("plain path segments in a did:web", "one that could lead elsewhere")
