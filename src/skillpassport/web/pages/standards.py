"""`/registry/standards`: what occupations ask for, and one standard beside another."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from skillpassport.equivalence.outcomes import compare_outcomes
from skillpassport.equivalence.outcomes.model import Comparison, Finding, Shown
from skillpassport.frameworks.errors import StandardUnknown
from skillpassport.frameworks.model import Source, SourceId
from skillpassport.frameworks.registry import Registry
from skillpassport.frameworks.standards import OccupationalStandard
from skillpassport.web.api.occupational_standards import MAX_SHOWN, StandardServices, every_unit
from skillpassport.web.api.registry import MAX_TEXT, CurrentRegistry
from skillpassport.web.pages.nothing import nothing_here
from skillpassport.web.pages.reader import ReaderOfPage, render
from skillpassport.web.pages.registry import place_name
from skillpassport.web.pages.skills import SkillServices, names_of_skills
from skillpassport.web.registry_words import FINDINGS, FOOTINGS, GROUNDS, STANDARD_UNKNOWN
from skillpassport.web.routing import ApiRoute

router = APIRouter(
    route_class=ApiRoute, prefix="/registry/standards", tags=["pages"], include_in_schema=False
)

Code = Annotated[str, Field(max_length=MAX_TEXT)]
_WORDS = {"footings": FOOTINGS, "findings": FINDINGS, "grounds": GROUNDS}


@router.get("", response_class=HTMLResponse)
def list_standards(
    request: Request,
    to: ReaderOfPage,
    snapshot: CurrentRegistry,
    country: Annotated[str, Query(max_length=20)] = "",
    isco: Annotated[str, Query(max_length=4)] = "",
) -> Response:
    """List standards by country: those of one, or of an occupation."""
    found = snapshot.registry.standards(country=country.upper() or None, isco=isco or None)
    rows = [(place_name(one.country or "", to.translation), one) for one in found]
    return render(
        "standards.html",
        to,
        request,
        query={"country": country, "isco": isco},
        rows=sorted(rows, key=lambda row: (row[0].casefold(), row[1].id)),
        isco=isco,
        country_name=place_name(country.upper(), to.translation) if found and country else "",
        words_of=_WORDS,
    )


@router.get("/{standard}", response_class=HTMLResponse)
def show_standard(
    request: Request,
    to: ReaderOfPage,
    snapshot: CurrentRegistry,
    standard: Annotated[str, Path(max_length=MAX_TEXT)],
    shown: Annotated[str, Query(max_length=MAX_TEXT)] = "",
    have: Annotated[list[Code], Query(max_length=MAX_SHOWN)] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Show a standard with its units; beside what somebody has, what that shows of each.

    shown: id of the standard whose whole qualification somebody has
    have: codes of units of this very standard that somebody has; others are passed over
    """
    registry = snapshot.registry
    try:
        known = registry.standard(standard)
    except StandardUnknown:
        return nothing_here(request, to, STANDARD_UNKNOWN)
    said, other = "", None
    if shown:
        try:
            other = registry.standard(shown)
        except StandardUnknown:
            said = STANDARD_UNKNOWN
    held = [unit for unit in every_unit(known) if unit.code is not None and unit.code in have]
    codes = [str(unit.code) for unit in held]
    learnt = [*held, *(() if other is None else every_unit(other))]
    services: SkillServices = request.app.state.services
    uris = [uri for unit in known.all_units() for uri in unit.esco]
    comparison = _compared(request, registry, known, learnt) if learnt else None
    return render(
        "standard.html",
        to,
        request,
        query={"shown": "" if other is None else other.id, "have": codes},
        have=codes,
        standard=known,
        place=place_name(known.country or "", to.translation),
        other=other,
        others=[one for one in registry.standards() if one.id != known.id],
        comparison=comparison,
        counts=[]
        if comparison is None
        else [(one.value, comparison.counted(one)) for one in Finding],
        said=said,
        sources=_sources(registry, known, comparison),
        skills=names_of_skills(services, uris),
        shows_esco=bool(uris),
        words_of=_WORDS,
    )


def _compared(
    request: Request,
    registry: Registry,
    wanted: OccupationalStandard,
    learnt: Sequence[Shown],
) -> Comparison:
    services: StandardServices = request.app.state.services
    return compare_outcomes(
        wanted,
        learnt,
        links=registry.links_to(wanted.id),
        programmes=services.programmes,
    )


def _sources(
    registry: Registry, standard: OccupationalStandard, comparison: Comparison | None
) -> list[Source]:
    """Return what the standard cites, and what the comparison rests on, each source once."""
    cited: list[SourceId] = list(standard.sources)
    for judgement in () if comparison is None else comparison.judgements:
        cited += judgement.sources
    return [registry.source(each) for each in dict.fromkeys(cited) if registry.has_source(each)]
