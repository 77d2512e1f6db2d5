"""Fuzz target: the JSON Schemas that issuers name, applied to credentials."""

from skillpassport.vc.checks.schema import check_schemas
from skillpassport.vc.checks.session import Policy, Session
from skillpassport.vc.model import Credential
from skillpassport.vc.report import Outcome
from skillpassport.vc.strict_json import JsonValue, StrictJsonError, parse_object, write
from tests.support.credentials import NOW, FakeResolvers

URL = "https://schemas.example/1"


def check(data: bytes) -> None:
    """Fail for a foreign exception; data: a `schema`, and the `document` that it describes."""
    try:
        given = parse_object(data)
    except StrictJsonError:
        return
    document = given.get("document")
    named: JsonValue = {"id": URL, "type": "JsonSchema"}
    credential = {**(document if isinstance(document, dict) else {}), "credentialSchema": named}
    resolvers = FakeResolvers(schemas={URL: write(given.get("schema"))})
    session = Session(resolvers=resolvers, now=NOW, policy=Policy())
    for judged in check_schemas(Credential(credential), credential, session):
        assert judged.outcome is not Outcome.NOT_APPLICABLE
