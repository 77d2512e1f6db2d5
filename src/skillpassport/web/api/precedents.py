"""`/api/v1/precedents`: decisions on single cases, without the persons that they were about."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from skillpassport.equivalence.precedents import PrecedentNotFound
from skillpassport.web.api.equivalences import LevelsOf
from skillpassport.web.api.registry import MAX_TEXT, READABLE, CurrentRegistry, read_text
from skillpassport.web.paging import CursorByName, Limit, name_cursor, page, seen_name
from skillpassport.web.routing import ApiRoute

router = APIRouter(route_class=ApiRoute, prefix="/api/v1/precedents", tags=["equivalences"])

DEFAULT_LIMIT = 50

PlaceQuery = Annotated[
    str | None, Query(pattern=r"^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$", description="ISO 3166 code")
]


class PrecedentOut(BaseModel):
    """What was decided about one qualification in a single case; it binds nobody else.

    `decided_in` is a year: a day would lead to the person where few cases are decided.
    """

    id: str
    origin: str
    destination: str
    qualification: str
    outcome: str
    comparable_to: str
    levels: list[LevelsOf]
    measures: list[str]
    differences: list[str]
    decided_by: str
    decided_in: int
    institution: str
    legal_basis: str
    sources: list[str]


class PrecedentPage(BaseModel):
    """A page of decisions, in order of their ids."""

    items: list[PrecedentOut]
    next: str | None


@router.get("", summary="Decisions on single cases", response_model=PrecedentPage)
def list_precedents(
    *,
    request: Request,
    snapshot: CurrentRegistry,
    limit: Limit = DEFAULT_LIMIT,
    cursor: CursorByName = None,
    origin: PlaceQuery = None,
    destination: PlaceQuery = None,
    qualification: Annotated[
        str | None,
        Query(
            max_length=MAX_TEXT,
            description="Title as on the certificate",
            json_schema_extra=READABLE,
        ),
    ] = None,
) -> Response:
    """List the decisions, or those of a corridor, or about a title."""
    title = None if qualification is None else read_text(qualification, "qualification")
    seen = seen_name(cursor)
    found = [
        one
        for one in snapshot.precedents.search(
            origin=origin or "", destination=destination or "", title=title
        )
        if seen is None or one.id > seen
    ]
    shown = found[:limit]
    items: list[Mapping[str, Any]] = [one.to_json() for one in shown]
    return page(request, items, name_cursor(shown[-1].id) if len(found) > limit else None)


@router.get("/{precedent}", summary="One decision on a single case", response_model=PrecedentOut)
def get_precedent(
    precedent: Annotated[str, Path(max_length=40, pattern=r"^[A-Za-z0-9_-]{10,40}$")],
    snapshot: CurrentRegistry,
) -> Response:
    """Return a decision, with its sources."""
    found = snapshot.precedents.find(precedent)
    if found is None:
        raise PrecedentNotFound
    return JSONResponse(found.to_json())
