"""A refusal as a person's browser shows it; programs get the problem document.

Plain ASGI around everything that answers with problem documents: whatever refused, a route, the
framework or the last resort, there is one place that turns it into a page. Status and headers stay.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from skillpassport.web.pages.reader import UNTOLD, reader, render
from skillpassport.web.preferences import preferred_languages
from skillpassport.web.requests import request_id
from skillpassport.web.sentences import N_

_PROBLEM: Final = b"application/problem+json"
_KEPT: Final = frozenset({"retry-after", "allow"})
_FOR_PROGRAMS: Final = ("/api/", "/vc/", "/orgs/", "/status/", "/.well-known/", "/openapi.json")
"""Where an answer is a document, whoever asks."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a person is told about a status."""

    title: str
    advice: str


_NOT_UNDERSTOOD: Final = Told(
    N_("That was not understood"), N_("Go back, look at what you entered, and try again.")
)
_FAULT: Final = Told(
    N_("Something went wrong here"),
    N_("The fault is on our side, and says nothing about the credential. Try again later."),
)
TOLD: Final[Mapping[int, Told]] = {
    404: Told(
        N_("There is nothing at this address"),
        N_("Compare the address with the one you were given, or verify a document instead."),
    ),
    408: Told(N_("It came too slowly"), N_("Try again where the connection is better.")),
    410: Told(
        N_("No longer here"),
        N_("What was here has been erased. A document in the holder's hand can still be verified."),
    ),
    413: Told(
        N_("That is too large"), N_("A document may have one megabyte; choose a smaller one.")
    ),
    429: Told(
        N_("Too many requests at once"),
        N_("This says nothing about the credential. Wait a moment and try again."),
    ),
    503: Told(
        N_("This service cannot answer now"),
        N_("This says nothing about the credential. Wait a moment and try again."),
    ),
}
"""By status; other refusals are `_NOT_UNDERSTOOD`, other failures `_FAULT`."""


class RefusalsForPeople:
    """Shows a page in place of a problem document to a browser that asked for a page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not _wants_a_page(scope):
            await self.app(scope, receive, send)
            return
        refusal: Message | None = None

        async def send_or_keep(message: Message) -> None:
            nonlocal refusal
            if message["type"] == "http.response.start" and _is_problem(message):
                refusal = message
            elif refusal is None:
                await send(message)
            elif not message.get("more_body", False):
                await _page(refusal, scope)(scope, receive, send)

        await self.app(scope, receive, send_or_keep)


def _wants_a_page(scope: Scope) -> bool:
    if scope["path"].startswith(_FOR_PROGRAMS):
        return False
    return any(
        name == b"accept" and b"text/html" in value.lower() for name, value in scope["headers"]
    )


def _is_problem(start: Message) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(_PROBLEM)
        for name, value in start["headers"]
    )


def _page(refusal: Message, scope: Scope) -> Response:
    """Return the page, with what the problem document's headers said about coming back."""
    status, request = int(refusal["status"]), Request(scope)
    wish = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [""])[0]
    to = reader(preferred_languages(wish, request.headers.get("accept-language")), wish)
    kept = {name.decode("latin-1"): value.decode("latin-1") for name, value in refusal["headers"]}
    page = render(
        "refusal.html",
        to,
        request,
        path="/",  # an address that nothing is at is not shown back
        status=status,
        headers={**UNTOLD, **{name: kept[name] for name in kept if name in _KEPT}},
        told=TOLD.get(status, _FAULT if status >= 500 else _NOT_UNDERSTOOD),  # noqa: PLR2004
        seconds=int(kept.get("retry-after", "0")),
        trace_id=request_id(scope),
        number=status,
    )
    if scope["method"] == "HEAD":
        page.body = b""
    return page
