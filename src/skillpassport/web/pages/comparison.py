"""`/registry/compare`: what a level means elsewhere, with bars, steps, sources and the disclaimer."""

import datetime as dt
import re
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from skillpassport.equivalence.answer import LevelAnswer
from skillpassport.equivalence.comparing import compare_level
from skillpassport.equivalence.questions import LevelQuestion, read_day
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.errors import SkillPassportError
from skillpassport.frameworks.model import Framework, Level
from skillpassport.frameworks.registry import Registry
from skillpassport.web.api.registry import MAX_TEXT, CurrentRegistry, Today, read_text
from skillpassport.web.pages.answer_view import NO_ANSWER, view_of_answer
from skillpassport.web.pages.countries import find_country, known_countries
from skillpassport.web.pages.reader import ReaderOfPage, render
from skillpassport.web.registry_words import DAY_MISREAD, LEVEL_WANTED, PROBLEMS
from skillpassport.web.routing import ApiRoute
from skillpassport.web.translation import Translation

router = APIRouter(route_class=ApiRoute, tags=["pages"], include_in_schema=False)

_COUNTRY = re.compile(r"[A-Z]{2}")
Text = Annotated[str, Query(max_length=MAX_TEXT)]


@router.get("/registry/compare", response_class=HTMLResponse)
def compare(
    *,
    request: Request,
    to: ReaderOfPage,
    snapshot: CurrentRegistry,
    today: Today,
    from_framework: Text = "",
    from_level: Text = "",
    target: Text = "",
    other: Text = "",
    date: Text = "",
) -> Response:
    """Ask for a comparison, and show its answer once framework, level and target are given.

    target: a country's code or a framework's id
    other: a country by name or code, before `target`
    date: the day whose editions are meant; today if left out
    """
    registry, translation = snapshot.registry, to.translation
    wanted = find_country(other, translation) or other if other.strip() else target
    asked = {"from_framework": from_framework, "from_level": from_level, "target": wanted}
    content: dict[str, Any] = {**NO_ANSWER, "problem": "", "flows_to": ()}
    if from_framework and not from_level.strip():
        content["problem"] = LEVEL_WANTED
    if all(asked.values()):
        content |= _answer(snapshot, today, translation, date=date, **asked)
    return render(
        "compare.html",
        to,
        request,
        query={**asked, "date": date},
        asked=asked,
        date=date,
        frameworks=comparable_frameworks(registry),
        levels=_levels(registry, from_framework, today),
        countries=known_countries(registry, translation),
        **content,
    )


def _answer(
    snapshot: RegistrySnapshot,
    today: dt.date,
    to: Translation,
    *,
    from_framework: str,
    from_level: str,
    target: str,
    date: str,
) -> dict[str, Any]:
    is_country = _COUNTRY.fullmatch(target) is not None
    try:
        on = read_day(date) if date else today
    except SkillPassportError:
        return {"problem": DAY_MISREAD}
    try:
        question = LevelQuestion(
            framework=read_text(from_framework, "from_framework"),
            level=read_text(from_level, "from_level"),
            to_country=target if is_country else None,
            to_framework=None if is_country else read_text(target, "target"),
            on=on,
            is_day_given=bool(date),
        )
        answer = compare_level(snapshot, question)
    except SkillPassportError as error:
        return {"problem": PROBLEMS.get(error.code, PROBLEMS["question-malformed"])}
    reached = dict.fromkeys(
        str(one.target.framework) for one in answer.answers if isinstance(one, LevelAnswer)
    )
    return {
        **view_of_answer(snapshot, question, answer, to),
        "flows_to": [one for one in reached if one != question.framework],
    }


def comparable_frameworks(registry: Registry) -> list[Framework]:
    """Return the frameworks whose levels can be compared, in order of id."""
    return [framework for framework in registry.search() if framework.is_comparable]


def _levels(registry: Registry, framework: str, today: dt.date) -> tuple[Level, ...]:
    """Return the levels to choose from; none where the framework or its list is not known."""
    if not framework:
        return ()
    try:
        known, edition = registry.choose_edition(framework, on=today)
    except SkillPassportError:
        return ()
    return registry.levels(known.id, edition.label)
