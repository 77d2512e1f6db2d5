"""What an achievement means in a country: where credentials and equivalence meet.

The two domains do not know each other; this is one level above both.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from skillpassport.clock import Clock
from skillpassport.credentials.achievements import LevelNotRegistered, RegisteredLevel
from skillpassport.credentials.model import Achievement
from skillpassport.equivalence.comparing import DISCLAIMER, compare_level, compare_qualification
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
    """Answers what an achievement means in the reader's country."""

    registry: CurrentRegistry
    clock: Clock

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
        day = on or self.clock.now().date()
        wanted = Purpose(purpose) if purpose is not None else None
        snapshot = self.registry()
        if achievement.framework is not None and achievement.level is not None:
            edition = f"@{achievement.edition}" if achievement.edition else ""
            question = LevelQuestion(
                framework=f"{achievement.framework}{edition}",
                level=achievement.level,
                to_country=destination,
                on=day,
                purpose=wanted,
                isco=next(iter(achievement.isco), None),
            )
            answer = compare_level(snapshot, question)
        else:
            answer = compare_qualification(
                snapshot,
                QualificationQuestion(
                    qualification=in_language(achievement.title),
                    origin=country_of_origin,
                    to_country=destination,
                    on=day,
                    purpose=wanted,
                ),
            )
        return answer.to_json() | {"destination": destination}


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
