"""Credentials secured as compact JWS: `vc+jwt`.

Follows Securing Verifiable Credentials using JOSE and COSE (VC-JOSE-COSE), section 3.1, on RFC 7515,
RFC 8725 (best practices) and RFC 9864 (`Ed25519` as the name of what `EdDSA` means here). Only what
credentials need: one signature, compact form, a payload that is the credential itself.

The header is written by whoever sent the token, so it only ever narrows: it names an algorithm out
of the caller's list and a key that the issuer published; it can bring neither.

Departs from the specification by refusing more: `typ` must be `vc+jwt` and `kid` must be there, both
of which the specification only recommends.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from skillpassport.errors import SkillPassportError
from skillpassport.vc.keys import ED25519, PublicKey, Signer
from skillpassport.vc.multibase import MultibaseInvalid, decode_base64url, encode_base64url
from skillpassport.vc.quoting import quoted
from skillpassport.vc.strict_json import (
    MAX_BYTES,
    JsonNotAnObject,
    JsonObject,
    JsonTooLarge,
    JsonValue,
    StrictJsonError,
    parse_object,
)

VC_JWT = "vc+jwt"
_CONTENT_TYPE = "vc"

EDDSA = "EdDSA"
KEY_ALGORITHMS = {EDDSA: ED25519, ED25519: ED25519}
"""JWS algorithm to the algorithm of the key that it needs."""

ALGORITHMS_NOT_READ_YET = frozenset({"ES256", "ES384", "ES512", "RS256", "PS256", "ES256K"})
"""Sound algorithms of other wallets, without a reader here so far."""

_PARTS = 3
_MAX_TOKEN_CHARACTERS = 2 * MAX_BYTES
_MAX_NUMERIC_DATE = 253_402_300_799  # the last second of the year 9999
_KEYS_AND_EXTENSIONS = ("jwk", "jku", "x5c", "x5u", "crit", "b64", "zip", "enc")
_REGISTERED_DATES = ("exp", "nbf", "iat")


class JoseError(SkillPassportError):
    """A token cannot be made or does not hold."""


class JwsMalformed(JoseError):
    """The text is not one compact JWS over a JSON object."""

    code = "jws-malformed"

    def __init__(self, found: str) -> None:
        super().__init__(
            f"Expected three base64url parts, the first two of them JSON objects; found {found}. "
            "Copy the whole token again."
        )


class JwsHeaderRefused(JoseError):
    """The header brings its own key, or asks for an extension."""

    code = "jws-header-refused"
    public = ("member",)

    def __init__(self, member: str) -> None:
        self.member = member
        super().__init__(
            f"Expected a header that names a published key by 'kid'; found '{member}', which lets "
            "the sender choose the rules. Do not rely on the document."
        )


class JwsKeyUnnamed(JoseError):
    """The header does not say whose key signed."""

    code = "jws-key-unnamed"

    def __init__(self) -> None:
        super().__init__(
            "Expected the DID URL of the signing key as 'kid' in the header; found none. "
            "Ask the issuer to sign again with a 'kid'."
        )


class JwsAlgorithmRefused(JoseError):
    """The algorithm is not on the caller's list; `none` and shared secrets never are."""

    code = "jws-algorithm-refused"
    public = ("allowed",)

    def __init__(self, algorithm: str, allowed: Collection[str]) -> None:
        self.algorithm = algorithm
        self.allowed = tuple(sorted(allowed))
        super().__init__(
            f"Expected a signature algorithm out of {', '.join(self.allowed) or 'none'}; found "
            f"{quoted(algorithm)}. Ask the issuer for a credential under one of those."
        )


class JwsTypeRefused(JoseError):
    """The token was made for another use."""

    code = "jws-type-refused"

    def __init__(self) -> None:
        super().__init__(
            f"Expected 'typ' to be '{VC_JWT}'; found another type or none. A token made for another "
            "use is no credential; ask the issuer for one."
        )


class JwtClaimRefused(JoseError):
    """A claim is not allowed here, contradicts the credential, or has a value of the wrong kind."""

    code = "jwt-claim-refused"
    public = ("claim",)

    def __init__(self, claim: str, expected: str) -> None:
        self.claim = claim
        super().__init__(
            f"Expected {expected}; found another value in '{claim}'. "
            "Ask the issuer to sign again with software that follows VC-JOSE-COSE."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Jws:
    """A compact JWS, taken apart and not yet trusted.

    signing_input: the ASCII octets that the signature covers (RFC 7515, section 5.2)
    """

    header: JsonObject
    payload: JsonObject
    signing_input: bytes
    signature: bytes

    @property
    def algorithm(self) -> str:
        """The `alg` of the header; empty when there is none."""
        algorithm = self.header.get("alg")
        return algorithm if isinstance(algorithm, str) else ""

    @property
    def type(self) -> str:
        """The `typ` of the header in lower case, without `application/` (RFC 7515, 4.1.9)."""
        kind = self.header.get("typ")
        return kind.lower().removeprefix("application/") if isinstance(kind, str) else ""


def sign_vc_jwt(document: JsonObject, signer: Signer, *, kid: str, typ: str = VC_JWT) -> str:
    """Return the credential as a compact JWS; its payload is the document as it is, and `iss`.

    General JWT libraries find the issuer by `iss`; the credentials context defines the term, so that
    the payload stays a credential whose every member has a meaning.

    kid: absolute DID URL of the signing key
    Raises: JwtClaimRefused for a document with `vc` or `vp`, JwsAlgorithmRefused
    Source: VC-JOSE-COSE, section 3.1.1
    """
    if signer.algorithm != ED25519:
        raise JwsAlgorithmRefused(signer.algorithm, [ED25519])
    _check_claims(document)
    header: JsonObject = {"alg": EDDSA, "typ": typ, "cty": _CONTENT_TYPE, "kid": kid}
    issuer = _id_of(document.get("issuer"))
    payload = {**document, "iss": issuer} if isinstance(issuer, str) else document
    signing_input = f"{_encode(header)}.{_encode(payload)}"
    signature = signer.sign(signing_input.encode())
    return f"{signing_input}.{encode_base64url(signature)}"


def parse_jws(token: str) -> Jws:
    """Return the parts of a compact JWS, strictly decoded; nothing is verified.

    Raises: JwsMalformed, StrictJsonError (for instance JsonDuplicateMember)
    Source: RFC 7515, section 5.2, steps 1 to 7
    """
    if len(token) > _MAX_TOKEN_CHARACTERS:
        raise JsonTooLarge(len(token), _MAX_TOKEN_CHARACTERS)
    parts = token.split(".")
    if len(parts) != _PARTS:
        raise JwsMalformed(f"{len(parts)} parts")
    try:
        header, payload, signature = (decode_base64url(part) for part in parts)
    except MultibaseInvalid as error:
        raise JwsMalformed("other text") from error
    try:
        return Jws(
            header=parse_object(header),
            payload=parse_object(payload),
            signing_input=token[: token.rindex(".")].encode(),
            signature=signature,
        )
    except JsonNotAnObject as error:
        raise JwsMalformed("another JSON value") from error


def try_parse_jws(token: str) -> Jws | None:
    """Return the parts of a compact JWS, or None; for naming what a text seems to be."""
    try:
        return parse_jws(token)
    except (JwsMalformed, StrictJsonError):
        return None


def check_vc_jwt(jws: Jws) -> None:
    """Refuse a token whose header or claims break the rules of `vc+jwt`, whatever its signature.

    Raises: JwsTypeRefused, JwsHeaderRefused, JwtClaimRefused
    Source: VC-JOSE-COSE, section 3.1; RFC 8725, sections 3.1, 3.5, 3.10 and 3.11
    """
    if jws.type != VC_JWT:
        raise JwsTypeRefused
    for member in _KEYS_AND_EXTENSIONS:
        if member in jws.header:
            raise JwsHeaderRefused(member)
    _check_claims(jws.payload)


def check_algorithm(jws: Jws, allowed: Collection[str]) -> None:
    """Refuse an algorithm that the caller does not allow or that has no reader.

    Raises: JwsAlgorithmRefused
    """
    if jws.algorithm not in allowed or jws.algorithm not in KEY_ALGORITHMS:
        raise JwsAlgorithmRefused(jws.algorithm, allowed)


def key_id(jws: Jws, issuer: str | None) -> str:
    """Return the DID URL of the key that the token names; `#key-1` is relative to the issuer.

    Raises: JwsKeyUnnamed
    Source: VC-JOSE-COSE, section 4.1 (kid)
    """
    kid = jws.header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise JwsKeyUnnamed
    return f"{issuer}{kid}" if issuer and kid.startswith("#") else kid


def verify_jws(jws: Jws, key: PublicKey) -> bool:
    """Return whether the key made the signature, and is of the kind that `alg` needs."""
    if KEY_ALGORITHMS.get(jws.algorithm) != key.algorithm:
        return False
    return key.verify(jws.signature, jws.signing_input)


def numeric_date(payload: JsonObject, claim: str) -> datetime | None:
    """Return the instant of a registered date claim, or None when it is absent.

    Raises: JwtClaimRefused
    Source: RFC 7519, section 2 (NumericDate)
    """
    if claim not in payload:
        return None
    value = payload[claim]
    # A boolean is an int in Python: `true` would be one second past midnight of 1970.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise JwtClaimRefused(claim, "seconds since 1970 as a number")
    if not 0 <= value <= _MAX_NUMERIC_DATE:
        raise JwtClaimRefused(claim, "seconds between the years 1970 and 9999")
    return datetime.fromtimestamp(value, UTC)


def _check_claims(payload: JsonObject) -> None:
    for claim in ("vc", "vp"):
        if claim in payload:
            raise JwtClaimRefused(claim, f"no '{claim}' claim, the payload being the credential")
    for claim in _REGISTERED_DATES:
        numeric_date(payload, claim)
    _check_same(payload, "iss", _id_of(payload.get("issuer")))
    _check_same(payload, "jti", payload.get("id"))
    _check_same(payload, "sub", _id_of(payload.get("credentialSubject")))


def _check_same(payload: JsonObject, claim: str, member: JsonValue) -> None:
    """Refuse a registered claim that says something else than the credential (VC-JOSE-COSE, 3.1.3)."""
    if claim in payload and payload[claim] != member:
        raise JwtClaimRefused(claim, "the same value as in the credential")


def _id_of(value: JsonValue) -> JsonValue:
    return value.get("id") if isinstance(value, dict) else value


def _encode(value: JsonObject) -> str:
    compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return encode_base64url(compact.encode())
