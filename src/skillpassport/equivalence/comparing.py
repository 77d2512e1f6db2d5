"""Answering what a level means in another framework or country.

The order of strength: a statement about exactly the asked pair, then a path over two statements.
A published gap and a statement that its publisher forbids to use are answers too, and nothing is
derived around them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from skillpassport.equivalence.answer import (
    SAME_LEVEL,
    Answer,
    AnswerKind,
    Basis,
    Candidate,
    Conflict,
    LevelAnswer,
    OneAnswer,
    Place,
    Step,
)
from skillpassport.equivalence.model import Publication
from skillpassport.equivalence.paths import find_ways
from skillpassport.equivalence.questions import LevelQuestion
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.equivalence.standing import SENTENCES, standing_of
from skillpassport.equivalence.weighing import Weigher, conflicts_in, is_held
from skillpassport.frameworks.errors import FrameworkUnknown, LevelUnknown, NoEditionInForce
from skillpassport.frameworks.model import CompetentAuthority, Edition, Framework
from skillpassport.frameworks.registry import LevelReference, Registry

DISCLAIMER: Final = (
    "Comparability is not recognition: this comparison of levels does not guarantee recognition of "
    "a qualification, which the competent authority or the employer decides. Level is one "
    "criterion among several, and qualifications at the same level are not interchangeable."
)

_EXPLANATIONS: Final = {
    AnswerKind.FOUND: "A published statement relates this level to the one shown.",
    AnswerKind.AMBIGUOUS: (
        "The name given fits more than one framework, or is no id; "
        "ask again with the id of one of the candidates."
    ),
    AnswerKind.PUBLISHED_GAP: (
        "It is published that the other framework has no level comparable to this one."
    ),
    AnswerKind.NOT_USABLE: (
        "A publication sets the two frameworks side by side and forbids to use that for "
        "recognition, so no level is answered."
    ),
    AnswerKind.UNKNOWN: (
        "No published statement is known that leads from this level to what was asked for; "
        "levels are never compared by their numbers."
    ),
}
_SAME_LEVEL: Final = "The level is one of this very framework."
_DERIVED: Final = (
    "No statement about exactly this pair is known; the level shown follows from two statements "
    "and carries no authority."
)
_NOT_IN_FORCE: Final = "No edition of the framework is known to have been in force on that day."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What came of comparing with one framework."""

    answers: tuple[LevelAnswer, ...] = ()
    historical: tuple[LevelAnswer, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    candidates: tuple[Candidate, ...] = ()


def compare_level(snapshot: RegistrySnapshot, question: LevelQuestion) -> Answer:
    """Return what a level means in another framework, or in the frameworks of a country.

    Raises: FrameworkUnknown, EditionUnknown, LevelUnknown
    """
    answer = _compare_level(snapshot, question)
    if question.to_country is None:
        return answer
    professions = snapshot.professions.asked(
        question.to_country,
        origin=question.framework.partition(":")[0],
        isco=question.isco,
        purpose=question.purpose,
    )
    return replace(answer, professions=professions)


def _compare_level(snapshot: RegistrySnapshot, question: LevelQuestion) -> Answer:
    registry = snapshot.registry
    for name in (question.framework, question.to_framework):
        if name is not None and ":" not in name:
            return _ambiguous(registry, name, question)
    authority = _authority(registry, question)
    try:
        origin = registry.locate(question.framework, question.level, on=question.on)
    except NoEditionInForce:
        return _answer(AnswerKind.UNKNOWN, (), authority, explanation=_NOT_IN_FORCE)
    targets = _targets(registry, question)
    parts = [_compare(snapshot, question, origin, target) for target in targets]
    kind = _kind(parts)
    why = _why_unknown(registry, question) if kind is AnswerKind.UNKNOWN else None
    return _answer(kind, parts, authority, explanation=why)


def _why_unknown(registry: Registry, question: LevelQuestion) -> str | None:
    """Return what is true of a country with which nothing could be compared, if it explains that."""
    if question.to_country is None:
        return None
    return SENTENCES.get(standing_of(registry, question.to_country))


def _targets(registry: Registry, question: LevelQuestion) -> list[tuple[Framework, Edition]]:
    """Return the editions to compare with: the one named, or those in force in the country."""
    if question.to_framework is not None:
        framework, named = registry.named(question.to_framework)
        edition = named or registry.edition_in_force(framework.id, question.on)
        return [] if edition is None else [(framework, edition)]
    in_force = (
        (framework, registry.edition_in_force(framework.id, question.on))
        for framework in registry.search(jurisdiction=question.to_country)
        if framework.is_comparable
    )
    return [(framework, edition) for framework, edition in in_force if edition is not None]


def _compare(
    snapshot: RegistrySnapshot,
    question: LevelQuestion,
    origin: LevelReference,
    target: tuple[Framework, Edition],
) -> _Part:
    registry = snapshot.registry
    framework, edition = target
    if (framework.id, edition.label) == (origin.framework.id, origin.edition.label):
        return _Part(answers=(Weigher(registry, question.on).itself(origin),))
    ways = find_ways(
        snapshot.mappings,
        Place(framework=origin.framework.id, edition=origin.edition.label, level=origin.notation),
        Place(framework=framework.id, edition=edition.label, level=None),
        in_force=registry.is_in_force,
        on=question.on,
    )
    weigher = Weigher(registry, question.on)
    held = question.is_day_given and is_held(
        ways.superseded, (origin.edition, edition), question.on
    )
    superseded = weigher.superseded(ways) if held or question.include_superseded else ()
    return _Part(
        answers=(*weigher.comparable(ways), *weigher.absent(ways), *(superseded if held else ())),
        historical=() if held else superseded,
        conflicts=tuple(conflicts_in(ways)),
        candidates=tuple(map(_candidate, (*ways.forbidden, *ways.unverified))),
    )


def _candidate(step: Step) -> Candidate:
    return Candidate(
        place=step.target,
        status=step.mapping.publication,
        relation=step.mapping.relation,
        sources=step.mapping.sources,
        note=" ".join(text for text in (step.mapping.note, step.mapping.disclaimer) if text),
    )


def _kind(parts: Sequence[_Part]) -> AnswerKind:
    outcomes = {one.outcome for part in parts for one in part.answers}
    if "comparable" in outcomes:
        return AnswerKind.FOUND
    if "no_comparable_level" in outcomes:
        return AnswerKind.PUBLISHED_GAP
    return AnswerKind.NOT_USABLE if "not_usable" in outcomes else AnswerKind.UNKNOWN


def _answer(
    kind: AnswerKind,
    parts: Sequence[_Part],
    authority: CompetentAuthority | None,
    *,
    explanation: str | None = None,
) -> Answer:
    """Join the parts: levels first, the authoritative before others; what no longer holds last."""
    stated = [one for part in parts for one in part.answers]
    stated.sort(key=_rank)
    answers = (*stated, *(one for part in parts for one in part.historical))
    return Answer(
        kind=kind,
        explanation=explanation or _explain(kind, stated),
        disclaimer=" ".join((DISCLAIMER, *own_disclaimers(answers))),
        answers=answers,
        conflicts=tuple(one for part in parts for one in part.conflicts),
        candidates=tuple(one for part in parts for one in part.candidates),
        competent_authority=authority,
    )


def _rank(answer: LevelAnswer) -> tuple[bool, bool, bool]:
    superseded = answer.publication is Publication.SUPERSEDED
    return answer.target.level is None, superseded, not answer.authoritative


def _explain(kind: AnswerKind, answers: Sequence[LevelAnswer]) -> str:
    if kind is AnswerKind.FOUND and all(one.basis is Basis.DERIVED for one in answers):
        return _DERIVED
    if kind is AnswerKind.FOUND and all(one.status == SAME_LEVEL for one in answers):
        return _SAME_LEVEL
    return _EXPLANATIONS[kind]


def own_disclaimers(answers: Iterable[OneAnswer]) -> list[str]:
    """Return the publishers' own reservations, each once."""
    return sorted({one.disclaimer for one in answers if one.disclaimer})


def _ambiguous(registry: Registry, name: str, question: LevelQuestion) -> Answer:
    """Return the frameworks that an acronym may mean; it is never enough to answer on.

    Raises: FrameworkUnknown
    """
    meant = registry.abbreviated(name)
    if not meant:
        raise FrameworkUnknown
    level = question.level if name == question.framework else None
    candidates = tuple(_meaning(registry, one, level, question) for one in meant)
    return Answer(
        kind=AnswerKind.AMBIGUOUS,
        explanation=_EXPLANATIONS[AnswerKind.AMBIGUOUS],
        disclaimer=DISCLAIMER,
        candidates=candidates,
        competent_authority=_authority(registry, question),
    )


def _meaning(
    registry: Registry, framework: Framework, level: str | None, question: LevelQuestion
) -> Candidate:
    edition = registry.edition_in_force(framework.id, question.on)
    notation = None
    if edition is not None and level is not None:
        try:
            known = registry.level(edition, level)
            notation = level if known is None else known.notation
        except LevelUnknown:
            notation = None
    label = None if edition is None else edition.label
    return Candidate(
        place=Place(framework=framework.id, edition=label, level=notation), status="ambiguous"
    )


def _authority(registry: Registry, question: LevelQuestion) -> CompetentAuthority | None:
    """Return the body to ask at the destination: the occupation's own, else a general one."""
    country = question.to_country
    if country is None:
        country = (question.to_framework or "").partition(":")[0].partition("-")[0]
    found = registry.competent_authorities(country.upper(), isco=question.isco)
    return found[0] if found else None
