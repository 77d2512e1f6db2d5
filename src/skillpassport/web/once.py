"""Idempotency-Key: a write that is sent twice happens once and is answered twice.

Source: The Idempotency-Key HTTP Header Field (draft), section 2; the database decides, see
`skillpassport.idempotency`
"""

import hmac
import re
from collections.abc import Callable
from typing import Annotated, Protocol, TypeVar

from fastapi import Depends, Header
from starlette.requests import Request

from skillpassport.idempotency import AlreadyDone, Claim, IdempotencyConflict, RequestKey
from skillpassport.web.errors import Fault, RequestInvalid
from skillpassport.web.requests import principal_of

T = TypeVar("T")

_KEY = re.compile(r"[!-~](?:[ -~]{0,253}[!-~])?")


class RememberingServices(Protocol):
    """What knows earlier requests."""

    def fingerprint(self, data: bytes) -> str:
        """Return a keyed digest of a request."""
        ...

    def find_claim(self, request: RequestKey) -> Claim | None:
        """Return what an earlier request with this key created."""
        ...

    def claim_secret(self, request: RequestKey, claim: Claim) -> str:
        """Return the secret that was kept with a claim."""
        ...


async def request_key(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            description="The client's own name for this write: sent again with the same body, it "
            "is answered as the first time, and nothing is written twice. Kept for 7 days.",
            json_schema_extra={"pattern": f"^{_KEY.pattern}$", "maxLength": 255},
        ),
    ] = None,
) -> RequestKey | None:
    """Return the key of a request, or None when the client sent none.

    Raises: RequestInvalid
    """
    who = principal_of(request.scope)
    if idempotency_key is None or who is None:
        return None
    if _KEY.fullmatch(idempotency_key) is None:
        fault = Fault(
            "header:Idempotency-Key", "key-malformed", "Expected 1 to 255 ASCII characters."
        )
        raise RequestInvalid((fault,))
    services: RememberingServices = request.app.state.services
    body = await request.body()
    said = b"\0".join((request.method.encode(), request.url.path.encode(), body))
    return RequestKey(owner=who.owner, key=idempotency_key, fingerprint=services.fingerprint(said))


Once = Annotated[RequestKey | None, Depends(request_key)]
"""A handler's parameter for the key of a write."""


def once(
    services: RememberingServices,
    request: RequestKey | None,
    *,
    act: Callable[[], T],
    recall: Callable[[Claim], T],
) -> T:
    """Return what the write returns, now or as the first time.

    recall: tells again what an earlier request created
    Raises: IdempotencyConflict, RequestInProgress, and all that `act` raises
    """
    if request is None:
        return act()
    claim = services.find_claim(request)
    if claim is None:
        try:
            return act()
        except AlreadyDone:
            claim = services.find_claim(request)
            if claim is None:
                raise
    if not hmac.compare_digest(claim.fingerprint, request.fingerprint):
        raise IdempotencyConflict
    return recall(claim)
