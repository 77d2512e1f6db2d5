"""Builders of sealed documents (JAdES), as European Digital Credentials are."""

import json
from datetime import datetime

from skillpassport.clock import rfc3339
from skillpassport.vc.jose.jws import signing_algorithm
from skillpassport.vc.multibase import encode_base64url
from skillpassport.vc.strict_json import JsonObject, JsonValue
from tests.support.certificates import CertifiedSigner
from tests.support.credentials import ISSUED, as_text
from tests.support.foreign import V1

OWNER = "VATGH-0000001"


def a_diploma(**changes: JsonValue) -> JsonObject:
    """Return an unsealed credential of the European Learning Model's kind."""
    document: JsonObject = {
        "@context": [V1],
        "id": "urn:credential:43662fb0-c31c-4afb-b501-e85aea91c0a8",
        "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
        "issuer": {"id": "urn:epass:org:1", "eIDASIdentifier": {"notation": OWNER}},
        "issuanceDate": "2026-11-01T00:00:00Z",
        "credentialSubject": {"id": "urn:epass:person:1"},
    }
    document.update(changes)
    return {name: value for name, value in document.items() if value is not None}


def a_seal(
    document: JsonObject,
    signer: CertifiedSigner,
    *,
    at: datetime = ISSUED,
    is_encoded: bool = False,
    **header: JsonValue,
) -> JsonObject:
    """Return the document sealed; a member of the header given as None is left out."""
    wanted: JsonObject = {
        "alg": signing_algorithm(signer.signer),
        "x5c": [*signer.chain],
        "b64": None if is_encoded else False,
        "sigT": rfc3339(at),
        "crit": ["sigT"] if is_encoded else ["b64", "sigT"],
        **header,
    }
    protected = encode_base64url(
        json.dumps({name: value for name, value in wanted.items() if value is not None}).encode()
    )
    text = as_text(document)
    payload = encode_base64url(text.encode()) if is_encoded else text
    signature = signer.signer.sign(f"{protected}.{payload}".encode())
    return {
        "payload": payload,
        "signatures": [{"protected": protected, "signature": encode_base64url(signature)}],
    }
