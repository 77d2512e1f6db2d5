"""`/api/v1/qualifications`: what countries register, found by title, country and level."""

import datetime as dt
from collections.abc import Mapping
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Annotated, Any, Protocol, Self

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from skillpassport.frameworks.qualifications import (
    FormerName,
    LearningOutcome,
    Qualification,
    QualificationFilter,
    Qualifications,
    Unit,
)
from skillpassport.web.api.registry import MAX_TEXT, READABLE, CurrentRegistry, read_text
from skillpassport.web.paging import CursorByName, Limit, name_cursor, page, seen_name
from skillpassport.web.routing import ApiRoute
from skillpassport.web.texts import READABLE_PATTERN

router = APIRouter(route_class=ApiRoute, prefix="/api/v1/qualifications", tags=["qualifications"])

DEFAULT_LIMIT = 50

_READABLE = {"pattern": READABLE_PATTERN}


class QualificationServices(Protocol):
    """What these routes use."""

    def registered_qualifications(self) -> AbstractContextManager[Qualifications]:
        """Return the qualifications, as they are while the context is open."""
        ...


class FormerNameOut(BaseModel):
    """A title or code, and the days on which it held, both inclusive."""

    text: str
    valid_from: dt.date | None
    valid_until: dt.date | None
    superseded_by: str | None

    @classmethod
    def of(cls, name: FormerName) -> Self:
        """Return the name for the outside."""
        return cls(
            text=name.text,
            valid_from=name.valid_from,
            valid_until=name.valid_until,
            superseded_by=name.superseded_by,
        )


class QualificationOutcomeOut(BaseModel):
    """One thing that a holder knows or can do; `esco` explains it, and decides nothing."""

    code: str | None
    statement: Mapping[str, str]
    esco: list[str]

    @classmethod
    def of(cls, outcome: LearningOutcome) -> Self:
        """Return the outcome for the outside."""
        return cls(code=outcome.code, statement=outcome.statement, esco=list(outcome.esco))


class QualificationUnitOut(BaseModel):
    """A part that is assessed by itself."""

    code: str
    title: Mapping[str, str]
    level: str | None
    hours: float | None
    credits: float | None
    outcomes: list[QualificationOutcomeOut]

    @classmethod
    def of(cls, unit: Unit) -> Self:
        """Return the unit for the outside."""
        return cls(
            code=unit.code,
            title=unit.title,
            level=unit.level,
            hours=_number(unit.hours),
            credits=_number(unit.credits),
            outcomes=[QualificationOutcomeOut.of(each) for each in unit.outcomes],
        )


class QualificationOut(BaseModel):
    """A qualification as its country registers it; what it is worth elsewhere is not said here.

    `credits` are in the unit of its framework's edition. `esco` are URIs of the ESCO
    classification of the European Commission.
    """

    id: str
    title: Mapping[str, str]
    country: str
    aliases: list[FormerNameOut]
    codes: list[FormerNameOut]
    awarding_body: str | None
    framework: str | None
    edition: str | None
    level: str | None
    type: str | None
    isced_f: str | None
    isced_p: str | None
    isco: list[str]
    esco: list[str]
    units: list[QualificationUnitOut]
    outcomes: list[QualificationOutcomeOut]
    hours: float | None
    credits: float | None
    assessment: list[str]
    quality_assurance: str | None
    valid_from: dt.date | None
    valid_until: dt.date | None
    sources: list[str]

    @classmethod
    def of(cls, known: Qualification) -> Self:
        """Return the qualification for the outside."""
        return cls(
            id=known.id,
            title=known.title,
            country=known.country,
            aliases=[FormerNameOut.of(each) for each in known.aliases],
            codes=[FormerNameOut.of(each) for each in known.codes],
            awarding_body=known.awarding_body,
            framework=known.framework,
            edition=known.edition,
            level=known.level,
            type=known.type,
            isced_f=known.isced_f,
            isced_p=known.isced_p,
            isco=list(known.isco),
            esco=list(known.esco),
            units=[QualificationUnitOut.of(each) for each in known.units],
            outcomes=[QualificationOutcomeOut.of(each) for each in known.outcomes],
            hours=_number(known.hours),
            credits=_number(known.credits),
            assessment=list(known.assessment),
            quality_assurance=known.quality_assurance,
            valid_from=known.valid_from,
            valid_until=known.valid_until,
            sources=list(known.sources),
        )


class QualificationPage(BaseModel):
    """A page of qualifications: in order of their ids, or the best matches of a search."""

    items: list[QualificationOut]
    next: str | None


@router.get("", summary="Qualifications", response_model=QualificationPage)
def list_qualifications(
    *,
    request: Request,
    snapshot: CurrentRegistry,
    limit: Limit = DEFAULT_LIMIT,
    cursor: CursorByName = None,
    country: Annotated[
        str | None,
        Query(
            pattern=r"^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$",
            description="ISO 3166-1 or -2 code; `GB` finds those of `GB-SCT` too",
        ),
    ] = None,
    framework: Annotated[str | None, Query(max_length=MAX_TEXT, json_schema_extra=READABLE)] = None,
    level: Annotated[
        str | None,
        Query(
            max_length=MAX_TEXT,
            description="As its framework writes it",
            json_schema_extra=READABLE,
        ),
    ] = None,
    q: Annotated[
        str,
        Query(
            max_length=MAX_TEXT,
            description="Words of a title, alias or code, accents and small slips forgiven",
            json_schema_extra=_READABLE,
        ),
    ] = "",
) -> Response:
    """List qualifications in the order of their ids, or with `q` the best matches, in one page."""
    wanted = QualificationFilter(
        country=country,
        framework=None
        if framework is None
        else snapshot.registry.framework(read_text(framework, "framework")).id,
        level=None if level is None else read_text(level, "level"),
    )
    services: QualificationServices = request.app.state.services
    following = None
    with services.registered_qualifications() as known:
        if q:
            found = known.search(read_text(q, "q"), wanted, limit=limit)
            shown = [each.qualification for each in found]
        else:
            listed = known.list(wanted, after=seen_name(cursor), limit=limit + 1)
            shown = list(listed[:limit])
            following = name_cursor(shown[-1].id) if len(listed) > limit else None
    items: list[Mapping[str, Any]] = [
        QualificationOut.of(each).model_dump(mode="json") for each in shown
    ]
    return page(request, items, following)


@router.get("/{qualification}", summary="One qualification")
def read_qualification(
    request: Request,
    qualification: Annotated[str, Path(max_length=100, description="Its id")],
) -> QualificationOut:
    """Return a qualification with its units and outcomes."""
    services: QualificationServices = request.app.state.services
    with services.registered_qualifications() as known:
        return QualificationOut.of(known.get(qualification))


def _number(number: Decimal | None) -> float | None:
    return None if number is None else float(number)
