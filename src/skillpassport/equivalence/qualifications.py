"""Answering what a qualification of one country means in another.

The order of strength: the destination's own rules about this title, agreements that are in force,
decisions on single cases, then the qualification's level over published mappings. The first may
contradict the last; both are shown, the decision first, and the contradiction is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from skillpassport.equivalence.answer import (
    Answer,
    AnswerKind,
    Basis,
    Candidate,
    Conflict,
    LevelAnswer,
    OneAnswer,
    RuleAnswer,
)
from skillpassport.equivalence.catalogue import NoQualifications, QualificationCatalogue
from skillpassport.equivalence.comparing import DISCLAIMER, own_disclaimers
from skillpassport.equivalence.conditions import Met
from skillpassport.equivalence.identifying import Identified, identify
from skillpassport.equivalence.level_chains import (
    KnownLevel,
    comparable,
    current,
    disagrees,
    follow,
    levels_in,
    read_level,
    with_sources,
)
from skillpassport.equivalence.professions import ProfessionAnswer
from skillpassport.equivalence.questions import Purpose, QualificationQuestion
from skillpassport.equivalence.rule_judging import JudgedRules, judge_rules
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.frameworks.model import CompetentAuthority

RULED: Final = "A rule of the destination is registered for this qualification."
AGREED: Final = "An agreement in force says what this qualification is worth in the destination."
OPEN: Final = (
    "Rules of the destination are registered for this qualification; which of them holds depends "
    "on facts that were not given."
)
UNMET: Final = (
    "Rules of the destination are registered for this qualification, but what was said of the "
    "award meets the condition of none."
)
PAST: Final = (
    "Rules for this qualification are registered, but none that holds on that day; superseded "
    "ones are listed on request."
)
DECIDED_ONCE: Final = "No rule is registered for this qualification; single cases were decided, which bind nobody else."
BY_LEVEL: Final = (
    "No rule of the destination is registered for this qualification; what is shown follows from "
    "its level alone."
)
NO_TITLE: Final = (
    "No rule of the destination is registered for a qualification of this title, so nothing can "
    "be said about it; ask its competent authority."
)
NEAR: Final = (
    "No rule of the destination is registered for a qualification of exactly this title; titles "
    "like it are among the candidates, to be asked for as they are written there."
)
NO_RULES: Final = (
    "No recognition rules are registered for this country yet, so nothing can be said about the "
    "qualification; ask its competent authority."
)
SEVERAL: Final = (
    "Several registered qualifications of that country have this title, at different levels; give "
    "the level, or the day of the award, and the one that is meant can be compared."
)
NO_PROFESSION: Final = (
    "No rule is registered for this qualification, and no record of who decides on the profession "
    "in this country is known; ask its competent authority."
)
AGAINST_CHAIN: Final = (
    "The decision on this qualification names another level than the published comparison of "
    "levels leads to; the decision goes first."
)
AGAINST_RULE: Final = "Rules of the destination for this qualification name different results."


@dataclass(slots=True)
class _Chain:
    """What the levels of a qualification come to."""

    answers: list[LevelAnswer] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    kinds: set[AnswerKind] = field(default_factory=set)


def compare_qualification(
    snapshot: RegistrySnapshot,
    question: QualificationQuestion,
    catalogue: QualificationCatalogue | None = None,
) -> Answer:
    """Return what a qualification means in a country.

    catalogue: registered qualifications, for the level of a title; none where it is left out
    Raises: FrameworkUnknown, EditionUnknown, QualificationUnknown
    """
    question = _with_known_framework(snapshot, question)
    identified = identify(catalogue or NoQualifications(), question)
    rules = judge_rules(snapshot, question, identified.titles)
    chain = _follow_levels(snapshot, question, rules, identified)
    if rules.are_unmet:
        # The authority has rules for this title and none is met: its level must not say more.
        chain.candidates += [
            Candidate(place=one.target, status=one.status, relation=one.relation)
            for one in comparable(chain.answers)
        ]
        chain.answers, chain.conflicts, chain.kinds = [], [], set()
    near = () if rules.are_any else tuple(_near(snapshot, question))
    professions = snapshot.professions.asked(
        question.to_country, origin=question.origin, isco=question.isco, purpose=question.purpose
    )
    kind = _kind(rules, chain, identified)
    answers: tuple[OneAnswer, ...] = (
        *rules.holding,
        *rules.precedents,
        *chain.answers,
        *rules.unmet,
        *rules.past,
    )
    return Answer(
        kind=kind,
        explanation=_explain(
            snapshot, question, rules, _Open(chain, near, identified), professions
        ),
        disclaimer=" ".join((DISCLAIMER, *own_disclaimers(answers))),
        answers=answers,
        conflicts=(*_contradictions(rules.holding), *chain.conflicts),
        candidates=(
            *identified.candidates(),
            *near,
            *rules.candidates,
            *chain.candidates,
        ),
        competent_authority=_authority(snapshot, question, professions),
        professions=professions,
    )


def _with_known_framework(
    snapshot: RegistrySnapshot, question: QualificationQuestion
) -> QualificationQuestion:
    """Return a question with the framework's own id where an alias was given.

    Raises: FrameworkUnknown, EditionUnknown
    """
    if question.framework is None:
        return question
    framework, edition = snapshot.registry.named(question.framework)
    label = "" if edition is None else f"@{edition.label}"
    return replace(question, framework=f"{framework.id}{label}")


def _follow_levels(
    snapshot: RegistrySnapshot,
    question: QualificationQuestion,
    rules: JudgedRules,
    identified: Identified,
) -> _Chain:
    chain = _Chain()
    for level in dict.fromkeys(_levels(snapshot, question, rules, identified)):
        answer = follow(snapshot, level, question)
        if answer is None:
            continue
        chain.kinds.add(answer.kind)
        chain.answers += [with_sources(one, level) for one in current(answer.answers)]
        chain.candidates += answer.candidates
        chain.conflicts += answer.conflicts
        chain.conflicts += _conflicts(snapshot, question, rules, level)
    return chain


def _levels(
    snapshot: RegistrySnapshot,
    question: QualificationQuestion,
    rules: JudgedRules,
    identified: Identified,
) -> Iterator[KnownLevel]:
    """Yield the levels that the qualification is known to have: asked, of its rules, registered."""
    if question.framework is not None and question.level is not None:
        yield KnownLevel(framework=question.framework, level=question.level)
        return
    for text in rules.origin_levels:
        level = read_level(snapshot.registry, text, question.origin)
        if level is not None:
            yield level
    yield from identified.levels(snapshot.registry)


def _conflicts(
    snapshot: RegistrySnapshot,
    question: QualificationQuestion,
    rules: JudgedRules,
    level: KnownLevel,
) -> Iterator[Conflict]:
    """Yield each rule for this level that names another level than its chain, with the chain."""
    for rule in rules.holding:
        if not rules.is_about(rule, level, snapshot.registry):
            continue
        contrary = [
            led_to
            for named in rule.target.by_framework
            if disagrees(
                rule,
                named.framework,
                led_to := levels_in(snapshot, level, question, named.framework),
            )
        ]
        if contrary:
            steps = dict.fromkeys(step for chain in contrary for one in chain for step in one.path)
            yield Conflict(text=AGAINST_CHAIN, statements=tuple(steps), decisions=(rule,))


def _contradictions(rules: Sequence[RuleAnswer]) -> Iterator[Conflict]:
    """Yield rules that hold together and name levels of one framework that do not meet."""
    certain = [one for one in rules if one.met is Met.TRUE and one.target.framework]
    for place, one in enumerate(certain):
        for other in certain[place + 1 :]:
            alike = (one.purpose, one.target.framework) == (other.purpose, other.target.framework)
            if alike and set(one.target.levels).isdisjoint(other.target.levels):
                yield Conflict(text=AGAINST_RULE, decisions=(one, other))


def _near(snapshot: RegistrySnapshot, question: QualificationQuestion) -> Iterator[Candidate]:
    titles = snapshot.rules.near(
        question.to_country.partition("-")[0],
        question.origin.partition("-")[0],
        question.qualification,
    )
    for title in titles:
        yield Candidate(qualification=title, status="similar_title")


def _kind(rules: JudgedRules, chain: _Chain, identified: Identified) -> AnswerKind:
    if rules.holding or rules.precedents or any(rules.held):
        return AnswerKind.FOUND
    if AnswerKind.FOUND not in chain.kinds and identified.is_ambiguous and not rules.are_unmet:
        return AnswerKind.AMBIGUOUS
    for kind in (AnswerKind.FOUND, AnswerKind.PUBLISHED_GAP, AnswerKind.NOT_USABLE):
        if kind in chain.kinds:
            return kind
    return AnswerKind.UNKNOWN


@dataclass(frozen=True, slots=True)
class _Open:
    """What there is to say of a qualification about which no rule in force speaks."""

    chain: _Chain
    near: Sequence[Candidate]
    identified: Identified


def _explain(
    snapshot: RegistrySnapshot,
    question: QualificationQuestion,
    rules: JudgedRules,
    left: _Open,
    professions: Sequence[ProfessionAnswer] | None,
) -> str:
    if rules.holding or rules.held:
        return _explain_rules(rules)
    covered = snapshot.rules.covers(question.to_country.partition("-")[0])
    is_profession = question.purpose is Purpose.REGULATED_PROFESSION
    reasons = (
        (bool(rules.precedents), DECIDED_ONCE),
        (rules.are_unmet, UNMET),
        (bool(left.chain.answers), BY_LEVEL),
        (left.identified.is_ambiguous, SEVERAL),
        (rules.are_any, PAST),
        (bool(left.near), NEAR),
        (is_profession and not professions, NO_PROFESSION),
        (covered, NO_TITLE),
    )
    return next((text for applies, text in reasons if applies), NO_RULES)


def _explain_rules(rules: JudgedRules) -> str:
    told = (*rules.holding, *rules.held)
    if all(one.met is Met.UNKNOWN for one in told):
        return OPEN
    return AGREED if all(one.basis is Basis.AGREEMENT for one in told) else RULED


def _authority(
    snapshot: RegistrySnapshot,
    question: QualificationQuestion,
    professions: Sequence[ProfessionAnswer] | None,
) -> CompetentAuthority | None:
    """Return the body to ask: of the one profession that is meant, else of the occupation."""
    country = question.to_country.partition("-")[0]
    deciding = {one.way.authority_id for one in professions or ()}
    isco = question.isco
    if isco is None and professions is not None and len(professions) == 1:
        isco = next(iter(professions[0].profession.isco), None)
    found = snapshot.registry.competent_authorities(country, isco=isco)
    named = [one for one in found if one.id in deciding]
    return next(iter((*named, *found)), None)
