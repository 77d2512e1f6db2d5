"""Routes of achievements: what an organisation awards."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends
from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import Response

from skillpassport.clock import rfc3339
from skillpassport.credentials.achievements import AchievementUnknown, DefineAchievement, Definition
from skillpassport.credentials.model import Achievement, AchievementKind, LearningOutcome
from skillpassport.credentials.telling import achievement_facts
from skillpassport.organisations.access import Principal, Scope
from skillpassport.organisations.model import Organisation
from skillpassport.web.api.answers.credentials import AchievementOut, AchievementPage
from skillpassport.web.api.equivalences import QUALIFICATION_ID
from skillpassport.web.auth import require
from skillpassport.web.bodies import Payload
from skillpassport.web.once import Once, RememberingServices, once
from skillpassport.web.paging import CursorByTime, Limit, page, seen_time, time_cursor
from skillpassport.web.routing import ApiRoute
from skillpassport.web.texts import (
    EscoUri,
    FrameworkName,
    IscedCode,
    IscoCode,
    Names,
    Notation,
    Reference,
    Slug,
    Text,
)

router = APIRouter(route_class=ApiRoute, prefix="/api/v1/achievements", tags=["achievements"])


class AchievementServices(RememberingServices, Protocol):
    """What these routes use."""

    define_achievement: DefineAchievement

    def own_organisation(self, who: Principal) -> Organisation:
        """Return the organisation that is asking."""
        ...

    def achievement_of(self, organisation: Organisation, reference: str) -> Achievement | None:
        """Return an achievement of an organisation by id or slug."""
        ...

    def achievements_of(
        self, organisation: Organisation, *, limit: int, after: tuple[datetime, str] | None
    ) -> Sequence[Achievement]:
        """Return an organisation's achievements, oldest first."""
        ...


QualificationId = Annotated[
    str,
    Field(
        pattern=QUALIFICATION_ID,
        description="Id of the registered qualification that it is, of the organisation's country",
    ),
]


class OutcomeIn(Payload):
    """What a learner knows, understands and can do afterwards."""

    code: Annotated[Text, Field(max_length=80)]
    statement: Names
    essential: Annotated[bool, Field(strict=True)] = True


class AchievementIn(Payload):
    """A new achievement; it never changes afterwards."""

    slug: Slug
    title: Names
    kind: AchievementKind
    framework: FrameworkName | None = None
    edition: Annotated[Text, Field(max_length=60)] | None = None
    level: Notation | None = None
    isced_f: IscedCode | None = None
    isco: Annotated[Sequence[IscoCode], Field(max_length=50)] = ()
    esco: Annotated[Sequence[EscoUri], Field(max_length=300)] = ()
    outcomes: Annotated[Sequence[OutcomeIn], Field(max_length=300)] = ()
    hours: Annotated[float, Field(strict=True, gt=0, le=100_000)] | None = None
    qualification: QualificationId | None = None

    @field_validator("outcomes")
    @classmethod
    def _distinct(cls, outcomes: Sequence[OutcomeIn]) -> Sequence[OutcomeIn]:
        if len({outcome.code for outcome in outcomes}) != len(outcomes):
            raise PydanticCustomError(
                "code_repeated", "Expected a different code for each outcome."
            )
        return outcomes


Writer = Annotated[Principal, Depends(require(Scope.ACHIEVEMENTS_WRITE))]


@router.post("", status_code=201, summary="Define an achievement", response_model=AchievementOut)
def define(body: AchievementIn, request: Request, who: Writer, key: Once) -> dict[str, Any]:
    """Define what can be awarded, with its place in a framework and its learning outcomes."""
    services: AchievementServices = request.app.state.services
    organisation = services.own_organisation(who)
    definition = Definition(
        slug=body.slug,
        title=body.title,
        kind=body.kind,
        framework=body.framework,
        edition=body.edition,
        level=body.level,
        isced_f=body.isced_f,
        isco=tuple(body.isco),
        esco=tuple(body.esco),
        outcomes=tuple(
            LearningOutcome(code=each.code, statement=each.statement, essential=each.essential)
            for each in body.outcomes
        ),
        hours=body.hours,
        qualification=body.qualification,
    )
    achievement = once(
        services,
        key,
        act=lambda: services.define_achievement(organisation, definition, key),
        recall=lambda claim: _found(services.achievement_of(organisation, claim.resource)),
    )
    return _out(achievement)


@router.get("", summary="List the own achievements", response_model=AchievementPage)
def index(
    request: Request, who: Writer, limit: Limit = 50, cursor: CursorByTime = None
) -> Response:
    """List the organisation's achievements, oldest first."""
    services: AchievementServices = request.app.state.services
    found = services.achievements_of(
        services.own_organisation(who), limit=limit + 1, after=seen_time(cursor)
    )
    shown = found[:limit]
    more = len(found) > limit
    seen = time_cursor(shown[-1].registered_at, shown[-1].id) if more else None
    return page(request, [_out(each) for each in shown], seen)


@router.get("/{reference}", summary="Look an own achievement up", response_model=AchievementOut)
def show(reference: Reference, request: Request, who: Writer) -> dict[str, Any]:
    """Return an achievement of the organisation by id or slug."""
    services: AchievementServices = request.app.state.services
    return _out(_found(services.achievement_of(services.own_organisation(who), reference)))


def _found(achievement: Achievement | None) -> Achievement:
    if achievement is None:
        raise AchievementUnknown
    return achievement


def _out(achievement: Achievement) -> dict[str, Any]:
    return achievement_facts(achievement) | {
        "organisation": achievement.organisation,
        "registered_at": rfc3339(achievement.registered_at),
    }
