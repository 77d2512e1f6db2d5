"""The page behind a printed QR, and the same answer as JSON for programs."""

from io import BytesIO
from typing import Annotated, Protocol

import segno
from fastapi import APIRouter, Depends, Query
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from skillpassport.credentials.code import CodeMalformed, CodeMistyped, CodeUnknown, parse_code
from skillpassport.credentials.telling import report_of
from skillpassport.credentials.verifying import VerifyCredential
from skillpassport.equivalence.questions import Purpose
from skillpassport.languages import in_language
from skillpassport.web.api.answers import REPORT_SCHEMA
from skillpassport.web.limits import limited
from skillpassport.web.preferences import Languages
from skillpassport.web.routing import ApiRoute
from skillpassport.web.texts import Country

router = APIRouter(route_class=ApiRoute, tags=["verification"])

_HEADERS = {
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
}

templates = Environment(
    loader=PackageLoader("skillpassport.web"), autoescape=True, undefined=StrictUndefined
)
templates.globals["in_language"] = in_language


class PageServices(Protocol):
    """What these pages use."""

    verify: VerifyCredential
    public_url: str


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
    languages: Languages,
    destination: Annotated[Country | None, Query(description="ISO 3166-1 alpha-2")] = None,
    purpose: Purpose | None = None,
) -> Response:
    """Verify the credential behind a code; JSON with `Accept: application/json`."""
    services: PageServices = request.app.state.services
    accept = request.headers.get("accept", "")
    wants_json = "application/json" in accept
    try:
        findings = services.verify.code(
            code, destination=destination, purpose=purpose.value if purpose else None
        )
    except (CodeMalformed, CodeMistyped, CodeUnknown) as error:
        if "text/html" not in accept:
            # A person's browser gets a page; programs get a problem document as everywhere.
            # Nothing is at this address, whatever is wrong with the code in it.
            raise CodeUnknown from error
        page = templates.get_template("code_unknown.html").render(message=error.message)
        return HTMLResponse(page, status_code=404, headers=_HEADERS)
    report = report_of(findings, public_url=services.public_url)
    if wants_json:
        return JSONResponse(report, headers=_HEADERS)
    page = templates.get_template("verification.html").render(
        report=report, languages=languages, destination=destination or ""
    )
    return HTMLResponse(page, headers=_HEADERS)


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
    return Response(image.getvalue(), media_type="image/svg+xml", headers=_HEADERS)


def online_payload(public_url: str, code: str) -> str:
    """Return what the online QR holds: the page's address in upper case.

    Scheme and host are case-insensitive (RFC 3986, section 6.2.2.1); a path before `/V/` is not,
    so an instance that has one keeps its own case.
    """
    scheme, _, rest = public_url.partition("://")
    host, _, path = rest.partition("/")
    prefix = f"/{path}" if path else ""
    return f"{scheme.upper()}://{host.upper()}{prefix}/V/{code}"
