"""Credentials of the VC Data Model 1.1 as tokens: a JWT whose claim `vc` holds the credential.

Follows VC Data Model 1.1, section 6.3.1 (JSON Web Token), for reading only.

Departs from the specification by refusing more: a registered claim and the member that it stands for
must say the same when both are there, and extensions in the header are refused.
"""

from datetime import datetime
from typing import Final

from skillpassport.clock import rfc3339
from skillpassport.vc.instants import parse_instant
from skillpassport.vc.jose.jws import (
    EXTENSIONS_IN_HEADER,
    KEYS_IN_HEADER,
    REGISTERED_DATES,
    Jws,
    JwsHeaderRefused,
    JwsTypeRefused,
    JwtClaimRefused,
    numeric_date,
)
from skillpassport.vc.model import is_data_model_1
from skillpassport.vc.strict_json import JsonObject, JsonValue

VC_CLAIM: Final = "vc"
_TYPES: Final = frozenset({"", "jwt"})
_DATES: Final = (("nbf", "issuanceDate"), ("exp", "expirationDate"))


def check_jwt_vc(jws: Jws) -> None:
    """Refuse a token whose header or claims break the rules, whatever its signature.

    `jwk` is let pass: Open Badges 3.0 allows it, and whose key it is, is asked elsewhere.

    Raises: JwsTypeRefused, JwsHeaderRefused, JwtClaimRefused
    Source: VC Data Model 1.1, section 6.3.1; RFC 8725, sections 3.1, 3.10 and 3.11
    """
    if jws.type not in _TYPES:
        raise JwsTypeRefused("JWT")
    for member in (*KEYS_IN_HEADER, *EXTENSIONS_IN_HEADER):
        if member in jws.header and member != "jwk":
            raise JwsHeaderRefused(member)
    for claim in REGISTERED_DATES:
        numeric_date(jws.payload, claim)
    credential_of(jws.payload)


def credential_of(payload: JsonObject) -> JsonObject:
    """Return the credential that a token's claims state together.

    Raises: JwtClaimRefused (no credential, both kinds at once, or claims that contradict it)
    Source: VC Data Model 1.1, section 6.3.1 (JWT Decoding)
    """
    credential = payload.get(VC_CLAIM)
    if not isinstance(credential, dict) or not is_data_model_1(credential):
        raise JwtClaimRefused(VC_CLAIM, "a credential of the data model 1.1")
    for member in ("vp", "@context"):
        if member in payload:
            raise JwtClaimRefused(member, f"no '{member}' beside the claim 'vc'")
    document = dict(credential)
    if "jti" in payload:
        document["id"] = _same(payload, "jti", document.get("id"))
    if "iss" in payload:
        document["issuer"] = _with_id(payload, "iss", document.get("issuer"))
    if "sub" in payload:
        _name_subject(document, payload)
    for claim, member in _DATES:
        _add_date(document, payload, claim, member)
    return document


def _same(payload: JsonObject, claim: str, stated: JsonValue) -> JsonValue:
    if stated is not None and stated != payload[claim]:
        raise JwtClaimRefused(claim, "the same value as in the credential")
    return payload[claim]


def _with_id(payload: JsonObject, claim: str, stated: JsonValue) -> JsonValue:
    """Return an identifier, or an object that has it."""
    if isinstance(stated, dict):
        return {**stated, "id": _same(payload, claim, stated.get("id"))}
    return _same(payload, claim, stated)


def _name_subject(document: JsonObject, payload: JsonObject) -> None:
    """Give the one subject its identifier; several could not be told apart by `sub`."""
    subject = document.get("credentialSubject")
    if isinstance(subject, list) and len(subject) == 1:
        subject = subject[0]
    if not isinstance(subject, dict):
        raise JwtClaimRefused("sub", "one subject, as an object")
    document["credentialSubject"] = _with_id(payload, "sub", subject)


def _add_date(document: JsonObject, payload: JsonObject, claim: str, member: str) -> None:
    """State a date that only the claim has; where both are there, to the second, they must agree."""
    claimed = numeric_date(payload, claim)
    if claimed is None:
        return
    if member not in document:
        document[member] = rfc3339(claimed)
        return
    stated = parse_instant(document[member])
    if stated is not None and _second(stated) != _second(claimed):
        raise JwtClaimRefused(claim, f"the same instant as in '{member}'")


def _second(instant: datetime) -> int:
    return int(instant.timestamp())
