"""`/api/v1/equivalences`: what a level or a qualification means in another country."""

import datetime as dt
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from pydantic.config import JsonDict
from starlette.requests import Request
from starlette.responses import JSONResponse

from skillpassport.equivalence.comparing import compare_level
from skillpassport.equivalence.qualifications import compare_qualification
from skillpassport.equivalence.questions import (
    FACT_NAMES,
    MAX_FACTS_BYTES,
    LevelQuestion,
    Purpose,
    QualificationQuestion,
    QuestionIncomplete,
    QuestionMalformed,
    read_day,
    read_facts,
)
from skillpassport.vc.strict_json import MAX_INTEGER, JsonValue
from skillpassport.web.api.registry import (
    CALENDAR_DAY,
    MAX_TEXT,
    READABLE,
    CurrentCatalogue,
    CurrentRegistry,
    Today,
    read_text,
)
from skillpassport.web.description import IN_JSON, QUESTION
from skillpassport.web.preferences import preferred_languages
from skillpassport.web.retelling import retold_meaning
from skillpassport.web.routing import ApiRoute
from skillpassport.web.translation import translation_for

router = APIRouter(route_class=ApiRoute, tags=["equivalences"])

_COUNTRY = re.compile(r"[A-Za-z]{2}(?:-[A-Za-z0-9]{1,3})?")
QUALIFICATION_ID = r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$"
"""Form of the id of a registered qualification."""

_ISCO = re.compile(r"^[0-9]{1,4}$")


class Include(StrEnum):
    """What is listed besides what holds."""

    SUPERSEDED = "superseded"


class LevelsOf(BaseModel):
    """Levels of one framework."""

    framework: str
    levels: list[str]


class Target(BaseModel):
    """What is compared with; `levels` is empty where there is no comparable level.

    Of a rule, `title` is the destination's qualification in the words of the source, and `also`
    has its levels in further frameworks.
    """

    framework: str | None = None
    edition: str | None = None
    levels: list[str]
    level: str | None = None
    title: str | None = None
    uri: str | None = None
    also: list[LevelsOf] | None = None


class PlaceOut(BaseModel):
    """A level of an edition; `level` is null where there is none."""

    framework: str
    edition: str | None
    level: str | None


class StepOut(BaseModel):
    """One published statement on the way; `read` says whether along or against its wording."""

    origin: PlaceOut = Field(alias="from")
    to: PlaceOut
    relation: str
    read: str
    publication: str
    sources: list[str]


class Evidence(BaseModel):
    """A source that the answer rests on."""

    source: str
    title: str
    where: str
    read: str
    publication: str
    note: str | None = None


class Conditions(BaseModel):
    """What a rule asks of an award: true or false by the facts given, else `unknown`.

    `missing` names the facts that would decide it; without them nobody but the authority can.
    """

    text: str
    met: bool | Literal["unknown"]
    missing: list[str] | None = None


class RuleName(BaseModel):
    """A recognition rule, and which version of it answered."""

    id: str
    version: int


class OneAnswer(BaseModel):
    """One target level, its stated absence, or one rule, with what it rests on."""

    outcome: str
    target: Target
    basis: str
    authoritative: bool
    path: list[StepOut]
    status: str
    relation: str
    publication: str
    conditions: Conditions | None = None
    rule: RuleName | None = None
    agreement: str | None = None
    purpose: str | None = None
    measures: list[str] | None = None
    differences: list[str] | None = None
    decided_by: str | None = None
    decided_in: int | None = None
    precedent: str | None = None
    institution: str | None = None
    evidence: list[Evidence]
    valid_on: dt.date
    disclaimer: str | None = None


class CandidateOut(BaseModel):
    """Something that is not an answer, for a person to look into: a level or a qualification.

    `registered` is the id of a registered qualification.
    """

    framework: str | None = None
    edition: str | None = None
    level: str | None = None
    qualification: str | None = None
    registered: str | None = None
    status: str
    agreement: str | None = None
    relation: str | None = None
    sources: list[str] = []
    note: str | None = None


class DecisionOut(BaseModel):
    """A rule that disagrees, and what it names."""

    rule: str | None
    outcome: str
    target: Target


class ConflictOut(BaseModel):
    """Statements that do not agree; `decisions` are rules, `statements` are about levels."""

    text: str
    statements: list[StepOut]
    decisions: list[DecisionOut] | None = None


class Authority(BaseModel):
    """A body to ask at the destination, as known on a day."""

    id: str
    jurisdiction: str
    name: Mapping[str, str]
    scope: Mapping[str, str]
    as_of: dt.date
    sources: list[str]
    isco: list[str] | None = None
    url: str | None = None


class Profession(BaseModel):
    """Who decides on a regulated profession, for awards of the country of origin."""

    id: str
    name: Mapping[str, str]
    isco: list[str]
    awarded_in: str
    authority: Mapping[str, str]
    legal_basis: Mapping[str, str]
    sources: list[str]
    note: Mapping[str, str] | None = None
    url: str | None = None


class EquivalenceAnswer(BaseModel):
    """An answer of one of five kinds; the disclaimer is a part of it, to be shown with it.

    `regulated_professions` is there where the question is about one; empty where none is known.
    """

    answer: str
    explanation: str
    answers: list[OneAnswer]
    conflicts: list[ConflictOut]
    candidates: list[CandidateOut]
    disclaimer: str
    competent_authority: Authority | None = None
    regulated_professions: list[Profession] | None = None


Text = Annotated[str | None, Field(max_length=MAX_TEXT, json_schema_extra=READABLE)]
Place = Annotated[
    str | None,
    Field(max_length=MAX_TEXT, json_schema_extra={"pattern": f"^{_COUNTRY.pattern}$"}),
]


_A_TEXT: JsonDict = {"type": "string"}
FACTS: JsonDict = {
    "type": "object",
    "properties": {
        **dict.fromkeys(FACT_NAMES, _A_TEXT),
        "award_date": _A_TEXT | CALENDAR_DAY,
        "duration_years": {"type": "number", "minimum": 0, "maximum": MAX_INTEGER},
        "subjects_passed": {
            "type": "object",
            "additionalProperties": {"type": "integer", "minimum": 0, "maximum": MAX_INTEGER},
        },
    },
    "additionalProperties": False,
}
_WAYS = {
    "A level, for a framework": ["from_framework", "from_level", "to_framework"],
    "A level, for a country": ["from_framework", "from_level", "to_country"],
    "A qualification": ["qualification", "origin", "to_country"],
}


class Parameters(BaseModel):
    """The parameters of a question: after a level, or after a qualification.

    With a qualification, `from_framework` and `from_level` are its own and narrow the rules.
    """

    from_framework: Text = Field(None, description="`ID` or `ID@EDITION`")
    from_level: Text = Field(None, description="As the framework writes it: `4+`, `VI`")
    to_framework: Text = Field(None, description="`ID` or `ID@EDITION`")
    to_country: Place = Field(None, description="ISO 3166-1 alpha-2 or 3166-2")
    qualification: Text = Field(None, description="Title as on the certificate")
    origin: Place = Field(None, description="Country of the qualification")
    registered: str | None = Field(
        None,
        pattern=QUALIFICATION_ID,
        description="Id of the registered qualification, where several have its title",
    )
    date: str | None = Field(
        None,
        max_length=10,
        description="YYYY-MM-DD, by default today",
        json_schema_extra=CALENDAR_DAY,
    )
    purpose: Purpose | None = None
    isco: str | None = Field(
        None, pattern=_ISCO.pattern, max_length=4, description="ISCO-08 code of the occupation"
    )
    facts: str | None = Field(
        None,
        max_length=MAX_FACTS_BYTES,
        description="JSON object, URL-encoded",
        json_schema_extra={IN_JSON: FACTS},
    )
    include: Include | None = None
    lang: str | None = Field(
        None, max_length=35, description="BCP 47 tag; else Accept-Language, else en"
    )


@router.get(
    "/api/v1/equivalences",
    summary="What a level or a qualification means elsewhere",
    response_model=EquivalenceAnswer,
    openapi_extra={QUESTION: _WAYS},
)
def compare(
    asked: Annotated[Parameters, Query()],
    request: Request,
    snapshot: CurrentRegistry,
    catalogue: CurrentCatalogue,
    today: Today,
) -> JSONResponse:
    """Answer from what was published, never from a level's number."""
    day = today if asked.date is None else read_day(asked.date)
    facts = {} if asked.facts is None else read_facts(asked.facts)
    if asked.qualification is not None:
        question = _qualification_question(asked, day, facts)
        answer = compare_qualification(snapshot, question, catalogue).to_json()
    else:
        answer = compare_level(snapshot, _level_question(asked, day)).to_json()
    languages = preferred_languages(asked.lang, request.headers.get("accept-language"))
    told = retold_meaning(answer, translation_for(languages))
    return JSONResponse(told, headers={"Vary": "Accept-Language"})


def _level_question(asked: Parameters, day: dt.date) -> LevelQuestion:
    if asked.from_framework is None or asked.from_level is None:
        raise QuestionIncomplete("'from_framework' with 'from_level', or 'qualification'")
    to_framework = asked.to_framework
    return LevelQuestion(
        framework=read_text(asked.from_framework, "from_framework"),
        level=read_text(asked.from_level, "from_level"),
        to_framework=None if to_framework is None else read_text(to_framework, "to_framework"),
        to_country=None if asked.to_country is None else _country(asked.to_country, "to_country"),
        on=day,
        purpose=asked.purpose,
        is_day_given=asked.date is not None,
        include_superseded=asked.include is Include.SUPERSEDED,
        isco=asked.isco,
    )


def _qualification_question(
    asked: Parameters, day: dt.date, facts: Mapping[str, JsonValue]
) -> QualificationQuestion:
    if asked.origin is None or asked.to_country is None:
        raise QuestionIncomplete("'origin' and 'to_country' with 'qualification'")
    return QualificationQuestion(
        qualification=read_text(asked.qualification or "", "qualification"),
        registered=asked.registered,
        origin=_country(asked.origin, "origin"),
        to_country=_country(asked.to_country, "to_country"),
        on=day,
        purpose=asked.purpose,
        level=_optional(asked.from_level, "from_level"),
        framework=_optional(asked.from_framework, "from_framework"),
        is_day_given=asked.date is not None,
        include_superseded=asked.include is Include.SUPERSEDED,
        isco=asked.isco,
        facts=facts,
    )


def _optional(text: str | None, parameter: str) -> str | None:
    return None if text is None else read_text(text, parameter)


def _country(text: str, parameter: str) -> str:
    """Return a country's code in capitals.

    Raises: QuestionMalformed
    """
    if not _COUNTRY.fullmatch(text):
        raise QuestionMalformed(parameter, "an ISO 3166-1 alpha-2 or 3166-2 code")
    return text.upper()
