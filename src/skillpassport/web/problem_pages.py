"""The pages behind a problem's `type`: what each code means, from the classes themselves.

For those who write programs: the explanations are in English, whatever the language of the page.
"""

import inspect
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from skillpassport.errors import SkillPassportError
from skillpassport.web.errors import PathUnknown
from skillpassport.web.pages.reader import ReaderOfPage, render
from skillpassport.web.problems import known_causes, row_of, title_of
from skillpassport.web.routing import ApiRoute

router = APIRouter(route_class=ApiRoute, include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One code as its page explains it."""

    code: str
    title: str
    meaning: str
    status: int


@router.get("/problems", response_class=HTMLResponse)
async def problems(request: Request, to: ReaderOfPage) -> HTMLResponse:
    """List every code, each under an anchor of its own name."""
    every = [_explained(kind) for kind in known_causes()]
    return render("problems.html", to, request, title="Problems", problems=every)


@router.get("/problems/{code}", response_class=HTMLResponse)
async def problem(code: str, request: Request, to: ReaderOfPage) -> HTMLResponse:
    """Explain one code."""
    for kind in known_causes():
        if kind.code == code:
            one = _explained(kind)
            return render("problems.html", to, request, title=one.title, problems=[one])
    raise PathUnknown


def _explained(kind: type[SkillPassportError]) -> Explained:
    meaning = (inspect.getdoc(kind) or "").partition("\n\n")[0]
    return Explained(
        code=kind.code,
        title=title_of(kind),
        meaning=" ".join(meaning.split()),
        status=row_of(kind).status,
    )
