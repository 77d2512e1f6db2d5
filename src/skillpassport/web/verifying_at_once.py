"""Verifications of the VC-API that need no waiting, answered before the framework has unpacked them.

As `at_once` does for the product's own route, and by the same rules: small plain requests alone, on the
event loop when the document is light and all that is asked about it lies in memory, else in the thread
pool. Every other request goes on to the route with its body as it came.
"""

from typing import Final, Protocol

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from skillpassport.vc import strict_json
from skillpassport.vc.effort import is_light
from skillpassport.vc.strict_json import JsonObject, StrictJsonError
from skillpassport.vc.verify import Policy, Verification
from skillpassport.web.api.vc_api import credential_told
from skillpassport.web.api.vc_bodies import VcApiRequestMalformed, VerifyRequest, read_verify
from skillpassport.web.at_once import again, answer, body_of, headers_of
from skillpassport.web.limits import Limited

_MEMBERS: Final = frozenset({"verifiableCredential", "options"})


class Verifying(Protocol):
    """What is used of the services."""

    policy: Policy

    def verify_credential(
        self, document: JsonObject | str, *, proof_alone: bool = False
    ) -> Verification:
        """Return what the document shows of itself, whoever its issuer is."""
        ...

    def verify_credential_at_once(
        self, document: JsonObject | str, *, proof_alone: bool = False
    ) -> Verification | None:
        """Return the same, without waiting; None where something must be read."""
        ...


class VerifyingAtOnce:
    """Serves the plain requests of the route that verifies credentials, and hands on all others."""

    def __init__(self, app: ASGIApp, *, path: str, route: BaseRoute, limit: Limited) -> None:
        """Stand in front of an application.

        route: of the same path and method; requests are counted and logged as its own
        limit: the route's guard
        """
        self.app = app
        self.path = path
        self.route = route
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] != self.path or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        if scope["query_string"] or headers_of(scope) is None:
            await self.app(scope, receive, send)
            return
        scope["route"] = self.route
        await self.limit.admit(Request(scope))
        raw = await body_of(receive)
        wanted = _wanted(raw)
        written = await _written(scope["app"].state.services, wanted) if wanted else None
        if written is None:
            await self.app(scope, again(raw, receive), send)
            return
        await answer(send, *written)


def _wanted(raw: bytes) -> VerifyRequest | None:
    """Return what is asked for; None for whatever the route would refuse, or answer otherwise."""
    try:
        body = strict_json.parse(raw)
        if not isinstance(body, dict) or not body.keys() <= _MEMBERS:
            return None
        wanted = read_verify(body, "verifiableCredential")
        is_bound = wanted.domain is not None or wanted.challenge is not None
        return None if is_bound else wanted
    except (StrictJsonError, VcApiRequestMalformed):
        return None


async def _written(services: Verifying, wanted: VerifyRequest) -> tuple[int, bytes] | None:
    """Return the status and the body of the answer; None where orjson cannot write it."""
    verified, report = credential_told(await _found(services, wanted), wanted.checks)
    try:
        return 200 if verified else 400, orjson.dumps({"verified": verified, "report": report})
    except orjson.JSONEncodeError:
        return None


async def _found(services: Verifying, wanted: VerifyRequest) -> Verification:
    document, proof_alone = wanted.document, wanted.proof_alone
    found = None
    if is_light(document, services.policy):
        found = services.verify_credential_at_once(document, proof_alone=proof_alone)
    if found is not None:
        return found
    return await run_in_threadpool(services.verify_credential, document, proof_alone=proof_alone)
