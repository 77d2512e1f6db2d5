"""Who is asking: API keys in the Authorization header, and the rights they must carry.

A handler names what it needs: `who: Annotated[Principal, Depends(require(Scope.STATUS_WRITE))]`.
Source: RFC 6750, section 2.1; keys in queries or bodies are not read
"""

import re

from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from skillpassport.organisations.access import Principal, Scope
from skillpassport.web.errors import KeyMissing, KeyUnknown, ScopeMissing
from skillpassport.web.limits import spend
from skillpassport.web.requests import counted_limits, principal_of, set_principal
from skillpassport.web.routing import Guard

_BEARER = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] +(?P<token>[\x21-\x7e]{1,512})")


class KeyRequired(Guard, SecurityBase):
    """Admits requests with a known API key, and with a certain right if one is named."""

    def __init__(self, scope: Scope | None = None) -> None:
        self.scope = scope
        self.scheme_name = "ApiKey"
        self.model = HTTPBearer(description="An API key of an organisation or the administrator.")

    async def admit(self, request: Request) -> None:
        """Establish who is asking.

        Raises: KeyMissing, KeyUnknown, ScopeMissing, TooManyRequests
        """
        principal = await identify(request)
        if principal is None:
            raise KeyMissing
        if "key" not in counted_limits(request.scope):  # it may have come by another way in
            spend(request, "key", principal.key_id)
        if self.scope is not None and self.scope not in principal.scopes:
            raise ScopeMissing(self.scope)

    async def __call__(self, request: Request) -> Principal:
        """Return who is asking.

        Raises: KeyMissing, KeyUnknown, ScopeMissing, TooManyRequests
        """
        if principal_of(request.scope) is None:
            await self.admit(request)
        found = principal_of(request.scope)
        if found is None:
            raise KeyMissing
        return found


async def identify(request: Request) -> Principal | None:
    """Return who is asking, or None when no key came.

    A public route may call this to know its own clients; a wrong key is refused there too.
    Raises: KeyUnknown
    """
    header = request.headers.get("authorization")
    if header is None:
        return None
    match = _BEARER.fullmatch(header.strip())
    if match is None:
        raise KeyUnknown
    # The look-up asks the database, which must not hold up the event loop.
    services = request.app.state.services
    principal: Principal | None = await run_in_threadpool(services.authenticate, match["token"])
    if principal is None:
        raise KeyUnknown
    set_principal(request.scope, principal)
    return principal


principal = KeyRequired()
"""Any known key."""


def require(scope: Scope) -> KeyRequired:
    """Return a dependency that admits only keys with a certain right."""
    return KeyRequired(scope)
