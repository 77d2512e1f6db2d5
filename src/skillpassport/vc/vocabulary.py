"""The words that our documents add to the published ones, and the identifiers that never move.

Any verifier must be able to resolve a document without us, so our terms travel inside it as one
constant, protected context object, and identifiers are the publisher's own URI where there is one
and a URN of a fixed scheme where there is none. Nothing here is ever built from an address of a
server. Released terms are frozen: a new meaning takes a new term.
"""

from typing import Final
from urllib.parse import quote

from skillpassport.vc.strict_json import JsonObject

CREDENTIALS_V2: Final = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES_3: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"

_TERM = "urn:skillpassport:term:"
_XSD = "http://www.w3.org/2001/XMLSchema#"


def _text(name: str) -> JsonObject:
    return {"@id": f"{_TERM}{name}"}


def _typed(name: str, datatype: str) -> JsonObject:
    return {"@id": f"{_TERM}{name}", "@type": f"{_XSD}{datatype}"}


def _set(name: str) -> JsonObject:
    return {"@id": f"{_TERM}{name}", "@container": "@set"}


def _translations(name: str) -> JsonObject:
    return {"@id": f"{_TERM}{name}", "@container": "@language"}


TERMS: Final[JsonObject] = {
    "@protected": True,
    "AccreditationCredential": f"{_TERM}AccreditationCredential",
    "accreditation": {"@id": f"{_TERM}accreditation", "@type": "@id"},
    "accreditedFor": {
        "@id": f"{_TERM}accreditedFor",
        "@context": {
            "@protected": True,
            "achievements": _set("achievements"),
            "framework": {"@id": f"{_TERM}framework", "@type": "@id"},
            "levels": _set("levels"),
            "fields": _set("fields"),
        },
    },
    "achievementKind": _text("achievementKind"),
    "birthDate": {"@id": "https://schema.org/birthDate", "@type": f"{_XSD}date"},
    "fieldOfEducation": {"@id": f"{_TERM}fieldOfEducation", "@type": "@id"},
    "identityCheck": _text("identityCheck"),
    "lastAchievement": _typed("lastAchievement", "date"),
    "lastEnrolment": _typed("lastEnrolment", "date"),
    "learningOutcome": {
        "@id": f"{_TERM}learningOutcome",
        "@container": "@set",
        "@context": {
            "@protected": True,
            "code": _text("code"),
            "statement": _text("statement"),
            "statementTranslations": _translations("statementTranslations"),
            "essential": _typed("essential", "boolean"),
        },
    },
    "nameTranslations": _translations("nameTranslations"),
    "notionalHours": _typed("notionalHours", "decimal"),
    "occupation": {"@id": f"{_TERM}occupation", "@type": "@id", "@container": "@set"},
    "qualificationLevel": {
        "@id": f"{_TERM}qualificationLevel",
        "@context": {
            "@protected": True,
            "framework": {"@id": f"{_TERM}framework", "@type": "@id"},
            "edition": {"@id": f"{_TERM}edition", "@type": "@id"},
            "notation": _text("notation"),
        },
    },
    "sandbox": _typed("sandbox", "boolean"),
    "skill": {"@id": f"{_TERM}skill", "@type": "@id", "@container": "@set"},
    "supersedes": {"@id": f"{_TERM}supersedes", "@type": "@id"},
}
"""The inline context object of every document in our default form."""

STATEMENT_TERMS: Final[JsonObject] = {
    "@protected": True,
    "ComparabilityStatement": f"{_TERM}ComparabilityStatement",
    "ComparabilityStatementCredential": f"{_TERM}ComparabilityStatementCredential",
    # The answer as the service gives it: a value of its own, not statements about its parts.
    "answer": {"@id": f"{_TERM}answer", "@type": "@json"},
    "disclaimer": _text("disclaimer"),
    "question": {"@id": f"{_TERM}question", "@type": "@json"},
    "registryVersion": _typed("registryVersion", "integer"),
    "statedOn": _typed("statedOn", "date"),
    "statementVersion": _typed("statementVersion", "integer"),
    "supersedes": {"@id": f"{_TERM}supersedes", "@type": "@id"},
}
"""The inline context object of a comparability statement."""

BUNDLE_TERMS: Final[JsonObject] = {
    "@protected": True,
    "RegistryBundle": f"{_TERM}RegistryBundle",
    "RegistryBundleCredential": f"{_TERM}RegistryBundleCredential",
    "file": {
        "@id": f"{_TERM}file",
        "@container": "@set",
        "@context": {
            "@protected": True,
            "fileDigest": _text("fileDigest"),
            "fileName": _text("fileName"),
            "rowCount": _typed("rowCount", "integer"),
        },
    },
    "layout": _typed("layout", "integer"),
    "registryVersion": _typed("registryVersion", "integer"),
}
"""The inline context object of a registry bundle's manifest."""


def framework_uri(framework: str) -> str:
    """Return the URN of a framework: `urn:skillpassport:framework:GH:NTVETQF`."""
    return f"urn:skillpassport:framework:{_part(framework)}"


def edition_uri(framework: str, edition: str) -> str:
    """Return the URN of one edition of a framework."""
    return f"{framework_uri(framework)}:edition:{_part(edition)}"


def level_uri(framework: str, edition: str, notation: str) -> str:
    """Return the URN of one level of one edition."""
    return f"{edition_uri(framework, edition)}:level:{_part(notation)}"


def mapping_uri(mapping: str) -> str:
    """Return the URN of a statement about two levels."""
    return f"urn:skillpassport:mapping:{_part(mapping)}"


def source_uri(source: str) -> str:
    """Return the URN of a cited source."""
    return f"urn:skillpassport:source:{_part(source)}"


def achievement_uri(achievement: str) -> str:
    """Return the URN of an achievement by its opaque id."""
    return f"urn:skillpassport:achievement:{_part(achievement)}"


def accreditation_uri(accreditation: str) -> str:
    """Return the URN of an accreditation by its opaque id: the id of its document."""
    return f"urn:skillpassport:accreditation:{_part(accreditation)}"


def isco_uri(code: str) -> str:
    """Return ESCO's URI of an ISCO-08 group; `code` has one to four digits."""
    return f"http://data.europa.eu/esco/isco/C{code}"


def isced_f_uri(code: str) -> str:
    """Return the EU vocabulary's URI of an ISCED-F 2013 field; `code` has two to four digits."""
    return f"http://data.europa.eu/snb/isced-f/{code}"


def _part(text: str) -> str:
    return quote(text, safe=":")
