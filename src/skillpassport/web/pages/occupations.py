"""`/registry/occupations/{code}`: an occupation with the skills that a classification relates to it.

ESCO names and explains; what an authority asks for stands in occupational standards.
"""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from skillpassport.frameworks.taxonomies.catalogue import TaxonomyCatalogue
from skillpassport.frameworks.taxonomies.model import (
    ATTRIBUTIONS,
    Concept,
    ConceptUnknown,
    RelationKind,
    Taxonomy,
    TaxonomyUnknown,
)
from skillpassport.web.api.registry import CurrentRegistry
from skillpassport.web.api.taxonomies import MAX_REFERENCE, TaxonomyServices
from skillpassport.web.pages.finding import OCCUPATIONS
from skillpassport.web.pages.nothing import nothing_here
from skillpassport.web.pages.reader import ReaderOfPage, render
from skillpassport.web.registry_words import OCCUPATION_UNKNOWN
from skillpassport.web.routing import ApiRoute
from skillpassport.web.texts import is_readable

router = APIRouter(route_class=ApiRoute, tags=["pages"], include_in_schema=False)

_ISCO_DIGITS = 4


@router.get("/registry/occupations/{occupation}", response_class=HTMLResponse)
def show_occupation(
    request: Request,
    to: ReaderOfPage,
    snapshot: CurrentRegistry,
    occupation: Annotated[str, Path(max_length=MAX_REFERENCE)],
) -> Response:
    """Show an occupation by its code: its names, its skills, and the standards about it."""
    services: TaxonomyServices = request.app.state.services
    with services.taxonomy_catalogue() as catalogue:
        found = _find(catalogue, occupation) if is_readable(occupation) else None
        if found is None:
            return nothing_here(request, to, OCCUPATION_UNKNOWN)
        taxonomy, concept = found
        related = catalogue.related(taxonomy, concept.uri)
    group = (concept.isco_group or concept.code or "")[:_ISCO_DIGITS]
    by_kind = {kind: [one.concept for one in related if one.kind is kind] for kind in RelationKind}
    return render(
        "occupation.html",
        to,
        request,
        concept=concept,
        group=group,
        broader=by_kind[RelationKind.BROADER],
        essential=by_kind[RelationKind.ESSENTIAL],
        optional=by_kind[RelationKind.OPTIONAL],
        standards=snapshot.registry.standards(isco=group) if group else (),
        taxonomy=taxonomy,
        attribution=ATTRIBUTIONS[taxonomy.scheme],
    )


def _find(catalogue: TaxonomyCatalogue, code: str) -> tuple[Taxonomy, Concept] | None:
    """Return an occupation from the first classification that has it."""
    for scheme, _ in OCCUPATIONS:
        try:
            taxonomy = catalogue.named(scheme.value)
            return taxonomy, catalogue.concept(taxonomy, code)
        except (TaxonomyUnknown, ConceptUnknown):
            continue
    return None
