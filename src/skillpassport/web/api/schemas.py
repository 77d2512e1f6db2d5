"""The schemas of what is signed here, for whoever wants to check a document before trusting words."""

import json
from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from skillpassport.schemas import CREDENTIAL_TYPES, SCHEMAS, published_schema, type_metadata
from skillpassport.web.published import published
from skillpassport.web.routing import ApiRoute

router = APIRouter(route_class=ApiRoute, prefix="/api/v1", tags=["published"])

KEPT_FOR: Final = timedelta(days=1)
"""A released version never changes."""

_NAME: Final[dict[str, Any]] = {"pattern": r"^[^\u0000-\u001f\u007f/]*$"}
_MEDIA_TYPE: Final = "application/schema+json"
_ONE_SCHEMA: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {_MEDIA_TYPE: {"schema": {"type": "object"}}}}
}
_ONE_TYPE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/json": {"schema": {"type": "object"}}}}
}


class SchemaOut(BaseModel):
    """One version of one kind of document."""

    kind: str
    version: str
    links: dict[str, str]


class SchemasOut(BaseModel):
    """All that are published."""

    items: list[SchemaOut]


class CredentialTypeOut(BaseModel):
    """One type of SD-JWT VC; `vct` is what a credential of it says, at every instance."""

    vct: str
    name: str
    links: dict[str, str]


class CredentialTypesOut(BaseModel):
    """All that are issued here."""

    items: list[CredentialTypeOut]


@router.get("/schemas", summary="Schemas of the documents that are signed here")
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
    "/schemas/{kind}/{version}",
    summary="One JSON Schema",
    response_class=Response,
    responses=_ONE_SCHEMA,
)
def schema(
    kind: Annotated[str, Path(max_length=64, json_schema_extra=_NAME)],
    version: Annotated[str, Path(max_length=32, json_schema_extra=_NAME)],
    request: Request,
) -> Response:
    """Return the JSON Schema by which a document is validated before it is signed."""
    text = published_schema(f"{kind}/{version}")
    return published(request, text, _MEDIA_TYPE, KEPT_FOR)


@router.get("/credential-types", summary="Types of SD-JWT VC that are issued here")
def credential_types(request: Request) -> CredentialTypesOut:
    """List the types with the address of what describes them."""
    base = f"{request.app.state.services.public_url}/api/v1/credential-types"
    items = []
    for name in CREDENTIAL_TYPES:
        described = json.loads(type_metadata(name))
        links = {"self": f"{base}/{name}"}
        items.append(CredentialTypeOut(vct=described["vct"], name=described["name"], links=links))
    return CredentialTypesOut(items=items)


@router.get(
    "/credential-types/{kind}/{version}",
    summary="Type metadata of one type of SD-JWT VC",
    response_class=Response,
    responses=_ONE_TYPE,
)
def credential_type(
    kind: Annotated[str, Path(max_length=64, json_schema_extra=_NAME)],
    version: Annotated[str, Path(max_length=32, json_schema_extra=_NAME)],
    request: Request,
) -> Response:
    """Return what wallets and verifiers show of a type, in several languages."""
    text = type_metadata(f"{kind}/{version}")
    return published(request, text, "application/json", KEPT_FOR)
