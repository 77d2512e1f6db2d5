"""Questions about comparability, read strictly: what is not understood is refused, not ignored."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from skillpassport.errors import SkillPassportError
from skillpassport.vc.strict_json import JsonValue, StrictJsonError, parse_object


class Purpose(StrEnum):
    """What a comparison is wanted for; a rule may hold for one purpose only."""

    EMPLOYMENT = "employment"
    FURTHER_STUDY = "further_study"
    REGULATED_PROFESSION = "regulated_profession"
    MIGRATION = "migration"


FACT_NAMES: Final = (
    "award_date",
    "duration_years",
    "stream",
    "exam_board",
    "final_grade",
    "subjects_passed",
    "entry_requirement_met",
)
"""Facts about an award on which conditions of rules are judged."""

MAX_FACTS_BYTES: Final = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelQuestion:
    """A question after the meaning of a level elsewhere.

    framework: id or alias, `ID` or `ID@EDITION`; a bare acronym is answered `ambiguous`
    to_framework, to_country: exactly one is given; a country means its own frameworks
    on: the day whose editions are meant
    is_day_given: whether the asker named the day; statements that held then may be listed
    include_superseded: list statements that no longer hold, last
    isco: ISCO-08 code of the occupation, if one is known: some have a competent authority of theirs
    """

    framework: str
    level: str
    on: dt.date
    to_framework: str | None = None
    to_country: str | None = None
    purpose: Purpose | None = None
    is_day_given: bool = False
    include_superseded: bool = False
    isco: str | None = None

    def __post_init__(self) -> None:
        """Refuse a question without exactly one destination."""
        if (self.to_framework is None) == (self.to_country is None):
            raise QuestionIncomplete("exactly one of 'to_framework' and 'to_country'")


@dataclass(frozen=True, slots=True, kw_only=True)
class QualificationQuestion:
    """A question after the meaning of a qualification in a country.

    qualification: title as on the certificate
    on: the day whose rules are meant
    other_titles: the same title in other languages, as a document gives it
    registered: id of the registered qualification that it is, where that is known
    level, framework: of the qualification, where the asker knows them; they narrow the rules
    is_day_given, include_superseded, isco: as for a level
    facts: by name out of `FACT_NAMES`
    """

    qualification: str
    origin: str
    to_country: str
    on: dt.date
    purpose: Purpose | None = None
    other_titles: tuple[str, ...] = ()
    registered: str | None = None
    level: str | None = None
    framework: str | None = None
    is_day_given: bool = False
    include_superseded: bool = False
    isco: str | None = None
    facts: Mapping[str, JsonValue] = field(default_factory=lambda: MappingProxyType({}))


def read_facts(text: str) -> Mapping[str, JsonValue]:
    """Return the facts of a JSON object.

    text: at most `MAX_FACTS_BYTES`; `award_date` is a date, `duration_years` a number,
        `subjects_passed` an object of grade to number of subjects, every other fact a string
    Raises: FactsMalformed, FactUnknown, FactMistyped
    """
    try:
        facts = parse_object(text, max_bytes=MAX_FACTS_BYTES)
    except StrictJsonError as malformed:
        raise FactsMalformed from malformed
    return check_facts(facts)


def check_facts(facts: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Return facts that are known by name and typed as `read_facts` says.

    Raises: FactUnknown, FactMistyped
    """
    unknown = sorted(set(facts).difference(FACT_NAMES))
    if unknown:
        raise FactUnknown(len(unknown))
    for name, value in facts.items():
        _check_type(name, value)
    return MappingProxyType(dict(facts))


def read_day(text: str, parameter: str = "date") -> dt.date:
    """Return the calendar day that `YYYY-MM-DD` names, in ASCII figures.

    Raises: QuestionMalformed
    """
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as malformed:
        raise QuestionMalformed(parameter, "a calendar day as YYYY-MM-DD") from malformed
    if day.isoformat() != text:  # `20260131` and week dates are ISO 8601 too, but not the contract
        raise QuestionMalformed(parameter, "a calendar day as YYYY-MM-DD")
    return day


def _check_type(name: str, value: JsonValue) -> None:
    match name:
        case "award_date":
            if not isinstance(value, str) or not _is_day(value):
                raise FactMistyped(name, "a date as YYYY-MM-DD")
        case "duration_years":
            if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                raise FactMistyped(name, "a number that is not negative")
        case "subjects_passed":
            if not isinstance(value, dict) or not all(_is_count(n) for n in value.values()):
                raise FactMistyped(name, "an object of grade to number of subjects")
        case _:
            if not isinstance(value, str):
                raise FactMistyped(name, "a string")


def _is_day(text: str) -> bool:
    try:
        read_day(text)
    except QuestionMalformed:
        return False
    return True


def _is_count(value: JsonValue) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


class QuestionIncomplete(SkillPassportError):
    """Parameters that the question needs are missing or exclude each other."""

    code = "question-incomplete"
    public = ("expected",)

    def __init__(self, expected: str) -> None:
        super().__init__(
            f"The question needs {expected}. Ask with from_framework, from_level and one of "
            "to_framework or to_country; or with qualification, origin and to_country."
        )
        self.expected = expected


class QuestionMalformed(SkillPassportError):
    """A parameter is not of the form that it must have."""

    code = "question-malformed"
    public = ("parameter", "expected")

    def __init__(self, parameter: str, expected: str) -> None:
        super().__init__(f"Parameter '{parameter}' must be {expected}; correct it and ask again.")
        self.parameter = parameter
        self.expected = expected


class FactsMalformed(SkillPassportError):
    """The facts are not one strict JSON object."""

    code = "facts-malformed"

    def __init__(self) -> None:
        super().__init__(
            "Parameter 'facts' must be a URL-encoded JSON object of at most "
            f"{MAX_FACTS_BYTES} bytes, without repeated members; correct it and ask again."
        )


class FactUnknown(SkillPassportError):
    """A fact has a name that no rule can use."""

    code = "fact-unknown"
    public = ("known",)

    def __init__(self, count: int) -> None:
        super().__init__(
            f"{count} of the facts' names are not known; the known ones are "
            f"{', '.join(FACT_NAMES)}. Leave the others out."
        )
        self.known = FACT_NAMES


class FactMistyped(SkillPassportError):
    """A fact has a value of the wrong type."""

    code = "fact-mistyped"
    public = ("fact", "expected")

    def __init__(self, fact: str, expected: str) -> None:
        super().__init__(f"Fact '{fact}' must be {expected}; correct it and ask again.")
        self.fact = fact
        self.expected = expected
