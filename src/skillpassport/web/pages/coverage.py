"""`/registry/coverage`: what the registry holds and what it lacks, for people."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from skillpassport.equivalence.coverage import CountryCoverage, Coverage, Reach, measure_coverage
from skillpassport.web.api.registry import CurrentRegistry
from skillpassport.web.countries import iso_countries
from skillpassport.web.pages.reader import ReaderOfPage, render
from skillpassport.web.registry_words import (
    FRAMEWORK_STATUSES,
    PUBLICATIONS,
    REACHES,
    STANDINGS,
)
from skillpassport.web.routing import ApiRoute
from skillpassport.web.translation import Translation

router = APIRouter(route_class=ApiRoute, tags=["pages"], include_in_schema=False)

_WORDS = {
    "statuses": FRAMEWORK_STATUSES,
    "publications": PUBLICATIONS,
    "reaches": REACHES,
    "standings": STANDINGS,
}


@router.get("/registry/coverage", response_class=HTMLResponse)
def show_coverage(request: Request, to: ReaderOfPage, snapshot: CurrentRegistry) -> Response:
    """Show countries by how far they are reached, statements by status, and every source."""
    coverage = measure_coverage(snapshot, iso_countries(snapshot.registry))
    return render(
        "coverage.html",
        to,
        request,
        coverage=coverage,
        groups=[(reach, _named(coverage, reach, to.translation)) for reach in Reach],
        words_of=_WORDS,
    )


def _named(coverage: Coverage, reach: Reach, to: Translation) -> list[tuple[str, CountryCoverage]]:
    """Return the countries of one reach with their names, by name."""
    found = [(to.country(one.country), one) for one in coverage.countries if one.reach is reach]
    return sorted(found, key=lambda named: named[0].casefold())
