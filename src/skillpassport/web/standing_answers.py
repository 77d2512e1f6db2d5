"""Answers that are given again without being found again, for as long as they certainly stand.

What is found of a document follows from its octets, the facts that were in memory, and the instant at
which it is judged. While no database changes, an answer stands from one instant to a later one for which
the same was found: what is judged by the time begins and ends, and does not come back. So nothing here
has to know which instants a verdict depends on, and none can be forgotten.

The second who asks within a moment is answered by what is found for the end of that moment, if the first
was told the same; whoever asks after that, until the moment ends, is told it again. See ADR 41.
"""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

MOMENT: Final = timedelta(seconds=1)
"""What is in force for less than this may be overlooked, and nothing else."""

MAX_ANSWERS: Final = 256

Found = TypeVar("Found")
Question = Hashable
"""All that an answer depends on but facts and time: a request's octets and the reader's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Generic[Found]):
    """What was found, and how it was told.

    facts: in memory when it was found, one object for as long as they hold; None where more was asked
        for than lay in memory
    since: an instant at which it had been found
    stands: whether the same was found for the end of its moment
    """

    found: Found
    told: bytes
    facts: object | None
    since: datetime
    stands: bool = False

    @property
    def ends(self) -> datetime:
        """The last instant of its moment."""
        return self.since + MOMENT

    def is_of(self, now: datetime) -> bool:
        """Return whether this is its moment."""
        return self.since <= now <= self.ends


class StandingAnswers(Generic[Found]):
    """A bounded memory of answers, for one event loop."""

    def __init__(self, max_answers: int = MAX_ANSWERS) -> None:
        self._max_answers = max_answers
        self._answers: dict[Question, Answer[Found]] = {}

    def find(self, question: Question) -> Answer[Found] | None:
        """Return the last answer to a question, whether or not it stands."""
        return self._answers.get(question)

    def keep(self, question: Question, answer: Answer[Found]) -> None:
        """Remember an answer in place of the one before."""
        self._answers[question] = answer
        if len(self._answers) > self._max_answers:
            del self._answers[next(iter(self._answers))]

    def keep_standing(self, question: Question, answer: Answer[Found]) -> None:
        """Remember that the same was found for the end of the answer's moment."""
        self.keep(question, replace(answer, stands=True))
