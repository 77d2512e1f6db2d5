"""`/api/v1/taxonomies`: occupations, skills and fields of education, found by code and by name.

This service uses the ESCO classification of the European Commission.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from enum import StrEnum
from typing import Annotated, Any, Protocol, Self

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from skillpassport.frameworks.taxonomies.catalogue import (
    ConceptSearch,
    FoundConcept,
    TaxonomyCatalogue,
)
from skillpassport.frameworks.taxonomies.model import (
    ATTRIBUTIONS,
    TITLES,
    Concept,
    ConceptKind,
    Related,
    RelationKind,
    Taxonomy,
)
from skillpassport.web.api.registry import MAX_TEXT, READABLE, read_text
from skillpassport.web.paging import CursorByName, Limit, name_cursor, page, seen_name
from skillpassport.web.routing import ApiRoute
from skillpassport.web.texts import READABLE_PATTERN

router = APIRouter(route_class=ApiRoute, prefix="/api/v1/taxonomies", tags=["taxonomies"])

DEFAULT_LIMIT = 50
MAX_REFERENCE = 320

TaxonomyPath = Annotated[
    str,
    Path(
        max_length=60,
        pattern=r"^[a-z0-9-]{1,30}(?:@[0-9A-Za-z.]{1,20})?$",
        description="`esco`, `isco-08` or `isced-f-2013`, in its newest version or `esco@1.2.0`",
    ),
]
ConceptReference = Annotated[
    str,
    Query(
        max_length=MAX_REFERENCE,
        description="Code or URI of a concept",
        json_schema_extra=READABLE,
    ),
]
LanguageQuery = Annotated[
    str | None,
    Query(pattern="^[a-z]{2,3}$", description="Look at names in this language alone"),
]


class Direction(StrEnum):
    """Which end of a relation a concept is."""

    FROM = "from"
    TO = "to"


class TaxonomyServices(Protocol):
    """What these routes use."""

    def taxonomy_catalogue(self) -> AbstractContextManager[TaxonomyCatalogue]:
        """Return the classifications, as they are while the context is open."""
        ...


class TaxonomyOut(BaseModel):
    """One version of a classification; `attribution` is to be said wherever it shows."""

    name: str
    scheme: str
    version: str
    title: str
    attribution: str
    languages: list[str]
    counts: Mapping[str, int]

    @classmethod
    def of(cls, taxonomy: Taxonomy) -> Self:
        """Return the classification for the outside."""
        return cls(
            name=taxonomy.name,
            scheme=taxonomy.scheme,
            version=taxonomy.version,
            title=TITLES[taxonomy.scheme],
            attribution=ATTRIBUTIONS[taxonomy.scheme],
            languages=list(taxonomy.languages),
            counts=taxonomy.counts,
        )


class TaxonomyList(BaseModel):
    """Every version of every classification that was brought in."""

    items: list[TaxonomyOut]
    next: None = None


class MatchOut(BaseModel):
    """The name that a search found: `exact`, `beginning`, `words`, or `alike` for a near one."""

    name: str
    language: str
    how: str


_HOW = ("exact", "beginning", "words", "alike")


class ConceptOut(BaseModel):
    """An occupation, a skill, a group of either, or a field of education.

    `isco_group` is of occupations, `skill_type` and `reuse_level` of skills, as ESCO words them;
    `match` is there in the answer to a search.
    """

    uri: str
    code: str | None
    kind: ConceptKind
    labels: Mapping[str, str]
    alternatives: Mapping[str, list[str]]
    isco_group: str | None
    skill_type: str | None
    reuse_level: str | None
    match: MatchOut | None = None

    @classmethod
    def of(cls, concept: Concept) -> Self:
        """Return the concept for the outside."""
        return cls(
            uri=concept.uri,
            code=concept.code,
            kind=concept.kind,
            labels=concept.labels,
            alternatives={tag: list(names) for tag, names in concept.alternatives.items()},
            isco_group=concept.isco_group,
            skill_type=concept.skill_type,
            reuse_level=concept.reuse_level,
        )

    @classmethod
    def found(cls, found: FoundConcept) -> Self:
        """Return what a search found for the outside."""
        match = found.match
        out = cls.of(found.concept)
        out.match = MatchOut(name=match.name, language=match.language, how=_HOW[match.rank])
        return out


class ConceptPage(BaseModel):
    """A page of concepts: in order of their URIs, or the best matches of a search, best first."""

    items: list[ConceptOut]
    next: str | None
    taxonomy: str
    attribution: str


class ConceptAnswer(BaseModel):
    """One concept, and the concepts directly above and below it."""

    taxonomy: str
    attribution: str
    concept: ConceptOut
    broader: list[ConceptOut]
    narrower: list[ConceptOut]


class RelatedOut(BaseModel):
    """A concept at the other end of a relation."""

    kind: RelationKind
    concept: ConceptOut

    @classmethod
    def of(cls, related: Related) -> Self:
        """Return the relation for the outside."""
        return cls(kind=related.kind, concept=ConceptOut.of(related.concept))


class RelationList(BaseModel):
    """All relations of one concept, in one page."""

    items: list[RelatedOut]
    next: None = None
    taxonomy: str
    attribution: str


@router.get("", summary="Classifications that are known")
def list_taxonomies(request: Request) -> TaxonomyList:
    """List every version of every classification that was brought in."""
    with _catalogue(request) as catalogue:
        return TaxonomyList(items=[TaxonomyOut.of(each) for each in catalogue.all()])


@router.get(
    "/{taxonomy}/concepts", summary="Concepts of a classification", response_model=ConceptPage
)
def list_concepts(
    *,
    request: Request,
    taxonomy: TaxonomyPath,
    limit: Limit = DEFAULT_LIMIT,
    cursor: CursorByName = None,
    kind: ConceptKind | None = None,
    lang: LanguageQuery = None,
    q: Annotated[
        str,
        Query(
            max_length=MAX_TEXT,
            description="Words of a name, accents and small slips forgiven",
            json_schema_extra={"pattern": READABLE_PATTERN},
        ),
    ] = "",
) -> Response:
    """List concepts in the order of their URIs, or with `q` the best matches, in one page."""
    with _catalogue(request) as catalogue:
        known = catalogue.named(taxonomy)
        following = None
        if q:
            wanted = ConceptSearch(text=read_text(q, "q"), language=lang, kind=kind)
            found = catalogue.search(known, wanted, limit=limit)
            shown = [ConceptOut.found(each) for each in found]
        else:
            after = seen_name(cursor)
            listed = catalogue.concepts(known, kind=kind, after=after, limit=limit + 1)
            shown = [ConceptOut.of(each) for each in listed[:limit]]
            following = name_cursor(listed[limit - 1].uri) if len(listed) > limit else None
    items: list[Mapping[str, Any]] = [each.model_dump(mode="json") for each in shown]
    return page(request, items, following, beside=_told(known))


@router.get("/{taxonomy}/concepts/{concept:path}", summary="One concept")
def read_concept(
    request: Request,
    taxonomy: TaxonomyPath,
    concept: Annotated[
        str,
        Path(max_length=MAX_REFERENCE, description="Code, or URI with its `/` percent-encoded"),
    ],
) -> ConceptAnswer:
    """Return a concept by its code or URI, with what lies directly above and below it."""
    with _catalogue(request) as catalogue:
        known = catalogue.named(taxonomy)
        found = catalogue.concept(known, concept)
        above = catalogue.related(known, found.uri, RelationKind.BROADER)
        below = catalogue.relating(known, found.uri, RelationKind.BROADER)
    return ConceptAnswer(
        concept=ConceptOut.of(found), broader=_ends(above), narrower=_ends(below), **_told(known)
    )


@router.get("/{taxonomy}/relations", summary="What a concept relates to")
def list_relations(
    request: Request,
    taxonomy: TaxonomyPath,
    concept: ConceptReference,
    kind: RelationKind | None = None,
    direction: Direction = Direction.FROM,
) -> RelationList:
    """List the skills that an occupation needs, or (`direction=to`) the occupations of a skill."""
    reference = read_text(concept, "concept", MAX_REFERENCE)
    with _catalogue(request) as catalogue:
        known = catalogue.named(taxonomy)
        uri = catalogue.concept(known, reference).uri
        ask = catalogue.related if direction is Direction.FROM else catalogue.relating
        found = ask(known, uri, kind)
    return RelationList(
        items=[RelatedOut.of(each) for each in found],
        taxonomy=known.name,
        attribution=ATTRIBUTIONS[known.scheme],
    )


def _catalogue(request: Request) -> AbstractContextManager[TaxonomyCatalogue]:
    services: TaxonomyServices = request.app.state.services
    return services.taxonomy_catalogue()


def _told(taxonomy: Taxonomy) -> dict[str, str]:
    return {"taxonomy": taxonomy.name, "attribution": ATTRIBUTIONS[taxonomy.scheme]}


def _ends(related: Sequence[Related]) -> list[ConceptOut]:
    return [ConceptOut.of(each.concept) for each in related]
