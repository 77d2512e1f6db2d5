"""`/statements`: an answer of the registry as a signed document, shown with all its versions.

The form needs no key and holds nothing of its sender, so there is nothing that a forged one could
do: whoever asks the same gets the same statement.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Path, Query
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from skillpassport.clock import Clock
from skillpassport.equivalence.questions import QuestionMalformed, read_day, read_facts
from skillpassport.equivalence.statements.model import (
    ComparabilityStatement,
    StatementsExhausted,
    StatementUnknown,
)
from skillpassport.errors import SkillPassportError
from skillpassport.vc.strict_json import JsonObject, parse_object
from skillpassport.web.api.comparability_statements import (
    StatementIn,
    StatementServices,
    new_statement_of,
    question_of,
)
from skillpassport.web.api.registry import CurrentRegistry, RegistryServices
from skillpassport.web.bodies import read_body
from skillpassport.web.errors import TooManyRequests
from skillpassport.web.limits import limited
from skillpassport.web.pages.level_bars import level_bars, places_of
from skillpassport.web.pages.nothing import nothing_here
from skillpassport.web.pages.reader import Reader, ReaderOfPage, render
from skillpassport.web.registry_words import (
    DAY_MISREAD,
    NOT_HELD_THEN,
    NOTHING_TO_STATE,
    STATEMENT_UNKNOWN,
)
from skillpassport.web.retelling import retold_meaning
from skillpassport.web.routing import ApiRoute

router = APIRouter(
    route_class=ApiRoute, prefix="/statements", tags=["pages"], include_in_schema=False
)

MAX_FORM_BYTES: Final = 16 * 1024
MAX_FIELDS: Final = 20


class PageServices(StatementServices, RegistryServices):
    """What these pages use."""

    clock: Clock


@router.post("", response_class=HTMLResponse, dependencies=[Depends(limited("statement"))])
async def state(request: Request, to: ReaderOfPage) -> Response:
    """Make the statement that a form asks for, or find it, and lead to its page."""
    raw = await read_body(request, MAX_FORM_BYTES)
    return await run_in_threadpool(_state, request, to, raw)


@router.get("", response_class=HTMLResponse)
def begin(to: ReaderOfPage) -> Response:
    """Lead to the question that a statement begins with."""
    return RedirectResponse(to.link("/registry/compare"), status_code=303)


@router.get("/{statement}", response_class=HTMLResponse)
def show(
    request: Request,
    to: ReaderOfPage,
    snapshot: CurrentRegistry,
    statement: Annotated[str, Path(max_length=40)],
    date: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Show a statement: what it says, when it held, what replaced it, and the file to keep.

    date: show the version that held at the end of that day
    """
    services: PageServices = request.app.state.services
    said = ""
    try:
        found, versions = services.statement(statement, None)
    except StatementUnknown:
        return nothing_here(request, to, STATEMENT_UNKNOWN)
    if date:
        try:
            found, versions = services.statement(statement, read_day(date))
        except QuestionMalformed:
            said, date = DAY_MISREAD, ""
        except StatementUnknown:
            said = NOT_HELD_THEN
    document = parse_object(found.document)
    answer = _answer_in(document)
    return render(
        "statement.html",
        to,
        request,
        query={"date": date},
        statement=found,
        versions=versions,
        document=found.document,
        asked=found.question,
        meaning=retold_meaning(answer, to.translation),
        bars=level_bars(snapshot.registry, list(places_of(answer))),
        date=date,
        said=said,
        held=_held,
    )


def _state(request: Request, to: Reader, raw: bytes) -> Response:
    services: PageServices = request.app.state.services
    try:
        body = _read(raw)
        question = question_of(body, services.clock.now().date())
        stated = services.state_comparability(
            question, by_stranger=True, admit=new_statement_of(request)
        )
    except (StatementsExhausted, TooManyRequests):
        raise  # told as any other problem: asking later helps
    except (SkillPassportError, ValidationError, ValueError):
        return nothing_here(request, to, NOTHING_TO_STATE, status=422)
    return RedirectResponse(to.link(f"/statements/{stated.statement.id}"), status_code=303)


def _read(raw: bytes) -> StatementIn:
    """Return the question of a form.

    Raises: ValueError, ValidationError, FactsMalformed, FactUnknown, FactMistyped
    """
    pairs = parse_qsl(raw.decode(), max_num_fields=MAX_FIELDS, errors="strict")
    given: dict[str, Any] = {name: value for name, value in pairs if name != "lang"}
    if "facts" in given:
        given["facts"] = dict(read_facts(given["facts"]))
    return StatementIn.model_validate(given)


def _answer_in(document: Mapping[str, Any]) -> JsonObject:
    subject = document["credentialSubject"]
    answer: JsonObject = subject["answer"]
    return answer


def _held(statement: ComparabilityStatement) -> tuple[dt.datetime, dt.datetime | None]:
    """Return from when to when a version held."""
    return statement.issued_at, statement.replaced_at
