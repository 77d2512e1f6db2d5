"""The holder's signature over a presentation: the key binding JWT.

Follows RFC 9901, sections 4.3 and 7.3, step 5. The key is the one that the issuer put into `cnf`
(RFC 7800, section 3.2); other confirmation methods are not read.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final

from skillpassport.vc.jose import (
    JoseError,
    check_algorithm,
    numeric_date,
    sign_jws,
    verify_jws,
)
from skillpassport.vc.jose.jws import check_header
from skillpassport.vc.keys import KeyRefused, PublicKey, Signer
from skillpassport.vc.sdjwt.refusals import KeyBindingRefused
from skillpassport.vc.sdjwt.serialization import SdJwt, SdJwtKb, with_binding
from skillpassport.vc.strict_json import JsonObject

KB_JWT: Final = "kb+jwt"


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingTerms:
    """What a verifier asks of a key binding.

    audience, nonce: that the verifier gave; None where it gave none
    window: how far `iat` may lie in the past or in the future; None where nobody asked for the
    presentation, so that its time says nothing
    algorithms: that are accepted
    """

    audience: str | None
    nonce: str | None
    now: datetime
    window: timedelta | None
    algorithms: Collection[str]


def bind(
    sd_jwt: SdJwt, signer: Signer, *, audience: str, nonce: str, issued_at: datetime
) -> SdJwtKb:
    """Return the presentation with the holder's signature over it.

    sd_jwt: with the disclosures that are to be shown, no others
    Raises: JwsAlgorithmRefused, SdHashRefused
    Source: RFC 9901, section 4.3
    """
    payload: JsonObject = {
        "iat": int(issued_at.timestamp()),
        "aud": audience,
        "nonce": nonce,
        "sd_hash": sd_jwt.sd_hash,
    }
    return with_binding(sd_jwt, sign_jws({"typ": KB_JWT}, payload, signer))


def holder_key(claims: JsonObject) -> PublicKey | None:
    """Return the key that the issuer confirmed as the holder's; None when it confirmed none.

    claims: of the issuer-signed JWT
    Raises: KeyBindingRefused for a confirmation that is not read here
    Source: RFC 7800, sections 3.1 and 3.2
    """
    if "cnf" not in claims:
        return None
    confirmation = claims["cnf"]
    jwk = confirmation.get("jwk") if isinstance(confirmation, dict) else None
    if not isinstance(confirmation, dict) or not isinstance(jwk, dict) or len(confirmation) != 1:
        raise KeyBindingRefused("one key as 'jwk' in 'cnf'", "another confirmation")
    try:
        return PublicKey.from_jwk(jwk)
    except KeyRefused as error:
        raise KeyBindingRefused("a key in 'cnf' that is read here", str(error)) from error


def check_binding_jwt(presentation: SdJwtKb, key: PublicKey, terms: BindingTerms) -> None:
    """Refuse a key binding that is not this holder's, for these disclosures, on these terms.

    key: from `holder_key` of the issuer-signed claims, never from the key binding itself
    Raises: KeyBindingRefused, SdHashRefused
    Source: RFC 9901, section 7.3, step 5
    """
    binding = presentation.binding
    try:
        check_header(binding, KB_JWT)  # step 5.4, 5.8
        check_algorithm(binding, terms.algorithms)  # step 5.2
        issued_at = numeric_date(binding.payload, "iat")
        expires = numeric_date(binding.payload, "exp")
        starts = numeric_date(binding.payload, "nbf")
    except JoseError as error:
        raise KeyBindingRefused(
            "a key binding JWT after RFC 9901", f"another ({error.code})"
        ) from error
    if not verify_jws(binding, key):  # step 5.3
        raise KeyBindingRefused("the holder's signature", "one that does not match")
    if issued_at is None:
        raise KeyBindingRefused("a time of signing", "none")
    if terms.window is not None:  # step 5.5
        if abs(terms.now - issued_at) > terms.window:
            raise KeyBindingRefused("a time of signing close to now", "another")
        if (expires is not None and expires <= terms.now) or (
            starts is not None and starts > terms.now + terms.window
        ):
            raise KeyBindingRefused("a key binding in force", "one that is not")
    _check_same(binding.payload, "aud", terms.audience, "this verifier")  # step 5.6
    _check_same(binding.payload, "nonce", terms.nonce, "the nonce that was asked for")
    sd_hash = binding.payload.get("sd_hash")  # step 5.7
    expected = presentation.sd_jwt.sd_hash
    if not isinstance(sd_hash, str) or not compare_digest(sd_hash.encode(), expected.encode()):
        raise KeyBindingRefused("a signature over exactly these disclosures", "one over others")


def _check_same(payload: JsonObject, claim: str, expected: str | None, name: str) -> None:
    value = payload.get(claim)
    if not isinstance(value, str):
        raise KeyBindingRefused(f"a text in '{claim}'", "another value or none")
    if expected is not None and not compare_digest(value.encode(), expected.encode()):
        raise KeyBindingRefused(name, f"another '{claim}'")
