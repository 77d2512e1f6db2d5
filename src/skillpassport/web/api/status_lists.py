"""Published status lists."""

from typing import Protocol

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from skillpassport.errors import SkillPassportError
from skillpassport.web.api.answers import PUBLISHED_LIST
from skillpassport.web.published import published
from skillpassport.web.routing import ApiRoute
from skillpassport.web.texts import Reference

router = APIRouter(route_class=ApiRoute, tags=["published"])


class StatusListUnknown(SkillPassportError):
    """No status list has this address."""

    code = "status-list-unknown"

    def __init__(self) -> None:
        super().__init__(
            "No such status list is published here; follow the address in the credential."
        )


class StatusListServices(Protocol):
    """What these routes use."""

    def published_list(self, identifier: str) -> bytes | None:
        """Return a signed status list, up to date."""
        ...


@router.get(
    "/status/{identifier}",
    summary="A signed status list",
    response_class=Response,
    responses=PUBLISHED_LIST,
)
def status_list(identifier: Reference, request: Request) -> Response:
    """Return a Bitstring Status List credential. Fetching it tells nobody which entry is meant."""
    services: StatusListServices = request.app.state.services
    document = services.published_list(identifier)
    if document is None:
        raise StatusListUnknown
    return published(request, document, "application/vc")
