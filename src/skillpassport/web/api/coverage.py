"""`/api/v1/coverage`: what the registry holds, generated from it at the moment of asking."""

from typing import Self

from fastapi import APIRouter
from pydantic import BaseModel

from skillpassport.equivalence.coverage import (
    CitedSource,
    CountryCoverage,
    Coverage,
    Reach,
    measure_coverage,
)
from skillpassport.web.api.registry import CurrentRegistry
from skillpassport.web.countries import iso_countries
from skillpassport.web.routing import ApiRoute

router = APIRouter(route_class=ApiRoute, tags=["registry"])


class FrameworkHeld(BaseModel):
    """A framework of a country, with how far it has come and what its record stands on."""

    id: str
    status: str
    kind: str
    footing: str
    notes: list[str]


class CountryHeld(BaseModel):
    """What the registry knows of a country; `statements` counts those that answer."""

    country: str
    reach: str
    standing: str
    statements: int
    frameworks: list[FrameworkHeld]

    @classmethod
    def of(cls, country: CountryCoverage) -> Self:
        """Return the country for the outside."""
        return cls(
            country=country.country,
            reach=country.reach,
            standing=country.standing,
            statements=country.statements,
            frameworks=[
                FrameworkHeld(
                    id=one.id,
                    status=one.status,
                    kind=one.kind,
                    footing=one.footing,
                    notes=list(one.notes),
                )
                for one in country.frameworks
            ],
        )


class SourceHeld(BaseModel):
    """A source, what was read of it, and how many rows cite it."""

    id: str
    title: str
    where: str
    read: str
    note: str
    cited: int

    @classmethod
    def of(cls, held: CitedSource) -> Self:
        """Return the source for the outside."""
        source = held.source
        return cls(
            id=source.id,
            title=source.title,
            where=source.where,
            read=source.read,
            note=source.note,
            cited=held.cited,
        )


class Counts(BaseModel):
    """Numbers by word: countries by reach, frameworks by status, statements by publication."""

    countries: dict[str, int]
    frameworks: dict[str, int]
    editions: int
    levels: dict[str, int]
    statements: dict[str, int]
    sources: int


class CoverageOut(BaseModel):
    """What the registry holds; `revision` changes with every change of it."""

    revision: str
    counts: Counts
    countries: list[CountryHeld]
    sources: list[SourceHeld]

    @classmethod
    def of(cls, coverage: Coverage) -> Self:
        """Return the coverage for the outside."""
        return cls(
            revision=coverage.revision,
            counts=Counts(
                countries={reach.value: coverage.reached(reach) for reach in Reach},
                frameworks=dict(coverage.frameworks),
                editions=coverage.editions,
                levels=dict(coverage.levels),
                statements=dict(coverage.statements),
                sources=len(coverage.sources),
            ),
            countries=[CountryHeld.of(one) for one in coverage.countries],
            sources=[SourceHeld.of(one) for one in coverage.sources],
        )


@router.get("/api/v1/coverage", summary="What the registry holds, country by country")
def show_coverage(snapshot: CurrentRegistry) -> CoverageOut:
    """Tell which countries are reached, partly reached and not reached, and every source.

    A country is reached where a published statement relates one of its levels to a framework of
    another place, and partly reached where something about its framework was read.
    """
    codes = iso_countries(snapshot.registry)
    return CoverageOut.of(measure_coverage(snapshot, codes))
