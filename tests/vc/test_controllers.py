"""Whose key it is: verification methods are found and judged by their controller's document."""

from datetime import timedelta

import pytest

from skillpassport.vc.controllers import (
    ASSERTION,
    MethodExpired,
    MethodNotAuthorised,
    MethodNotFound,
    MethodRevoked,
    resolve_verification_method,
)
from skillpassport.vc.did import DidInvalid
from skillpassport.vc.strict_json import JsonObject, JsonValue
from tests.support.credentials import ISSUER, NOW, STRANGER

DID = "did:web:issuer.example"
KEY = f"{DID}#key-1"


def a_method(**changes: JsonValue) -> JsonObject:
    method: JsonObject = {
        "id": KEY,
        "type": "Multikey",
        "controller": DID,
        "publicKeyMultibase": ISSUER.public_key.multikey,
    }
    method.update(changes)
    return {name: value for name, value in method.items() if value is not None}


def a_document(*methods: JsonValue, **changes: JsonValue) -> JsonObject:
    document: JsonObject = {
        "id": DID,
        "verificationMethod": list(methods) or [a_method()],
        "assertionMethod": [KEY],
    }
    return {**document, **changes}


def resolve(document: JsonObject, did_url: str = KEY) -> object:
    return resolve_verification_method(document, did_url, ASSERTION, now=NOW)


def instant(**ahead: int) -> str:
    return (NOW + timedelta(**ahead)).isoformat()


ACCEPTED: list[tuple[str, JsonObject]] = [
    ("referenced by absolute id", a_document()),
    ("referenced by fragment", a_document(assertionMethod=["#key-1"])),
    ("listed under a relative id", a_document(a_method(id="#key-1"))),
    ("embedded", a_document(verificationMethod=[], assertionMethod=[a_method()])),
    (
        "as JWK",
        a_document(
            a_method(type="JsonWebKey", publicKeyMultibase=None, publicKeyJwk=ISSUER.public_key.jwk)
        ),
    ),
    ("of the older type", a_document(a_method(type="Ed25519VerificationKey2020"))),
    ("expires later", a_document(a_method(expires=instant(seconds=1)))),
    ("revoked later", a_document(a_method(revoked=instant(days=1)))),
    ("listed twice alike", a_document(a_method(), a_method())),
]

REFUSED: list[tuple[str, JsonObject, type[Exception]]] = [
    ("not listed", a_document(a_method(id=f"{DID}#key-2")), MethodNotFound),
    ("not for this purpose", a_document(assertionMethod=[]), MethodNotAuthorised),
    ("for authentication only", a_document(assertionMethod=[], authentication=[KEY]),
     MethodNotAuthorised),
    ("embedded elsewhere", a_document(verificationMethod=[], assertionMethod=[],
                                      authentication=[a_method()]), MethodNotAuthorised),
    ("another controller", a_document(a_method(controller="did:web:other.example")),
     MethodNotAuthorised),
    ("several controllers", a_document(a_method(controller=[DID])), MethodNotAuthorised),
    ("no controller", a_document(a_method(controller=None)), MethodNotAuthorised),
    ("another document", a_document(id="did:web:other.example"), DidInvalid),
    ("no id", a_document(id=None), DidInvalid),
    ("expired now", a_document(a_method(expires=instant(seconds=0))), MethodExpired),
    ("expired", a_document(a_method(expires=instant(days=-1))), MethodExpired),
    ("revoked now", a_document(a_method(revoked=instant(seconds=0))), MethodRevoked),
    ("revoked", a_document(a_method(revoked=instant(days=-1))), MethodRevoked),
    ("revoked and expired", a_document(a_method(revoked=instant(days=-1),
                                                expires=instant(days=-2))), MethodRevoked),
    ("expiry unreadable", a_document(a_method(expires="soon")), DidInvalid),
    ("expiry null", a_document({**a_method(), "expires": None}), DidInvalid),
    ("two keys under one id", a_document(
        a_method(), a_method(publicKeyMultibase=STRANGER.public_key.multikey)), DidInvalid),
    ("two forms of key", a_document(a_method(publicKeyJwk=STRANGER.public_key.jwk)), DidInvalid),
    ("private JWK", a_document(a_method(type="JsonWebKey", publicKeyMultibase=None,
                                        publicKeyJwk={**ISSUER.public_key.jwk, "d": "AA"})),
     DidInvalid),
    ("type of another form", a_document(a_method(type="JsonWebKey")), DidInvalid),
    ("unknown type", a_document(a_method(type="EcdsaSecp256k1VerificationKey2019")), DidInvalid),
    ("no type", a_document(a_method(type=None)), DidInvalid),
    ("type array", a_document(a_method(type=["Multikey"])), DidInvalid),
    ("weak key", a_document(a_method(publicKeyMultibase="z6MkeTG3bFFSLYVU7VqhgZxqr6YzpaGrQtFMh1uvqGy1vDnP")), DidInvalid),
    ("methods no array", a_document(verificationMethod=a_method()), DidInvalid),
    ("purpose no array", a_document(assertionMethod=KEY), DidInvalid),
    ("endless methods", a_document(verificationMethod=[a_method()] * 300), DidInvalid),
    ("empty document", {}, DidInvalid),
]  # fmt: skip


@pytest.mark.parametrize(("name", "document"), ACCEPTED, ids=[row[0] for row in ACCEPTED])
def test_a_published_key_is_found(name: str, document: JsonObject) -> None:
    method = resolve_verification_method(document, KEY, ASSERTION, now=NOW)
    assert method.public_key == ISSUER.public_key
    assert (method.id, method.controller) == (KEY, DID)


@pytest.mark.parametrize(("name", "document", "cause"), REFUSED, ids=[row[0] for row in REFUSED])
def test_a_key_that_may_not_be_used_is_refused(
    name: str, document: JsonObject, cause: type[Exception]
) -> None:
    with pytest.raises(cause):
        resolve(document)


@pytest.mark.parametrize("did_url", [DID, f"{DID}/path#key-1", f"{DID}?a=b#key-1", "#key-1", ""])
def test_only_a_did_with_a_fragment_names_a_method(did_url: str) -> None:
    with pytest.raises(DidInvalid):
        resolve(a_document(), did_url)
