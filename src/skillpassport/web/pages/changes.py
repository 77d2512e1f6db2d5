"""`/registry/changes`: every change of the registry, newest first, and what each changed."""

import datetime as dt
import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from skillpassport.vc.strict_json import JsonObject
from skillpassport.web.api.registry_exchange import ExchangeServices
from skillpassport.web.limits import limited
from skillpassport.web.pages.differences import TABLES, counts_of, things_in, told
from skillpassport.web.pages.nothing import nothing_here
from skillpassport.web.pages.reader import ReaderOfPage, render
from skillpassport.web.registry_words import CHANGE_UNKNOWN
from skillpassport.web.routing import ApiRoute

router = APIRouter(route_class=ApiRoute, tags=["pages"], include_in_schema=False)

SHOWN = 50
"""Changes, or things that one of them changed, on one page."""

_LARGEST = (1 << 53) - 1


@router.get("/registry/changes", response_class=HTMLResponse)
def list_changes(
    request: Request,
    to: ReaderOfPage,
    after: Annotated[int, Query(ge=0, le=_LARGEST)] = 0,
) -> Response:
    """List changes, newest first.

    after: number of the last one of the page before
    """
    services: ExchangeServices = request.app.state.services
    found = services.registry_changes(after=after, limit=SHOWN + 1)
    shown = [_told(each) for each in found[:SHOWN]]
    return render(
        "changes.html",
        to,
        request,
        query={"after": str(after) if after else ""},
        changes=shown,
        following=str(shown[-1]["number"]) if len(found) > SHOWN else "",
    )


@router.get(
    "/registry/changes/{number}",
    response_class=HTMLResponse,
    dependencies=[Depends(limited("statement"))],
)
def show_change(
    request: Request,
    to: ReaderOfPage,
    number: Annotated[int, Path(ge=1, le=_LARGEST)],
    since: Annotated[int | None, Query(ge=0, le=_LARGEST)] = None,
    after: Annotated[int, Query(ge=0, le=_LARGEST)] = 0,
) -> Response:
    """Show what a change changed, before and after, field by field.

    since: number of an earlier version to compare with; by default the one before
    after: how many things were shown on the pages before
    """
    services: ExchangeServices = request.app.state.services
    found = services.registry_changes(after=number + 1, limit=1)
    if not found or found[0]["number"] != number:
        return nothing_here(request, to, CHANGE_UNKNOWN)
    old = number - 1 if since is None else min(since, number)
    tables = json.loads(services.registry_diff_json(old, number))["tables"]
    things = things_in(tables)
    shown = [told(table, each) for table, each in things[after : after + SHOWN]]
    counts = counts_of(tables)
    return render(
        "change.html",
        to,
        request,
        query={
            "since": "" if since is None else str(old),
            "after": str(after) if after else "",
        },
        change=_told(found[0]),
        old=old,
        is_whole=old == 0,
        counts=counts,
        things=shown,
        first=after + 1,
        number_of_things=len(things),
        in_bulk=_rows(found[0]) if old == number - 1 and not things else 0,
        following=str(after + SHOWN) if len(things) > after + SHOWN else "",
        since="" if since is None else str(old),
        tables=TABLES,
    )


def _rows(change: JsonObject) -> int:
    rows = change["rows_added"]
    return rows if isinstance(rows, int) else 0


def _told(change: JsonObject) -> dict[str, Any]:
    made_at = dt.datetime.fromisoformat(str(change["made_at"]))
    return change | {
        "made_at": made_at,
        "time_of_day": made_at.astimezone(dt.UTC).strftime("%H:%M:%S UTC"),
    }
