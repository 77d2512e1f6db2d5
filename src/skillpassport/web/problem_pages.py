"""The pages behind a problem's `type`: what each code means, from the classes themselves."""

import inspect
from html import escape

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from skillpassport.errors import SkillPassportError
from skillpassport.web.errors import PathUnknown
from skillpassport.web.problems import known_causes, row_of, title_of
from skillpassport.web.routing import ApiRoute

router = APIRouter(route_class=ApiRoute, include_in_schema=False)

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title></head>
<body><main><h1>{title}</h1>
{content}
</main></body>
</html>
"""


@router.get("/problems", response_class=HTMLResponse)
async def problems() -> HTMLResponse:
    """List every code, each under an anchor of its own name."""
    content = "\n".join(_section(kind) for kind in known_causes())
    return HTMLResponse(_PAGE.format(title="Problems", content=content))


@router.get("/problems/{code}", response_class=HTMLResponse)
async def problem(code: str) -> HTMLResponse:
    """Explain one code."""
    for kind in known_causes():
        if kind.code == code:
            content = _section(kind) + '\n<p><a href="/problems">All problems</a></p>'
            return HTMLResponse(_PAGE.format(title=escape(title_of(kind)), content=content))
    raise PathUnknown


def _section(kind: type[SkillPassportError]) -> str:
    meaning = (inspect.getdoc(kind) or "").partition("\n\n")[0]
    return (
        f'<section id="{escape(kind.code)}"><h2>{escape(title_of(kind))}</h2>\n'
        f"<p>{escape(' '.join(meaning.split()))}</p>\n"
        f"<p>Code <code>{escape(kind.code)}</code>, status {row_of(kind).status}</p></section>"
    )
