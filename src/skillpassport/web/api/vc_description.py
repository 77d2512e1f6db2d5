"""How the VC-API's routes are described, and the problem types of the W3C in its reports."""

from collections.abc import Mapping
from typing import Any, Final

from skillpassport.vc.report import CheckName, Outcome, VerificationReport

_VC_PROBLEMS: Final = "https://www.w3.org/TR/vc-data-model#"
_DI_PROBLEMS: Final = "https://w3id.org/security#"
_STATUS_PROBLEMS: Final = "https://www.w3.org/ns/credentials/status-list#"

PROBLEM_TYPES: Final[Mapping[str, str]] = {
    CheckName.FORM: f"{_VC_PROBLEMS}PARSING_ERROR",
    CheckName.PARSING: f"{_VC_PROBLEMS}PARSING_ERROR",
    CheckName.DATA_MODEL: f"{_VC_PROBLEMS}MALFORMED_VALUE_ERROR",
    CheckName.STATUS: f"{_STATUS_PROBLEMS}STATUS_VERIFICATION_ERROR",
    CheckName.METHOD: f"{_DI_PROBLEMS}INVALID_VERIFICATION_METHOD",
}
"""Source: VC Data Model 2.0, section 7.2; Data Integrity 1.0, section 4.8; Bitstring Status List 1.0,
section 3.5"""

_OTHERWISE: Final = f"{_DI_PROBLEMS}PROOF_VERIFICATION_ERROR"


def problem_details(report: VerificationReport) -> list[dict[str, str]]:
    """Return what failed or stayed open, as the standards name such problems."""
    return [
        {
            "type": PROBLEM_TYPES.get(check.name, _OTHERWISE),
            "title": check.code,
            "detail": check.message,
        }
        for check in report.checks
        if check.outcome in {Outcome.FAILED, Outcome.UNCHECKED}
    ]


def _body(required: list[str], properties: Mapping[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "required": required, "properties": properties}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _json(description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


_DOCUMENT: Final = {"type": "object"}
_TEXT: Final = {"type": "string", "minLength": 1, "maxLength": 2_000, "pattern": r"^[^\u0000]*$"}
_POINTERS: Final = {
    "type": "array",
    "maxItems": 500,
    "items": {"type": "string", "pattern": "^/", "maxLength": 2_000},
}
_SECURED: Final = {
    "oneOf": [_DOCUMENT | {"minProperties": 1}, {"type": "string", "minLength": 1}],
    "description": "A document with proofs, an envelope, or a token.",
}
_VERIFYING: Final = {
    "type": "object",
    "properties": {
        "checks": {
            "type": "array",
            "maxItems": 500,
            "items": {"type": "string", "maxLength": 2_000},
            "description": '`["proof"]` judges the proof alone; nothing, or a name that is not '
            "known here, judges everything.",
        },
        "domain": _TEXT,
        "challenge": _TEXT,
    },
}
_REPORT: Final = {
    "type": "object",
    "required": ["verified", "report"],
    "properties": {
        "verified": {"type": "boolean"},
        "report": {
            "type": "object",
            "required": ["checks", "problemDetails"],
            "properties": {
                "checks": {
                    "type": "array",
                    "items": {"$ref": "#/components/schemas/CheckOut"},
                },
                "problemDetails": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["type", "title", "detail"],
                        "properties": {
                            "type": {"type": "string", "format": "uri"},
                            "title": {"type": "string"},
                            "detail": {"type": "string"},
                        },
                    },
                },
            },
        },
    },
}
_PROBLEM: Final = {"schema": {"$ref": "#/components/schemas/Problem"}}

ISSUE: Final = _body(
    ["credential"],
    {
        "credential": _DOCUMENT | {"description": "A credential of the VC Data Model 2.0."},
        "options": {
            "type": "object",
            "properties": {"credentialId": _TEXT, "mandatoryPointers": _POINTERS},
        },
    },
)
STATUS: Final = _body(
    [],
    {
        "credentialId": _TEXT,
        "credentialStatus": _DOCUMENT | {"description": "The entry of the credential."},
        "status": {"type": "boolean", "default": True},
    },
)
VERIFY_CREDENTIAL: Final = _body(
    ["verifiableCredential"], {"verifiableCredential": _SECURED, "options": _VERIFYING}
)
VERIFY_PRESENTATION: Final = _body(
    ["verifiablePresentation"], {"verifiablePresentation": _SECURED, "options": _VERIFYING}
)
DERIVE: Final = _body(
    ["verifiableCredential"],
    {
        "verifiableCredential": _DOCUMENT,
        "options": {"type": "object", "properties": {"selectivePointers": _POINTERS}},
    },
)

ISSUED: Final[dict[int | str, dict[str, Any]]] = {
    201: _json(
        "The credential as it leaves.",
        {
            "type": "object",
            "required": ["verifiableCredential"],
            "properties": {"verifiableCredential": _SECURED},
        },
    )
}
TURNED: Final[dict[int | str, dict[str, Any]]] = {
    200: _json(
        "How many statuses were changed; none when they stood so already.",
        {
            "type": "object",
            "required": ["changed"],
            "properties": {"changed": {"type": "integer"}},
        },
    )
}
VERIFIED: Final[dict[int | str, dict[str, Any]]] = {
    200: _json("Everything that decides holds.", _REPORT),
    400: {
        "description": "Something does not hold or could not be checked; or the body is no request.",
        "content": {
            "application/json": {"schema": _REPORT},
            "application/problem+json": _PROBLEM,
        },
    },
}
