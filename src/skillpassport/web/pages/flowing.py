"""`/registry/flow`: all levels of a framework beside those of another, with what leads between them."""

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from skillpassport.equivalence.comparing import DISCLAIMER, compare_level, own_disclaimers
from skillpassport.equivalence.questions import LevelQuestion
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.errors import SkillPassportError
from skillpassport.frameworks.model import Edition, Framework
from skillpassport.frameworks.registry import Registry
from skillpassport.web.api.registry import MAX_TEXT, CurrentRegistry, Today
from skillpassport.web.pages.comparison import comparable_frameworks
from skillpassport.web.pages.flows import LevelFlow, draw
from skillpassport.web.pages.reader import ReaderOfPage, render
from skillpassport.web.registry_words import NO_LEVELS, PROBLEMS, split_disclaimer
from skillpassport.web.routing import ApiRoute
from skillpassport.web.texts import is_readable
from skillpassport.web.translation import Translation

router = APIRouter(route_class=ApiRoute, tags=["pages"], include_in_schema=False)

Text = Annotated[str, Query(max_length=MAX_TEXT)]


@router.get("/registry/flow", response_class=HTMLResponse)
def show_flow(
    *,
    request: Request,
    to: ReaderOfPage,
    snapshot: CurrentRegistry,
    today: Today,
    from_framework: Text = "",
    to_framework: Text = "",
) -> Response:
    """Ask for two frameworks, and draw how the levels of the first lead to those of the second."""
    asked = {"from_framework": from_framework, "to_framework": to_framework}
    asked = {name: text if is_readable(text) else "" for name, text in asked.items()}
    content: dict[str, Any] = {"flows": (), "picture": None, "problem": "", "disclaimers": ()}
    if all(asked.values()):
        content |= _flow(snapshot, today, to.translation, **asked)
    return render(
        "flow.html",
        to,
        request,
        query=asked,
        asked=asked,
        frameworks=comparable_frameworks(snapshot.registry),
        **content,
    )


def _flow(
    snapshot: RegistrySnapshot,
    today: dt.date,
    to: Translation,
    *,
    from_framework: str,
    to_framework: str,
) -> dict[str, Any]:
    registry = snapshot.registry
    try:
        origin = registry.choose_edition(from_framework, on=today)
        target = registry.choose_edition(to_framework, on=today)
        levels = _notations(registry, *origin)
        flows = [
            LevelFlow.of(
                level,
                compare_level(
                    snapshot,
                    LevelQuestion(
                        framework=f"{origin[0].id}@{origin[1].label}",
                        level=level,
                        to_framework=f"{target[0].id}@{target[1].label}",
                        on=today,
                    ),
                ),
            )
            for level in levels
        ]
    except SkillPassportError as error:
        return {"problem": PROBLEMS.get(error.code, PROBLEMS["question-malformed"])}
    if not levels or origin[0].id == target[0].id:
        return {"problem": NO_LEVELS}
    answers = [one for flow in flows for one in flow.answers]
    said = " ".join((DISCLAIMER, *own_disclaimers(answers)))
    return {
        "origin": origin[0],
        "target": target[0],
        "flows": tuple(reversed(flows)),
        "picture": draw(
            (origin[0].id, levels),
            (target[0].id, _notations(registry, *target) or _named(flows, target[0])),
            _between(registry, flows, {origin[0].id, target[0].id}),
            flows,
            is_mirrored=to.direction == "rtl",
        ),
        "disclaimers": split_disclaimer(said),
    }


def _notations(registry: Registry, framework: Framework, edition: Edition) -> tuple[str, ...]:
    return tuple(one.notation for one in registry.levels(framework.id, edition.label))


def _named(flows: list[LevelFlow], framework: Framework) -> tuple[str, ...]:
    """Return the levels of a framework that answers name, where no list of them is known."""
    found = (
        one.target.level
        for flow in flows
        for one in flow.answers
        if one.target.framework == framework.id
    )
    return tuple(dict.fromkeys(level for level in found if level is not None))


def _between(
    registry: Registry, flows: list[LevelFlow], ends: set[str]
) -> dict[str, tuple[str, ...]]:
    """Return the levels of every framework between the two, from the lowest."""
    found: dict[str, tuple[str, ...]] = {}
    for flow in flows:
        for answer in flow.answers:
            for step in answer.path:
                place = step.target
                if place.framework not in ends and place.framework not in found:
                    listed = registry.levels_of(place.framework, place.edition)
                    found[place.framework] = tuple(one.notation for one in listed)
    return found
