"""`/registry/evaluate`: what a qualification is worth elsewhere, and which facts would decide."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from skillpassport.equivalence.catalogue import QualificationCatalogue
from skillpassport.equivalence.qualifications import compare_qualification
from skillpassport.equivalence.questions import (
    Purpose,
    QualificationQuestion,
    QuestionMalformed,
    read_day,
    read_facts,
)
from skillpassport.errors import SkillPassportError
from skillpassport.frameworks.reading import fold
from skillpassport.vc.strict_json import JsonObject, write
from skillpassport.web.api.registry import (
    MAX_TEXT,
    CurrentCatalogue,
    CurrentRegistry,
    Today,
    read_text,
)
from skillpassport.web.pages.answer_view import NO_ANSWER, view_of_answer
from skillpassport.web.pages.countries import every_country, find_country
from skillpassport.web.pages.reader import ReaderOfPage, render
from skillpassport.web.registry_words import (
    COUNTRY_WANTED,
    DAY_MISREAD,
    FACTS,
    FACTS_UNREADABLE,
    PROBLEMS,
    PURPOSES,
)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is asked about, as it was typed.

    origin, destination: a country by name or code
    registered: id of the qualification that was chosen among several of one title; of no account
        once another title was typed
    date: the day whose rules are meant; today if empty
    """

    qualification: str
    origin: str
    destination: str
    date: str
    purpose: Purpose | None
    registered: str

    @property
    def countries_and_title(self) -> dict[str, str]:
        """What a question cannot do without."""
        return {
            "qualification": self.qualification,
            "origin": self.origin,
            "destination": self.destination,
        }

    @property
    def further(self) -> dict[str, str]:
        """What a question can do without."""
        return {"date": self.date, "purpose": self.purpose or ""}


def told_about(
    qualification: Text = "",
    origin: Text = "",
    destination: Text = "",
    date: Text = "",
    purpose: Text = "",
    registered: Text = "",
) -> About:
    """Return what is asked about; a purpose that is none of ours is left out."""
    known = purpose in set(Purpose)
    return About(
        qualification=qualification,
        origin=origin,
        destination=destination,
        date=date,
        purpose=Purpose(purpose) if known else None,
        registered=registered,
    )


@router.get("/registry/evaluate", response_class=HTMLResponse)
def evaluate(
    request: Request,
    to: ReaderOfPage,
    snapshot: CurrentRegistry,
    catalogue: CurrentCatalogue,
    today: Today,
    told: Annotated[Told, Depends(told_facts)],
    about: Annotated[About, Depends(told_about)],
) -> Response:
    """Ask for an evaluation, and show its answer once title and both countries are given."""
    asked, registered = about.countries_and_title, ""
    content: dict[str, Any] = {**NO_ANSWER, "problem": ""}
    if all(text.strip() for text in asked.values()):
        try:
            question = _question(about, told, today, to.translation)
            if question is not None:
                question = replace(question, registered=_chosen(question, about, catalogue))
        except SkillPassportError as error:
            misread = isinstance(error, QuestionMalformed) and error.parameter == "date"
            content["problem"] = (
                DAY_MISREAD if misread else PROBLEMS.get(error.code, FACTS_UNREADABLE)
            )
        else:
            if question is None:
                content["problem"] = COUNTRY_WANTED
            else:
                registered = question.registered or ""
                answer = compare_qualification(snapshot, question, catalogue)
                content |= view_of_answer(snapshot, question, answer, to.translation)
    return render(
        "evaluate.html",
        to,
        request,
        query={**asked, **about.further, **told.typed, "registered": registered},
        asked={**asked, "registered": registered},
        further=about.further,
        told=told.typed,
        facts=FACTS,
        countries=every_country(snapshot.registry, to.translation),
        purposes=PURPOSES,
        **content,
    )


def _question(
    about: About, told: Told, today: dt.date, to: Translation
) -> QualificationQuestion | None:
    """Return the question that the form asks; None where a country is none.

    Raises: QuestionMalformed, FactsMalformed, FactMistyped
    """
    origin, destination = (find_country(side, to) for side in (about.origin, about.destination))
    if origin is None or destination is None:
        return None
    return QualificationQuestion(
        qualification=read_text(about.qualification.strip(), "qualification"),
        origin=origin,
        to_country=destination,
        on=read_day(about.date) if about.date else today,
        is_day_given=bool(about.date),
        purpose=about.purpose,
        facts=read_facts(write(_facts(told.typed)).decode()),
    )


def _chosen(
    question: QualificationQuestion, about: About, catalogue: QualificationCatalogue
) -> str | None:
    """Return the id that was chosen, if the title is still one of that qualification's."""
    known = catalogue.identified(about.registered) if about.registered else None
    if known is None or known.country.partition("-")[0] != question.origin:
        return None
    names = {fold(known.title), *(fold(name.text) for name in known.names)}
    return known.id if fold(question.qualification) in names else None


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
