"""The credential that all benchmarks use: Open Badges shaped, ten alignments, about 3.5 kB."""

from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.vc.vocabulary import CREDENTIALS_V2, OPEN_BADGES_3, isco_uri


def a_credential(issuer: str) -> JsonObject:
    """Return an unsigned credential with ten alignments."""
    alignments: list[JsonValue] = [_alignment(number) for number in range(10)]
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES_3],
        "id": "urn:uuid:7d3c8a52-6a44-4f1f-9d44-1f9a4d2b6c10",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Welder, level 4",
        "issuer": {"id": issuer, "type": ["Profile"], "name": "Training centre"},
        "validFrom": "2026-03-01T00:00:00Z",
        "validUntil": "2036-03-01T23:59:59Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "id": "urn:uuid:0b2d8f6e-1a53-4c0e-8a43-0f5f5b0e9a11",
            "achievement": {
                "id": "urn:skillpassport:achievement:welder-level-4",
                "type": ["Achievement"],
                "achievementType": "Certificate",
                "name": "Welder, level 4",
                "description": "Plans and carries out welding work to a standard. " * 4,
                "criteria": {"narrative": "Passed theory and practice before two assessors."},
                "alignment": alignments,
            },
        },
    }


def _alignment(number: int) -> JsonObject:
    return {
        "type": ["Alignment"],
        "targetName": f"Learning outcome {number}: joins plates in the flat position",
        "targetUrl": isco_uri("7212"),
        "targetCode": f"WLD-{number:04}",
        "targetFramework": "Occupational standard of the metal trades, second edition",
        "targetType": "CFItem",
    }
