"""What travels with one request through the web edge: its id and who sent it."""

import re
import secrets
from typing import Any

from starlette.types import Scope

from skillpassport.organisations.access import Principal

_SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def request_id(scope: Scope) -> str:
    """Return the id of a request: the client's when it is a plain one, else a fresh random one."""
    state = _state(scope)
    if "request_id" not in state:
        sent = (value for name, value in scope["headers"] if name == b"x-request-id")
        given = next(sent, b"").decode("latin-1")
        state["request_id"] = given if _SANE_ID.fullmatch(given) else secrets.token_hex(16)
    return str(state["request_id"])


def principal_of(scope: Scope) -> Principal | None:
    """Return who sent the request, once that has been established."""
    principal = _state(scope).get("principal")
    return principal if isinstance(principal, Principal) else None


def set_principal(scope: Scope, principal: Principal) -> None:
    """Remember who sent the request."""
    _state(scope)["principal"] = principal


def route_template(scope: Scope) -> str:
    """Return the route's path with its placeholders, never the path that was asked for.

    Paths hold verification codes, which must not reach a log. Routers here carry their whole
    prefix themselves, so that the template is complete.
    """
    return str(getattr(scope.get("route"), "path", "(none)"))


def rate_limit_headers(scope: Scope) -> dict[str, str]:
    """Return the headers, to be filled by limits, that tell how many requests are left."""
    headers: dict[str, str] = _state(scope).setdefault("rate_limit_headers", {})
    return headers


def counted_limits(scope: Scope) -> set[str]:
    """Return the names of the limits that this request has been counted against."""
    counted: set[str] = _state(scope).setdefault("counted_limits", set())
    return counted


def _state(scope: Scope) -> dict[str, Any]:
    state: dict[str, Any] = scope.setdefault("state", {})
    return state
