"""`/registry/precedents`: what was decided in single cases, with what was found wanting."""

import re
from collections.abc import Callable, Iterable
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from skillpassport.web.api.registry import MAX_TEXT, CurrentRegistry
from skillpassport.web.pages.nothing import nothing_here
from skillpassport.web.pages.reader import ReaderOfPage, render
from skillpassport.web.pages.registry import place_name
from skillpassport.web.registry_words import PRECEDENT_UNKNOWN
from skillpassport.web.routing import ApiRoute
from skillpassport.web.texts import is_readable
from skillpassport.web.translation import Translation

router = APIRouter(route_class=ApiRoute, tags=["pages"], include_in_schema=False)

SHOWN: Final = 100
"""On one page; who wants more chooses countries, or asks the API."""

_PLACE: Final = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")


@router.get("/registry/precedents", response_class=HTMLResponse)
def list_precedents(
    *,
    request: Request,
    to: ReaderOfPage,
    snapshot: CurrentRegistry,
    origin: Annotated[str, Query(max_length=20)] = "",
    destination: Annotated[str, Query(max_length=20)] = "",
    qualification: Annotated[str, Query(max_length=MAX_TEXT)] = "",
) -> Response:
    """List decisions, newest first: of a corridor, about a title, or all."""
    chosen = {
        "origin": origin if _PLACE.fullmatch(origin) else "",
        "destination": destination if _PLACE.fullmatch(destination) else "",
    }
    title = qualification if is_readable(qualification) else ""
    every = snapshot.precedents.search()
    found = snapshot.precedents.search(**chosen, title=title or None)
    newest = sorted(found, key=lambda one: (-one.decided_in, one.title.casefold(), one.id))
    return render(
        "precedents.html",
        to,
        request,
        query={**chosen, "qualification": title},
        found=newest[:SHOWN],
        number=len(found),
        are_any=bool(every),
        chosen=chosen,
        title=title,
        origins=_places((one.origin for one in every), to.translation),
        destinations=_places((one.destination for one in every), to.translation),
        place=_place_in(to.translation),
    )


@router.get("/registry/precedents/{precedent}", response_class=HTMLResponse)
def show_precedent(
    request: Request,
    to: ReaderOfPage,
    snapshot: CurrentRegistry,
    precedent: Annotated[str, Path(max_length=MAX_TEXT)],
) -> Response:
    """Show one decision alone."""
    found = snapshot.precedents.find(precedent)
    if found is None:
        return nothing_here(request, to, PRECEDENT_UNKNOWN)
    return render(
        "precedents.html",
        to,
        request,
        found=[found],
        number=1,
        are_any=False,
        title=found.title,
        place=_place_in(to.translation),
    )


def _place_in(to: Translation) -> Callable[[str], str]:
    return lambda code: place_name(code, to)


def _places(codes: Iterable[str], to: Translation) -> list[tuple[str, str]]:
    named = [(code, place_name(code, to)) for code in set(codes)]
    return sorted(named, key=lambda each: each[1].casefold())
