"""An accreditation as the credential that its authority signs."""

import json
from datetime import datetime

from skillpassport.clock import first_instant, last_instant
from skillpassport.languages import in_language
from skillpassport.organisations.accreditation import AccreditationId, AccreditationScope, Grant
from skillpassport.organisations.model import Organisation
from skillpassport.organisations.signing_keys import ActiveSigner
from skillpassport.schemas import ACCREDITATION, require_schema
from skillpassport.vc.bitstring_status import StatusEntry
from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.suites import EDDSA_JCS_2022
from skillpassport.vc.vocabulary import (
    CREDENTIALS_V2,
    TERMS,
    accreditation_uri,
    framework_uri,
    isced_f_uri,
)


def sign_accreditation(
    accreditation: AccreditationId,
    authority: Organisation,
    grant: Grant,
    status: StatusEntry,
    active: ActiveSigner,
    now: datetime,
) -> str:
    """Return the signed accreditation credential as JSON text, exactly as it is to be kept."""
    document = _document(accreditation, authority, grant, status)
    require_schema(document, ACCREDITATION)
    signed = add_proof(
        document,
        suite=EDDSA_JCS_2022,
        signer=active.signer,
        options=ProofOptions(verification_method=active.verification_method, created=now),
    )
    return json.dumps(signed, ensure_ascii=False, separators=(",", ":"))


def _document(
    accreditation: AccreditationId,
    authority: Organisation,
    grant: Grant,
    status: StatusEntry,
) -> JsonObject:
    subject: JsonObject = {
        "id": grant.organisation.did,
        "name": in_language(grant.organisation.name),
        "accreditedFor": _scope(grant.scope),
    }
    if grant.last_enrolment is not None:
        subject["lastEnrolment"] = grant.last_enrolment.isoformat()
    if grant.last_achievement is not None:
        subject["lastAchievement"] = grant.last_achievement.isoformat()
    return {
        "@context": [CREDENTIALS_V2, TERMS],
        "id": accreditation_uri(accreditation),
        "type": ["VerifiableCredential", "AccreditationCredential"],
        "issuer": {"id": authority.did, "name": in_language(authority.name)},
        "validFrom": first_instant(grant.valid_from),
        "validUntil": last_instant(grant.last_day),
        "credentialSubject": subject,
        "credentialStatus": status.as_json(),
    }


def _scope(scope: AccreditationScope) -> JsonObject:
    if scope.achievements:
        return {"achievements": [*scope.achievements]}
    if scope.framework is not None:
        return {"framework": framework_uri(scope.framework), "levels": [*scope.levels]}
    return {"fields": [isced_f_uri(code) for code in scope.isced_f]}
