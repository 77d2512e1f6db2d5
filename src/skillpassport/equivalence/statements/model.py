"""Statements, what was asked for them, and what they say."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any, Final, NewType

from skillpassport.equivalence.answer import AnswerKind
from skillpassport.equivalence.asking import Question
from skillpassport.equivalence.questions import LevelQuestion, Purpose, QualificationQuestion
from skillpassport.errors import SkillPassportError
from skillpassport.vc.jcs import canonicalize
from skillpassport.vc.strict_json import JsonObject, JsonValue

StatementId = NewType("StatementId", str)

_PREFIX: Final = "urn:skillpassport:comparability-statement:"

STATED: Final = frozenset({AnswerKind.FOUND, AnswerKind.PUBLISHED_GAP, AnswerKind.NOT_USABLE})
"""Kinds of answer that a first statement is made of; a later version may say that none is left."""

# What may differ between two days without anything having changed, and what is prose.
_PASSING: Final = frozenset(
    {"valid_on", "explanation", "candidates", "competent_authority", "read", "note", "title"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparabilityStatement:
    """One version of a statement, as it was signed.

    question: as `question_to_json` gives it
    says: digest of what the answer says; equal where nothing has changed
    registry_version: number of the registry's change that it was answered from
    document: the signed credential as JSON text, exactly as it was signed
    replaced_by, replaced_at: the version that followed; None while this is the newest
    """

    id: StatementId
    question: JsonObject
    version: int
    says: str
    registry_version: int
    document: str
    issued_at: dt.datetime
    supersedes: StatementId | None = None
    replaced_by: StatementId | None = None
    replaced_at: dt.datetime | None = None

    @property
    def topic(self) -> str:
        """Digest of the question: versions of one statement share it."""
        return topic_of(self.question)

    @property
    def is_in_force(self) -> bool:
        """Whether no later version has replaced it."""
        return self.replaced_by is None

    def held_at(self, instant: dt.datetime) -> bool:
        """Return whether this was the newest version at an instant."""
        began = self.issued_at <= instant
        return began and (self.replaced_at is None or instant < self.replaced_at)


class StatementUnknown(SkillPassportError):
    """No statement has this id, or none held on that day."""

    code = "statement-unknown"

    def __init__(self) -> None:
        super().__init__(
            "Expected the id of a comparability statement, and a day on which a version of it "
            "held; found no such statement. Ask without a day for the newest version."
        )


class NothingToState(SkillPassportError):
    """The registry has no answer that a statement could be made of."""

    code = "nothing-to-state"
    public = ("answer",)

    def __init__(self, answer: str) -> None:
        super().__init__(
            f"The registry answers '{answer}' to this question, which is nothing to state. Ask "
            "GET /api/v1/equivalences for what is known, and its competent authority."
        )
        self.answer = answer


class StatementsExhausted(SkillPassportError):
    """As many statements were begun in a day as may be without anybody answering for them.

    most: how many that is
    """

    code = "statements-exhausted"
    public = ("most",)

    def __init__(self, most: int) -> None:
        super().__init__(
            f"Expected fewer than {most} new comparability statements within 24 hours where no "
            "API key is given, found that many. Ask with an API key, or later; statements that "
            "are there already are given as ever."
        )
        self.most = most


def statement_uri(statement: StatementId) -> str:
    """Return the URN of a statement: the id of its document."""
    return f"{_PREFIX}{statement}"


def statement_of_uri(uri: str) -> StatementId | None:
    """Return the statement that a document's id names, if it names one."""
    return StatementId(uri.removeprefix(_PREFIX)) if uri.startswith(_PREFIX) else None


def says(answer: JsonObject) -> str:
    """Return a digest of what an answer says, the same on every day on which nothing changed."""
    return hashlib.sha256(canonicalize(_lasting(answer))).hexdigest()


def topic_of(question: JsonObject) -> str:
    """Return a digest of a question."""
    return hashlib.sha256(canonicalize(question)).hexdigest()


def question_to_json(question: Question) -> JsonObject:
    """Return a question as the parameters of `/equivalences`, without what was left out.

    The day is there only where the asker gave one: any other question is about today, whenever.
    """
    given: dict[str, Any] = {
        "purpose": None if question.purpose is None else question.purpose.value,
        "date": question.on.isoformat() if question.is_day_given else None,
    }
    if isinstance(question, LevelQuestion):
        given |= {
            "from_framework": question.framework,
            "from_level": question.level,
            "to_framework": question.to_framework,
            "to_country": question.to_country,
        }
    else:
        given |= {
            "qualification": question.qualification,
            "registered": question.registered,
            "origin": question.origin,
            "to_country": question.to_country,
            "from_framework": question.framework,
            "from_level": question.level,
            "facts": dict(question.facts) or None,
        }
    return {name: value for name, value in sorted(given.items()) if value is not None}


def question_from_json(record: JsonObject, *, today: dt.date) -> Question:
    """Return the question of a record that `question_to_json` made.

    Raises: KeyError, ValueError
    """
    day = record.get("date")
    on = today if day is None else dt.date.fromisoformat(str(day))
    purpose = record.get("purpose")
    wanted = None if purpose is None else Purpose(str(purpose))
    if "qualification" not in record:
        return LevelQuestion(
            framework=str(record["from_framework"]),
            level=str(record["from_level"]),
            to_framework=_text(record, "to_framework"),
            to_country=_text(record, "to_country"),
            purpose=wanted,
            on=on,
            is_day_given=day is not None,
        )
    facts = record.get("facts")
    return QualificationQuestion(
        qualification=str(record["qualification"]),
        registered=_text(record, "registered"),
        origin=str(record["origin"]),
        to_country=str(record["to_country"]),
        framework=_text(record, "from_framework"),
        level=_text(record, "from_level"),
        facts=facts if isinstance(facts, dict) else {},
        purpose=wanted,
        on=on,
        is_day_given=day is not None,
    )


def _text(record: JsonObject, name: str) -> str | None:
    value = record.get(name)
    return None if value is None else str(value)


def _lasting(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {name: _lasting(each) for name, each in value.items() if name not in _PASSING}
    return [_lasting(each) for each in value] if isinstance(value, list) else value
