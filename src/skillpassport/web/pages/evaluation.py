"""`/registry/evaluate`: what a qualification is worth elsewhere, and which facts would decide."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from skillpassport.equivalence.qualifications import compare_qualification
from skillpassport.equivalence.questions import QualificationQuestion, read_facts
from skillpassport.errors import SkillPassportError
from skillpassport.vc.strict_json import JsonObject, write
from skillpassport.web.api.registry import (
    MAX_TEXT,
    CurrentCatalogue,
    CurrentRegistry,
    Today,
    read_text,
)
from skillpassport.web.pages.countries import find_country, known_countries
from skillpassport.web.pages.level_bars import level_bars, places_of
from skillpassport.web.pages.reader import ReaderOfPage, render
from skillpassport.web.registry_words import COUNTRY_WANTED, FACTS, FACTS_UNREADABLE, PROBLEMS
from skillpassport.web.retelling import retold_meaning
from skillpassport.web.routing import ApiRoute
from skillpassport.web.translation import Translation

router = APIRouter(route_class=ApiRoute, tags=["pages"], include_in_schema=False)

Text = Annotated[str, Query(max_length=MAX_TEXT)]

_NUMBER: Final = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,2})?")
_NUMBERS: Final = "duration_years"
_COUNTED: Final = "subjects_passed"
_SEPARATORS: Final = str.maketrans({";": ",", "\n": ",", "=": ":", "،": ","})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a person typed about an award, as it was typed."""

    award_date: str = ""
    duration_years: str = ""
    stream: str = ""
    exam_board: str = ""
    final_grade: str = ""
    subjects_passed: str = ""
    entry_requirement_met: str = ""

    @property
    def typed(self) -> Mapping[str, str]:
        """The fields by the names of their facts, those that say something."""
        fields = {name: str(getattr(self, name)).strip() for name in FACTS}
        return {name: text for name, text in fields.items() if text}


def told_facts(
    award_date: Text = "",
    duration_years: Text = "",
    stream: Text = "",
    exam_board: Text = "",
    final_grade: Text = "",
    subjects_passed: Text = "",
    entry_requirement_met: Text = "",
) -> Told:
    """Return what the form's fields say."""
    return Told(
        award_date=award_date,
        duration_years=duration_years,
        stream=stream,
        exam_board=exam_board,
        final_grade=final_grade,
        subjects_passed=subjects_passed,
        entry_requirement_met=entry_requirement_met,
    )


@router.get("/registry/evaluate", response_class=HTMLResponse)
def evaluate(
    request: Request,
    to: ReaderOfPage,
    snapshot: CurrentRegistry,
    catalogue: CurrentCatalogue,
    today: Today,
    told: Annotated[Told, Depends(told_facts)],
    qualification: Text = "",
    origin: Text = "",
    destination: Text = "",
) -> Response:
    """Ask for an evaluation, and show its answer once title and both countries are given.

    origin, destination: a country by name or code
    """
    asked = {"qualification": qualification, "origin": origin, "destination": destination}
    content: dict[str, Any] = {"meaning": None, "bars": (), "problem": ""}
    if all(text.strip() for text in asked.values()):
        try:
            question = _question(asked, told, today, to.translation)
        except SkillPassportError as error:
            content["problem"] = PROBLEMS.get(error.code, FACTS_UNREADABLE)
        else:
            if question is None:
                content["problem"] = COUNTRY_WANTED
            else:
                answer = compare_qualification(snapshot, question, catalogue).to_json()
                content["meaning"] = retold_meaning(answer, to.translation)
                content["bars"] = level_bars(snapshot.registry, places_of(answer))
    return render(
        "evaluate.html",
        to,
        request,
        query={**asked, **told.typed},
        asked=asked,
        told=told.typed,
        facts=FACTS,
        countries=known_countries(snapshot.registry, to.translation),
        **content,
    )


def _question(
    asked: Mapping[str, str], told: Told, today: dt.date, to: Translation
) -> QualificationQuestion | None:
    """Return the question that the form asks; None where a country is none.

    Raises: QuestionMalformed, FactsMalformed, FactMistyped
    """
    origin, destination = (find_country(asked[side], to) for side in ("origin", "destination"))
    if origin is None or destination is None:
        return None
    return QualificationQuestion(
        qualification=read_text(asked["qualification"].strip(), "qualification"),
        origin=origin,
        to_country=destination,
        on=today,
        facts=read_facts(write(_facts(told.typed)).decode()),
    )


def _facts(typed: Mapping[str, str]) -> JsonObject:
    """Return what was typed as facts are written; what is no number stays text and is refused."""
    facts: JsonObject = {}
    for name, text in typed.items():
        if name == _NUMBERS:
            facts[name] = _number(text)
        elif name == _COUNTED:
            parts = (part.partition(":") for part in text.translate(_SEPARATORS).split(","))
            facts[name] = {grade.strip(): _number(n) for grade, _, n in parts if grade.strip()}
        else:
            facts[name] = text
    return facts


def _number(text: str) -> int | float | str:
    plain = text.strip().replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        return text
    return float(plain) if "." in plain else int(plain)
