"""Signing a document, and checking the signature before anything leaves."""

import json
from datetime import datetime

from skillpassport.credentials.model import Format
from skillpassport.organisations.signing_keys import ActiveSigner
from skillpassport.vc import jcs
from skillpassport.vc.data_integrity import ProofOptions, add_proof
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
        options=ProofOptions(verification_method=active.verification_method, created=now),
    )
    if form is Format.OPEN_BADGE:
        # The Open Badges 3.0 schema wants an array; Data Integrity allows both.
        signed = signed | {"proof": [signed["proof"]]}
    return json.dumps(signed, ensure_ascii=False, separators=(",", ":"))


def content_of(document: JsonObject) -> bytes:
    """Return the bytes by which an award is found again: what was signed, in canonical form.

    The proof is left out, so that the same content is the same award whatever its white space,
    member order or securing.

    document: the claims, with or without an embedded proof
    Raises: NotCanonicalizable
    """
    return jcs.canonicalize({name: value for name, value in document.items() if name != "proof"})
