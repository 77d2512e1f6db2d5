"""`/registry/qualifications`: what countries register, one page for each."""

import re
from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.frameworks.model import Source, SourceId
from skillpassport.frameworks.qualifications import (
    LearningOutcome,
    Qualification,
    QualificationFilter,
    QualificationUnknown,
)
from skillpassport.frameworks.reading import fold
from skillpassport.frameworks.registry import Registry
from skillpassport.web.api.qualifications import QualificationServices
from skillpassport.web.api.registry import MAX_TEXT, CurrentRegistry
from skillpassport.web.pages.countries import every_country
from skillpassport.web.pages.nothing import nothing_here
from skillpassport.web.pages.reader import Reader, ReaderOfPage, render
from skillpassport.web.pages.skills import SkillServices, names_of_skills
from skillpassport.web.registry_words import QUALIFICATION_UNKNOWN
from skillpassport.web.routing import ApiRoute
from skillpassport.web.texts import is_readable

router = APIRouter(
    route_class=ApiRoute, prefix="/registry/qualifications", tags=["pages"], include_in_schema=False
)

_PLACE: Final = re.compile(r"(?:[A-Z]{2}(?:-[A-Z0-9]{1,3})?)?")
SHOWN: Final = 50
"""Qualifications on one page."""

Text = Annotated[str, Query(max_length=MAX_TEXT)]


@router.get("", response_class=HTMLResponse)
def list_qualifications(
    request: Request,
    to: ReaderOfPage,
    country: Text = "",
    framework: Text = "",
    level: Text = "",
    after: Text = "",
) -> Response:
    """List qualifications in the order of their ids: of a country, a framework, a level."""
    asked = {"country": country, "framework": framework, "level": level, "after": after}
    if not all(map(is_readable, asked.values())) or not _PLACE.fullmatch(country):
        return nothing_here(request, to, QUALIFICATION_UNKNOWN, status=422)
    wanted = QualificationFilter(
        country=country or None, framework=framework or None, level=level or None
    )
    services: QualificationServices = request.app.state.services
    with services.registered_qualifications() as known:
        listed = known.list(wanted, after=after or None, limit=SHOWN + 1)
    shown = listed[:SHOWN]
    return render(
        "qualifications.html",
        to,
        request,
        query=asked,
        asked=asked,
        qualifications=shown,
        following=_next_page(asked, shown[-1].id) if len(listed) > SHOWN else None,
    )


@router.get("/{qualification}", response_class=HTMLResponse)
def show_qualification(
    request: Request,
    to: ReaderOfPage,
    snapshot: CurrentRegistry,
    qualification: Annotated[str, Path(max_length=100)],
) -> Response:
    """Show a qualification: its level, units and outcomes, where it is known, its sources."""
    services: QualificationServices = request.app.state.services
    if not is_readable(qualification):
        return nothing_here(request, to, QUALIFICATION_UNKNOWN)
    try:
        with services.registered_qualifications() as known:
            found = known.get(qualification)
    except QualificationUnknown:
        return nothing_here(request, to, QUALIFICATION_UNKNOWN)
    registry = snapshot.registry
    taxonomies: SkillServices = request.app.state.services
    skills = [uri for outcome in _outcomes(found) for uri in outcome.esco]
    return render(
        "qualification.html",
        to,
        request,
        qualification=found,
        framework=_framework_name(registry, found),
        shows_esco=bool(found.esco) or bool(skills),
        skills=names_of_skills(taxonomies, skills),
        known_in=_known_in(snapshot, found, to),
        countries=every_country(registry, to.translation),
        sources=_sources(registry, found.sources),
    )


def _next_page(asked: Mapping[str, str], last: str) -> Mapping[str, str]:
    return {**asked, "after": last}


def _framework_name(registry: Registry, found: Qualification) -> Mapping[str, str] | None:
    """Return the names of its framework; None where it is in none, or in one not known here."""
    if found.framework is None or not registry.has_framework(found.framework):
        return None
    return registry.framework(found.framework).name


def _known_in(
    snapshot: RegistrySnapshot, found: Qualification, to: Reader
) -> list[tuple[str, str, str]]:
    """Return the countries that have a rule about one of its titles, with code, name and title."""
    titles = {fold(name): name for name in reversed(found.names)}
    known = {
        destination: titles[title]
        for title in titles
        for destination in snapshot.rules.destinations_of(found.country, title)
    }
    named = [(code, to.translation.country(code), title) for code, title in known.items()]
    return sorted(named, key=lambda each: each[1].casefold())


def _outcomes(found: Qualification) -> tuple[LearningOutcome, ...]:
    """Return the outcomes of the whole and of its units."""
    return (*found.outcomes, *(each for unit in found.units for each in unit.outcomes))


def _sources(registry: Registry, cited: tuple[SourceId, ...]) -> list[Source]:
    return [registry.source(each) for each in cited if registry.has_source(each)]
