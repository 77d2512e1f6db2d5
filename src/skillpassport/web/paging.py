"""Lists in pages: an opaque cursor names the last item that was seen.

A cursor holds a key of the list's order, not a position, so that items added meanwhile neither
repeat nor hide others. Nobody but this module reads one.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Final, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from skillpassport.errors import SkillPassportError

T = TypeVar("T")

DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 200
MAX_CURSOR: Final = 400


class CursorInvalid(SkillPassportError):
    """The cursor was not given out by this service."""

    code = "cursor-invalid"

    def __init__(self) -> None:
        super().__init__(
            "Expected a cursor as an earlier page gave it in `next`, found another text; "
            "begin again without one."
        )


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is wanted.

    after: key of the last item that was seen; None asks for the first page
    """

    limit: int
    after: str | None


def requested_page(
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Items on a page")] = DEFAULT_LIMIT,
    cursor: Annotated[
        str | None, Query(max_length=MAX_CURSOR, description="`next` of the page before")
    ] = None,
) -> PageRequest:
    """Return the page that a request asks for.

    Raises: CursorInvalid
    """
    return PageRequest(limit, None if cursor is None else read_cursor(cursor))


Paged = Annotated[PageRequest, Depends(requested_page)]
"""A handler's parameter for the page that is asked for."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items of a list; `next` is the cursor of the following page, if there is one."""

    items: tuple[T, ...]
    next: str | None


def cut_page(items: Iterable[T], key: Callable[[T], str], wanted: PageRequest) -> Page[T]:
    """Return one page of a list that is in memory; the order is that of the keys."""
    ordered = sorted(items, key=key)
    rest = [item for item in ordered if wanted.after is None or key(item) > wanted.after]
    shown = tuple(rest[: wanted.limit])
    more = len(rest) > wanted.limit
    return Page(shown, write_cursor(key(shown[-1])) if more else None)


def link_next(request: Request, response: Response, cursor: str | None) -> None:
    """Add the `Link` of the following page (RFC 8288), relative to this one."""
    if cursor is None:
        return
    others = [(name, value) for name, value in request.query_params.items() if name != "cursor"]
    query = urlencode([*others, ("cursor", cursor)])
    response.headers.append("Link", f'<?{query}>; rel="next"')


def write_cursor(key: str) -> str:
    """Return the cursor of an item's key."""
    return urlsafe_b64encode(key.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> str:
    """Return the key in a cursor.

    Raises: CursorInvalid
    """
    try:
        key = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode()
    except (UnicodeError, binascii.Error) as error:
        raise CursorInvalid from error
    if write_cursor(key) != cursor:
        raise CursorInvalid
    return key
