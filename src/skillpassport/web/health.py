"""Whether this instance lives, is ready, which version it is, and how it is doing.

Without key and without limit: these are asked by machines that decide whether to restart it.
"""

from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from skillpassport.web import metrics
from skillpassport.web.routing import ApiRoute

router = APIRouter(route_class=ApiRoute, tags=["health"])


class Alive(BaseModel):
    """The process answers."""

    status: str = "alive"


class Readiness(BaseModel):
    """One thing that serving needs."""

    name: str
    ready: bool
    detail: str


class Ready(BaseModel):
    """Whether requests should be sent here."""

    ready: bool
    checks: list[Readiness]


class Version(BaseModel):
    """What is running."""

    name: str
    version: str


@router.get("/livez", summary="Whether the process answers")
async def live() -> Alive:
    """Answer without asking anything else, so that a slow database does not get it restarted."""
    return Alive()


@router.get(
    "/readyz",
    summary="Whether requests should be sent here",
    response_model=Ready,
    responses={503: {"model": Ready, "description": "Not ready; the checks say why."}},
)
def ready(request: Request) -> Response:
    """Ask everything that serving needs: database, migrations, signer, clock."""
    found = request.app.state.services.readiness()
    checks = [Readiness(name=name, ready=good, detail=detail) for name, good, detail in found]
    answer = Ready(ready=all(check.ready for check in checks), checks=checks)
    headers = {"Cache-Control": "no-store"} | ({} if answer.ready else {"Retry-After": "5"})
    return JSONResponse(answer.model_dump(), 200 if answer.ready else 503, headers=headers)


@router.get("/version", summary="What is running")
async def running_version() -> Version:
    """Tell the package's version."""
    return Version(name="skillpassport", version=package_version())


@router.get(
    "/metrics",
    summary="Counts and durations for Prometheus",
    response_class=PlainTextResponse,
)
async def exposition(request: Request) -> Response:
    """Give the counts of the worker that answers."""
    counted: metrics.Metrics = request.app.state.metrics
    return Response(counted.exposition(), media_type=metrics.MEDIA_TYPE)


def package_version() -> str:
    """Return the installed version, or `unknown` in a tree that was never installed."""
    try:
        return version("skillpassport")
    except PackageNotFoundError:
        return "unknown"
