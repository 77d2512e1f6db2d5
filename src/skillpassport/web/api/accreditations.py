"""Routes of accreditations: the acts of an authority."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends
from pydantic import ConfigDict, Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError
from starlette.requests import Request

from skillpassport.clock import rfc3339
from skillpassport.credentials.achievements import AchievementUnknown
from skillpassport.credentials.model import Achievement
from skillpassport.credentials.telling import accreditation_facts
from skillpassport.idempotency import Claim
from skillpassport.organisations.access import Principal, Scope
from skillpassport.organisations.accreditation import (
    Accreditation,
    AccreditationId,
    AccreditationScope,
    Grant,
)
from skillpassport.organisations.accrediting import (
    Accredit,
    AccreditationUnknown,
    ApproveLateAward,
    WithdrawAccreditation,
)
from skillpassport.organisations.model import Organisation, OrganisationUnknown
from skillpassport.vc.strict_json import parse_object
from skillpassport.web.api.answers.accreditations import AccreditationOut, LateAwardOut
from skillpassport.web.auth import require
from skillpassport.web.bodies import Day, Payload
from skillpassport.web.once import Once, RememberingServices, once
from skillpassport.web.routing import ApiRoute
from skillpassport.web.texts import FrameworkId, IscedCode, Notation, Prose, Reference

router = APIRouter(route_class=ApiRoute, prefix="/api/v1/accreditations", tags=["accreditations"])


class AccreditationServices(RememberingServices, Protocol):
    """What these routes use."""

    accredit: Accredit
    withdraw_accreditation: WithdrawAccreditation
    approve_late_award: ApproveLateAward

    def organisation(self, reference: str) -> Organisation | None:
        """Return an organisation by id or slug."""
        ...

    def own_organisation(self, who: Principal) -> Organisation:
        """Return the organisation that is asking."""
        ...

    def accreditation(self, identifier: str) -> Accreditation | None:
        """Return an accreditation by id."""
        ...

    def achievement_of(self, organisation: Organisation, reference: str) -> Achievement | None:
        """Return an achievement of an organisation by id or slug."""
        ...

    def known_levels(self, framework: str, levels: Sequence[str]) -> tuple[str, ...]:
        """Return levels of any edition of a framework as their edition writes them."""
        ...

    def known_framework(self, framework: str) -> str:
        """Return the id of a registered framework, given by id or alias."""
        ...


_ALL_WAYS = (("achievements",), ("framework", "levels"), ("isced_f",))
_ONE_WAY: list[JsonValue] = [
    {
        "required": list(way),
        "properties": {
            name: {"not": {"type": "null"}} if name in way else {"type": "null"}
            for each in _ALL_WAYS
            for name in each
        },
    }
    for way in _ALL_WAYS
]


class ScopeIn(Payload):
    """What may be awarded: achievements, levels of a framework, or fields of education."""

    model_config = ConfigDict(json_schema_extra={"oneOf": _ONE_WAY})

    achievements: Annotated[Sequence[Reference], Field(min_length=1, max_length=1000)] | None = None
    framework: FrameworkId | None = None
    levels: Annotated[Sequence[Notation], Field(min_length=1, max_length=100)] | None = None
    isced_f: Annotated[Sequence[IscedCode], Field(min_length=1, max_length=200)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "ScopeIn":
        if (self.framework is None) != (self.levels is None):
            raise PydanticCustomError(
                "scope_incomplete", "Expected 'framework' and 'levels' together."
            )
        ways = [self.achievements, self.framework, self.isced_f]
        if sum(way is not None for way in ways) != 1:
            raise PydanticCustomError(
                "scope_ambiguous",
                "Expected exactly one of 'achievements', 'framework' with 'levels', 'isced_f'.",
            )
        return self


class AccreditationIn(Payload):
    """A new accreditation; both days are inclusive."""

    organisation: Reference
    scope: ScopeIn
    valid_from: Day
    valid_until: Day
    last_enrolment: Day | None = None
    last_achievement: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "AccreditationIn":
        if self.valid_until < self.valid_from:
            raise PydanticCustomError(
                "period_reversed", "Expected 'valid_until' not before 'valid_from'."
            )
        for day in (self.last_enrolment, self.last_achievement):
            if day is not None and day < self.valid_from:
                raise PydanticCustomError(
                    "period_reversed",
                    "Expected 'last_enrolment' and 'last_achievement' not before 'valid_from'.",
                )
        return self


class WithdrawalIn(Payload):
    """A withdrawal; `effective_from` is the first day without the right."""

    effective_from: Day
    reason: Prose


class LateAwardIn(Payload):
    """Leave to record one award after all."""

    achievement: Reference
    awarded_on: Day
    reason: Prose


# A scope is told in the one way in which it was given.
_ANSWERED: dict[str, Any] = {
    "response_model": AccreditationOut,
    "response_model_exclude_unset": True,
}

Authority = Annotated[Principal, Depends(require(Scope.ACCREDITATIONS_WRITE))]


@router.post("", status_code=201, summary="Accredit an organisation", **_ANSWERED)
def grant(body: AccreditationIn, request: Request, who: Authority, key: Once) -> dict[str, Any]:
    """Accredit an organisation of the authority's remit for a scope and a period."""
    services: AccreditationServices = request.app.state.services
    authority = services.own_organisation(who)
    organisation = services.organisation(body.organisation)
    if organisation is None:
        raise OrganisationUnknown
    wanted = Grant(
        organisation=organisation,
        scope=_scope(services, body.scope),
        valid_from=body.valid_from,
        valid_until=body.valid_until,
        last_enrolment=body.last_enrolment,
        last_achievement=body.last_achievement,
    )
    accreditation = once(
        services,
        key,
        act=lambda: services.accredit(authority, wanted, key),
        recall=lambda claim: _as_granted(_found(services.accreditation(claim.resource))),
    )
    return _out(accreditation)


@router.get("/{identifier}", summary="Look an accreditation up", **_ANSWERED)
def show(identifier: Reference, request: Request) -> dict[str, Any]:
    """Return an accreditation with its signed credential; the register is public."""
    services: AccreditationServices = request.app.state.services
    return _out(_found(services.accreditation(identifier)))


@router.post("/{identifier}/withdraw", summary="Withdraw an accreditation", **_ANSWERED)
def withdraw(
    identifier: Reference, body: WithdrawalIn, request: Request, who: Authority
) -> dict[str, Any]:
    """Withdraw an accreditation; awards made and recorded before keep their verdict."""
    services: AccreditationServices = request.app.state.services
    accreditation = services.withdraw_accreditation(
        services.own_organisation(who),
        AccreditationId(identifier),
        effective_from=body.effective_from,
        reason=body.reason,
    )
    return _out(accreditation)


@router.post(
    "/{identifier}/late-awards",
    status_code=201,
    summary="Let one award be recorded late",
    response_model=LateAwardOut,
)
def approve(
    identifier: Reference, body: LateAwardIn, request: Request, who: Authority, key: Once
) -> dict[str, Any]:
    """Approve one award that was made in the period but not recorded in time; usable once."""
    services: AccreditationServices = request.app.state.services
    authority = services.own_organisation(who)
    found = _found(services.accreditation(identifier))
    holder = services.organisation(found.organisation)
    achievement = services.achievement_of(holder, body.achievement) if holder else None
    if achievement is None or found.authority != authority.id:
        raise AchievementUnknown if found.authority == authority.id else AccreditationUnknown

    def act() -> str:
        return services.approve_late_award(
            authority,
            found.id,
            achievement=achievement.id,
            awarded_on=body.awarded_on,
            reason=body.reason,
            request=key,
        ).id

    def recall(claim: Claim) -> str:
        return claim.resource

    return {
        "id": once(services, key, act=act, recall=recall),
        "accreditation": found.id,
        "achievement": achievement.id,
        "awarded_on": body.awarded_on.isoformat(),
    }


def _scope(services: AccreditationServices, scope: ScopeIn) -> AccreditationScope:
    framework = services.known_framework(scope.framework) if scope.framework else None
    return AccreditationScope(
        achievements=tuple(scope.achievements or ()),
        framework=framework,
        levels=services.known_levels(framework, scope.levels or ()) if framework else (),
        isced_f=tuple(scope.isced_f or ()),
    )


def _found(accreditation: Accreditation | None) -> Accreditation:
    if accreditation is None:
        raise AccreditationUnknown
    return accreditation


def _as_granted(accreditation: Accreditation) -> Accreditation:
    """Return the first answer again: a withdrawal since then does not belong to it."""
    return replace(accreditation, withdrawal=None, late_awards=())


def _out(accreditation: Accreditation) -> dict[str, Any]:
    return accreditation_facts(accreditation) | {
        "authority": accreditation.authority,
        "organisation": accreditation.organisation,
        "late_issue_days": accreditation.late_issue_days,
        "granted_at": rfc3339(accreditation.granted_at),
        "document": parse_object(accreditation.document),
    }
