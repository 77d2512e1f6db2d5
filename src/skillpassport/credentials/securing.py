"""Signing a document, and checking the signature before anything leaves."""

import json
from datetime import datetime

from skillpassport.clock import rfc3339
from skillpassport.credentials.model import Format
from skillpassport.organisations.signing_keys import ActiveSigner
from skillpassport.vc import jcs
from skillpassport.vc.data_integrity import add_proof
from skillpassport.vc.jose import sign_vc_jwt
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.suites import EDDSA_JCS_2022


def secure(document: JsonObject, form: Format, active: ActiveSigner, now: datetime) -> str:
    """Return the signed document, exactly as it is to be kept and handed out.

    Returns: JSON text with an embedded proof, or a compact JWS for `vc+jwt`
    """
    if form is Format.VC_JWT:
        return sign_vc_jwt(document, active.signer, kid=active.verification_method)
    signed = add_proof(
        document,
        suite=EDDSA_JCS_2022,
        signer=active.signer,
        verification_method=active.verification_method,
        created=rfc3339(now),
    )
    if form is Format.OPEN_BADGE:
        # The Open Badges 3.0 schema wants an array; Data Integrity allows both.
        signed = signed | {"proof": [signed["proof"]]}
    return json.dumps(signed, ensure_ascii=False, separators=(",", ":"))


def canonical_bytes(document: str, parsed: JsonObject | None) -> bytes:
    """Return the bytes by which a document is found again in the award register.

    A JSON document is the same whatever its white space and member order; a token is itself.
    """
    if document.lstrip().startswith("{") and parsed is not None:
        return jcs.canonicalize(parsed)
    return document.strip().encode()
