"""`/registry/changes`: every change of the registry, newest first, with where it came from."""

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from skillpassport.vc.strict_json import JsonObject
from skillpassport.web.api.registry_exchange import ExchangeServices
from skillpassport.web.pages.reader import ReaderOfPage, render
from skillpassport.web.routing import ApiRoute

router = APIRouter(route_class=ApiRoute, tags=["pages"], include_in_schema=False)

SHOWN = 50
"""Changes on one page."""


@router.get("/registry/changes", response_class=HTMLResponse)
def list_changes(
    request: Request,
    to: ReaderOfPage,
    after: Annotated[int, Query(ge=0, le=(1 << 53) - 1)] = 0,
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


def _told(change: JsonObject) -> dict[str, Any]:
    made_at = dt.datetime.fromisoformat(str(change["made_at"]))
    return change | {
        "made_at": made_at,
        "time_of_day": made_at.astimezone(dt.UTC).strftime("%H:%M:%S UTC"),
    }
