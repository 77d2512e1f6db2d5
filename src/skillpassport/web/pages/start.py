"""The first page: what this is, and where each reader goes from here."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from skillpassport.web.pages.verification import templates
from skillpassport.web.routing import ApiRoute

router = APIRouter(route_class=ApiRoute, tags=["pages"], include_in_schema=False)

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
}


@router.get("/", response_class=HTMLResponse)
def start(request: Request) -> Response:
    """Show what this service is for, and the field for a code."""
    del request
    return HTMLResponse(templates.get_template("start.html").render(), headers=_HEADERS)


@router.get("/v")
def find(request: Request) -> Response:
    """Lead from the field for a code to its page, without a script."""
    code = request.query_params.get("code", "").strip()
    symbols = "".join(each for each in code if each.isascii() and each.isalnum())[:64]
    return RedirectResponse(f"/v/{symbols or '-'}", status_code=303)


@router.get("/static/passport.css")
def style() -> Response:
    """Return the style sheet of all pages."""
    source, _, _ = templates.loader.get_source(templates, "passport.css")  # type: ignore[union-attr]
    return Response(source, media_type="text/css", headers={"Cache-Control": "public, max-age=300"})
