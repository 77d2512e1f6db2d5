"""Status lists and references in CBOR Web Tokens.

Follows the Token Status List draft, sections 5.2 and 6.3, over RFC 8392 (CWT). A list's token is given
back as the JWS that would say the same: same claims under their names in JSON, same kind of signature.
What is checked of it afterwards is then checked in one place.
"""

import base64
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from skillpassport.vc.cose import KEY_ID, TYPE, X5CHAIN, CoseSign1, parse_sign1, sign1
from skillpassport.vc.jose import Jws
from skillpassport.vc.keys import Signer
from skillpassport.vc.multibase import encode_base64url
from skillpassport.vc.status_refusals import StatusEntryMalformed, StatusListMalformed
from skillpassport.vc.strict_cbor import CborMap, CborRefused, CborValue, parse_map
from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.vc.token_status.tokens import (
    STATUS_LIST,
    STATUS_LIST_JWT,
    StatusListToken,
    StatusReference,
)

STATUS_LIST_CWT: Final = "application/statuslist+cwt"

_ISS, _SUB, _EXP, _NBF, _IAT = 1, 2, 4, 5, 6
_STATUS_LIST, _TTL, _STATUS = 65533, 65534, 65535

_NAMES: Mapping[int, str] = MappingProxyType(
    {_ISS: "iss", _SUB: "sub", _EXP: "exp", _NBF: "nbf", _IAT: "iat", _TTL: "ttl"}
)


def sign_status_list_cwt(token: StatusListToken, signer: Signer, *, kid: str) -> bytes:
    """Return the list as a tagged COSE_Sign1 message.

    kid: of the signing key, as tokens of the same issuer name it
    Source: Token Status List, section 5.2
    """
    import cbor2  # noqa: PLC0415 - only signers of such messages need it

    labels = {name: label for label, name in _NAMES.items()}
    claims: dict[int, object] = {
        labels[name]: value for name, value in token.as_claims().items() if name in labels
    }
    claims[_STATUS_LIST] = token.statuses.as_cbor()
    return sign1({TYPE: STATUS_LIST_CWT}, {KEY_ID: kid.encode()}, cbor2.dumps(claims), signer)


def read_status_list_cwt(data: bytes) -> Jws:
    """Return a list's token as the JWS that would say the same; nothing is verified.

    Raises: StatusListMalformed
    Source: Token Status List, section 5.2
    """
    try:
        message = parse_sign1(data)
        claims = parse_map(message.payload)
    except CborRefused as error:
        raise StatusListMalformed("a signed CBOR Web Token") from error
    if message.protected.get(TYPE) != STATUS_LIST_CWT:
        raise StatusListMalformed(f"the type '{STATUS_LIST_CWT}'")
    members = claims.get(_STATUS_LIST)
    octets = members.get("lst") if isinstance(members, dict) else None
    if not isinstance(members, dict) or not isinstance(octets, bytes):
        raise StatusListMalformed("a map with octets as 'lst'")
    payload: JsonObject = {
        name: _plain(claims[label]) for label, name in _NAMES.items() if label in claims
    }
    payload[STATUS_LIST] = {**_named(members), "lst": encode_base64url(octets)}
    return Jws(
        header=_header(message),
        payload=payload,
        signing_input=message.signing_input,
        signature=message.signature,
    )


def read_referenced_cwt(data: bytes) -> StatusReference | None:
    """Return where the status of a CWT is published; None when it names no list.

    Nothing else of the token is read or verified.

    Raises: StatusEntryMalformed
    Source: Token Status List, section 6.3
    """
    try:
        claims = parse_map(parse_sign1(data).payload)
    except CborRefused as error:
        raise StatusEntryMalformed("status") from error
    if _STATUS not in claims:
        return None
    return StatusReference.from_claim(_plain(claims[_STATUS]))


def _header(message: CoseSign1) -> JsonObject:
    """Return the header under its names in JOSE; what has none there is left out."""
    header: JsonObject = {"alg": message.algorithm, "typ": STATUS_LIST_JWT}
    kid = message.headers.get(KEY_ID)
    if isinstance(kid, bytes):
        header["kid"] = kid.decode("utf-8", "replace")
    if X5CHAIN in message.headers:
        chain = message.headers[X5CHAIN]
        header["x5c"] = [
            _certificate(each) for each in (chain if isinstance(chain, list) else [chain])
        ]
    return header


def _certificate(der: CborValue) -> JsonValue:
    """Return a certificate in base64, or what `read_chain` refuses (RFC 9360, section 2)."""
    return base64.b64encode(der).decode() if isinstance(der, bytes) else None


def _plain(value: CborValue) -> JsonValue:
    """Return a value of a claim as JSON would hold it, or null where JSON has no such value."""
    if isinstance(value, dict):
        return _named(value)
    return value if isinstance(value, bool | int | float | str) else None


def _named(members: CborMap) -> JsonObject:
    return {str(name): _plain(value) for name, value in members.items()}
