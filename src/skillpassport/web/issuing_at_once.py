"""Signatures under a profile that need no waiting, made before the framework has unpacked them.

Under a profile without a status nothing is read or written when key and profile are in memory, and
a credential of a shape that was signed before takes a few tenths of a millisecond. Routing,
dependencies and the hop to a thread would cost more than that. Every other request, and every one
with anything unusual about it, goes on to the route with its body as it came: what is taken, and how
refusals read, is said there alone.
"""

import re
from typing import Final, Protocol

import orjson
from starlette.requests import Request
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from skillpassport.organisations.access import Principal
from skillpassport.organisations.access import Scope as Right
from skillpassport.organisations.signing_keys import ActiveSigner, NoSigningKey
from skillpassport.profiles.issuing import IssueUnderProfile
from skillpassport.profiles.model import SigningProfile
from skillpassport.vc import strict_json
from skillpassport.vc.strict_json import JsonObject, StrictJsonError
from skillpassport.web.at_once import again, answer, body_of, headers_of
from skillpassport.web.limits import spend
from skillpassport.web.requests import counted_limits, set_principal

_PATH: Final = re.compile(r"/vc/issuers/([A-Za-z0-9_-]{1,63})/credentials/issue")
_BEARER: Final = b"Bearer "
_MEMBERS: Final = frozenset({"credential", "options"})


class Issuing(Protocol):
    """What is used of the services."""

    issue_under_profile: IssueUnderProfile

    def signing_at_hand(
        self, token: str, reference: str
    ) -> tuple[Principal, SigningProfile, ActiveSigner] | None:
        """Return who stands behind an API key and a profile of theirs, if both are in memory."""
        ...


class IssuingAtOnce:
    """Serves the plain requests of the route that issues under profiles, and hands on all others."""

    def __init__(self, app: ASGIApp, *, route: BaseRoute) -> None:
        """Stand in front of an application.

        route: requests are counted and logged as its own
        """
        self.app = app
        self.route = route

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not scope["path"].startswith("/vc/issuers/"):
            await self.app(scope, receive, send)
            return
        services: Issuing = scope["app"].state.services
        asked = _PATH.fullmatch(scope["path"])
        token = _token(scope)
        at_hand = services.signing_at_hand(token, asked[1]) if asked and token else None
        if at_hand is None or Right.CREDENTIALS_WRITE not in at_hand[0].scopes:
            await self.app(scope, receive, send)
            return
        who, profile, active = at_hand
        spend(Request(scope), "key", who.key_id)
        counted_limits(scope).add("key")
        set_principal(scope, who)
        raw = await body_of(receive)
        signed = _signed(services.issue_under_profile, profile, active, raw)
        if signed is None:
            await self.app(scope, again(raw, receive), send)
            return
        scope["route"] = self.route
        await answer(send, 201, orjson.dumps({"verifiableCredential": signed}))


def _token(scope: Scope) -> str | None:
    """Return the API key of a request about which nothing is unusual."""
    headers = headers_of(scope)
    if scope["method"] != "POST" or scope["query_string"] or headers is None:
        return None
    sent = headers.get(b"authorization", b"")
    return sent.removeprefix(_BEARER).decode("latin-1") if sent.startswith(_BEARER) else None


def _signed(
    issue: IssueUnderProfile, profile: SigningProfile, active: ActiveSigner, raw: bytes
) -> JsonObject | str | None:
    try:
        body = strict_json.parse(raw)
    except StrictJsonError:
        return None
    if not isinstance(body, dict) or not body.keys() <= _MEMBERS or body.get("options", {}) != {}:
        return None
    credential = body.get("credential")
    if not isinstance(credential, dict):
        return None
    try:
        return issue.at_once(profile, active, credential)
    except NoSigningKey:
        return None
