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


@cache
def _validator(schema: str) -> "Validator":
    # Loaded on first use: commands that sign nothing start quickly.
    import jsonschema_rs  # noqa: PLC0415

    text = (bundled("schemas") / f"{schema}.json").read_text("utf-8")
    return jsonschema_rs.validator_for(json.loads(text))
