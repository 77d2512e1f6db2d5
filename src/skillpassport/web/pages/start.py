"""The first page: what this is, and where each reader goes from here; and the style of all pages."""

from importlib import resources

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from skillpassport.web.pages.reader import ReaderOfPage, render
from skillpassport.web.routing import ApiRoute

router = APIRouter(route_class=ApiRoute, tags=["pages"], include_in_schema=False)


@router.get("/", response_class=HTMLResponse)
def start(request: Request, to: ReaderOfPage) -> Response:
    """Show what this service is for, and the field for a code."""
    return render("start.html", to, request)


@router.get("/v")
def find(request: Request, to: ReaderOfPage) -> Response:
    """Lead from the field for a code to its page, without a script."""
    code = request.query_params.get("code", "").strip()
    symbols = "".join(each for each in code if each.isascii() and each.isalnum())[:64]
    return RedirectResponse(to.link(f"/v/{symbols or '-'}"), status_code=303)


@router.get("/static/passport.css")
def style() -> Response:
    """Return the style sheet of all pages."""
    return _asset("passport.css", "text/css")


@router.get("/static/passport.svg")
def icon() -> Response:
    """Return the icon of all pages."""
    return _asset("passport.svg", "image/svg+xml")


def _asset(name: str, media_type: str) -> Response:
    content = (resources.files("skillpassport.web") / "templates" / name).read_bytes()
    kept = {"Cache-Control": "public, max-age=300"}
    return Response(content, media_type=media_type, headers=kept)
