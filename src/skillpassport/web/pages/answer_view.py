"""An answer about comparability as its page shows it: sentences, bars, what decides, what to do."""

import json
from collections.abc import Iterator
from typing import Any, Final

from skillpassport.equivalence.answer import Answer, RuleAnswer
from skillpassport.equivalence.asking import Question
from skillpassport.equivalence.questions import FACT_NAMES, QualificationQuestion
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.equivalence.statements.model import STATED, question_to_json
from skillpassport.frameworks.registry import Registry
from skillpassport.web.pages.level_bars import Place, level_bars, places_of
from skillpassport.web.retelling import retold_meaning
from skillpassport.web.translation import Translation

NO_ANSWER: Final[dict[str, Any]] = {
    "meaning": None,
    "bars": (),
    "deciding": {},
    "open_facts": (),
    "to_state": {},
    "standards_of": "",
    "agreed": None,
}
"""What a page shows of no answer."""


def view_of_answer(
    snapshot: RegistrySnapshot, question: Question, answer: Answer, to: Translation
) -> dict[str, Any]:
    """Return what a template shows of an answer.

    deciding: by rule, the facts on which its condition is judged; open_facts: all of them together
    to_state: fields of the form that asks for a signed statement; empty where nothing can be stated
    agreed: query of the list of agreements between the two countries, and how many they are; None
        where none is registered
    standards_of: country whose occupational standards show where gaps may be; empty if it has none
    """
    told = answer.to_json()
    deciding = dict(_deciding(snapshot, answer))
    facts = {*_missing(answer), *(name for names in deciding.values() for name in names)}
    return {
        "meaning": retold_meaning(told, to),
        "bars": level_bars(snapshot.registry, list(places_of(told)) or _asked_about(question)),
        "deciding": deciding,
        "open_facts": _in_order(facts),
        "to_state": _to_state(question) if answer.kind in STATED else {},
        "standards_of": _standards_of(snapshot.registry, question.to_country),
        "agreed": _agreed(snapshot, question),
    }


def _asked_about(question: Question) -> list[Place]:
    """Return the level that was asked about, to be shown where no path leads from it."""
    if question.framework is None or question.level is None:
        return []
    framework, _, edition = question.framework.partition("@")
    return [Place(framework, edition or None, question.level)]


def _deciding(snapshot: RegistrySnapshot, answer: Answer) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each rule that a program can judge, with the facts that decide it."""
    for one in answer.answers:
        rule = snapshot.rules.find(one.rule) if isinstance(one, RuleAnswer) and one.rule else None
        if rule is not None and rule.when is not None:
            yield rule.id, _in_order(set(rule.when.facts))


def _missing(answer: Answer) -> Iterator[str]:
    for one in answer.answers:
        if isinstance(one, RuleAnswer) and one.conditions is not None:
            yield from one.conditions.missing


def _in_order(facts: set[str]) -> tuple[str, ...]:
    return tuple(name for name in FACT_NAMES if name in facts)


def _to_state(question: Question) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in question_to_json(question).items()
    }


def _agreed(snapshot: RegistrySnapshot, question: Question) -> dict[str, Any] | None:
    """Return where the agreements between the countries of a question are listed, if there are any."""
    origin = question.origin if isinstance(question, QualificationQuestion) else question.framework
    # A framework's id begins with its country: `PL:PRK`, `GB-SCT:SCQF`.
    ends = [side.partition(":")[0].partition("-")[0] for side in (origin, _destination(question))]
    found = snapshot.agreements.search(origin=ends[0], destination=ends[1]) if all(ends) else ()
    if not found:
        return None
    return {"query": {"origin": ends[0], "destination": ends[1]}, "number": len(found)}


def _destination(question: Question) -> str:
    if isinstance(question, QualificationQuestion):
        return question.to_country
    return question.to_country or question.to_framework or ""


def _standards_of(registry: Registry, country: str | None) -> str:
    return country if country is not None and registry.standards(country=country) else ""
