"""The page of an address of the registry at which nothing is: one sentence, and a way on."""

from starlette.requests import Request
from starlette.responses import HTMLResponse

from skillpassport.web.pages.reader import Reader, render


def nothing_here(request: Request, to: Reader, said: str, *, status: int = 404) -> HTMLResponse:
    """Return a page that says why there is nothing to show.

    said: an English sentence of the catalogues
    """
    return render("nothing_here.html", to, request, status=status, said=said)
