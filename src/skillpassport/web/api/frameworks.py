"""`/api/v1/frameworks`: which frameworks are known, which edition held when, what a text means."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Self

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from skillpassport.equivalence.questions import read_day
from skillpassport.frameworks.errors import EditionUnknown, FrameworkNotFound, FrameworkUnknown
from skillpassport.frameworks.model import Edition, Framework, Level
from skillpassport.frameworks.registry import Registry
from skillpassport.frameworks.resolving import Candidate, Resolved, resolve
from skillpassport.web.api.registry import (
    CALENDAR_DAY,
    MAX_TEXT,
    READABLE,
    CurrentRegistry,
    Today,
    read_text,
)
from skillpassport.web.paging import CursorByName, Limit, name_cursor, page, seen_name
from skillpassport.web.routing import ApiRoute
from skillpassport.web.texts import READABLE_PATTERN

router = APIRouter(route_class=ApiRoute, tags=["frameworks"])

DEFAULT_LIMIT = 50

FrameworkPath = Annotated[
    str, Path(max_length=MAX_TEXT, description="`ID` or `ID@EDITION`, or an alias of the id")
]
DayQuery = Annotated[
    str | None,
    Query(
        max_length=10,
        description="YYYY-MM-DD; the edition in force then",
        json_schema_extra=CALENDAR_DAY,
    ),
]
JurisdictionQuery = Annotated[
    str | None,
    Query(max_length=20, description="ISO 3166-1 or -2 code, or the code of a region"),
]


class EditionOut(BaseModel):
    """An edition of a framework; dates are inclusive."""

    edition: str
    uri: str
    valid_from: dt.date | None
    valid_until: dt.date | None
    level_count: int | None
    credit_unit_hours: float | None
    footing: str
    sources: list[str]
    notes: list[str]

    @classmethod
    def of(cls, edition: Edition) -> Self:
        """Return the edition for the outside."""
        hours = edition.credit_unit_hours
        return cls(
            edition=edition.label,
            uri=edition.uri,
            valid_from=edition.valid_from,
            valid_until=edition.valid_until,
            level_count=edition.level_count,
            credit_unit_hours=None if hours is None else float(hours),
            footing=edition.footing,
            sources=list(edition.sources),
            notes=list(edition.notes),
        )


class FrameworkOut(BaseModel):
    """A framework, with the edition in force on the day asked for, by default today.

    `edition`, `level_count` and `credit_unit_hours` are null where no source tells them.
    """

    id: str
    uri: str
    name: Mapping[str, str]
    kind: str
    status: str
    jurisdictions: list[str]
    authority: str | None
    aliases: list[str]
    abbreviations: list[str]
    footing: str
    sources: list[str]
    notes: list[str]
    edition: str | None
    valid_from: dt.date | None
    valid_until: dt.date | None
    level_count: int | None
    credit_unit_hours: float | None
    editions: list[EditionOut]

    @classmethod
    def of(cls, framework: Framework, edition: Edition | None, registry: Registry) -> Self:
        """Return the framework for the outside."""
        hours = None if edition is None else edition.credit_unit_hours
        return cls(
            id=framework.id,
            uri=framework.uri,
            name=framework.name,
            kind=framework.kind,
            status=framework.status,
            jurisdictions=list(framework.jurisdictions),
            authority=framework.authority,
            aliases=list(framework.aliases),
            abbreviations=sorted(framework.acronyms),
            footing=framework.footing,
            sources=list(framework.sources),
            notes=list(framework.notes),
            edition=None if edition is None else edition.label,
            valid_from=None if edition is None else edition.valid_from,
            valid_until=None if edition is None else edition.valid_until,
            level_count=None if edition is None else edition.level_count,
            credit_unit_hours=None if hours is None else float(hours),
            editions=[EditionOut.of(one) for one in registry.editions(framework.id)],
        )


class FrameworkPage(BaseModel):
    """A page of frameworks, in order of their ids."""

    items: list[FrameworkOut]
    next: str | None


class LevelOut(BaseModel):
    """A level; its notation is a text, and `order` ranks it within its own edition only.

    `descriptors` say what someone at the level knows and can do: domain, language, text. They are
    short words of this registry after the sources, or the words of the framework's own body.
    """

    level: str
    uri: str
    order: float
    title: Mapping[str, str] | None
    qualification_types: list[str]
    descriptors: Mapping[str, Mapping[str, str]]
    aliases: list[str]
    parent: str | None
    footing: str
    sources: list[str]

    @classmethod
    def of(cls, level: Level) -> Self:
        """Return the level for the outside."""
        return cls(
            level=level.notation,
            uri=level.uri,
            order=float(level.order),
            title=level.title,
            qualification_types=list(level.qualification_types),
            descriptors=level.descriptors,
            aliases=list(level.aliases),
            parent=level.parent,
            footing=level.footing,
            sources=list(level.sources),
        )


class LevelList(BaseModel):
    """The levels of one edition, lowest first; none where no list of them was read."""

    framework: str
    edition: str | None
    items: list[LevelOut]
    next: None = None


class CandidateOut(BaseModel):
    """A framework and level that a text may mean.

    `level` is null where the text names none, or one that the framework does not have.
    """

    framework: str
    name: Mapping[str, str]
    edition: str | None
    level: str | None
    is_listed: bool

    @classmethod
    def of(cls, candidate: Candidate) -> Self:
        """Return the candidate for the outside."""
        return cls(
            framework=candidate.framework.id,
            name=candidate.framework.name,
            edition=None if candidate.edition is None else candidate.edition.label,
            level=candidate.level,
            is_listed=candidate.is_listed,
        )


class ResolvedOut(BaseModel):
    """What a text means: one candidate when `found`, several when `ambiguous`."""

    answer: str
    candidates: list[CandidateOut]

    @classmethod
    def of(cls, resolved: Resolved) -> Self:
        """Return the reading for the outside."""
        return cls(
            answer=resolved.answer,
            candidates=[CandidateOut.of(one) for one in resolved.candidates],
        )


@router.get("/api/v1/frameworks", summary="Qualification frameworks", response_model=FrameworkPage)
def list_frameworks(
    *,
    request: Request,
    snapshot: CurrentRegistry,
    today: Today,
    limit: Limit = DEFAULT_LIMIT,
    cursor: CursorByName = None,
    jurisdiction: JurisdictionQuery = None,
    q: Annotated[
        str,
        Query(
            max_length=MAX_TEXT,
            description="Text in a name or id",
            json_schema_extra={"pattern": READABLE_PATTERN},
        ),
    ] = "",
) -> Response:
    """List frameworks, those of a jurisdiction, or those whose names hold a text."""
    registry = snapshot.registry
    seen = seen_name(cursor)
    found = [
        one
        for one in registry.search(jurisdiction=jurisdiction, q=read_text(q, "q") if q else "")
        if seen is None or one.id > seen
    ]
    shown = found[:limit]
    items: list[Mapping[str, Any]] = [
        FrameworkOut.of(one, registry.edition_in_force(one.id, today), registry).model_dump(
            mode="json"
        )
        for one in shown
    ]
    return page(request, items, name_cursor(shown[-1].id) if len(found) > limit else None)


@router.get("/api/v1/frameworks/resolve", summary="Which framework and level a text means")
def resolve_text(
    snapshot: CurrentRegistry,
    today: Today,
    text: Annotated[
        str,
        Query(max_length=MAX_TEXT, description="Such as `PQF level 5`", json_schema_extra=READABLE),
    ],
    jurisdiction: JurisdictionQuery = None,
    date: DayQuery = None,
) -> ResolvedOut:
    """Read a text as a framework and a level; acronyms collide, so it never guesses."""
    day = today if date is None else read_day(date)
    readable = read_text(text, "text")
    return ResolvedOut.of(resolve(snapshot.registry, readable, on=day, jurisdiction=jurisdiction))


@router.get("/api/v1/frameworks/{framework}", summary="One framework")
def read_framework(
    framework: FrameworkPath, snapshot: CurrentRegistry, today: Today, date: DayQuery = None
) -> FrameworkOut:
    """Return a framework with the edition that is named, or in force on a day, by default today."""
    day = today if date is None else read_day(date)
    known, edition = _find(snapshot.registry, framework, day)
    return FrameworkOut.of(known, edition, snapshot.registry)


@router.get("/api/v1/frameworks/{framework}/levels", summary="The levels of one edition")
def list_levels(
    framework: FrameworkPath, snapshot: CurrentRegistry, today: Today, date: DayQuery = None
) -> LevelList:
    """List the levels of the edition that is named, or in force on a day, by default today.

    One page holds them all: no framework has as many as fill one.
    """
    registry = snapshot.registry
    day = today if date is None else read_day(date)
    known, edition = _find(registry, framework, day)
    levels = () if edition is None else registry.levels(known.id, edition.label)
    return LevelList(
        framework=known.id,
        edition=None if edition is None else edition.label,
        items=[LevelOut.of(level) for level in levels],
    )


def _find(registry: Registry, text: str, day: dt.date) -> tuple[Framework, Edition | None]:
    """Return what a path names.

    Raises: FrameworkNotFound
    """
    try:
        framework, named = registry.named(text)
    except (FrameworkUnknown, EditionUnknown) as unknown:
        raise FrameworkNotFound from unknown
    return framework, named or registry.edition_in_force(framework.id, day)
