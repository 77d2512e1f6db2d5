"""Routes of organisations: registration, API keys, and the DID documents that they publish."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from skillpassport.clock import rfc3339
from skillpassport.idempotency import Claim, RequestKey
from skillpassport.organisations.access import ApiKey, Principal, Scope
from skillpassport.organisations.model import Organisation, OrganisationKind, OrganisationUnknown
from skillpassport.organisations.registering import (
    CreateApiKey,
    RegisterOrganisation,
    Registration,
    RevokeApiKey,
)
from skillpassport.vc.strict_json import JsonObject
from skillpassport.web.api.answers.organisations import (
    ApiKeyOut,
    ApiKeyPage,
    ApiKeyRecord,
    MeOut,
    OrganisationOut,
    RegisteredOut,
)
from skillpassport.web.api.answers.texts import PUBLISHED_DID
from skillpassport.web.auth import principal, require
from skillpassport.web.bodies import WHOLE, Payload
from skillpassport.web.errors import ScopeMissing
from skillpassport.web.once import Once, RememberingServices, once
from skillpassport.web.paging import CursorByTime, Limit, page, seen_time, time_cursor
from skillpassport.web.published import published
from skillpassport.web.routing import ApiRoute
from skillpassport.web.texts import Country, FrameworkId, Jurisdiction, Names, Reference, Slug

router = APIRouter(route_class=ApiRoute, tags=["organisations"])


class OrganisationServices(RememberingServices, Protocol):
    """What these routes use."""

    register_organisation: RegisterOrganisation
    create_api_key: CreateApiKey
    revoke_api_key: RevokeApiKey

    def organisation(self, reference: str) -> Organisation | None:
        """Return an organisation by id or slug."""
        ...

    def own_organisation(self, who: Principal) -> Organisation:
        """Return the organisation that is asking.

        Raises: OrganisationUnknown for the administrator
        """
        ...

    def api_keys_of(
        self, organisation: Organisation, *, limit: int, after: tuple[datetime, str] | None
    ) -> Sequence[ApiKey]:
        """Return the records of an organisation's API keys, oldest first."""
        ...

    def organisation_did_document(self, slug: str) -> JsonObject | None:
        """Return the DID document of an organisation."""
        ...

    def service_did_document(self) -> JsonObject:
        """Return the DID document of the instance."""
        ...


class OrganisationIn(Payload):
    """A new organisation."""

    slug: Slug
    name: Names
    kind: OrganisationKind
    country: Country
    jurisdictions: Annotated[Sequence[Jurisdiction], Field(max_length=300)] = ()
    frameworks: Annotated[Sequence[FrameworkId], Field(max_length=300)] = ()
    sandbox: Annotated[bool, Field(strict=True)] = False
    late_issue_days: Annotated[int, Field(strict=True, ge=0, le=3650), WHOLE] = 180


class ApiKeyIn(Payload):
    """A further key with some of the organisation's rights."""

    scopes: Annotated[
        Sequence[Annotated[str, Field(json_schema_extra={"enum": sorted(Scope)})]],
        Field(min_length=1, max_length=20),
    ]


Keeper = Annotated[Principal, Depends(require(Scope.KEYS_WRITE))]


@router.post(
    "/api/v1/organisations",
    status_code=201,
    summary="Register an organisation",
    response_model=RegisteredOut,
)
def register(
    body: OrganisationIn,
    request: Request,
    _who: Annotated[Principal, Depends(require(Scope.ORGANISATIONS_WRITE))],
    key: Once,
) -> dict[str, Any]:
    """Register an organisation; its API key is shown this once. For the administrator."""
    services: OrganisationServices = request.app.state.services
    registration = Registration(
        slug=body.slug,
        name=body.name,
        kind=body.kind,
        country=body.country,
        jurisdictions=tuple(body.jurisdictions),
        frameworks=tuple(body.frameworks),
        sandbox=body.sandbox,
        late_issue_days=body.late_issue_days,
    )

    def recall(claim: Claim) -> tuple[Organisation, str]:
        return _found(services.organisation(claim.resource)), _secret(services, key, claim)

    organisation, token = once(
        services,
        key,
        act=lambda: services.register_organisation(registration, key),
        recall=recall,
    )
    return organisation_out(organisation) | {"api_key": token}


@router.get(
    "/api/v1/organisations/{reference}",
    summary="Look an organisation up",
    response_model=OrganisationOut,
)
def show(reference: Reference, request: Request) -> dict[str, Any]:
    """Return what is public about an organisation, by id or slug."""
    services: OrganisationServices = request.app.state.services
    return organisation_out(_found(services.organisation(reference)))


@router.post(
    "/api/v1/organisations/{reference}/api-keys",
    status_code=201,
    summary="Make a further API key",
    response_model=ApiKeyOut,
)
def make_key(
    reference: Reference,
    body: ApiKeyIn,
    request: Request,
    who: Keeper,
    key: Once,
) -> dict[str, Any]:
    """Make a key that carries some of the organisation's rights; it is shown this once."""
    services: OrganisationServices = request.app.state.services
    organisation = _of_keeper(services, who, reference)
    scopes = frozenset(body.scopes)
    if not who.administrator and (more := scopes & set(Scope) - who.scopes):
        # A key hands on what it has and nothing more.
        raise ScopeMissing(min(more))

    def recall(claim: Claim) -> tuple[str, str]:
        return claim.resource, _secret(services, key, claim)

    def act() -> tuple[str, str]:
        made, token = services.create_api_key(organisation, scopes, key)
        return made.id, token

    identifier, token = once(services, key, act=act, recall=recall)
    return {"id": identifier, "scopes": sorted(scopes), "api_key": token}


@router.get(
    "/api/v1/organisations/{reference}/api-keys",
    summary="List the API keys",
    response_model=ApiKeyPage,
)
def list_keys(
    reference: Reference,
    request: Request,
    who: Keeper,
    limit: Limit = 50,
    cursor: CursorByTime = None,
) -> Response:
    """List an organisation's API keys, oldest first: what they may do, never the keys."""
    services: OrganisationServices = request.app.state.services
    organisation = _of_keeper(services, who, reference)
    found = services.api_keys_of(organisation, limit=limit + 1, after=seen_time(cursor))
    shown = found[:limit]
    more = len(found) > limit
    seen = time_cursor(shown[-1].created_at, shown[-1].id) if more else None
    return page(request, [_key_out(each) for each in shown], seen)


@router.post(
    "/api/v1/organisations/{reference}/api-keys/{key}/revoke",
    summary="Revoke an API key",
    response_model=ApiKeyRecord,
)
def revoke_key(
    reference: Reference, key: Reference, request: Request, who: Keeper
) -> dict[str, Any]:
    """End an API key for good; it is refused at once. The log says so."""
    services: OrganisationServices = request.app.state.services
    return _key_out(services.revoke_api_key(_of_keeper(services, who, reference), key))


@router.get("/api/v1/me", summary="Who am I", response_model=MeOut)
def me(who: Annotated[Principal, Depends(principal)], request: Request) -> dict[str, Any]:
    """Return the organisation and the rights behind the key."""
    services: OrganisationServices = request.app.state.services
    organisation = None if who.administrator else organisation_out(services.own_organisation(who))
    return {
        "administrator": who.administrator,
        "organisation": organisation,
        "scopes": sorted(who.scopes),
    }


@router.get(
    "/orgs/{slug}/did.json",
    summary="DID document of an organisation",
    tags=["published"],
    response_class=Response,
    responses=PUBLISHED_DID,
)
def organisation_did(slug: str, request: Request) -> Response:
    """Return the did:web document with every key that the organisation ever published."""
    services: OrganisationServices = request.app.state.services
    document = services.organisation_did_document(slug)
    if document is None:
        raise OrganisationUnknown
    return published(request, JSONResponse(document).body, "application/did+json")


@router.get(
    "/.well-known/did.json",
    summary="DID document of this service",
    tags=["published"],
    response_class=Response,
    responses=PUBLISHED_DID,
)
def service_did(request: Request) -> Response:
    """Return the did:web document of the instance; its key signs the heads of the log."""
    services: OrganisationServices = request.app.state.services
    body = JSONResponse(services.service_did_document()).body
    return published(request, body, "application/did+json")


def organisation_out(organisation: Organisation) -> dict[str, Any]:
    """Return what is public about an organisation."""
    return {
        "id": organisation.id,
        "slug": organisation.slug,
        "name": dict(organisation.name),
        "kind": organisation.kind.value,
        "country": organisation.country,
        "jurisdictions": list(organisation.jurisdictions),
        "frameworks": list(organisation.frameworks),
        "did": organisation.did,
        "sandbox": organisation.sandbox,
        "late_issue_days": organisation.late_issue_days,
        "registered_at": rfc3339(organisation.registered_at),
    }


def _of_keeper(services: OrganisationServices, who: Principal, reference: str) -> Organisation:
    """Return the organisation whose keys are meant, if they are this keeper's to look after."""
    organisation = _found(services.organisation(reference))
    if not who.administrator and who.organisation != organisation.id:
        raise OrganisationUnknown
    return organisation


def _key_out(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "scopes": sorted(key.scopes),
        "created_at": rfc3339(key.created_at),
        "revoked_at": rfc3339(key.revoked_at) if key.revoked_at else None,
    }


def _found(organisation: Organisation | None) -> Organisation:
    if organisation is None:
        raise OrganisationUnknown
    return organisation


def _secret(services: RememberingServices, key: RequestKey | None, claim: Claim) -> str:
    return services.claim_secret(key, claim) if key is not None else ""
