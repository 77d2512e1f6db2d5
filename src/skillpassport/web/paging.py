"""Lists in pages: an opaque cursor that marks the last item seen, and a link to what follows.

A cursor says no more than where a list goes on, so there is nothing to forge: one that nobody was
given leads to a place in the asker's own list, or behind its end.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

MAX_LIMIT = 200
MAX_CURSOR = 1_000

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="How many items at the most.")]

_AFTER: Final = "`next` of the page before."
# The figures are microseconds since 1970, up to the year 5138; hexadecimal octets are a name.
CURSOR_BY_TIME: Final = r"^t[0-9]{1,17}\.[A-Za-z0-9_-]{1,40}$"
CursorByTime = Annotated[
    str | None,
    Query(max_length=MAX_CURSOR, pattern=CURSOR_BY_TIME, description=_AFTER),
]
# No name has a NUL, and PostgreSQL takes none.
CURSOR_BY_NAME: Final = r"^n(?:[1-9a-f][0-9a-f]|0[1-9a-f]){1,400}$"
CursorByName = Annotated[
    str | None,
    Query(max_length=MAX_CURSOR, pattern=CURSOR_BY_NAME, description=_AFTER),
]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def time_cursor(instant: datetime, identifier: str) -> str:
    """Return the cursor behind an item of a list in the order of time."""
    return f"t{(instant - _EPOCH) // timedelta(microseconds=1)}.{identifier}"


def seen_time(cursor: str | None) -> tuple[datetime, str] | None:
    """Return instant and id of the last item seen, or None for the first page."""
    if cursor is None:
        return None
    microseconds, _, identifier = cursor[1:].partition(".")
    return _EPOCH + timedelta(microseconds=int(microseconds)), identifier


def name_cursor(name: str) -> str:
    """Return the cursor behind an item of a list in the order of names."""
    return f"n{name.encode().hex()}"


def seen_name(cursor: str | None) -> str | None:
    """Return the name of the last item seen, or None for the first page."""
    return None if cursor is None else bytes.fromhex(cursor[1:]).decode(errors="replace")


def page(
    request: Request,
    items: list[Mapping[str, Any]],
    following: str | None,
    *,
    beside: Mapping[str, Any] | None = None,
) -> Response:
    """Return one page, with a link to the next if there is one.

    following: the next page's cursor; None on the last page
    beside: further members of the answer
    Source: RFC 8288, section 3 (Link)
    """
    told = {"items": items, "next": following, **(beside or {})}
    if following is None:
        return JSONResponse(told)
    base = request.app.state.settings.public_url + request.url.path
    query = request.url.include_query_params(cursor=following).query
    link = f'<{base}?{query}>; rel="next"'
    return JSONResponse(told, headers={"Link": link})
