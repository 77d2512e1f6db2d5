"""Routes of awards: issuing, and what can happen afterwards."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Final, Protocol

from fastapi import APIRouter, Depends, Query
from pydantic import BeforeValidator, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from skillpassport.credentials import badges
from skillpassport.credentials.achievements import AchievementUnknown
from skillpassport.credentials.formats import DEFAULT_SUITES
from skillpassport.credentials.issuing import Issue
from skillpassport.credentials.lifecycle import ChangeStatus, Reason, Supersede
from skillpassport.credentials.model import (
    Achievement,
    Action,
    Award,
    AwardRecord,
    CredentialId,
    Cryptosuite,
    Evidence,
    Format,
    IdentityCheck,
    IssuedCredential,
    ReasonCode,
    State,
    Subject,
)
from skillpassport.credentials.searching import CredentialFilter
from skillpassport.organisations.access import Principal, Scope
from skillpassport.organisations.model import Organisation
from skillpassport.transparency.proofs import Disclosure
from skillpassport.vc.strict_json import MAX_INTEGER
from skillpassport.web.api.answers.credentials import CredentialOut, CredentialPage
from skillpassport.web.api.credential_view import (
    award_out,
    credential_json,
    credential_out,
    disclosure_out,
)
from skillpassport.web.auth import require
from skillpassport.web.bodies import Day, Payload
from skillpassport.web.once import Once, RememberingServices, once
from skillpassport.web.paging import CursorByTime, Limit, page, seen_time, time_cursor
from skillpassport.web.routing import ApiRoute
from skillpassport.web.texts import (
    MAX_TEXT,
    LanguageTag,
    Prose,
    Reference,
    SubjectUri,
    Text,
    WebAddress,
)

router = APIRouter(route_class=ApiRoute, prefix="/api/v1/credentials", tags=["credentials"])


class CredentialServices(RememberingServices, Protocol):
    """What these routes use."""

    issue: Issue
    change_status: ChangeStatus
    supersede: Supersede
    public_url: str

    def own_organisation(self, who: Principal) -> Organisation:
        """Return the organisation that is asking."""
        ...

    def achievement_of(self, organisation: Organisation, reference: str) -> Achievement | None:
        """Return an achievement of an organisation by id or slug."""
        ...

    def own_achievement(self, who: Principal, reference: str) -> tuple[Organisation, Achievement]:
        """Return the organisation that is asking, and one of its achievements by id or slug.

        Raises: OrganisationUnknown, AchievementUnknown
        """
        ...

    def credential_of(self, organisation: Organisation, reference: str) -> IssuedCredential:
        """Return a credential that the organisation issued.

        Raises: CredentialUnknown
        """
        ...

    def award_of(self, organisation: Organisation, reference: str) -> Award:
        """Return the award behind a credential that the organisation issued.

        Raises: CredentialUnknown
        """
        ...

    def disclosures_of(self, credential: IssuedCredential) -> tuple[Disclosure, Disclosure | None]:
        """Return what opens the log's entry of a credential, and that of its newest signing anew.

        Raises: SubjectKeyErased
        """
        ...

    def credentials_of(
        self, organisation: Organisation, wanted: CredentialFilter, *, limit: int
    ) -> Sequence[AwardRecord]:
        """Return an organisation's credentials, newest first; of erased persons, the record."""
        ...


class SubjectIn(Payload):
    """The person whom the award is about."""

    name: Text
    name_in_mrz: Annotated[str, Field(pattern=r"^[A-Z<][A-Z< ]{0,87}$")] | None = None
    birth_date: Day | None = None
    id: SubjectUri | None = None


def _figure_as_text(value: object) -> object:
    """Take 82 and 82.5 as their texts: the signed document holds results as texts."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if abs(value) > MAX_INTEGER:
        raise ValueError(f"expected a figure of at most {MAX_INTEGER}, or a text")
    return str(value)


class EvidenceIn(Payload):
    """What the award rests on."""

    name: Text
    narrative: Prose | None = None
    url: WebAddress | None = None


Figure = Annotated[float, Field(ge=-MAX_INTEGER, le=MAX_INTEGER)]
Result = Annotated[
    Text,
    BeforeValidator(_figure_as_text, json_schema_input_type=Text | Figure),
]
"""A result as it is to be read: a grade, or a figure."""

Results = Annotated[
    dict[Text, Result],
    Field(max_length=100, json_schema_extra={"additionalProperties": False}),
]
Evidences = Annotated[Sequence[EvidenceIn], Field(max_length=50)]

_ONLY_WITH_A_PROOF: Final[dict[str, Any]] = {
    "securing": {"properties": {"format": {"enum": [each.value for each in DEFAULT_SUITES]}}}
}
"""In the words of JSON Schema: a token has no cryptosuite."""

Securing = Annotated[
    Cryptosuite,
    Field(
        description="The cryptosuite of the proof, for formats that carry one; else the format's own."
    ),
]


class AwardIn(Payload):
    """An award to be recorded and signed."""

    model_config = ConfigDict(json_schema_extra={"dependentSchemas": _ONLY_WITH_A_PROOF})

    achievement: Reference
    subject: SubjectIn
    awarded_on: Day
    valid_until: Day | None = None
    results: Results = Field(default_factory=dict)
    evidence: Evidences = ()
    identity_check: IdentityCheck = IdentityCheck.NONE
    format: Format = Format.VCDM
    securing: Securing | None = None
    language: LanguageTag | None = None


class ReasonIn(Payload):
    """Why a credential's status changes."""

    reason: Prose
    reason_code: ReasonCode = ReasonCode.OTHER


class CorrectedSubjectIn(Payload):
    """What is to be corrected about the person; what is left out stays."""

    name: Text | None = None
    name_in_mrz: Annotated[str, Field(pattern=r"^[A-Z<][A-Z< ]{0,87}$")] | None = None
    birth_date: Day | None = None
    id: SubjectUri | None = None


class SupersedeIn(ReasonIn):
    """The reason, and the award's fields that are corrected; what is left out stays."""

    achievement: Reference | None = None
    subject: CorrectedSubjectIn | None = None
    awarded_on: Day | None = None
    valid_until: Day | None = None
    results: Results | None = None
    evidence: Evidences | None = None
    identity_check: IdentityCheck | None = None
    format: Format | None = None
    securing: Securing | None = None
    language: LanguageTag | None = None


Issuer = Annotated[Principal, Depends(require(Scope.CREDENTIALS_WRITE))]
Reader = Annotated[Principal, Depends(require(Scope.CREDENTIALS_READ))]
Warden = Annotated[Principal, Depends(require(Scope.STATUS_WRITE))]


@router.post("", status_code=201, summary="Issue a credential", response_model=CredentialOut)
def issue(body: AwardIn, request: Request, who: Issuer, key: Once) -> Response:
    """Record and sign one award. `document` is exactly what was signed."""
    services: CredentialServices = request.app.state.services
    issuer, achievement = services.own_achievement(who, body.achievement)
    award = award_from(body, achievement)
    credential = once(
        services,
        key,
        act=lambda: services.issue(issuer, award, key),
        recall=lambda claim: _as_issued(services.credential_of(issuer, claim.resource)),
    )
    return _created(services, credential)


@router.get("", summary="List the own credentials", response_model=CredentialPage)
def index(
    request: Request,
    who: Reader,
    achievement: Reference | None = None,
    status: State | None = None,
    awarded_from: Day | None = None,
    q: Annotated[
        str | None,
        Query(max_length=MAX_TEXT, description="Words that each begin a word of the name."),
    ] = None,
    limit: Limit = 50,
    cursor: CursorByTime = None,
) -> Response:
    """List the organisation's credentials, newest first.

    Of an award whose person was erased, what does not speak of the person is told.
    """
    services: CredentialServices = request.app.state.services
    issuer = services.own_organisation(who)
    wanted = CredentialFilter(
        achievement=_achievement(services, issuer, achievement).id if achievement else None,
        state=status,
        awarded_from=awarded_from,
        name=q,
        after=seen_time(cursor),
    )
    found = services.credentials_of(issuer, wanted, limit=limit + 1)
    shown = found[:limit]
    more = len(found) > limit
    seen = time_cursor(shown[-1].issued_at, shown[-1].id) if more else None
    return page(request, [award_out(each, services.public_url) for each in shown], seen)


@router.get("/{reference}", summary="Look an own credential up", response_model=CredentialOut)
def show(reference: Reference, request: Request, who: Reader) -> Response:
    """Return the owner's view of a credential, with all that happened to it.

    `log` opens the log's commitment, so that the owner can prove that the award was recorded;
    `reissue_log` does so for a document that was signed anew.
    """
    services: CredentialServices = request.app.state.services
    credential = services.credential_of(services.own_organisation(who), reference)
    recorded, signed_anew = services.disclosures_of(credential)
    told: dict[str, Any] = {"log": disclosure_out(recorded)}
    if signed_anew is not None:
        told["reissue_log"] = disclosure_out(signed_anew)
    return JSONResponse(_out(services, credential) | told, headers=_NO_STORE)


@router.get(
    "/{reference}/badge.svg",
    summary="An own credential as a badge",
    response_class=Response,
    responses={200: {"content": {badges.MEDIA_TYPE: {"schema": {"type": "string"}}}}},
)
def badge(reference: Reference, request: Request, who: Reader) -> Response:
    """Return a picture that carries the signed document (Open Badges 3.0, baked badge)."""
    services: CredentialServices = request.app.state.services
    credential = services.credential_of(services.own_organisation(who), reference)
    return Response(badges.badge_of(credential), media_type=badges.MEDIA_TYPE, headers=_NO_STORE)


@router.post("/{reference}/suspend", summary="Suspend", response_model=CredentialOut)
def suspend(reference: Reference, body: ReasonIn, request: Request, who: Warden) -> Response:
    """Suspend a credential for the time being; effective at once."""
    return _change(request, who, reference, Action.SUSPEND, body)


@router.post("/{reference}/reinstate", summary="Reinstate", response_model=CredentialOut)
def reinstate(reference: Reference, body: ReasonIn, request: Request, who: Warden) -> Response:
    """End a suspension; effective at once."""
    return _change(request, who, reference, Action.REINSTATE, body)


@router.post("/{reference}/revoke", summary="Revoke", response_model=CredentialOut)
def revoke(reference: Reference, body: ReasonIn, request: Request, who: Warden) -> Response:
    """Revoke a credential for good; effective at once."""
    return _change(request, who, reference, Action.REVOKE, body)


@router.post(
    "/{reference}/supersede",
    status_code=201,
    summary="Replace by a corrected one",
    response_model=CredentialOut,
)
def supersede(
    reference: Reference,
    body: SupersedeIn,
    request: Request,
    who: Annotated[Principal, Depends(require(Scope.CREDENTIALS_WRITE))],
    key: Once,
) -> Response:
    """Issue a corrected credential; the old one says from then on that it was replaced."""
    services: CredentialServices = request.app.state.services
    issuer = services.own_organisation(who)
    old = services.credential_of(issuer, reference)
    award = _corrected(services, issuer, services.award_of(issuer, reference), body)
    credential = once(
        services,
        key,
        act=lambda: services.supersede(issuer, old.id, award, _reason(body), key),
        recall=lambda claim: _as_issued(services.credential_of(issuer, claim.resource)),
    )
    return _created(services, credential)


def award_from(body: AwardIn, achievement: Achievement) -> Award:
    """Return the award that a body asks for."""
    return Award(
        achievement=achievement,
        subject=Subject(**body.subject.model_dump()),
        awarded_on=body.awarded_on,
        valid_until=body.valid_until,
        results=body.results,
        evidence=_evidence(body.evidence),
        identity_check=body.identity_check,
        format=body.format,
        securing=body.securing,
        language=body.language or _main_language(achievement),
    )


_NO_STORE = {"Cache-Control": "no-store"}


def _change(
    request: Request, who: Principal, reference: str, action: Action, body: ReasonIn
) -> Response:
    services: CredentialServices = request.app.state.services
    issuer = services.own_organisation(who)
    credential = services.change_status(issuer.id, CredentialId(reference), action, _reason(body))
    answer = _out(services, credential)
    if action is Action.SUSPEND and "suspension" not in {e.purpose for e in credential.entries}:
        answer["notice"] = (
            "A strict Open Badge has no suspension entry: this suspension is seen by this service "
            "alone, and not by verifiers that read the published list."
        )
    return JSONResponse(answer, headers=_NO_STORE)


def _corrected(
    services: CredentialServices, issuer: Organisation, award: Award, body: SupersedeIn
) -> Award:
    given = body.model_fields_set
    subject = award.subject
    if body.subject is not None:
        changes = body.subject.model_dump(exclude_unset=True)
        changes = {name: value for name, value in changes.items() if name != "name" or value}
        subject = Subject(**(_subject_fields(subject) | changes))
    achievement = (
        _achievement(services, issuer, body.achievement) if body.achievement else award.achievement
    )
    form = body.format or award.format
    return Award(
        achievement=achievement,
        subject=subject,
        awarded_on=body.awarded_on or award.awarded_on,
        valid_until=body.valid_until if "valid_until" in given else award.valid_until,
        results=body.results if body.results is not None else award.results,
        evidence=_evidence(body.evidence) if body.evidence is not None else award.evidence,
        identity_check=body.identity_check or award.identity_check,
        format=form,
        securing=body.securing or (None if form.is_token else award.securing),
        language=body.language or award.language,
    )


def _subject_fields(subject: Subject) -> dict[str, Any]:
    return {
        "name": subject.name,
        "name_in_mrz": subject.name_in_mrz,
        "birth_date": subject.birth_date,
        "id": subject.id,
    }


def _reason(body: ReasonIn) -> Reason:
    return Reason(text=body.reason, code=body.reason_code)


def _evidence(given: Sequence[EvidenceIn]) -> tuple[Evidence, ...]:
    return tuple(Evidence(name=e.name, narrative=e.narrative, url=e.url) for e in given)


def _main_language(achievement: Achievement) -> str:
    return "en" if "en" in achievement.title else next(iter(achievement.title))


def _achievement(services: CredentialServices, issuer: Organisation, reference: str) -> Achievement:
    found = services.achievement_of(issuer, reference)
    if found is None:
        raise AchievementUnknown
    return found


def _as_issued(credential: IssuedCredential) -> IssuedCredential:
    """Return the first answer again: what happened since does not belong to it."""
    return replace(credential, events=(), superseded_by=None)


def _created(services: CredentialServices, credential: IssuedCredential) -> Response:
    location = f"{services.public_url}/api/v1/credentials/{credential.id}"
    headers = {**_NO_STORE, "Location": location}
    body = credential_json(credential, services.public_url)
    return Response(body, status_code=201, headers=headers, media_type="application/json")


def _out(services: CredentialServices, credential: IssuedCredential) -> dict[str, Any]:
    return credential_out(credential, services.public_url)
