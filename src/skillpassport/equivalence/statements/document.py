"""The document of a statement: a credential about a comparison, not about a person."""

import json
from typing import Final

from skillpassport.clock import rfc3339
from skillpassport.equivalence.statements.model import (
    ComparabilityStatement,
    StatementId,
    statement_uri,
)
from skillpassport.organisations.signing_keys import ActiveSigner
from skillpassport.schemas import COMPARABILITY_STATEMENT, require_schema
from skillpassport.vc.bitstring_status import StatusEntry
from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.kinds import COMPARABILITY_STATEMENT as COMPARABILITY_STATEMENT_CREDENTIAL
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.suites import EDDSA_JCS_2022
from skillpassport.vc.vocabulary import CREDENTIALS_V2, STATEMENT_TERMS

ISSUER_NAME: Final = "Registry of qualification frameworks"


def sign_statement(
    statement: ComparabilityStatement,
    answer: JsonObject,
    *,
    issuer: str,
    status: StatusEntry,
    active: ActiveSigner,
) -> str:
    """Return the signed statement as JSON text, exactly as it is to be kept.

    statement: all of it but its document
    issuer: DID of the service, which states and does not recognise
    """
    document = _document(statement, answer, issuer, status)
    require_schema(document, COMPARABILITY_STATEMENT)
    signed = add_proof(
        document,
        suite=EDDSA_JCS_2022,
        signer=active.signer,
        options=ProofOptions(
            verification_method=active.verification_method, created=statement.issued_at
        ),
    )
    return json.dumps(signed, ensure_ascii=False, separators=(",", ":"))


def _document(
    statement: ComparabilityStatement, answer: JsonObject, issuer: str, status: StatusEntry
) -> JsonObject:
    subject: JsonObject = {
        "type": "ComparabilityStatement",
        "question": statement.question,
        "answer": answer,
        "statedOn": statement.issued_at.date().isoformat(),
        "statementVersion": statement.version,
        "registryVersion": statement.registry_version,
        "disclaimer": answer["disclaimer"],
    }
    if statement.supersedes is not None:
        subject["supersedes"] = statement_uri(StatementId(statement.supersedes))
    return {
        "@context": [CREDENTIALS_V2, STATEMENT_TERMS],
        "id": statement_uri(statement.id),
        "type": ["VerifiableCredential", COMPARABILITY_STATEMENT_CREDENTIAL],
        "issuer": {"id": issuer, "name": ISSUER_NAME},
        "validFrom": rfc3339(statement.issued_at),
        "credentialSubject": subject,
        "credentialStatus": status.as_json(),
    }
