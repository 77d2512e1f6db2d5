"""The schemas of the documents that we sign, and the check that comes before signing.

A signature is for ever; a document that is not as its schema says never gets one.
"""

import json
from functools import cache
from typing import TYPE_CHECKING, Final

from skillpassport.bundled import bundled
from skillpassport.errors import SkillPassportError
from skillpassport.vc.strict_json import JsonObject

if TYPE_CHECKING:
    from jsonschema_rs import Validator

SKILLS_CREDENTIAL: Final = "skills-credential/1.0.0"
ACCREDITATION: Final = "accreditation/1.0.0"
COMPARABILITY_STATEMENT: Final = "comparability-statement/1.0.0"
REGISTRY_BUNDLE: Final = "registry-bundle/1.0.0"
OPEN_BADGE: Final = "open-badge/1.0.0"
AWARD_CLAIMS: Final = "skills-credential-claims/1.0.0"
STATUS_LIST: Final = "status-list/1.0.0"
STATUS_LIST_TOKEN: Final = "status-list-token/1.0.0"  # noqa: S105 - the name of a schema

SCHEMAS: Final = (
    ACCREDITATION,
    COMPARABILITY_STATEMENT,
    REGISTRY_BUNDLE,
    OPEN_BADGE,
    SKILLS_CREDENTIAL,
    AWARD_CLAIMS,
    STATUS_LIST,
    STATUS_LIST_TOKEN,
)
"""Every kind of credential that is signed here, in every version that was released."""


CREDENTIAL_TYPES: Final = ("skills-credential/1",)
"""Every type of SD-JWT VC that is issued here (`vct`), by the name under which it is described."""


class SchemaUnknown(SkillPassportError):
    """No schema of that kind and version was published."""

    code = "schema-unknown"

    def __init__(self) -> None:
        super().__init__(
            f"Expected one of the schemas {', '.join(SCHEMAS)}, found another name; see the list."
        )


class DocumentMalformed(SkillPassportError):
    """A document that was about to be signed is not as its schema says."""

    code = "document-malformed"

    def __init__(self, schema: str, places: tuple[str, ...]) -> None:
        super().__init__(
            f"Expected a document as {schema} says, found something else at {', '.join(places)}; "
            "nothing was signed. Report this as a fault of the program."
        )
        self.schema = schema
        self.places = places


def require_schema(document: JsonObject, schema: str) -> None:
    """Refuse a document that is not as its schema says.

    schema: `kind/version` of a file in `schemas/`
    Raises: DocumentMalformed, naming the places and never what stands there
    """
    errors = [error.instance_path for error in _validator(schema).iter_errors(document)]
    if errors:
        places = tuple("/" + "/".join(str(part) for part in path) for path in errors[:5])
        raise DocumentMalformed(schema, places)


def published_schema(schema: str) -> bytes:
    """Return the text of a schema.

    schema: `kind/version`
    Raises: SchemaUnknown
    """
    if schema not in SCHEMAS:  # a name from outside is never made a path
        raise SchemaUnknown
    return (bundled("schemas") / f"{schema}.json").read_bytes()


def type_metadata(name: str) -> bytes:
    """Return the text that describes a type of SD-JWT VC to wallets and verifiers.

    name: of `CREDENTIAL_TYPES`
    Raises: SchemaUnknown
    Source: SD-JWT VC, section 6 (Type Metadata)
    """
    if name not in CREDENTIAL_TYPES:
        raise SchemaUnknown
    return (bundled("schemas") / "credential-types" / f"{name}.json").read_bytes()


@cache
def _validator(schema: str) -> "Validator":
    # Loaded on first use: commands that sign nothing start quickly.
    import jsonschema_rs  # noqa: PLC0415

    text = (bundled("schemas") / f"{schema}.json").read_text("utf-8")
    return jsonschema_rs.validator_for(json.loads(text))
