"""Public documents that others fetch and keep: strong ETag, 304, any origin."""

import hashlib
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

KEPT_FOR: Final = timedelta(seconds=60)


def published(
    request: Request,
    body: bytes | memoryview,
    media_type: str,
    kept_for: timedelta = KEPT_FOR,
    *,
    varies: str | None = None,
) -> Response:
    """Return a public document, or 304 when the client has these very bytes.

    varies: the request header that chose among several forms
    Source: RFC 9110, sections 8.8.3 (ETag) and 13.1.2 (If-None-Match)
    """
    content = bytes(body)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {
        "ETag": etag,
        "Cache-Control": f"public, max-age={int(kept_for.total_seconds())}",
        "Access-Control-Allow-Origin": "*",
    }
    if varies is not None:
        headers["Vary"] = varies
    if _matches(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def _matches(header: str, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return "*" in tags or etag in tags
