"""One compact JWS over a JSON object: taken apart strictly, verified, signed.

Follows RFC 7515, RFC 7518, RFC 8725 (best practices) and RFC 9864 (`Ed25519` as the name of what
`EdDSA` means here). Only what credentials need: one signature, a payload that is a JSON object.

The header is written by whoever sent the token, so it only ever narrows: it names an algorithm out
of the caller's list and a key that its controller published; it can bring neither.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from skillpassport.errors import SkillPassportError
from skillpassport.vc.keys import ED25519, P256, P384, RSA, PublicKey, Signer
from skillpassport.vc.keys.rsa import verify_pkcs1, verify_pss
from skillpassport.vc.multibase import MultibaseInvalid, decode_base64url, encode_base64url
from skillpassport.vc.quoting import quoted
from skillpassport.vc.strict_json import (
    MAX_BYTES,
    JsonNotAnObject,
    JsonObject,
    JsonTooLarge,
    StrictJsonError,
    parse_object,
    write,
)

EDDSA: Final = "EdDSA"
ES256: Final = "ES256"
ES384: Final = "ES384"
RS256: Final = "RS256"
PS256: Final = "PS256"

KEY_ALGORITHMS: Mapping[str, str] = MappingProxyType(
    {EDDSA: ED25519, ED25519: ED25519, ES256: P256, ES384: P384, RS256: RSA, PS256: RSA}
)
"""JWS algorithm to the algorithm of the key that it needs (RFC 7518, section 3.1; RFC 8037)."""

OWN_ALGORITHMS: Final = frozenset({EDDSA, ED25519, ES256, ES384})
"""What is signed and verified here."""

FOREIGN_ALGORITHMS: Final = frozenset({RS256, PS256})
"""What is verified when the caller allows it, and never signed."""

ALGORITHMS_NOT_READ: Final = frozenset(
    {"ES512", "ES256K", "RS384", "RS512", "PS384", "PS512", "Ed448"}
)
"""Sound algorithms of other wallets, without a reader here."""

_RSA_SCHEMES: Mapping[str, Callable[[bytes, bytes, bytes], bool]] = MappingProxyType(
    {RS256: verify_pkcs1, PS256: verify_pss}
)
_SIGNED_AS: Mapping[str, str] = MappingProxyType({ED25519: EDDSA, P256: ES256, P384: ES384})

_PARTS = 3
_LONGEST_KNOWN_HEADER = 512
_MAX_TOKEN_CHARACTERS = 2 * MAX_BYTES
_MAX_NUMERIC_DATE = 253_402_300_799  # the last second of the year 9999
KEYS_IN_HEADER = ("jwk", "jku", "x5c", "x5u")
"""Members by which a sender would bring a key along (RFC 7515, sections 4.1.2 to 4.1.6)."""

EXTENSIONS_IN_HEADER = ("crit", "b64", "zip", "enc")
"""Members that change what is signed or how (RFC 7515, 4.1.11; RFC 7797; RFC 7516)."""

REGISTERED_DATES = ("exp", "nbf", "iat")


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

    def __init__(self, expected: str, member: str = "typ") -> None:
        super().__init__(
            f"Expected '{member}' to be '{expected}'; found another type or none. A token made for "
            "another use is not what it is taken for; ask for the right one."
        )


class JwtClaimRefused(JoseError):
    """A claim is not allowed here, contradicts the credential, or has a value of the wrong kind."""

    code = "jwt-claim-refused"
    public = ("claim",)

    def __init__(self, claim: str, expected: str) -> None:
        self.claim = claim
        super().__init__(
            f"Expected {expected}; found another value in '{claim}'. "
            "Ask for a token signed anew, by software that follows the standard."
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
        return _media_type(self.header.get("typ"))


def sign_jws(header: JsonObject, payload: JsonObject, signer: Signer) -> str:
    """Return a compact JWS over the payload as it is; `alg` is set from the signer's key.

    Raises: JwsAlgorithmRefused
    Source: RFC 7515, section 5.1
    """
    signing_input = f"{_encode({'alg': signing_algorithm(signer), **header})}.{_encode(payload)}"
    return f"{signing_input}.{encode_base64url(signer.sign(signing_input.encode()))}"


def signing_algorithm(signer: Signer) -> str:
    """Return the `alg` under which a signer's key signs.

    Raises: JwsAlgorithmRefused
    """
    if signer.algorithm not in _SIGNED_AS:
        raise JwsAlgorithmRefused(signer.algorithm, OWN_ALGORITHMS)
    return _SIGNED_AS[signer.algorithm]


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
        payload, signature = decode_base64url(parts[1]), decode_base64url(parts[2])
        return Jws(
            header=_header(parts[0]),
            payload=parse_object(payload),
            signing_input=token[: token.rindex(".")].encode(),
            signature=signature,
        )
    except MultibaseInvalid as error:
        raise JwsMalformed("other text") from error
    except JsonNotAnObject as error:
        raise JwsMalformed("another JSON value") from error


def _header(part: str) -> JsonObject:
    """Return a header, parsed; headers of one issuer are all the same, and nobody changes them."""
    if len(part) <= _LONGEST_KNOWN_HEADER:
        return _known_header(part)
    return parse_object(decode_base64url(part))


@lru_cache(maxsize=256)
def _known_header(part: str) -> JsonObject:
    return parse_object(decode_base64url(part))


def try_parse_jws(token: str) -> Jws | None:
    """Return the parts of a compact JWS, or None; for naming what a text seems to be."""
    try:
        return parse_jws(token)
    except (JwsMalformed, StrictJsonError):
        return None


def check_header(jws: Jws, typ: str, *, content_type: str | None = None) -> None:
    """Refuse a token of another type, or whose header brings a key or asks for an extension.

    content_type: what `cty` says when it is there
    Raises: JwsTypeRefused, JwsHeaderRefused
    Source: RFC 8725, sections 3.1, 3.5, 3.10 and 3.11
    """
    if jws.type != typ:
        raise JwsTypeRefused(typ)
    for member in (*KEYS_IN_HEADER, *EXTENSIONS_IN_HEADER):
        if member in jws.header:
            raise JwsHeaderRefused(member)
    if content_type is not None and "cty" in jws.header:
        media_type = _media_type(jws.header["cty"])
        if media_type != content_type:
            raise JwsTypeRefused(content_type, "cty")


def check_algorithm(jws: Jws, allowed: Collection[str]) -> None:
    """Refuse an algorithm that the caller does not allow or that has no reader.

    Raises: JwsAlgorithmRefused
    """
    if jws.algorithm not in allowed or jws.algorithm not in KEY_ALGORITHMS:
        raise JwsAlgorithmRefused(jws.algorithm, allowed)


def verify_jws(jws: Jws, key: PublicKey) -> bool:
    """Return whether the key made the signature, and is of the kind that `alg` needs."""
    if KEY_ALGORITHMS.get(jws.algorithm) != key.algorithm:
        return False
    if jws.algorithm in _RSA_SCHEMES:
        return _RSA_SCHEMES[jws.algorithm](key.raw, jws.signature, jws.signing_input)
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


def _media_type(value: object) -> str:
    """Return a media type in lower case, without `application/` (RFC 7515, 4.1.9 and 4.1.10)."""
    return value.lower().removeprefix("application/") if isinstance(value, str) else ""


def _encode(value: JsonObject) -> str:
    return encode_base64url(write(value))
