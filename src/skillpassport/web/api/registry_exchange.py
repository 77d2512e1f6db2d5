"""`/api/v1/registry`: its versions, what differs between them, and the whole to take along."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Protocol

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from skillpassport.vc.strict_json import JsonObject
from skillpassport.web.limits import limited
from skillpassport.web.paging import Limit, page
from skillpassport.web.published import published
from skillpassport.web.routing import ApiRoute

router = APIRouter(route_class=ApiRoute, prefix="/api/v1/registry", tags=["registry"])

_LARGEST: Final = (1 << 53) - 1
_CURSOR: Final = r"^c[1-9][0-9]{0,8}$"  # a change's number, which the database counts in 31 bits
Version = Annotated[int, Query(ge=0, le=_LARGEST)]


def _as(media_type: str, kind: str) -> dict[int | str, dict[str, Any]]:
    schema = {"type": kind} | ({"format": "binary"} if kind == "string" else {})
    return {200: {"content": {media_type: {"schema": schema}}}}


class ExchangeServices(Protocol):
    """What these routes use."""

    def registry_json(self) -> bytes:
        """Return the registry's version, and everything in it by table."""
        ...

    def registry_csv(self, table: str) -> bytes:
        """Return one table as CSV.

        Raises: TableUnknown
        """
        ...

    def registry_linked_data(self) -> bytes:
        """Return the registry as JSON-LD."""
        ...

    def export_bundle(self) -> bytes:
        """Return the registry as a signed bundle.

        Raises: NoSigningKey
        """
        ...

    def registry_changes(self, *, after: int, limit: int) -> Sequence[JsonObject]:
        """Return the registry's changes, newest first."""
        ...

    def registry_diff_json(self, old: int, new: int | None = None) -> bytes:
        """Return what differs between two versions, as JSON.

        Raises: VersionUnknown
        """
        ...


class ChangeOut(BaseModel):
    """One change: its number is the registry's version from then on."""

    number: int
    origin: str
    rows_added: int
    made_at: str


class ChangePage(BaseModel):
    """Changes, newest first."""

    items: list[ChangeOut]
    next: str | None


class DifferenceOut(BaseModel):
    """One thing that was added (`before` is null) or that says something else."""

    name: str
    before: dict[str, Any] | None
    after: dict[str, Any]
    origin: str


class DiffOut(BaseModel):
    """What differs between two versions, by table."""

    tables: dict[str, list[DifferenceOut]]


@router.get("/changes", summary="Every change of the registry", response_model=ChangePage)
def changes(
    request: Request,
    limit: Limit = 50,
    cursor: Annotated[str | None, Query(max_length=20, pattern=_CURSOR)] = None,
) -> Response:
    """List changes, newest first; nothing in the registry is ever edited in place."""
    services: ExchangeServices = request.app.state.services
    after = int(cursor[1:]) if cursor is not None else 0
    found = services.registry_changes(after=after, limit=limit + 1)
    shown: list[Mapping[str, Any]] = [*found[:limit]]
    return page(request, shown, f"c{shown[-1]['number']}" if len(found) > limit else None)


@router.get(
    "/diff",
    summary="What differs between two versions",
    response_model=DiffOut,
    dependencies=[Depends(limited("statement"))],
)
def diff(
    request: Request,
    old: Annotated[int, Query(alias="from", ge=0, le=_LARGEST)],
    new: Annotated[int | None, Query(alias="to", ge=0, le=_LARGEST)] = None,
) -> Response:
    """Return what was added and what says something else, each with how it came in."""
    services: ExchangeServices = request.app.state.services
    return published(request, services.registry_diff_json(old, new), "application/json")


@router.get(
    "/export.json",
    summary="The whole registry as JSON",
    response_class=Response,
    responses=_as("application/json", "object"),
    dependencies=[Depends(limited("statement"))],
)
def as_json(request: Request) -> Response:
    """Return every table, each thing in its newest revision."""
    services: ExchangeServices = request.app.state.services
    return published(request, services.registry_json(), "application/json")


@router.get(
    "/export.jsonld",
    summary="The registry as JSON-LD",
    response_class=Response,
    responses=_as("application/ld+json", "object"),
    dependencies=[Depends(limited("statement"))],
)
def as_linked_data(request: Request) -> Response:
    """Return frameworks, editions, levels, statements and sources under stable URIs."""
    services: ExchangeServices = request.app.state.services
    return published(request, services.registry_linked_data(), "application/ld+json")


@router.get(
    "/bundle.zip",
    summary="The registry as a signed bundle",
    response_class=Response,
    responses=_as("application/zip", "string"),
    dependencies=[Depends(limited("statement"))],
)
def as_bundle(request: Request) -> Response:
    """Return what `skillpassport import bundle` of another instance takes."""
    services: ExchangeServices = request.app.state.services
    found = published(request, services.export_bundle(), "application/zip")
    found.headers["Content-Disposition"] = 'attachment; filename="registry-bundle.zip"'
    return found


@router.get(
    "/export/{table}.csv",
    summary="One table of the registry as CSV",
    response_class=Response,
    responses=_as("text/csv", "string"),
    dependencies=[Depends(limited("statement"))],
)
def as_csv(
    table: Annotated[str, Path(max_length=40, json_schema_extra={"pattern": "^[a-z_]+$"})],
    request: Request,
) -> Response:
    """Return one table; members that are not text are JSON within their cell."""
    services: ExchangeServices = request.app.state.services
    return published(request, services.registry_csv(table), "text/csv; charset=utf-8")
