"""Sealed credentials as the European Union's issuers make them: a JWS in JSON with certificates.

Follows JAdES (ETSI TS 119 182-1), section 5, RFC 7515, section 7.2, and RFC 7797 (`b64`), for reading
only. The seal's own signature is read; the time stamps beside it are not.

Departs from JAdES by refusing more: one signature, over the payload in the document itself (no `sigD`),
with its certificates in the protected header.
"""

from typing import Final

from skillpassport.vc.jose.jws import JoseError, Jws
from skillpassport.vc.multibase import MultibaseInvalid, decode_base64url
from skillpassport.vc.quoting import quoted
from skillpassport.vc.strict_json import JsonObject, JsonValue, parse_object

CERTIFICATES: Final = "x5c"
SIGNING_TIME: Final = "sigT"

_UNDERSTOOD: Final = frozenset(
    {"b64", SIGNING_TIME, "adoTst", "sigX5ts", "x5t#o", "srCms", "sigPl", "srAts", "sigPId"}
)
"""What `crit` may name: these change nothing of what is signed but `b64`, which is honoured."""

_ELSEWHERE: Final = ("sigD", "jwk", "jku", "x5u", "enc", "zip")


class JadesMalformed(JoseError):
    """The document is no seal over a JSON object that is read here."""

    code = "jades-malformed"

    def __init__(self, expected: str) -> None:
        super().__init__(
            f"Expected a JAdES seal with {expected}; found another form. Ask the issuer for the "
            "sealed file as it was issued."
        )


def parse_jades(document: JsonObject) -> Jws:
    """Return the parts of a sealed document, strictly decoded; nothing is verified.

    Raises: JadesMalformed, StrictJsonError
    Source: RFC 7515, section 7.2; RFC 7797, section 3; ETSI TS 119 182-1, section 5
    """
    payload, sealed = document.get("payload"), _the_signature(document)
    protected, signature = sealed.get("protected"), sealed.get("signature")
    if not isinstance(payload, str) or not isinstance(protected, str):
        raise JadesMalformed("a payload and a protected header as texts")
    if not isinstance(signature, str):
        raise JadesMalformed("a signature as a text")
    try:
        header = parse_object(decode_base64url(protected))
        _check_header(header, sealed.get("header"))
        content = payload.encode() if header.get("b64") is False else decode_base64url(payload)
        return Jws(
            header=header,
            payload=parse_object(content),
            signing_input=f"{protected}.{payload}".encode(),
            signature=decode_base64url(signature),
        )
    except (MultibaseInvalid, UnicodeEncodeError) as error:
        raise JadesMalformed("base64url in header and signature") from error


def _the_signature(document: JsonObject) -> JsonObject:
    signatures = document.get("signatures")
    if signatures is None:
        return document
    if "signature" in document or not isinstance(signatures, list) or len(signatures) != 1:
        raise JadesMalformed("one signature")
    (sealed,) = signatures
    if not isinstance(sealed, dict):
        raise JadesMalformed("a signature as an object")
    return sealed


def _check_header(header: JsonObject, unprotected: JsonValue) -> None:
    """Refuse what changes the meaning of a signature unsaid, or comes from outside it.

    Source: RFC 7515, sections 4.1.11 and 7.2.1; RFC 7797, section 6
    """
    if unprotected is not None:
        if not isinstance(unprotected, dict) or header.keys() & unprotected.keys():
            raise JadesMalformed("each member of the header once")
        if unprotected.keys() & {CERTIFICATES, "alg", "crit", "b64", "kid", *_ELSEWHERE}:
            raise JadesMalformed("its rules and certificates in the protected header")
    for member in _ELSEWHERE:
        if member in header:
            raise JadesMalformed(f"no {quoted(member)} in its header")
    critical = header.get("crit", [])
    if not isinstance(critical, list) or ("crit" in header and not critical):
        raise JadesMalformed("names in 'crit'")
    for name in critical:
        if not isinstance(name, str) or name not in _UNDERSTOOD or name not in header:
            raise JadesMalformed("nothing in 'crit' that is not read here")
    if "b64" in header and (not isinstance(header["b64"], bool) or "b64" not in critical):
        raise JadesMalformed("'b64' named in 'crit'")


__all__ = ["CERTIFICATES", "SIGNING_TIME", "JadesMalformed", "parse_jades"]
