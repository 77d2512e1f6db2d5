"""Say a credential of the W3C data model as the claims of an SD-JWT VC.

A client of the VC-API composes one kind of credential for every way of signing. An SD-JWT VC knows no
contexts: who issued it, when it holds and whom it is about have claims of their own there, and what is
said of the subject stands at the top, where a holder shows it piece by piece.
Source: SD-JWT VC, sections 3.2.2 and 3.2.3; RFC 7519, section 4.1
"""

from collections.abc import Iterator
from typing import Final

from skillpassport.vc.instants import parse_instant
from skillpassport.vc.model import VERIFIABLE_CREDENTIAL, ShapeProblem, is_url
from skillpassport.vc.sdjwt.credential import NEVER_DISCLOSED, VCT
from skillpassport.vc.strict_json import JsonObject, JsonValue, one_or_many

GENERAL_TYPE: Final = f"https://www.w3.org/2018/credentials#{VERIFIABLE_CREDENTIAL}"
"""What the data model's own context makes of the type that every credential has."""

_RENAMED: Final = {"id": "jti", "validFrom": "nbf", "validUntil": "exp"}
_RESERVED: Final = NEVER_DISCLOSED | {"iat", "sub", "jti", "aud", "_sd", "_sd_alg", "..."}
_UNCHECKED: Final = ("credentialStatus", "credentialSchema", "relatedResource")
"""What verifiers of an SD-JWT VC would pass over: a credential would seem to be bound by it."""

_ELSEWHERE: Final = {*_RENAMED, "@context", "issuer", "credentialSubject"}


def claims_problems(document: JsonObject) -> Iterator[ShapeProblem]:
    """Yield where a credential that follows the data model says what claims cannot.

    document: without departures from the data model
    """
    for member in _UNCHECKED:
        if member in document:
            yield ShapeProblem(f"/{member}", "no such member, which an SD-JWT VC has no place for")
    subjects = one_or_many(document["credentialSubject"])
    if len(subjects) != 1:
        yield ShapeProblem("/credentialSubject", "one subject, of which an SD-JWT VC is")
    for name in _own(document):
        if name in _RESERVED:
            yield ShapeProblem(f"/{name}", "a name that is no registered claim")
    for name in _of_subject(document):
        if name in _RESERVED or name == "issuer" or name in _own(document):
            pointer = f"/credentialSubject/{name}"
            yield ShapeProblem(pointer, "a name that is no other claim of the credential")


def claims_of(document: JsonObject) -> JsonObject:
    """Return the claims of a credential about which `claims_problems` says nothing, without `iss`.

    `vct` is its first type with an address; `type` keeps the names that only a context explains.
    """
    types = [each for each in one_or_many(document["type"]) if is_url(each)]
    claims: JsonObject = {VCT: types[0] if types else GENERAL_TYPE}
    for member, claim in _RENAMED.items():
        if member in document:
            claims[claim] = document[member] if member == "id" else _seconds(document[member])
    issuer = document["issuer"]
    if isinstance(issuer, dict) and len(issuer) > 1:
        claims["issuer"] = {name: each for name, each in issuer.items() if name != "id"}
    (subject,) = one_or_many(document["credentialSubject"])
    if isinstance(subject, dict) and "id" in subject:
        claims["sub"] = subject["id"]
    return {**claims, **_own(document), **_of_subject(document)}


def _own(document: JsonObject) -> JsonObject:
    """Return the members that say something of the credential itself, under the same names."""
    return {name: each for name, each in document.items() if name not in _ELSEWHERE}


def _of_subject(document: JsonObject) -> JsonObject:
    subjects = one_or_many(document["credentialSubject"])
    subject = subjects[0] if subjects else None
    if not isinstance(subject, dict):
        return {}
    return {name: each for name, each in subject.items() if name != "id"}


def _seconds(value: JsonValue) -> int:
    instant = parse_instant(value)
    assert instant is not None, "the data model was followed"  # noqa: S101
    return int(instant.timestamp())
