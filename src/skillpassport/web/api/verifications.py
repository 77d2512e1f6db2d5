"""Verification: one question, one answer, whatever is brought."""

import re
from typing import Annotated, Any, ClassVar, Protocol
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends
from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from skillpassport.credentials.code import CODE_PATTERN, CodeMistyped, CodeUnknown, parse_code
from skillpassport.credentials.telling import report_of, unknown_code_report, unreachable_report
from skillpassport.credentials.verifying import VerifyCredential
from skillpassport.equivalence.questions import Purpose
from skillpassport.errors import SkillPassportError
from skillpassport.vc import strict_json
from skillpassport.vc.strict_json import JsonObject
from skillpassport.web.api.answers.verifications import ReportOut
from skillpassport.web.bodies import Payload, exactly_one_of
from skillpassport.web.limits import limited
from skillpassport.web.preferences import Languages
from skillpassport.web.retelling import retold
from skillpassport.web.routing import ApiRoute
from skillpassport.web.texts import Country
from skillpassport.web.translation import translation_for

router = APIRouter(route_class=ApiRoute, prefix="/api/v1/verifications", tags=["verification"])

LIMIT = limited("verification")
MAX_TEXT_DOCUMENT = 1024 * 1024
_OWN_CODE = re.compile(r".*/[vV]/([A-Za-z0-9-]{1,64})/?")
_OWN_WITHOUT_CODE = (
    "Expected an address that leads to a credential, found one of this service that does not; "
    "give the address in the QR, or the document itself."
)


class VerificationServices(Protocol):
    """What these routes use."""

    verify: VerifyCredential
    public_url: str

    def fetch_document(self, url: str) -> str:
        """Return what a link leads to.

        Raises: SkillPassportError for a link that is not followed or leads nowhere
        """
        ...

    def is_own_address(self, url: str) -> bool:
        """Return whether a link leads to this instance."""
        ...


class VerificationIn(Payload):
    """What to verify, and for which country its meaning is wanted."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": exactly_one_of("document", "code", "url")}
    )
    verbatim: ClassVar[frozenset[str]] = frozenset({"document"})

    document: (
        dict[str, Any]
        | list[Any]
        | Annotated[str, Field(min_length=1, max_length=MAX_TEXT_DOCUMENT)]
        | None
    ) = None
    code: (
        Annotated[
            str, Field(min_length=1, max_length=64, json_schema_extra={"pattern": CODE_PATTERN})
        ]
        | None
    ) = None
    url: (
        Annotated[
            str,
            Field(min_length=1, max_length=2_000, json_schema_extra={"pattern": r"^[^\u0000]*$"}),
        ]
        | None
    ) = None
    destination: Country | None = None
    purpose: Purpose | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> "VerificationIn":
        if sum(given is not None for given in (self.document, self.code, self.url)) != 1:
            raise PydanticCustomError(
                "verification_ambiguous", "Expected exactly one of 'document', 'code' and 'url'."
            )
        return self


@router.post(
    "",
    summary="Verify a credential",
    response_model=ReportOut,
    dependencies=[Depends(LIMIT)],
)
def verify(body: VerificationIn, request: Request, languages: Languages) -> Response:
    """Say whether a credential is genuine, in force and accredited, and what it means elsewhere.

    Needs no key. A credential that fails is an answer, not an error.
    """
    services: VerificationServices = request.app.state.services
    report = retold(_report(services, body), translation_for(languages))
    return JSONResponse(report, headers={"Cache-Control": "no-store"})


def code_in_address(url: str) -> str | None:
    """Return what an address of this service has in the place of a code; None without one."""
    match = _OWN_CODE.fullmatch(urlsplit(url).path)
    return match[1] if match else None


def _report(services: VerificationServices, body: VerificationIn) -> JsonObject:
    code = body.code
    if body.url is not None and services.is_own_address(body.url):
        # Never by HTTP: a request to oneself could wait for a worker that waits for it.
        code = code_in_address(body.url)
        if code is None:
            nothing = _meaning_of_nothing(services, body)
            return unknown_code_report(_OWN_WITHOUT_CODE, meaning=nothing)
    if code is not None:
        return _report_on_code(services, code, body)
    # An array is no credential, and the reader of texts says what it seems to be.
    document = (
        strict_json.write(body.document).decode()
        if isinstance(body.document, list)
        else body.document
    )
    if body.url is not None:
        try:
            document = services.fetch_document(body.url)
        except SkillPassportError as error:
            nothing = _meaning_of_nothing(services, body)
            return unreachable_report(error.code, error.message, meaning=nothing)
    assert document is not None, "the model takes exactly one of the three"  # noqa: S101
    findings = services.verify.document(
        document, destination=body.destination, purpose=body.purpose and body.purpose.value
    )
    return report_of(findings, public_url=services.public_url)


def _report_on_code(services: VerificationServices, code: str, body: VerificationIn) -> JsonObject:
    try:
        parse_code(code)
        findings = services.verify.code(
            code, destination=body.destination, purpose=body.purpose and body.purpose.value
        )
    except (CodeUnknown, CodeMistyped) as error:
        nothing = _meaning_of_nothing(services, body)
        return unknown_code_report(error.message, code=error.code, meaning=nothing)
    return report_of(findings, public_url=services.public_url)


def _meaning_of_nothing(services: VerificationServices, body: VerificationIn) -> JsonObject:
    return services.verify.meaning_of_nothing(body.destination, body.purpose and body.purpose.value)
