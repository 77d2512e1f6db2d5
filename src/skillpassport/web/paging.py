"""Lists in pages: an opaque cursor that marks the last item seen, and a link to what follows."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from skillpassport.vc import strict_json
from skillpassport.vc.multibase import MultibaseInvalid, decode_base64url, encode_base64url
from skillpassport.web.errors import Fault, RequestInvalid

MAX_LIMIT = 200
MAX_CURSOR = 1_000

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="How many items at the most.")]
Cursor = Annotated[
    str | None, Query(max_length=MAX_CURSOR, description="`next` of the page before.")
]


def read_cursor(cursor: str | None, parts: int) -> tuple[str, ...] | None:
    """Return what a cursor of ours holds, or None for the first page.

    Raises: RequestInvalid
    """
    if cursor is None:
        return None
    try:
        # Lone surrogates too are refused: no store can look for them.
        seen = strict_json.parse(decode_base64url(cursor))
    except (MultibaseInvalid, strict_json.StrictJsonError) as error:
        raise _malformed() from error
    if not isinstance(seen, list) or len(seen) != parts:
        raise _malformed()
    texts = tuple(part for part in seen if isinstance(part, str) and "\0" not in part)
    if len(texts) != parts:
        raise _malformed()
    return texts


def page(
    request: Request, items: list[Mapping[str, Any]], seen: tuple[str, ...] | None
) -> Response:
    """Return one page, with a link to the next if there is one.

    seen: what the next page's cursor is to hold; None on the last page
    Source: RFC 8288, section 3 (Link)
    """
    if seen is None:
        return JSONResponse({"items": items, "next": None})
    cursor = encode_base64url(json.dumps(seen, separators=(",", ":")).encode())
    base = request.app.state.settings.public_url + request.url.path
    following = request.url.include_query_params(cursor=cursor).query
    link = f'<{base}?{following}>; rel="next"'
    return JSONResponse({"items": items, "next": cursor}, headers={"Link": link})


def _malformed() -> RequestInvalid:
    fault = Fault("query:cursor", "cursor-malformed", "Expected a cursor that a page before gave.")
    return RequestInvalid((fault,))
