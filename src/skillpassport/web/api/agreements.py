"""`/api/v1/agreements`: agreements between states, regulators and social partners."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from skillpassport.equivalence.agreements import Agreement, AgreementNotFound
from skillpassport.equivalence.questions import read_day
from skillpassport.vc.strict_json import JsonObject
from skillpassport.web.api.registry import CALENDAR_DAY, CurrentRegistry, Today
from skillpassport.web.paging import CursorByName, Limit, name_cursor, page, seen_name
from skillpassport.web.routing import ApiRoute

router = APIRouter(route_class=ApiRoute, tags=["agreements"])

DEFAULT_LIMIT = 50

_COUNTRY = re.compile(r"^[A-Z]{2}$")

CountryQuery = Annotated[str | None, Query(pattern=_COUNTRY.pattern, description="ISO 3166-1")]
DayQuery = Annotated[
    str | None,
    Query(
        max_length=10,
        description="YYYY-MM-DD, by default today; the day of `is_in_force`",
        json_schema_extra=CALENDAR_DAY,
    ),
]


class AgreementOut(BaseModel):
    """An agreement: what is understood of every record, and the record's further members.

    Dates are as their source writes them: a day, a month, a year, or words. `is_in_force` is null
    where no source that was read says so: an agreement that was signed need not be in force.
    """

    model_config = ConfigDict(extra="allow")

    id: str
    slug: str
    kind: str
    footing: str
    parties: list[str]
    origins: list[str]
    destinations: list[str]
    isco: list[str]
    signed: str | None
    in_force: str | None
    ended: str | None
    is_in_force: bool | None
    source: str


class AgreementPage(BaseModel):
    """A page of agreements, in order of their slugs."""

    items: list[AgreementOut]
    next: str | None


@router.get("/api/v1/agreements", summary="Agreements", response_model=AgreementPage)
def list_agreements(
    *,
    request: Request,
    snapshot: CurrentRegistry,
    today: Today,
    limit: Limit = DEFAULT_LIMIT,
    cursor: CursorByName = None,
    origin: CountryQuery = None,
    destination: CountryQuery = None,
    isco: Annotated[
        str | None, Query(pattern=r"^[0-9]{1,4}$", description="ISCO-08 code of an occupation")
    ] = None,
    kind: Annotated[str | None, Query(max_length=60, pattern=r"^[a-z0-9-]+$")] = None,
    date: DayQuery = None,
) -> Response:
    """List the public agreements, or those of a corridor, an occupation or a kind."""
    day = today if date is None else read_day(date)
    seen = seen_name(cursor)
    found = [
        one
        for one in snapshot.agreements.search(
            origin=origin or "", destination=destination or "", isco=isco or "", kind=kind or ""
        )
        if seen is None or one.slug > seen
    ]
    shown = found[:limit]
    items: list[Mapping[str, Any]] = [_told(one, day) for one in shown]
    return page(request, items, name_cursor(shown[-1].slug) if len(found) > limit else None)


@router.get("/api/v1/agreements/{agreement}", summary="One agreement", response_model=AgreementOut)
def get_agreement(
    agreement: Annotated[str, Path(max_length=80, description="Id or slug")],
    snapshot: CurrentRegistry,
    today: Today,
    date: DayQuery = None,
) -> Response:
    """Return a public agreement with everything that its record says."""
    found = snapshot.agreements.find(agreement)
    if found is None or not found.is_public:
        raise AgreementNotFound
    day = today if date is None else read_day(date)
    return JSONResponse(_told(found, day))


def _told(agreement: Agreement, day: dt.date) -> JsonObject:
    """Return an agreement for the outside, as on a day; its record's members as they came."""
    return agreement.to_json() | {"is_in_force": agreement.is_in_force(day)}
