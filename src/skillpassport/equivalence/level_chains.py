"""The level chain of a qualification: from its own level over published mappings to a country.

A chain says what levels come to. It stands behind every decision about the qualification itself.
"""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

from skillpassport.equivalence.answer import Answer, Evidence, LevelAnswer, OneAnswer, RuleAnswer
from skillpassport.equivalence.comparing import compare_level
from skillpassport.equivalence.model import Publication
from skillpassport.equivalence.questions import LevelQuestion, QualificationQuestion
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.equivalence.weighing import COMPARABLE
from skillpassport.errors import SkillPassportError
from skillpassport.frameworks.model import Source
from skillpassport.frameworks.reading import fold, readings
from skillpassport.frameworks.registry import Registry, is_of


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLevel:
    """A level that a qualification is known to have.

    framework: `ID` or `ID@EDITION`
    sources: what says so, where that is not a rule
    """

    framework: str
    level: str
    sources: tuple[Source, ...] = ()


def read_level(registry: Registry, text: str, origin: str) -> KnownLevel | None:
    """Return the level that a source writes as `DQR 3` or `DE:DQR 3`; None where it is not known.

    An abbreviation is read among the frameworks of the country alone, and never guessed.
    """
    name, _, notation = text.partition(" ")
    if not notation:
        return None
    if ":" in name:
        return KnownLevel(framework=name, level=notation)
    country = origin.partition("-")[0]
    meant = [one for one in registry.abbreviated(name) if is_of(one, country)]
    return KnownLevel(framework=meant[0].id, level=notation) if len(meant) == 1 else None


def is_of_level(origin_level: str | None, asked: str) -> bool:
    """Return whether a rule's level is the one asked for; a rule that names none is of every level.

    asked: a notation, with or without the framework: `III`, `PRK III`
    """
    if origin_level is None:
        return True
    notation = origin_level.partition(" ")[2] or origin_level
    wanted = {fold(one) for one in readings(asked)}
    return not wanted.isdisjoint({fold(origin_level), fold(notation)})


def follow(
    snapshot: RegistrySnapshot, level: KnownLevel, question: QualificationQuestion
) -> Answer | None:
    """Return what a level means in the country asked for; None where the registry lacks the level."""
    return _compare(snapshot, level, question, to_country=question.to_country)


def levels_in(
    snapshot: RegistrySnapshot, level: KnownLevel, question: QualificationQuestion, framework: str
) -> tuple[LevelAnswer, ...]:
    """Return the levels of one framework that a level leads to."""
    answer = _compare(snapshot, level, question, to_framework=framework)
    return () if answer is None else comparable(current(answer.answers))


def current(answers: Iterable[OneAnswer]) -> tuple[LevelAnswer, ...]:
    """Return what answers state about levels that holds, gaps included."""
    return tuple(
        one
        for one in answers
        if isinstance(one, LevelAnswer) and one.publication is not Publication.SUPERSEDED
    )


def comparable(answers: Iterable[LevelAnswer]) -> tuple[LevelAnswer, ...]:
    """Return the answers that name a level."""
    return tuple(one for one in answers if one.outcome == COMPARABLE)


def disagrees(rule: RuleAnswer, framework: str, chain: Iterable[LevelAnswer]) -> bool:
    """Return whether a rule names levels of a framework, and a chain leads to none of them."""
    stated = [one.levels for one in rule.target.by_framework if one.framework == framework]
    led_to = {one.target.level for one in chain if one.target.framework == framework}
    return bool(stated) and bool(led_to) and led_to.isdisjoint(stated[0])


def with_sources(answer: LevelAnswer, level: KnownLevel) -> LevelAnswer:
    """Return an answer with the sources that say which level the qualification has."""
    evidence = tuple(
        Evidence(source=source, publication=Publication.PUBLISHED) for source in level.sources
    )
    return dataclasses.replace(answer, evidence=(*evidence, *answer.evidence))


def _compare(
    snapshot: RegistrySnapshot,
    level: KnownLevel,
    question: QualificationQuestion,
    *,
    to_country: str | None = None,
    to_framework: str | None = None,
) -> Answer | None:
    try:
        return compare_level(
            snapshot,
            LevelQuestion(
                framework=level.framework,
                level=level.level,
                to_country=to_country,
                to_framework=to_framework,
                on=question.on,
                purpose=question.purpose,
                isco=question.isco,
            ),
        )
    except SkillPassportError:
        return None
