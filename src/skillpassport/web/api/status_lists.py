"""Published status lists."""

import re
from typing import Final, Protocol

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from skillpassport.credentials.status_publication import KEPT_FOR, LIST_JWT, PublishedList
from skillpassport.errors import SkillPassportError
from skillpassport.vc.token_status import STATUS_LIST_CWT
from skillpassport.web.api.answers.texts import PUBLISHED_LIST
from skillpassport.web.published import published
from skillpassport.web.routing import ApiRoute
from skillpassport.web.texts import Reference

router = APIRouter(route_class=ApiRoute, tags=["published"])

_WEIGHT: Final = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")


class StatusListUnknown(SkillPassportError):
    """No status list has this address."""

    code = "status-list-unknown"

    def __init__(self) -> None:
        super().__init__(
            "No such status list is published here; follow the address in the credential."
        )


class StatusListServices(Protocol):
    """What these routes use."""

    def published_list(self, identifier: str, *, as_cwt: bool = False) -> PublishedList | None:
        """Return a signed status list, at most half a second old."""
        ...


@router.get(
    "/status/{identifier}",
    summary="A signed status list",
    response_class=Response,
    responses=PUBLISHED_LIST,
)
def status_list(identifier: Reference, request: Request) -> Response:
    """Return a signed list. Fetching it tells nobody which entry is meant.

    A Bitstring Status List is a credential; a Token Status List is a JWT, or a CWT for who asks for
    `application/statuslist+cwt`.
    """
    services: StatusListServices = request.app.state.services
    as_cwt = _prefers_cwt(request.headers.get("accept", ""))
    found = services.published_list(identifier, as_cwt=as_cwt)
    if found is None:
        raise StatusListUnknown
    return published(request, found.document, found.media_type, KEPT_FOR, varies="Accept")


def _prefers_cwt(accept: str) -> bool:
    """Return whether the CWT is wanted more than the JWT (RFC 9110, section 12.5.1)."""
    cwt = _weight(accept, STATUS_LIST_CWT)
    return cwt > 0 and cwt > _weight(accept, LIST_JWT)


def _weight(accept: str, media_type: str) -> float:
    """Return the weight of a media type that is named as such; 0 when it is not."""
    for part in accept.lower().split(","):
        name, *parameters = (each.strip() for each in part.split(";"))
        if name == media_type:
            weights = [each[2:] for each in parameters if each.startswith("q=")]
            return float(weights[0]) if weights and _WEIGHT.fullmatch(weights[0]) else 1.0
    return 0.0
