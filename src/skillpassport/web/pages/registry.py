"""`/registry`: the frameworks of the registry, for people."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from skillpassport.frameworks.errors import EditionUnknown, FrameworkUnknown
from skillpassport.frameworks.model import Edition, Framework
from skillpassport.frameworks.registry import Registry
from skillpassport.web.agreement_words import KINDS
from skillpassport.web.api.registry import MAX_TEXT, CurrentRegistry, Today
from skillpassport.web.pages.agreements import told_agreement
from skillpassport.web.pages.countries import known_countries
from skillpassport.web.pages.finding import FindingServices, find
from skillpassport.web.pages.nothing import nothing_here
from skillpassport.web.pages.reader import ReaderOfPage, render
from skillpassport.web.registry_words import (
    DOMAINS,
    FOOTINGS,
    FRAMEWORK_KINDS,
    FRAMEWORK_STATUSES,
    PROBLEMS,
)
from skillpassport.web.routing import ApiRoute
from skillpassport.web.texts import is_readable
from skillpassport.web.translation import Translation

router = APIRouter(route_class=ApiRoute, tags=["pages"], include_in_schema=False)

_PLACE = re.compile(r"[A-Za-z][A-Za-z0-9+-]{1,19}")
_WORDS = {
    "statuses": FRAMEWORK_STATUSES,
    "kinds": FRAMEWORK_KINDS,
    "footings": FOOTINGS,
    "domains": DOMAINS,
    "agreements": KINDS,
}


@router.get("/registry", response_class=HTMLResponse)
def list_frameworks(
    request: Request,
    to: ReaderOfPage,
    snapshot: CurrentRegistry,
    today: Today,
    q: Annotated[str, Query(max_length=MAX_TEXT)] = "",
    jurisdiction: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """List the frameworks by country, or whatever the registry names by a text."""
    registry = snapshot.registry
    services: FindingServices = request.app.state.services
    wanted = q.strip() if is_readable(q) else ""
    place = jurisdiction if _PLACE.fullmatch(jurisdiction) else ""
    found = find(services, snapshot, wanted, place, to.translation)
    rows = [(one, registry.edition_in_force(one.id, today)) for one in found.frameworks]
    return render(
        "registry.html",
        to,
        request,
        query={"q": wanted, "jurisdiction": place},
        groups=_by_place(rows, to.translation),
        count=len(rows),
        q=wanted,
        jurisdiction=place,
        found=found,
        agreements=[told_agreement(one, today, to.translation) for one in found.agreements],
        has_standards={code for one in registry.standards() for code in one.isco},
        countries=known_countries(registry, to.translation),
        words_of=_WORDS,
    )


@router.get("/registry/{framework}", response_class=HTMLResponse)
def show_framework(
    request: Request,
    to: ReaderOfPage,
    snapshot: CurrentRegistry,
    today: Today,
    framework: Annotated[str, Path(max_length=MAX_TEXT)],
) -> Response:
    """Show one framework with the levels of the edition named, or in force today, and its sources."""
    registry = snapshot.registry
    try:
        known, named = registry.named(framework)
    except (FrameworkUnknown, EditionUnknown):
        return nothing_here(request, to, PROBLEMS["framework-unknown"])
    edition = named or registry.edition_in_force(known.id, today)
    return render(
        "framework.html",
        to,
        request,
        framework=known,
        edition=edition,
        editions=registry.editions(known.id),
        levels=() if edition is None else registry.levels(known.id, edition.label),
        sources=_sources(registry, known, edition),
        places=[place_name(each, to.translation) for each in known.jurisdictions],
        words_of=_WORDS,
    )


def place_name(jurisdiction: str, to: Translation) -> str:
    """Return the name of a country, with the code of its part if it is one; else the code."""
    country, dash, _ = jurisdiction.partition("-")
    if country not in to.locale.territories:
        return jurisdiction
    return f"{to.country(country)} ({jurisdiction})" if dash else to.country(country)


def _by_place(
    rows: list[tuple[Framework, Edition | None]], to: Translation
) -> list[tuple[str, list[tuple[Framework, Edition | None]]]]:
    """Return the rows under the names of their countries, in the order of those names."""
    groups: dict[str, list[tuple[Framework, Edition | None]]] = {}
    for framework, edition in rows:
        for name in dict.fromkeys(_country_name(each, to) for each in framework.jurisdictions):
            groups.setdefault(name, []).append((framework, edition))
    return sorted(groups.items(), key=lambda group: group[0].casefold())


def _country_name(jurisdiction: str, to: Translation) -> str:
    country = jurisdiction.partition("-")[0]
    return to.country(country)


def _sources(registry: Registry, framework: Framework, edition: Edition | None) -> list[Any]:
    """Return what the framework, the edition and its levels cite, each source once."""
    cited = list(framework.sources)
    if edition is not None:
        cited += edition.sources
        for level in registry.levels(framework.id, edition.label):
            cited += level.sources
    return [registry.source(each) for each in dict.fromkeys(cited)]
