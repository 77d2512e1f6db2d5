"""A document that is not as its schema says is never signed."""

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from skillpassport.bundled import bundled
from skillpassport.schemas import OPEN_BADGE, DocumentMalformed, require_schema

A_CREDENTIAL: dict[str, Any] = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "urn:uuid:00000000-0000-4000-8000-000000000000",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "name": "Welding",
    "issuer": {"id": "did:web:example.org:orgs:one", "type": ["Profile"], "name": "One"},
    "validFrom": "2026-01-31T00:00:00Z",
    "awardedDate": "2026-01-31T00:00:00Z",
    "credentialSubject": {
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": False,
                "identityHash": "Example Person",
                "identityType": "name",
            }
        ],
        "achievement": {
            "id": "urn:skillpassport:achievement:one",
            "type": ["Achievement"],
            "achievementType": "Certificate",
            "name": "Welding",
            "description": "Welding",
            "criteria": {"narrative": "Welding"},
        },
    },
    "credentialStatus": {
        "id": "https://example.org/status/one#7",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": "https://example.org/status/one",
    },
}


def test_a_whole_document_passes() -> None:
    require_schema(A_CREDENTIAL, OPEN_BADGE)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("validFrom",), "31 January"),
        (("validFrom",), "2026-01-31T00:00:00+01:00"),
        (("issuer", "id"), "One"),
        (("name",), {"en": "Welding"}),
        (("credentialSubject", "identifier", 0, "identityHash"), ""),
        (("credentialSubject", "favouriteColour"), "blue"),
        (("credentialStatus", "statusListIndex"), 7),
        (("credentialStatus",), []),
        (("proof",), {}),
    ],
    ids=str,
)
def test_what_no_verifier_could_read_alike_is_not_signed(
    path: tuple[str | int, ...], value: object
) -> None:
    document = copy.deepcopy(A_CREDENTIAL)
    place: Any = document
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    with pytest.raises(DocumentMalformed) as refused:
        require_schema(document, OPEN_BADGE)
    assert refused.value.places
    assert "Example Person" not in refused.value.message


@pytest.mark.parametrize("file", sorted(bundled("schemas").glob("*/*.json")), ids=str)
def test_a_schema_is_valid_and_is_named_by_its_place(file: Path) -> None:
    schema = json.loads(file.read_text("utf-8"))
    jsonschema_rs.validator_for(schema)
    jsonschema_rs.meta.validate(schema)
    assert schema["$id"] == f"urn:skillpassport:schema:{file.parent.name}:{file.stem}"
