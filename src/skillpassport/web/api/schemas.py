"""The schemas of what is signed here, for whoever wants to check a document before trusting words."""

from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from skillpassport.schemas import SCHEMAS, published_schema
from skillpassport.web.published import published
from skillpassport.web.routing import ApiRoute

router = APIRouter(route_class=ApiRoute, prefix="/api/v1/schemas", tags=["published"])

KEPT_FOR: Final = timedelta(days=1)
"""A released version never changes."""

_MEDIA_TYPE: Final = "application/schema+json"
_ONE_SCHEMA: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {_MEDIA_TYPE: {"schema": {"type": "object"}}}}
}


class SchemaOut(BaseModel):
    """One version of one kind of document."""

    kind: str
    version: str
    links: dict[str, str]


class SchemasOut(BaseModel):
    """All that are published."""

    items: list[SchemaOut]


@router.get("", summary="Schemas of the documents that are signed here")
def schemas(request: Request) -> SchemasOut:
    """List the kinds of documents with their versions."""
    base = f"{request.app.state.services.public_url}/api/v1/schemas"
    items = []
    for name in SCHEMAS:
        kind, _, version = name.partition("/")
        links = {"self": f"{base}/{name}"}
        items.append(SchemaOut(kind=kind, version=version, links=links))
    return SchemasOut(items=items)


@router.get(
    "/{kind}/{version}",
    summary="One JSON Schema",
    response_class=Response,
    responses=_ONE_SCHEMA,
)
def schema(
    kind: Annotated[str, Path(max_length=64, json_schema_extra={"pattern": r"^[^\u0000/]*$"})],
    version: Annotated[str, Path(max_length=32, json_schema_extra={"pattern": r"^[^\u0000/]*$"})],
    request: Request,
) -> Response:
    """Return the JSON Schema by which a document is validated before it is signed."""
    text = published_schema(f"{kind}/{version}")
    return published(request, text, _MEDIA_TYPE, KEPT_FOR)
