"""A bounded memory of recent answers, in which each question is asked once at a time."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

Value = TypeVar("Value")

MAX_ENTRIES = 1_000
FAILURE_KEPT_FOR = timedelta(seconds=1)
"""Long enough that two status entries in one unreachable list wait once, and no longer."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[Value]):
    """A value and how long it may be given again."""

    value: Value
    lifetime: timedelta


class SingleFlight(Generic[Value]):
    """Answers from memory while an answer lives; else asks, one thread for all that wait."""

    def __init__(
        self, max_entries: int = MAX_ENTRIES, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._max_entries = max_entries
        self._seconds = seconds
        self._lock = threading.Lock()
        self._flights: OrderedDict[str, tuple[float | None, Future[Value]]] = OrderedDict()

    def get(self, question: str, ask: Callable[[], Answer[Value]]) -> Value:
        """Return the remembered answer, or what `ask` answers now.

        Raises: what `ask` raises; a failure is remembered for `FAILURE_KEPT_FOR`
        """
        flight, ours = self._board(question)
        if ours:
            self._fly(question, flight, ask)
        return flight.result()

    def _board(self, question: str) -> tuple["Future[Value]", bool]:
        """Return the flight for a question, and whether the caller must fly it."""
        with self._lock:
            known = self._flights.get(question)
            if known is not None:
                until, flight = known
                if until is None or self._seconds() < until:
                    return flight, False
            flight = Future()
            self._flights[question] = (None, flight)
            self._flights.move_to_end(question)
            return flight, True

    def _fly(
        self, question: str, flight: "Future[Value]", ask: Callable[[], Answer[Value]]
    ) -> None:
        lifetime = FAILURE_KEPT_FOR
        try:
            answer = ask()
            lifetime = answer.lifetime
            flight.set_result(answer.value)
        except BaseException as error:
            flight.set_exception(error)
            if not isinstance(error, Exception):
                raise
        finally:
            self._land(question, flight, lifetime)

    def _land(self, question: str, flight: "Future[Value]", lifetime: timedelta) -> None:
        with self._lock:
            self._flights[question] = (self._seconds() + lifetime.total_seconds(), flight)
            while len(self._flights) > self._max_entries:
                self._flights.popitem(last=False)
