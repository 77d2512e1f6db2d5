"""The VC-API: sign what others composed, verify what is brought, show parts, turn a status.

`verified` is not `verdict`: it judges the document as such. Who the issuer is to this register, and
what an achievement means somewhere, are not asked and never change it; `/api/v1/verifications` asks.
Source: Verifiable Credential API, sections 3.2 (Issuing), 3.3 (Verifying) and 3.4 (Presenting)
"""

from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from skillpassport.credentials.telling import check_told
from skillpassport.organisations.access import Principal, Scope
from skillpassport.organisations.model import OrganisationId
from skillpassport.organisations.signing_keys import ActiveSigner
from skillpassport.profiles.deriving import derive_credential
from skillpassport.profiles.issuing import IssueUnderProfile
from skillpassport.profiles.model import ProfileUnknown, SigningProfile
from skillpassport.profiles.statuses import ChangeProfileStatus
from skillpassport.settings import Settings
from skillpassport.vc.presentations import PresentationVerification
from skillpassport.vc.report import VerificationReport
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.verify import Verification
from skillpassport.web.api import vc_description as described
from skillpassport.web.api.vc_bodies import (
    json_body,
    read_derive,
    read_issue,
    read_status,
    read_verify,
)
from skillpassport.web.auth import require
from skillpassport.web.limits import limited
from skillpassport.web.routing import ApiRoute
from skillpassport.web.texts import Reference

router = APIRouter(route_class=ApiRoute, prefix="/vc", tags=["vc-api"])

LIMIT = limited("verification")
CREDENTIALS_VERIFY = f"{router.prefix}/credentials/verify"
_NOT_KEPT = {"Cache-Control": "no-store"}

NOT_ASKED = tuple(
    {
        "name": name,
        "outcome": "not_applicable",
        "code": "not-asked",
        "message": "The VC-API judges the document as such; ask /api/v1/verifications.",
        "source": None,
    }
    for name in ("issuer-trust", "register", "sandbox", "meaning")
)
"""What the product's own verification judges besides."""


class VcApiServices(Protocol):
    """What these routes use."""

    issue_under_profile: IssueUnderProfile
    change_profile_status: ChangeProfileStatus
    settings: Settings

    def ready_profile(
        self, owner: OrganisationId, reference: str
    ) -> tuple[SigningProfile, ActiveSigner]:
        """Return a signing profile with its key.

        Raises: ProfileUnknown, NoSigningKey
        """
        ...

    def verify_credential(
        self,
        document: JsonObject | str,
        *,
        domain: str | None = None,
        challenge: str | None = None,
        proof_alone: bool = False,
    ) -> Verification:
        """Return what the document shows of itself, whoever its issuer is."""
        ...

    def verify_presentation(
        self,
        document: JsonObject | str,
        *,
        domain: str | None = None,
        challenge: str | None = None,
        proof_alone: bool = False,
    ) -> PresentationVerification:
        """Return what a presentation and the credentials in it show of themselves."""
        ...


Body = Annotated[dict[str, Any], Depends(json_body)]
Issuer = Annotated[Principal, Depends(require(Scope.CREDENTIALS_WRITE))]
StatusKeeper = Annotated[Principal, Depends(require(Scope.STATUS_WRITE))]


@router.post(
    "/issuers/{profile}/credentials/issue",
    status_code=201,
    summary="Sign a credential under a profile",
    response_class=JSONResponse,
    openapi_extra=described.ISSUE,
    responses=described.ISSUED,
)
def issue(profile: Reference, request: Request, who: Issuer, body: Body) -> Response:
    """Sign a credential that the client composed, for the organisation that owns the profile."""
    services: VcApiServices = request.app.state.services
    credential, options = read_issue(body)
    found, active = services.ready_profile(_organisation(who), profile)
    signed = services.issue_under_profile(found, active, credential, options)
    return JSONResponse({"verifiableCredential": signed}, 201, headers=_NOT_KEPT)


@router.post(
    "/credentials/status",
    summary="Set or clear the status of a credential",
    response_class=JSONResponse,
    openapi_extra=described.STATUS,
    responses=described.TURNED,
)
def change_status(request: Request, who: StatusKeeper, body: Body) -> Response:
    """Revoke a credential that was issued under a profile with a status; at once, and for good."""
    services: VcApiServices = request.app.state.services
    wanted = read_status(body)
    turned = services.change_profile_status(
        _organisation(who),
        wanted.which,
        purpose=wanted.purpose,
        sets=wanted.sets,
        api_key=who.key_id,
    )
    return JSONResponse({"changed": turned}, headers=_NOT_KEPT)


@router.post(
    "/credentials/verify",
    summary="Verify a credential as such",
    response_class=JSONResponse,
    dependencies=[Depends(LIMIT)],
    openapi_extra=described.VERIFY_CREDENTIAL,
    responses=described.VERIFIED,
)
def verify_credential(request: Request, body: Body) -> Response:
    """Say whether a credential holds, whoever issued it; 400 when it does not."""
    services: VcApiServices = request.app.state.services
    wanted = read_verify(body, "verifiableCredential")
    found = services.verify_credential(
        wanted.document,
        domain=wanted.domain,
        challenge=wanted.challenge,
        proof_alone=wanted.proof_alone,
    )
    return _answer(*credential_told(found, wanted.checks))


@router.post(
    "/presentations/verify",
    summary="Verify a presentation as such",
    response_class=JSONResponse,
    dependencies=[Depends(LIMIT)],
    openapi_extra=described.VERIFY_PRESENTATION,
    responses=described.VERIFIED,
)
def verify_presentation(request: Request, body: Body) -> Response:
    """Say whether a presentation and every credential in it hold; 400 when one does not."""
    services: VcApiServices = request.app.state.services
    wanted = read_verify(body, "verifiablePresentation")
    found = services.verify_presentation(
        wanted.document,
        domain=wanted.domain,
        challenge=wanted.challenge,
        proof_alone=wanted.proof_alone,
    )
    inside = [each.verification for each in found.credentials]
    told = _told(found.report) | {
        "form": found.form.value,
        "holder": found.holder,
        "credentials": [_told(each.report) | _of_credential(each) for each in inside],
    }
    reports = [found.report, *(each.report for each in inside)]
    return _answer(all(report.verified(wanted.checks) for report in reports), told)


@router.post(
    "/credentials/derive",
    status_code=201,
    summary="Show part of a credential",
    response_class=JSONResponse,
    dependencies=[Depends(LIMIT)],
    openapi_extra=described.DERIVE,
    responses=described.ISSUED,
)
def derive(request: Request, body: Body) -> Response:
    """Return a credential under ecdsa-sd-2023 with the parts that its holder chose."""
    services: VcApiServices = request.app.state.services
    document, pointers = read_derive(body)
    derived = derive_credential(document, pointers, contexts_folder=services.settings.contexts_dir)
    return JSONResponse({"verifiableCredential": derived}, 201, headers=_NOT_KEPT)


def _organisation(who: Principal) -> OrganisationId:
    if who.organisation is None:
        raise ProfileUnknown
    return who.organisation


def credential_told(
    found: Verification, checks: frozenset[str] | None
) -> tuple[bool, dict[str, Any]]:
    """Return whether a credential holds, and the report on it.

    checks: names of those that decide; None for all
    """
    return found.report.verified(checks), _told(found.report) | _of_credential(found)


def _told(report: VerificationReport) -> dict[str, Any]:
    return {
        "checks": [*(check_told(check) for check in report.checks), *NOT_ASKED],
        "problemDetails": described.problem_details(report),
    }


def _of_credential(found: Verification) -> dict[str, Any]:
    return {"form": found.form.value, "issuer": found.issuer, "seems_to_be": found.seems_to_be}


def _answer(verified: bool, report: dict[str, Any]) -> Response:  # noqa: FBT001
    body = {"verified": verified, "report": report}
    return JSONResponse(body, 200 if verified else 400, headers=_NOT_KEPT)
