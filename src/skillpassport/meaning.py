"""What an achievement means in a country: where credentials and equivalence meet.

The two domains do not know each other; this is one level above both.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from skillpassport.clock import Clock
from skillpassport.credentials.achievements import LevelNotRegistered, RegisteredLevel
from skillpassport.credentials.model import Achievement
from skillpassport.equivalence.answer import Answer
from skillpassport.equivalence.catalogue import NoQualifications, QualificationCatalogue
from skillpassport.equivalence.comparing import DISCLAIMER, compare_level
from skillpassport.equivalence.identifying import identify
from skillpassport.equivalence.qualifications import compare_qualification
from skillpassport.equivalence.questions import LevelQuestion, Purpose, QualificationQuestion
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.errors import SkillPassportError
from skillpassport.frameworks.errors import LevelUnknown
from skillpassport.frameworks.model import Edition
from skillpassport.frameworks.registry import Registry
from skillpassport.languages import in_language
from skillpassport.vc.strict_json import JsonObject

CurrentRegistry = Callable[[], RegistrySnapshot]

_NOT_REGISTERED: JsonObject = {
    "answer": "unknown",
    "explanation": "The achievement is not in this register, so its level cannot be compared.",
    "answers": [],
    "conflicts": [],
    "candidates": [],
    "disclaimer": DISCLAIMER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeaningInCountry:
    """Answers what an achievement means in the reader's country.

    catalogue: registered qualifications, among which an achievement may be one
    """

    registry: CurrentRegistry
    clock: Clock
    catalogue: Callable[[], QualificationCatalogue] = NoQualifications

    def __call__(
        self,
        *,
        achievement: Achievement | None,
        country_of_origin: str | None,
        destination: str,
        on: date | None,
        purpose: str | None,
    ) -> JsonObject:
        """Return the registry's answer, as JSON, with the destination in it.

        achievement: None where the document's achievement is not in this register
        on: day of the award
        """
        if achievement is None or country_of_origin is None:
            return _NOT_REGISTERED | {"destination": destination}
        asked = _Asked(
            achievement=achievement,
            origin=country_of_origin,
            destination=destination,
            awarded_on=on,
            today=self.clock.now().date(),
            purpose=Purpose(purpose) if purpose is not None else None,
        )
        return _answer(self.registry(), asked, self.catalogue()).to_json() | {
            "destination": destination
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What is asked of one achievement."""

    achievement: Achievement
    origin: str
    destination: str
    awarded_on: date | None
    today: date
    purpose: Purpose | None

    @property
    def isco(self) -> str | None:
        return next(iter(self.achievement.isco), None)


def _answer(snapshot: RegistrySnapshot, asked: _Asked, catalogue: QualificationCatalogue) -> Answer:
    """Return what is said about the achievement as a qualification, else what its level comes to.

    Rules are those of today, since the reader acts today; the edition of the level is the one of
    the award.
    """
    achievement = asked.achievement
    question = _qualification_question(asked)
    if achievement.framework is None or achievement.level is None:
        return compare_qualification(snapshot, question, catalogue)
    edition = f"@{achievement.edition}" if achievement.edition else ""
    framework = f"{achievement.framework}{edition}"
    by_level = LevelQuestion(
        framework=framework,
        level=achievement.level,
        to_country=asked.destination,
        on=asked.awarded_on or asked.today,
        purpose=asked.purpose,
        isco=asked.isco,
    )
    question = replace(question, framework=framework, level=achievement.level)
    identified = identify(catalogue, question)
    if _is_spoken_of(snapshot, question, identified.titles):
        answer = compare_qualification(snapshot, question, catalogue)
        if answer.answers:
            return answer
    answer = compare_level(snapshot, by_level)
    return replace(answer, candidates=(*identified.candidates(), *answer.candidates))


def _is_spoken_of(
    snapshot: RegistrySnapshot, question: QualificationQuestion, titles: Iterable[str]
) -> bool:
    """Return whether a rule, an agreement's rule or a decision on a case is about the titles."""
    return any(
        index.speaks_of(question.to_country, question.origin, title)
        for title in titles
        for index in (snapshot.rules, snapshot.precedents)
    )


def _qualification_question(asked: _Asked) -> QualificationQuestion:
    awarded_on = asked.awarded_on
    title = in_language(asked.achievement.title)
    return QualificationQuestion(
        qualification=title,
        other_titles=tuple(one for one in asked.achievement.title.values() if one != title),
        registered=asked.achievement.qualification,
        origin=asked.origin,
        to_country=asked.destination,
        on=asked.today,
        purpose=asked.purpose,
        isco=asked.isco,
        facts={} if awarded_on is None else {"award_date": awarded_on.isoformat()},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryLevels:
    """The registry's levels, as far as awards need them."""

    registry: CurrentRegistry

    def find(
        self, framework: str, edition: str | None, level: str | None, on: date
    ) -> RegisteredLevel:
        """Return the level of the named edition, or of the one in force on a day.

        Raises: LevelNotRegistered
        """
        registry = self.registry().registry
        try:
            known, chosen = registry.choose_edition(framework, edition=edition, on=on)
            if level is None:
                return RegisteredLevel(
                    framework=known.id, edition=chosen.label, level=None, uri=None
                )
            found = registry.locate(framework, level, edition=chosen.label, on=on)
        except SkillPassportError as error:
            raise LevelNotRegistered(error.message) from error
        uri = found.level.published_uri if found.level is not None else None
        return RegisteredLevel(
            framework=known.id, edition=chosen.label, level=found.notation, uri=uri
        )

    def notations(self, framework: str, levels: Sequence[str]) -> tuple[str, ...]:
        """Return levels of any edition of a framework as their edition writes them.

        An edition of which no list of levels is known takes any notation.

        Raises: FrameworkUnknown, LevelUnknown
        """
        registry = self.registry().registry
        editions = registry.editions(registry.framework(framework).id)
        return tuple(_notation(registry, editions, level) for level in levels)


def _notation(registry: Registry, editions: Sequence[Edition], level: str) -> str:
    unknown: LevelUnknown | None = None
    for edition in reversed(editions):
        try:
            found = registry.level(edition, level)
        except LevelUnknown as error:
            unknown = error
        else:
            return level if found is None else found.notation
    if unknown is not None:
        raise unknown
    return level
