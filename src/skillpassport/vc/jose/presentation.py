"""Presentations secured as compact JWS: `vp+jwt`, whose payload is the presentation itself.

Follows VC-JOSE-COSE, section 3.1.2. `aud` names the verifier and `nonce` the verifier's question,
as `domain` and `challenge` do in a Data Integrity proof.

Departs from the specification by refusing more: `typ` and `kid` must be there, keys in the header are
refused.
"""

from datetime import datetime
from typing import Final

from skillpassport.vc.jose.credential import check_same, id_of, refuse_vc_and_vp
from skillpassport.vc.jose.jws import (
    REGISTERED_DATES,
    Jws,
    JwtClaimRefused,
    check_header,
    numeric_date,
    sign_jws,
)
from skillpassport.vc.keys import Signer
from skillpassport.vc.strict_json import JsonObject, one_or_many

VP_JWT: Final = "vp+jwt"
_CONTENT_TYPE = "vp"


def sign_vp_jwt(
    document: JsonObject,
    signer: Signer,
    *,
    kid: str,
    audience: str | None = None,
    nonce: str | None = None,
    issued_at: datetime | None = None,
) -> str:
    """Return the presentation as a compact JWS; its payload is the document as it is, and claims.

    kid: absolute DID URL of the holder's key
    audience, nonce: what the verifier gave, so that nobody can show the presentation elsewhere
    Raises: JwtClaimRefused, JwsAlgorithmRefused
    Source: VC-JOSE-COSE, section 3.1.2
    """
    claims: JsonObject = {
        "iss": id_of(document.get("holder")),
        "aud": audience,
        "nonce": nonce,
        "iat": int(issued_at.timestamp()) if issued_at else None,
    }
    payload = {**document, **{name: value for name, value in claims.items() if value is not None}}
    check_vp_claims(payload)
    return sign_jws({"typ": VP_JWT, "cty": _CONTENT_TYPE, "kid": kid}, payload, signer)


def check_vp_jwt(jws: Jws) -> None:
    """Refuse a token whose header or claims break the rules of `vp+jwt`, whatever its signature.

    Raises: JwsTypeRefused, JwsHeaderRefused, JwtClaimRefused
    Source: VC-JOSE-COSE, section 3.1; RFC 8725, sections 3.1, 3.5, 3.8, 3.10 and 3.11
    """
    check_header(jws, VP_JWT, content_type=_CONTENT_TYPE)
    check_vp_claims(jws.payload)


def audiences(payload: JsonObject) -> tuple[str, ...]:
    """Return the verifiers that a token was made for (RFC 7519, section 4.1.3).

    Raises: JwtClaimRefused
    """
    values = one_or_many(payload.get("aud"))
    texts = tuple(value for value in values if isinstance(value, str))
    if len(texts) != len(values):
        raise JwtClaimRefused("aud", "a text or an array of texts")
    return texts


def check_vp_claims(payload: JsonObject) -> None:
    """Refuse claims of the wrong kind, or that contradict the presentation.

    Raises: JwtClaimRefused
    """
    refuse_vc_and_vp(payload)
    for claim in REGISTERED_DATES:
        numeric_date(payload, claim)
    audiences(payload)
    if not isinstance(payload.get("nonce", ""), str):
        raise JwtClaimRefused("nonce", "a text")
    if "holder" in payload:
        check_same(payload, "iss", id_of(payload["holder"]))
    check_same(payload, "jti", payload.get("id"))
