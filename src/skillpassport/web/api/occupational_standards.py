"""`/api/v1/occupational-standards`, and what someone has shown beside one of them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from skillpassport.equivalence.outcomes import Shown, compare_outcomes
from skillpassport.equivalence.outcomes.model import Programmes
from skillpassport.equivalence.outcomes.profiles import (
    profile_of_occupation,
    profile_of_qualification,
    with_skills,
)
from skillpassport.frameworks.qualifications import Qualifications
from skillpassport.frameworks.registry import Registry
from skillpassport.frameworks.standard_records import unit_to_record
from skillpassport.frameworks.standards import OccupationalStandard, StandardUnit
from skillpassport.frameworks.taxonomies.catalogue import TaxonomyCatalogue
from skillpassport.frameworks.taxonomies.model import Scheme, TaxonomyUnknown
from skillpassport.web.api.registry import CurrentRegistry, read_text
from skillpassport.web.bodies import Payload, exactly_one_of
from skillpassport.web.paging import (
    CursorByName,
    Limit,
    name_cursor,
    page,
    seen_name,
)
from skillpassport.web.routing import ApiRoute
from skillpassport.web.texts import READABLE_PATTERN, EscoUri, Names, Text

router = APIRouter(route_class=ApiRoute, prefix="/api/v1", tags=["occupational standards"])

MAX_SHOWN = 300
"""Outcomes in one question; no standard known has as many units."""


QualificationName = Annotated[Text, Field(max_length=200)]
StandardName = Annotated[Text, Field(max_length=80)]
Code = Annotated[Text, Field(max_length=80)]


class StandardServices(Protocol):
    """What these routes use."""

    programmes: Programmes

    def taxonomy_catalogue(self) -> AbstractContextManager[TaxonomyCatalogue]:
        """Return the classifications, as they are while the context is open."""
        ...

    def registered_qualifications(self) -> AbstractContextManager[Qualifications]:
        """Return the qualifications, as they are while the context is open."""
        ...


class SourceOut(BaseModel):
    """A publication that a standard was read in."""

    id: str
    title: str
    where: str
    read: str


class StandardOut(BaseModel):
    """An occupational standard; `units` is there where one standard is asked for."""

    id: str
    title: Mapping[str, str]
    authority: str
    country: str | None = None
    isco: list[str]
    level: str | None = None
    total_hours: float | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    footing: str
    notes: list[str]
    unit_count: int
    units: list[dict[str, Any]] | None = None
    sources: list[SourceOut]
    links: dict[str, str]

    @classmethod
    def of(
        cls, standard: OccupationalStandard, registry: Registry, *, whole: bool
    ) -> "StandardOut":
        """Return a standard for the outside."""
        hours = standard.total_hours
        return cls(
            id=standard.id,
            title=standard.title,
            authority=standard.authority,
            country=standard.country,
            isco=list(standard.isco),
            level=standard.level,
            total_hours=None if hours is None else float(hours),
            valid_from=standard.valid_from,
            valid_until=standard.valid_until,
            footing=standard.footing,
            notes=list(standard.notes),
            unit_count=len(standard.units),
            units=[unit_to_record(unit) for unit in standard.units] if whole else None,
            sources=[
                SourceOut(id=one.id, title=one.title, where=one.where, read=one.read)
                for one in map(registry.source, standard.sources)
            ],
            links={"self": f"/api/v1/occupational-standards/{standard.id}"},
        )


class StandardPage(BaseModel):
    """A page of standards, without their units."""

    items: list[StandardOut]
    next: str | None


class ShownIn(Payload):
    """Something that a person can show: a unit by its code, or an outcome in words."""

    title: Names | None = None
    code: Code | None = None
    standard: StandardName | None = None
    esco: Annotated[Sequence[EscoUri], Field(max_length=300)] = ()
    hours: Annotated[float, Field(strict=True, gt=0, le=100_000)] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "ShownIn":
        if self.title is None and self.code is None:
            raise PydanticCustomError("nothing_shown", "Expected a 'title' or a 'code'.")
        return self


class OutcomeComparisonIn(Payload):
    """A question: what of a standard, a qualification or an ESCO occupation has been shown."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": exactly_one_of("standard", "qualification", "occupation")}
    )

    standard: StandardName | None = None
    qualification: QualificationName | None = None
    occupation: EscoUri | None = None
    shown: Annotated[Sequence[ShownIn], Field(max_length=MAX_SHOWN)] = ()
    from_standard: StandardName | None = None
    from_qualification: QualificationName | None = None

    @model_validator(mode="after")
    def _asks_one_thing(self) -> "OutcomeComparisonIn":
        asked = (self.standard, self.qualification, self.occupation)
        if sum(each is not None for each in asked) != 1:
            raise PydanticCustomError(
                "comparison_ambiguous",
                "Expected exactly one of 'standard', 'qualification' and 'occupation'.",
            )
        return self


class OutcomeComparisonOut(BaseModel):
    """Each unit of the standard with what was shown of it."""

    standard: dict[str, Any]
    counts: dict[str, int]
    hours: dict[str, float | None] | None = None
    units: list[dict[str, Any]]
    differences: list[str]
    unused: list[dict[str, Any]]
    disclaimer: str


@router.get(
    "/occupational-standards",
    summary="What occupations ask for, by country",
    response_model=StandardPage,
)
def list_standards(
    *,
    request: Request,
    snapshot: CurrentRegistry,
    limit: Limit = 50,
    cursor: CursorByName = None,
    country: Annotated[str | None, Query(pattern="^[A-Za-z]{2,8}$")] = None,
    isco: Annotated[str | None, Query(pattern="^[0-9]{1,4}$")] = None,
) -> Response:
    """List standards, those of a country, or those of an occupation."""
    registry = snapshot.registry
    seen = seen_name(cursor)
    found = [
        one
        for one in registry.standards(country=country and country.upper(), isco=isco)
        if seen is None or one.id > seen
    ]
    shown = found[:limit]
    items: list[Mapping[str, Any]] = [
        StandardOut.of(one, registry, whole=False).model_dump(mode="json", exclude={"units"})
        for one in shown
    ]
    return page(request, items, name_cursor(shown[-1].id) if len(found) > limit else None)


@router.get("/occupational-standards/{standard}", summary="One standard with its units")
def read_standard(
    standard: Annotated[str, Field(max_length=80, json_schema_extra={"pattern": READABLE_PATTERN})],
    snapshot: CurrentRegistry,
) -> StandardOut:
    """Return a standard with its units, their parts, hours and dates."""
    registry = snapshot.registry
    return StandardOut.of(registry.standard(read_text(standard, "standard")), registry, whole=True)


@router.post(
    "/outcome-comparisons",
    summary="What someone has shown of an occupational standard",
    response_model=OutcomeComparisonOut,
)
def compare(body: OutcomeComparisonIn, request: Request, snapshot: CurrentRegistry) -> JSONResponse:
    """Hold outcomes against the units of a standard; nothing is stored and nothing decided.

    `from_standard` shows every unit of another standard, as who has its whole qualification does.
    """
    services: StandardServices = request.app.state.services
    registry = snapshot.registry
    wanted = _profile(body, services, registry)
    shown = [_shown(one, registry) for one in body.shown]
    if body.from_standard is not None:
        shown += every_unit(registry.standard(body.from_standard))
    if body.from_qualification is not None:
        shown += every_unit(_of_qualification(body.from_qualification, services))
    comparison = compare_outcomes(
        wanted,
        _with_skills(shown, services),
        links=registry.links_to(wanted.id),
        programmes=services.programmes,
    )
    return JSONResponse(comparison.to_json())


def _profile(
    body: OutcomeComparisonIn, services: StandardServices, registry: Registry
) -> OccupationalStandard:
    """Return what is compared with.

    Raises: StandardUnknown, QualificationUnknown, TaxonomyUnknown, ConceptUnknown
    """
    if body.standard is not None:
        return registry.standard(body.standard)
    if body.qualification is not None:
        return _of_qualification(body.qualification, services)
    with services.taxonomy_catalogue() as catalogue:
        esco = catalogue.named(Scheme.ESCO.value)
        occupation = catalogue.concept(esco, str(body.occupation))
        return profile_of_occupation(occupation, catalogue.related(esco, occupation.uri))


def _of_qualification(name: str, services: StandardServices) -> OccupationalStandard:
    with services.registered_qualifications() as qualifications:
        return profile_of_qualification(qualifications.get(name))


def _with_skills(shown: Sequence[Shown], services: StandardServices) -> list[Shown]:
    """Return what is shown with the skills of the same names, where ESCO was brought in."""
    with services.taxonomy_catalogue() as catalogue:
        try:
            esco = catalogue.named(Scheme.ESCO.value)
        except TaxonomyUnknown:
            return list(shown)
        return [with_skills(one, partial(catalogue.labelled, esco)) for one in shown]


def _shown(one: ShownIn, registry: Registry) -> Shown:
    """Return what is shown; a unit's own title, hours and skills are taken from its standard.

    Raises: StandardUnknown
    """
    standard = registry.standard(one.standard) if one.standard is not None else None
    unit = standard.unit(one.code) if standard is not None and one.code else None
    hours = None if one.hours is None else Decimal(str(one.hours))
    if standard is None or unit is None:
        return Shown(
            title=one.title or {"und": one.code or ""},
            code=one.code,
            standard=None if standard is None else standard.id,
            esco=tuple(one.esco),
            hours=hours,
        )
    return Shown(
        title=one.title or unit.title,
        code=one.code,
        standard=standard.id,
        esco=tuple(dict.fromkeys((*one.esco, *unit.esco))),
        hours=hours or unit.hours,
    )


def every_unit(standard: OccupationalStandard) -> list[Shown]:
    """Return what somebody with the whole qualification of a standard can show."""
    return [_of_unit(unit, standard) for unit in standard.units]


def _of_unit(unit: StandardUnit, standard: OccupationalStandard) -> Shown:
    return Shown(
        title=unit.title,
        code=unit.code,
        standard=standard.id,
        esco=unit.esco,
        hours=unit.hours,
    )
