"""The page behind a printed QR, and the same answer as JSON for programs."""

from hashlib import sha256
from io import BytesIO
from typing import Annotated, Protocol

import segno
from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from skillpassport.clock import Clock
from skillpassport.credentials.code import CodeMalformed, CodeMistyped, CodeUnknown, parse_code
from skillpassport.credentials.model import IssuedCredential
from skillpassport.credentials.telling import report_of
from skillpassport.credentials.verifying import VerifyCredential
from skillpassport.equivalence.questions import Purpose
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.web.api.answers.verifications import REPORT_SCHEMA
from skillpassport.web.limits import limited
from skillpassport.web.pages.countries import find_country
from skillpassport.web.pages.reader import UNTOLD, ReaderOfPage, render
from skillpassport.web.pages.report_view import Receipt, view_of
from skillpassport.web.retelling import retold, sentence
from skillpassport.web.routing import ApiRoute

router = APIRouter(route_class=ApiRoute, tags=["verification"])


class PageServices(Protocol):
    """What these pages use."""

    verify: VerifyCredential
    public_url: str
    clock: Clock

    def registry(self) -> RegistrySnapshot:
        """Return the registry as it stands now."""
        ...


@router.get(
    "/v/{code}",
    summary="The page behind a printed QR",
    response_class=HTMLResponse,
    dependencies=[Depends(limited("verification"))],
    responses={200: {"content": {"application/json": {"schema": REPORT_SCHEMA}}}},
)
@router.get("/V/{code}", include_in_schema=False, dependencies=[Depends(limited("verification"))])
def verification_page(
    code: str,
    request: Request,
    to: ReaderOfPage,
    destination: Annotated[
        str, Query(pattern=r"^([A-Z]{2})?$", description="ISO 3166-1 alpha-2")
    ] = "",
    other: Annotated[
        str, Query(max_length=60, description="A country by name or code, before `destination`")
    ] = "",
    purpose: Purpose | None = None,
) -> Response:
    """Verify the credential behind a code; JSON with `Accept: application/json`."""
    services: PageServices = request.app.state.services
    accept = request.headers.get("accept", "")
    country = find_country(other, to.translation) if other.strip() else destination
    try:
        findings = services.verify.code(
            code, destination=country or None, purpose=purpose.value if purpose else None
        )
    except (CodeMalformed, CodeMistyped, CodeUnknown) as error:
        if "text/html" not in accept:
            # A person's browser gets a page; programs get a problem document as everywhere.
            # Nothing is at this address, whatever is wrong with the code in it.
            raise CodeUnknown from error
        said = sentence(error.code, {}, to.translation)
        return render("code_unknown.html", to, request, status=404, headers=UNTOLD, message=said)
    report = report_of(findings, public_url=services.public_url)
    if "application/json" in accept:
        return JSONResponse(retold(report, to.translation), headers=UNTOLD)
    assert findings.award is not None, "a code leads to an award"  # noqa: S101
    credential = findings.award.credential
    signed = credential.document.encode() if isinstance(credential, IssuedCredential) else None
    view = view_of(
        report,
        to=to.translation,
        snapshot=services.registry(),
        destination=country or "",
        receipt=Receipt(
            at=services.clock.now(), sha256=sha256(signed).hexdigest() if signed else None
        ),
    )
    query = {"destination": country or "", "purpose": purpose.value if purpose else ""}
    misread = other if other.strip() and country is None else ""
    return render(
        "verification.html",
        to,
        request,
        query=query,
        headers=UNTOLD,
        misread=misread,
        brought="",
        code=code,
        purpose=query["purpose"],
        **view,
    )


@router.get(
    "/v/{code}/qr.svg",
    summary="The QR of a code",
    response_class=Response,
    responses={200: {"content": {"image/svg+xml": {"schema": {"type": "string"}}}}},
)
def qr(code: str, request: Request) -> Response:
    """Return the QR that leads to the page: version 3 to 4, read by any camera.

    Upper case throughout, so that alphanumeric mode holds the whole address.
    """
    services: PageServices = request.app.state.services
    try:
        payload = online_payload(services.public_url, parse_code(code))
    except (CodeMalformed, CodeMistyped) as error:
        raise CodeUnknown from error
    image = BytesIO()
    segno.make(payload, error="m", micro=False).save(
        image, kind="svg", xmldecl=False, scale=4, border=4, dark="#000", light="#fff"
    )
    return Response(image.getvalue(), media_type="image/svg+xml", headers=UNTOLD)


def online_payload(public_url: str, code: str) -> str:
    """Return what the online QR holds: the page's address in upper case.

    Scheme and host are case-insensitive (RFC 3986, section 6.2.2.1); a path before `/V/` is not,
    so an instance that has one keeps its own case.
    """
    scheme, _, rest = public_url.partition("://")
    host, _, path = rest.partition("/")
    prefix = f"/{path}" if path else ""
    return f"{scheme.upper()}://{host.upper()}{prefix}/V/{code}"
