"""Which rules speak about a question, and what the facts make of their conditions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from skillpassport.equivalence.answer import (
    Basis,
    Candidate,
    Evidence,
    JudgedCondition,
    RuleAnswer,
    RuleTarget,
)
from skillpassport.equivalence.conditions import Met
from skillpassport.equivalence.level_chains import KnownLevel, is_of_level, read_level
from skillpassport.equivalence.model import Publication
from skillpassport.equivalence.precedents import Precedent
from skillpassport.equivalence.questions import QualificationQuestion
from skillpassport.equivalence.rule_index import country_and_part
from skillpassport.equivalence.rules import RecognitionRule, RuleResult
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.frameworks.model import SourceId
from skillpassport.frameworks.reading import fold
from skillpassport.frameworks.registry import Registry

CURRENT = "current"
SUPERSEDED = "superseded"
PRECEDENT = "precedent"
AGREEMENT_OPEN = "agreement_not_known_in_force"

_BASES = tuple(Basis)
_MET = (Met.TRUE, Met.UNKNOWN)


@dataclass(slots=True)
class JudgedRules:
    """The rules about a title, by whether they hold for the award in question.

    holding: in force, and their condition is met, or open for want of facts
    unmet: in force, and the facts do not meet their condition
    held: superseded, and known to have held on the day asked for
    historical: superseded, and listed on request
    are_any: whether any rule of the title is registered, shown or not
    """

    holding: list[RuleAnswer] = field(default_factory=list)
    unmet: list[RuleAnswer] = field(default_factory=list)
    held: list[RuleAnswer] = field(default_factory=list)
    historical: list[RuleAnswer] = field(default_factory=list)
    precedents: list[RuleAnswer] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    are_any: bool = False
    _rules: dict[str, RecognitionRule] = field(default_factory=dict)

    @property
    def past(self) -> tuple[RuleAnswer, ...]:
        """Rules that no longer hold, those that held on the day first."""
        return (*self.held, *self.historical)

    @property
    def are_unmet(self) -> bool:
        """Whether rules are in force and the facts meet the condition of none."""
        return bool(self.unmet) and not self.holding and not self.held and not self.precedents

    @property
    def origin_levels(self) -> tuple[str, ...]:
        """The levels that the rules in force give the qualification, as they are written."""
        told = (*self.holding, *self.unmet, *self.held)
        levels = (self._rules[one.rule].origin_level for one in told if one.rule is not None)
        return tuple(dict.fromkeys(level for level in levels if level is not None))

    def is_about(self, answer: RuleAnswer, level: KnownLevel, registry: Registry) -> bool:
        """Return whether a rule is about a level; one that names none is about every level."""
        rule = None if answer.rule is None else self._rules[answer.rule]
        if rule is None or rule.origin_level is None:
            return True
        own = read_level(registry, rule.origin_level, rule.origin)
        framework = level.framework.partition("@")[0]
        return own is None or (own.framework, fold(own.level)) == (framework, fold(level.level))

    def keep(self, rule: RecognitionRule) -> None:
        """Remember the rule behind an answer."""
        self._rules[rule.id] = rule


def judge_rules(
    snapshot: RegistrySnapshot, question: QualificationQuestion, titles: Iterable[str] = ()
) -> JudgedRules:
    """Return the rules and precedents about a question's title, judged on its facts.

    titles: every title of the qualification that is meant; the question's own where none is given
    """
    judged = JudgedRules()
    meant = tuple(titles) or (question.qualification,)
    for rule in _rules_about(snapshot, question, meant):
        judged.are_any = True
        judged.keep(rule)
        _sort(snapshot, question, rule, judged)
    for answers in (judged.holding, judged.unmet, judged.held, judged.historical):
        answers.sort(key=_strength)
    judged.precedents += [
        _precedent_answer(snapshot, one, question)
        for one in _precedents_about(snapshot, question, meant)
    ]
    return judged


def _rules_about(
    snapshot: RegistrySnapshot, question: QualificationQuestion, titles: Sequence[str]
) -> Iterator[RecognitionRule]:
    """Yield the rules that the question does not exclude, those of a part of a country first."""
    seen: set[str] = set()
    for destination, origin, title in _asked(question, titles):
        for rule in snapshot.rules.titled(destination, origin, title):
            if rule.id not in seen and _is_asked(rule, question, snapshot.registry):
                seen.add(rule.id)
                yield rule


def _precedents_about(
    snapshot: RegistrySnapshot, question: QualificationQuestion, titles: Sequence[str]
) -> tuple[Precedent, ...]:
    """Return the decisions on single cases about the titles, each once, newest first."""
    found = {
        one.id: one
        for destination, origin, title in _asked(question, titles)
        for one in snapshot.precedents.titled(destination, origin, fold(title), on=question.on)
    }
    return tuple(sorted(found.values(), key=lambda one: (-one.decided_in, one.id)))


def _asked(
    question: QualificationQuestion, titles: Sequence[str]
) -> Iterator[tuple[str, str, str]]:
    """Yield destination, origin and title under which something may be registered."""
    for destination in country_and_part(question.to_country):
        for origin in country_and_part(question.origin):
            for title in titles:
                yield destination, origin, title


def _is_asked(rule: RecognitionRule, question: QualificationQuestion, registry: Registry) -> bool:
    if rule.purpose is not None and question.purpose not in {None, rule.purpose}:
        return False
    if question.framework is not None and rule.origin_level is not None:
        own = read_level(registry, rule.origin_level, rule.origin)
        if own is not None and own.framework != question.framework.partition("@")[0]:
            return False
    return question.level is None or is_of_level(rule.origin_level, question.level)


def _sort(
    snapshot: RegistrySnapshot,
    question: QualificationQuestion,
    rule: RecognitionRule,
    judged: JudgedRules,
) -> None:
    is_switched_on = _is_switched_on(snapshot, question, rule)
    if not rule.publication.is_usable or is_switched_on is None:
        status = rule.publication.value if not rule.publication.is_usable else AGREEMENT_OPEN
        judged.candidates.append(
            Candidate(
                qualification=rule.result.comparable_to,
                status=status,
                agreement=rule.agreement,
                sources=rule.sources,
                note=rule.condition,
            )
        )
        return
    answer = _rule_answer(snapshot, rule, question)
    if snapshot.rules.holds(rule, question.on) and is_switched_on:
        (judged.holding if answer.met in _MET else judged.unmet).append(answer)
    elif question.is_day_given and snapshot.rules.held(rule, question.on) and is_switched_on:
        (judged.held if answer.met in _MET else judged.historical).append(answer)
    elif question.include_superseded:
        judged.historical.append(answer)


def _is_switched_on(
    snapshot: RegistrySnapshot, question: QualificationQuestion, rule: RecognitionRule
) -> bool | None:
    """Return whether the agreement behind a rule is in force; a rule without one needs none."""
    if rule.agreement is None:
        return True
    agreement = snapshot.agreements.find(rule.agreement)
    return None if agreement is None else agreement.is_in_force(question.on)


def _rule_answer(
    snapshot: RegistrySnapshot, rule: RecognitionRule, question: QualificationQuestion
) -> RuleAnswer:
    holds = snapshot.rules.holds(rule, question.on)
    return RuleAnswer(
        outcome=rule.result.outcome,
        target=_target(rule.result),
        basis=Basis.DECISION if rule.agreement is None else Basis.AGREEMENT,
        authoritative=holds and rule.publication is Publication.PUBLISHED,
        status=CURRENT if holds else SUPERSEDED,
        publication=rule.publication,
        evidence=_evidence(snapshot, rule.sources, rule.publication, rule.note),
        valid_on=question.on,
        conditions=_judged(rule, question),
        rule=rule.id,
        version=rule.version,
        agreement=rule.agreement,
        purpose=rule.purpose,
        measures=rule.result.measures,
    )


def _judged(rule: RecognitionRule, question: QualificationQuestion) -> JudgedCondition | None:
    """Return a rule's condition with what the facts say; prose that nobody structured stays open."""
    if rule.when is not None:
        return JudgedCondition(
            text=rule.condition,
            met=rule.when.judge(question.facts),
            missing=rule.when.missing(question.facts),
        )
    return JudgedCondition(text=rule.condition, met=Met.UNKNOWN) if rule.condition else None


def _precedent_answer(
    snapshot: RegistrySnapshot, precedent: Precedent, question: QualificationQuestion
) -> RuleAnswer:
    return RuleAnswer(
        outcome=precedent.result.outcome,
        target=_target(precedent.result),
        basis=Basis.DECISION,
        authoritative=False,
        status=PRECEDENT,
        publication=Publication.PUBLISHED,
        evidence=_evidence(
            snapshot, precedent.sources, Publication.PUBLISHED, precedent.legal_basis
        ),
        valid_on=question.on,
        measures=precedent.result.measures,
        differences=precedent.differences,
        decided_by=precedent.decided_by,
        decided_in=precedent.decided_in,
        precedent=precedent.id,
        institution=precedent.institution,
    )


def _target(result: RuleResult) -> RuleTarget:
    return RuleTarget(title=result.comparable_to, by_framework=result.levels)


def _evidence(
    snapshot: RegistrySnapshot,
    sources: tuple[SourceId, ...],
    publication: Publication,
    note: str,
) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(source=snapshot.registry.source(one), publication=publication, note=note)
        for one in sources
    )


def _strength(answer: RuleAnswer) -> tuple[int, int, bool, str]:
    """Order answers: met before open, a decision before an agreement, with authority before not."""
    met = (Met.TRUE, Met.UNKNOWN, Met.FALSE).index(answer.met)
    return met, _BASES.index(answer.basis), not answer.authoritative, str(answer.rule)
