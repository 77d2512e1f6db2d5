"""The tamper-evident log, as the public sees it."""

from typing import Protocol

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from skillpassport.vc.strict_json import JsonObject
from skillpassport.web.api.answers import LogHeadOut
from skillpassport.web.routing import ApiRoute

router = APIRouter(route_class=ApiRoute, prefix="/api/v1/log", tags=["log"])


class LogServices(Protocol):
    """What these routes use."""

    def log_head(self) -> JsonObject:
        """Return size, root hash, time and the signed note of the newest head."""
        ...


@router.get("/head", summary="Newest signed head of the log", response_model=LogHeadOut)
def head(request: Request) -> Response:
    """Return the newest signed head. Whoever keeps it can later prove that nothing was rewritten."""
    services: LogServices = request.app.state.services
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"}
    return JSONResponse(services.log_head(), headers=headers)
