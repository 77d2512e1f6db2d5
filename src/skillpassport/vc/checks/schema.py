"""Whether the credential follows the JSON Schemas that its issuer names for it.

Schemas come from strangers: bounded in size by the strict parser and in work by `schema_budget`,
without remote references, with regular expressions that take linear time.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from skillpassport.errors import SkillPassportError
from skillpassport.vc.checks.schema_budget import TooMuchWork, check_work
from skillpassport.vc.checks.session import (
    SchemaUnreachable,
    Session,
    not_applicable,
    of_error,
    passed,
)
from skillpassport.vc.model import Credential
from skillpassport.vc.quoting import quoted
from skillpassport.vc.report import Check, CheckName, Outcome
from skillpassport.vc.strict_json import JsonObject, JsonValue, StrictJsonError, parse_object

if TYPE_CHECKING:
    from jsonschema_rs import Validator

MAX_SCHEMAS = 4
"""Each costs a fetch to an address that the document chose."""

_SOURCE = "VC JSON Schema, section 4"
_SCHEMA_TYPES = ("JsonSchema", "1EdTechJsonSchemaValidator2019")  # a type may be unhashable


class SchemaUnusable(SkillPassportError):
    """The schema is no JSON Schema, refers to other documents, or takes too much work."""

    code = "schema-unusable"

    def __init__(self) -> None:
        super().__init__(
            "Expected a JSON Schema that stands for itself; found one that cannot be applied or "
            "refers to other documents. Ask the issuer to publish a self-contained one."
        )


def check_schemas(credential: Credential, document: JsonObject, session: Session) -> list[Check]:
    """Return one check for each schema of a credential.

    document: the credential with its proofs, which the Open Badges schema describes too
    """
    schemas = credential.schemas
    if not schemas:
        return [not_applicable(CheckName.SCHEMA, "no-schema", "The issuer names no schema.")]
    if len(schemas) > MAX_SCHEMAS:
        return [_unknown_type(f"names more than {MAX_SCHEMAS} schemas")]
    return list(_check_each(schemas, document, session))


def _check_each(
    schemas: tuple[JsonObject, ...], document: JsonObject, session: Session
) -> Iterator[Check]:
    for entry in schemas:
        url, kind = entry.get("id"), entry.get("type")
        if kind not in _SCHEMA_TYPES or not isinstance(url, str):
            yield _unknown_type("names a schema of a kind that is not read here")
            continue
        try:
            yield _judge(parse_object(session.resolvers.schema(url)), document)
        except SchemaUnreachable as error:
            yield of_error(CheckName.SCHEMA, error, _SOURCE, outcome=Outcome.UNCHECKED)
        except (StrictJsonError, SchemaUnusable):
            yield of_error(CheckName.SCHEMA, SchemaUnusable(), _SOURCE, outcome=Outcome.UNCHECKED)


def _judge(schema: JsonObject, document: JsonObject) -> Check:
    try:
        check_work(schema, document)
    except TooMuchWork as error:
        raise SchemaUnusable from error
    validator = _validator(schema)
    for problem in validator.iter_errors(document):
        pointer = "".join(f"/{part}" for part in problem.instance_path)
        return Check(
            CheckName.SCHEMA,
            Outcome.FAILED,
            "schema-violated",
            f"The document departs from its issuer's schema at {quoted(pointer, 120)}.",
            remedy="Ask the issuer for a document that follows their own schema.",
            source=_SOURCE,
        )
    message = "The document follows its issuer's schema."
    return passed(CheckName.SCHEMA, "schema-followed", message, _SOURCE)


def _validator(schema: JsonObject) -> "Validator":
    # Loaded on first use: most credentials name no schema, and the library must import quickly.
    import jsonschema_rs  # noqa: PLC0415

    try:
        return jsonschema_rs.validator_for(
            schema, retriever=_refuse, pattern_options=jsonschema_rs.RegexOptions()
        )
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
        raise SchemaUnusable from error


def _refuse(_url: str) -> JsonValue:
    raise SchemaUnusable


def _unknown_type(found: str) -> Check:
    return Check(
        CheckName.SCHEMA,
        Outcome.UNCHECKED,
        "schema-type-unknown",
        f"The credential {found}, so its shape was not checked.",
        remedy="Ask the issuer for a credential with one JSON Schema, or with none.",
        source=_SOURCE,
    )
