"""`/api/v1/comparability-statements`: an answer of the registry as a signed document to cite."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from skillpassport.clock import rfc3339
from skillpassport.equivalence.asking import Question
from skillpassport.equivalence.questions import (
    LevelQuestion,
    Purpose,
    QualificationQuestion,
    check_facts,
    read_day,
)
from skillpassport.equivalence.statements.model import ComparabilityStatement
from skillpassport.equivalence.statements.stating import State
from skillpassport.organisations.access import Principal
from skillpassport.vc.strict_json import parse_object
from skillpassport.web.api.equivalences import FACTS, QUALIFICATION_ID
from skillpassport.web.api.frameworks import DayQuery
from skillpassport.web.api.registry import Today
from skillpassport.web.auth import identify
from skillpassport.web.bodies import Day, Payload
from skillpassport.web.limits import client_address, limited, spend
from skillpassport.web.routing import ApiRoute
from skillpassport.web.texts import Country, FrameworkName, Notation, Text

router = APIRouter(
    route_class=ApiRoute, prefix="/api/v1/comparability-statements", tags=["equivalences"]
)

DOCUMENT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/vc": {"schema": {"type": "object"}}}}
}


class StatementServices(Protocol):
    """What these routes use."""

    state_comparability: State
    public_url: str

    def statement(
        self, identifier: str, on: dt.date | None
    ) -> tuple[ComparabilityStatement, Sequence[ComparabilityStatement]]:
        """Return a statement, as it held on a day if one is given, and all its versions.

        Raises: StatementUnknown
        """
        ...


class StatementIn(Payload):
    """A question of `GET /api/v1/equivalences`, about a level or about a qualification."""

    from_framework: FrameworkName | None = None
    from_level: Notation | None = None
    to_framework: FrameworkName | None = None
    to_country: Country | None = None
    qualification: Annotated[Text, Field(max_length=200)] | None = None
    origin: Country | None = None
    registered: Annotated[str, Field(pattern=QUALIFICATION_ID)] | None = None
    date: Day | None = None
    purpose: Purpose | None = None
    facts: Annotated[dict[str, Any], Field(json_schema_extra=FACTS)] | None = None

    @model_validator(mode="after")
    def _asks_one_thing(self) -> "StatementIn":
        if self.qualification is not None:
            whole = self.origin is not None and self.to_country is not None
            whole = whole and self.to_framework is None
        else:
            whole = self.from_framework is not None and self.from_level is not None
            whole = whole and (self.to_framework is None) != (self.to_country is None)
            whole = whole and self.origin is None and self.facts is None
            whole = whole and self.registered is None
        if not whole:
            raise PydanticCustomError(
                "question_incomplete",
                "Expected 'from_framework', 'from_level' and one of 'to_framework' and "
                "'to_country'; or 'qualification', 'origin' and 'to_country'.",
            )
        return self


class VersionOut(BaseModel):
    """One version of a statement: from when to when it held."""

    id: str
    version: int
    held_from: str
    held_until: str | None
    registry_version: int


class StatementOut(BaseModel):
    """A statement with its signed document; `held_until` is null while it is in force."""

    id: str
    version: int
    state: str
    question: dict[str, Any]
    answer: dict[str, Any]
    held_from: str
    held_until: str | None
    registry_version: int
    supersedes: str | None
    replaced_by: str | None
    versions: list[VersionOut]
    document: dict[str, Any]
    links: dict[str, str]


StatementPath = Annotated[
    str, Path(max_length=40, json_schema_extra={"pattern": r"^[A-Za-z0-9_-]{10,40}$"})
]


@router.post(
    "",
    summary="State an answer",
    response_model=StatementOut,
    dependencies=[Depends(limited("statement"))],
    responses={201: {"model": StatementOut, "description": "A new statement, or version of one"}},
)
def state(
    body: StatementIn,
    request: Request,
    today: Today,
    who: Annotated[Principal | None, Depends(identify)],
) -> JSONResponse:
    """Return the registry's answer as a signed document; asked again, the same one.

    The document names no person, verifies like any credential, and is replaced when the registry
    comes to answer differently. It compares and does not recognise. Without an API key there are
    50 new ones a day for each address, and 500 for all who ask.
    """
    services: StatementServices = request.app.state.services
    stated = services.state_comparability(
        question_of(body, today), by_stranger=who is None, admit=new_statement_of(request)
    )
    shown = _told(services, stated.statement.id, None)
    headers = {"Location": shown["links"]["self"]}
    return JSONResponse(shown, status_code=201 if stated.is_new else 200, headers=headers)


@router.get("/{statement}", summary="One statement", response_model=StatementOut)
def read(statement: StatementPath, request: Request, date: DayQuery = None) -> JSONResponse:
    """Return a statement, or the version of it that held at the end of a day."""
    services: StatementServices = request.app.state.services
    on = None if date is None else read_day(date)
    return JSONResponse(_told(services, statement, on))


@router.get(
    "/{statement}/document",
    summary="The signed document of a statement",
    response_class=Response,
    responses=DOCUMENT,
)
def document(statement: StatementPath, request: Request) -> Response:
    """Return the signed document, to be kept and verified anywhere."""
    services: StatementServices = request.app.state.services
    found, _ = services.statement(statement, None)
    name = f'attachment; filename="comparability-statement-{found.id}.json"'
    headers = {"Content-Disposition": name}
    return Response(found.document, media_type="application/vc", headers=headers)


def new_statement_of(request: Request) -> Callable[[], None]:
    """Return what counts a new statement against the address that asks, and may refuse it."""
    return lambda: spend(request, "new-statement", client_address(request))


def question_of(body: StatementIn, today: dt.date) -> Question:
    """Return the question that a body asks.

    Raises: FactUnknown, FactMistyped
    """
    on = today if body.date is None else body.date
    if body.qualification is not None:
        assert body.origin is not None and body.to_country is not None  # noqa: S101, PT018
        return QualificationQuestion(
            qualification=body.qualification,
            registered=body.registered,
            origin=body.origin,
            to_country=body.to_country,
            framework=body.from_framework,
            level=body.from_level,
            purpose=body.purpose,
            facts={} if body.facts is None else check_facts(body.facts),
            on=on,
            is_day_given=body.date is not None,
        )
    assert body.from_framework is not None and body.from_level is not None  # noqa: S101, PT018
    return LevelQuestion(
        framework=body.from_framework,
        level=body.from_level,
        to_framework=body.to_framework,
        to_country=body.to_country,
        purpose=body.purpose,
        on=on,
        is_day_given=body.date is not None,
    )


def _told(services: StatementServices, identifier: str, on: dt.date | None) -> dict[str, Any]:
    found, versions = services.statement(identifier, on)
    signed = parse_object(found.document)
    subject = signed["credentialSubject"]
    base = f"{services.public_url}/api/v1/comparability-statements/{found.id}"
    return {
        **_version(found),
        "state": "in_force" if found.is_in_force else "replaced",
        "question": found.question,
        "answer": subject["answer"] if isinstance(subject, Mapping) else None,
        "supersedes": found.supersedes,
        "replaced_by": found.replaced_by,
        "versions": [_version(one) for one in versions],
        "document": signed,
        "links": {"self": base, "document": f"{base}/document"},
    }


def _version(statement: ComparabilityStatement) -> dict[str, Any]:
    ended = statement.replaced_at
    return {
        "id": statement.id,
        "version": statement.version,
        "held_from": rfc3339(statement.issued_at),
        "held_until": None if ended is None else rfc3339(ended),
        "registry_version": statement.registry_version,
    }
