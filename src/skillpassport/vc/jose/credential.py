"""Credentials secured as compact JWS: `vc+jwt`, whose payload is the credential itself.

Follows VC-JOSE-COSE, section 3.1.1.

Departs from the specification by refusing more: `typ` must be `vc+jwt` and `kid` must be there, both
of which the specification only recommends; keys in the header are refused.
"""

from typing import Final

from skillpassport.vc.jose.jws import (
    REGISTERED_DATES,
    Jws,
    JwsKeyUnnamed,
    JwtClaimRefused,
    check_header,
    numeric_date,
    sign_jws,
)
from skillpassport.vc.keys import Signer
from skillpassport.vc.strict_json import JsonObject, JsonValue

VC_JWT: Final = "vc+jwt"
_CONTENT_TYPE = "vc"


def sign_vc_jwt(document: JsonObject, signer: Signer, *, kid: str, typ: str = VC_JWT) -> str:
    """Return the credential as a compact JWS; its payload is the document as it is, and `iss`.

    General JWT libraries find the issuer by `iss`; the credentials context defines the term, so that
    the payload stays a credential whose every member has a meaning.

    kid: absolute DID URL of the signing key
    Raises: JwtClaimRefused for a document with `vc` or `vp`, JwsAlgorithmRefused
    Source: VC-JOSE-COSE, section 3.1.1
    """
    check_claims(document)
    issuer = id_of(document.get("issuer"))
    payload = {**document, "iss": issuer} if isinstance(issuer, str) else document
    return sign_jws({"typ": typ, "cty": _CONTENT_TYPE, "kid": kid}, payload, signer)


def check_vc_jwt(jws: Jws) -> None:
    """Refuse a token whose header or claims break the rules of `vc+jwt`, whatever its signature.

    Raises: JwsTypeRefused, JwsHeaderRefused, JwtClaimRefused
    Source: VC-JOSE-COSE, section 3.1; RFC 8725, sections 3.1, 3.5, 3.10 and 3.11
    """
    check_header(jws, VC_JWT, content_type=_CONTENT_TYPE)
    check_claims(jws.payload)


def key_id(jws: Jws, controller: str | None) -> str:
    """Return the DID URL of the key that the token names; `#key-1` is relative to the controller.

    Raises: JwsKeyUnnamed
    Source: VC-JOSE-COSE, section 4.1 (kid)
    """
    kid = jws.header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise JwsKeyUnnamed
    return f"{controller}{kid}" if controller and kid.startswith("#") else kid


def check_claims(payload: JsonObject) -> None:
    """Refuse registered claims of the wrong kind, or that contradict the credential.

    Raises: JwtClaimRefused
    Source: VC-JOSE-COSE, section 3.1.3
    """
    refuse_vc_and_vp(payload)
    for claim in REGISTERED_DATES:
        numeric_date(payload, claim)
    check_same(payload, "iss", id_of(payload.get("issuer")))
    check_same(payload, "jti", payload.get("id"))
    check_same(payload, "sub", id_of(payload.get("credentialSubject")))


def refuse_vc_and_vp(payload: JsonObject) -> None:
    """Refuse the claims under which older tokens carried a whole document.

    Raises: JwtClaimRefused
    Source: VC-JOSE-COSE, section 3.1.3: "The JWT Claim Names vc and vp MUST NOT be present"
    """
    for claim in ("vc", "vp"):
        if claim in payload:
            raise JwtClaimRefused(claim, f"no '{claim}' claim, the payload being the document")


def check_same(payload: JsonObject, claim: str, member: JsonValue) -> None:
    """Refuse a registered claim that says something else than the document.

    Raises: JwtClaimRefused
    """
    if claim in payload and payload[claim] != member:
        raise JwtClaimRefused(claim, "the same value as in the document")


def id_of(value: JsonValue) -> JsonValue:
    """Return the `id` of an object, or the value itself."""
    return value.get("id") if isinstance(value, dict) else value
