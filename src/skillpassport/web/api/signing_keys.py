"""Routes of signing keys: which there are, the end of a stolen one, and what to sign anew."""

from collections.abc import Sequence
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Path
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from skillpassport.clock import rfc3339
from skillpassport.credentials.reissuing import Fate, Reissue, Tally
from skillpassport.organisations.access import Principal, Scope
from skillpassport.organisations.model import Organisation, OrganisationUnknown
from skillpassport.organisations.signing_keys import KeyRevocation, SigningKey
from skillpassport.web.api.answers.organisations import (
    ReissueOut,
    SigningKeyPage,
    SigningKeyRevokedOut,
)
from skillpassport.web.auth import require
from skillpassport.web.bodies import WHOLE, Payload
from skillpassport.web.paging import (
    CURSOR_BY_TIME,
    CursorByTime,
    Limit,
    page,
    seen_time,
    time_cursor,
)
from skillpassport.web.routing import ApiRoute
from skillpassport.web.texts import Prose, Reference

router = APIRouter(
    route_class=ApiRoute, prefix="/api/v1/organisations/{reference}", tags=["organisations"]
)


class SigningKeyServices(Protocol):
    """What these routes use."""

    reissue: Reissue

    def organisation(self, reference: str) -> Organisation | None:
        """Return an organisation by id or slug."""
        ...

    def signing_keys_of(
        self, organisation: Organisation
    ) -> Sequence[tuple[SigningKey, KeyRevocation | None]]:
        """Return every signing key of an organisation, oldest first, and why it was revoked."""
        ...

    def revoke_key(
        self, owner: str, fragment: str, because: KeyRevocation | None = None
    ) -> tuple[SigningKey, SigningKey | None]:
        """Publish a signing key as compromised; return it, and the new key if it still signed.

        Raises: OrganisationUnknown, SigningKeyUnknown
        """
        ...


class KeyRevocationIn(Payload):
    """Why a signing key is published as compromised."""

    reason: Annotated[Prose, Field(description="Without personal data: it is kept for good.")]


class ReissueIn(Payload):
    """How many awards to look at, and where to go on."""

    dry_run: Annotated[
        bool, Field(strict=True, description="Only count what would be signed anew.")
    ] = False
    limit: Annotated[int, Field(strict=True, ge=1, le=200), WHOLE] = 100
    cursor: Annotated[
        str | None, Field(pattern=CURSOR_BY_TIME, description="`next` of the answer before.")
    ] = None


KeyName = Annotated[
    str,
    Path(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="The key's name in the DID document."),
]
Keeper = Annotated[Principal, Depends(require(Scope.KEYS_WRITE))]


@router.get("/signing-keys", summary="List the signing keys", response_model=SigningKeyPage)
def list_signing_keys(
    reference: Reference,
    request: Request,
    who: Keeper,
    limit: Limit = 50,
    cursor: CursorByTime = None,
) -> Response:
    """List an organisation's signing keys, oldest first: their public halves and their lives."""
    services: SigningKeyServices = request.app.state.services
    seen = seen_time(cursor)
    found = [
        (key, because)
        for key, because in services.signing_keys_of(_of_keeper(services, who, reference))
        if seen is None or (key.created_at, key.id) > seen
    ]
    shown = found[:limit]
    more = len(found) > limit
    following = time_cursor(shown[-1][0].created_at, shown[-1][0].id) if more else None
    return page(request, [_key_out(key, because) for key, because in shown], following)


@router.post(
    "/signing-keys/{key}/revoke",
    summary="Publish a stolen signing key",
    response_model=SigningKeyRevokedOut,
)
def revoke_signing_key(
    reference: Reference, key: KeyName, body: KeyRevocationIn, request: Request, who: Keeper
) -> dict[str, Any]:
    """Publish a signing key as compromised, and make a new one if it was in use.

    Whatever it signed is refused from then on, except here what had been recorded before. For a
    key that merely grew old, this is not the way. To repeat it changes nothing.
    """
    services: SigningKeyServices = request.app.state.services
    organisation = _of_keeper(services, who, reference)
    because = KeyRevocation(reason=body.reason, api_key=who.key_id)
    ended, made = services.revoke_key(organisation.id, key, because)
    reasons = {each.id: why for each, why in services.signing_keys_of(organisation)}
    return {
        "revoked": _key_out(ended, reasons.get(ended.id)),
        "new": _key_out(made, None) if made is not None else None,
    }


@router.post("/reissues", summary="Sign awards of a stolen key anew", response_model=ReissueOut)
def reissue(reference: Reference, body: ReissueIn, request: Request, who: Keeper) -> Response:
    """Look at awards that were recorded before a revocation, and sign anew those that need it.

    Ids, codes, claims, status entries and times of recording stay. Ask again with `next` as the
    cursor until it is null; to begin again does nothing twice.
    """
    services: SigningKeyServices = request.app.state.services
    tally = services.reissue(
        _of_keeper(services, who, reference),
        after=seen_time(body.cursor),
        limit=body.limit,
        dry_run=body.dry_run,
    )
    return JSONResponse(tally_out(tally) | {"next": _next(tally)})


def tally_out(tally: Tally) -> dict[str, Any]:
    """Return the counts of a run."""
    return {
        "looked_at": tally.looked_at,
        **{fate.value: tally.fates[fate] for fate in Fate},
        "problems": [{"credential": each, "code": code} for each, code in tally.refused],
    }


def _next(tally: Tally) -> str | None:
    return time_cursor(*tally.place) if tally.place is not None else None


def _key_out(key: SigningKey, because: KeyRevocation | None) -> dict[str, Any]:
    return {
        "name": key.fragment,
        "verification_method": key.verification_method,
        "created_at": rfc3339(key.created_at),
        "signs_until": rfc3339(key.signs_until),
        "retired_at": rfc3339(key.retired_at) if key.retired_at else None,
        "revoked_at": rfc3339(key.revoked_at) if key.revoked_at else None,
        "reason": because.reason if because is not None else None,
        "revoked_by": because.api_key if because is not None else None,
    }


def _of_keeper(services: SigningKeyServices, who: Principal, reference: str) -> Organisation:
    """Return the organisation whose keys are meant, if they are this keeper's to look after."""
    organisation = services.organisation(reference)
    if organisation is None or (not who.administrator and who.organisation != organisation.id):
        raise OrganisationUnknown
    return organisation
