"""Builders of credentials after earlier standards: data model 1.1, embedded and as tokens."""

from skillpassport.vc.foreign import ALL_FOREIGN
from skillpassport.vc.jose import FOREIGN_ALGORITHMS, OWN_ALGORITHMS, sign_jws
from skillpassport.vc.keys import Signer
from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.vc.suites.ed25519_signature_2020 import ed25519_signature_2020_over
from skillpassport.vc.verify import Policy
from tests.support.credentials import ISSUER, as_text, did_of, method_of

V1 = "https://www.w3.org/2018/credentials/v1"
ED25519_2020 = "https://w3id.org/security/suites/ed25519-2020/v1"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json"

OPEN_TO_ALL = Policy(foreign=ALL_FOREIGN, jws_algorithms=OWN_ALGORITHMS | FOREIGN_ALGORITHMS)


def an_old_badge(*, issuer: JsonValue = None, **changes: JsonValue) -> JsonObject:
    """Return an unsigned badge of the data model 1.1; a member given as None is left out."""
    document: JsonObject = {
        "@context": [V1, OPEN_BADGES, ED25519_2020],
        "id": "urn:uuid:3f1d9a4e-3c5f-4c0e-9d5e-0d7f6a1b2c3d",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Welder, arc",
        "issuer": issuer or {"id": did_of(ISSUER), "type": ["Profile"], "name": "College"},
        "issuanceDate": "2026-11-01T00:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "urn:uuid:1f8fad5b-d9cb-469f-a165-70867728950e",
                "type": ["Achievement"],
                "name": "Arc welding",
                "description": "Welds by arc.",
                "criteria": {"narrative": "A test piece."},
            },
        },
    }
    document.update(changes)
    return {name: value for name, value in document.items() if value is not None}


def signed_as_2020(
    document: JsonObject, signer: Signer = ISSUER, *, method: str | None = None
) -> str:
    """Return the document with a proof of the suite Ed25519Signature2020."""
    options: JsonObject = {
        "type": "Ed25519Signature2020",
        "created": "2026-11-01T08:00:00Z",
        "verificationMethod": method or method_of(signer),
        "proofPurpose": "assertionMethod",
    }
    proof = ed25519_signature_2020_over(None).create(document, options, signer)
    return as_text({**document, "proof": proof})


def a_jwt_vc(
    credential: JsonValue = None,
    signer: Signer = ISSUER,
    header: JsonObject | None = None,
    **claims: JsonValue,
) -> str:
    """Return a token of the data model 1.1; a claim given as None is left out."""
    document = an_old_badge(issuer=did_of(signer)) if credential is None else credential
    payload: JsonObject = {"vc": document, "iss": did_of(signer), **claims}
    wanted: JsonObject = {name: value for name, value in payload.items() if value is not None}
    head: JsonObject = {"typ": "JWT", "kid": method_of(signer)} if header is None else header
    return sign_jws(head, wanted, signer)
