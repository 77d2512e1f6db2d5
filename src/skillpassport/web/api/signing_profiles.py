"""Routes of signing profiles: what an organisation signs with for others' documents."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from skillpassport.clock import rfc3339
from skillpassport.idempotency import Claim
from skillpassport.organisations.access import Principal, Scope
from skillpassport.organisations.model import Organisation, OrganisationId, OrganisationUnknown
from skillpassport.profiles.creating import CreateProfile, ProfileWish
from skillpassport.profiles.model import (
    KeyType,
    Method,
    ProfileUnknown,
    Securing,
    SigningProfile,
    StatusKind,
)
from skillpassport.vc.strict_json import JsonObject
from skillpassport.web.api.answers.texts import PUBLISHED_DID, Instant
from skillpassport.web.auth import require
from skillpassport.web.bodies import Payload
from skillpassport.web.once import Once, RememberingServices, once
from skillpassport.web.paging import CursorByTime, Limit, page, seen_time, time_cursor
from skillpassport.web.published import published
from skillpassport.web.routing import ApiRoute
from skillpassport.web.texts import Reference, Slug

router = APIRouter(route_class=ApiRoute, tags=["signing profiles"])

PROFILES = "/api/v1/organisations/{reference}/signing-profiles"


class ProfileServices(RememberingServices, Protocol):
    """What these routes use."""

    create_profile: CreateProfile
    public_url: str

    def organisation(self, reference: str) -> Organisation | None:
        """Return an organisation by id or slug."""
        ...

    def signing_profile(self, owner: OrganisationId, reference: str) -> SigningProfile:
        """Return an organisation's signing profile, by id or slug.

        Raises: ProfileUnknown
        """
        ...

    def signing_profiles_of(
        self, owner: OrganisationId, *, limit: int, after: tuple[datetime, str] | None
    ) -> Sequence[SigningProfile]:
        """Return an organisation's signing profiles, oldest first."""
        ...

    def profile_did_document(self, organisation_slug: str, slug: str) -> JsonObject | None:
        """Return the DID document of a signing profile that has a did:web."""
        ...


class ProfileIn(Payload):
    """A new signing profile."""

    slug: Slug
    securing: Annotated[Securing, Field(description="`bbs-2023` is known and refused.")]
    key_type: KeyType
    did_method: Method
    status: StatusKind = StatusKind.NONE


class ProfileOut(BaseModel):
    """A signing profile: how it secures, under which DID, and where it issues."""

    id: str
    slug: str
    securing: Securing
    key_type: KeyType
    did_method: Method
    status: StatusKind
    did: str
    issue_url: str
    created_at: Instant


class ProfilePage(BaseModel):
    """A page of signing profiles, oldest first."""

    items: list[ProfileOut]
    next: str | None


Profiler = Annotated[Principal, Depends(require(Scope.PROFILES_WRITE))]


@router.post(PROFILES, status_code=201, summary="Make a signing profile", response_model=ProfileOut)
def make_profile(
    reference: Reference, body: ProfileIn, request: Request, who: Profiler, key: Once
) -> dict[str, Any]:
    """Make a DID and a key that sign what is sent to `issue_url`; never awards."""
    services: ProfileServices = request.app.state.services
    owner = _of_profiler(services, who, reference)
    wish = ProfileWish(
        slug=body.slug,
        securing=body.securing,
        key_type=body.key_type,
        did_method=body.did_method,
        status=body.status,
    )

    def recall(claim: Claim) -> SigningProfile:
        return services.signing_profile(owner.id, claim.resource)

    made = once(services, key, act=lambda: services.create_profile(owner, wish, key), recall=recall)
    return _profile_out(made, services.public_url)


@router.get(PROFILES, summary="List the signing profiles", response_model=ProfilePage)
def list_profiles(
    reference: Reference,
    request: Request,
    who: Profiler,
    limit: Limit = 50,
    cursor: CursorByTime = None,
) -> Response:
    """List an organisation's signing profiles, oldest first."""
    services: ProfileServices = request.app.state.services
    owner = _of_profiler(services, who, reference)
    found = services.signing_profiles_of(owner.id, limit=limit + 1, after=seen_time(cursor))
    shown = found[:limit]
    more = len(found) > limit
    following = time_cursor(shown[-1].created_at, shown[-1].id) if more else None
    return page(request, [_profile_out(each, services.public_url) for each in shown], following)


@router.get(
    f"{PROFILES}/{{profile}}", summary="Look a signing profile up", response_model=ProfileOut
)
def show_profile(
    reference: Reference, profile: Reference, request: Request, who: Profiler
) -> dict[str, Any]:
    """Return one signing profile, by id or slug."""
    services: ProfileServices = request.app.state.services
    owner = _of_profiler(services, who, reference)
    return _profile_out(services.signing_profile(owner.id, profile), services.public_url)


@router.get(
    "/orgs/{slug}/profiles/{profile}/did.json",
    summary="DID document of a signing profile",
    tags=["published"],
    response_class=Response,
    responses=PUBLISHED_DID,
)
def profile_did(slug: str, profile: str, request: Request) -> Response:
    """Return the document of a profile's did:web."""
    services: ProfileServices = request.app.state.services
    document = services.profile_did_document(slug, profile)
    if document is None:
        raise ProfileUnknown
    return published(request, JSONResponse(document).body, "application/did+json")


def _of_profiler(services: ProfileServices, who: Principal, reference: str) -> Organisation:
    """Return the organisation that is meant, if it is the one that asks."""
    found = services.organisation(reference)
    if found is None or found.id != who.organisation:
        raise OrganisationUnknown
    return found


def _profile_out(profile: SigningProfile, public_url: str) -> dict[str, Any]:
    return {
        "id": profile.id,
        "slug": profile.slug,
        "securing": profile.securing.value,
        "key_type": profile.key_type.value,
        "did_method": profile.did_method.value,
        "status": profile.status.value,
        "did": profile.did,
        "issue_url": f"{public_url}/vc/issuers/{profile.id}/credentials/issue",
        "created_at": rfc3339(profile.created_at),
    }
