"""Doing together what is asked for while something of the kind is being done.

The first to ask does it, for itself and for all who ask until it begins; who asks later waits, and
is served by the next. Nobody lingers for company: whoever finds nobody at work begins at once.
"""

import threading
from collections.abc import Callable, Hashable, Sequence
from typing import Final, Generic, TypeVar

Queue = TypeVar("Queue", bound=Hashable)
Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

Take = Callable[[], Sequence[Asked]]
"""Returns who is waiting now, at most `MAX_TOGETHER` in all; they are then served by the caller."""

Serve = Callable[[Take[Asked]], Sequence[Answer | None]]
"""Serves those whom it takes; returns their answers in that order, none for those who are to do it
alone, as also for those beyond the end. Raises what is to be told to all whom it took."""

MAX_TOGETHER: Final = 64

MAX_WAIT_SECONDS: Final = 1.0
"""Far beyond what serving takes; then something holds it up, and everybody waits for themselves."""


class Gathering(Generic[Queue, Asked, Answer]):
    """Queues of those who ask, by what can be done together."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queues: dict[Queue, list[_Ticket[Asked, Answer]]] = {}
        """A queue is there for as long as somebody serves it."""

    def ask(self, queue: Queue, asked: Asked, serve: "Serve[Asked, Answer]") -> Answer | None:
        """Return the answer; None where it is to be done alone.

        serve: the same for all who ask in a queue
        Raises: what `serve` raises
        """
        mine: _Ticket[Asked, Answer] = _Ticket(asked)
        with self._lock:
            serves = queue not in self._queues
            self._queues.setdefault(queue, []).append(mine)
        if not serves:
            serves = self._serves_after_waiting(queue, mine)
        if serves:
            self._serve(queue, mine, serve)
        if mine.failure is not None:
            raise mine.failure
        return mine.answer

    def _serves_after_waiting(self, queue: Queue, mine: "_Ticket[Asked, Answer]") -> bool:
        """Wait to be served; return whether it is one's turn to serve."""
        if not mine.called.acquire(timeout=MAX_WAIT_SECONDS):
            with self._lock:
                waiting = self._queues.get(queue, [])
                if mine in waiting and not mine.is_called:
                    waiting.remove(mine)
                    return False
            mine.called.acquire()  # taken, or called in this very moment
        return not mine.is_served

    def _serve(
        self,
        queue: Queue,
        mine: "_Ticket[Asked, Answer]",
        serve: "Serve[Asked, Answer]",
    ) -> None:
        taken: list[_Ticket[Asked, Answer]] = []

        def take() -> Sequence[Asked]:
            with self._lock:
                waiting, room = self._queues[queue], MAX_TOGETHER - len(taken)
                came = waiting[:room]
                del waiting[:room]
            taken.extend(came)
            return [each.asked for each in came]

        try:
            answers = serve(take)
            for each, answer in zip(taken, answers, strict=False):
                each.answer = answer
        except Exception as failure:  # noqa: BLE001 - told to each of them
            for each in taken:
                each.failure = failure
            mine.failure = failure
        except BaseException:
            for each in taken:
                each.failure = InterruptedError("who served was stopped")
            raise
        finally:
            self._hand_over(queue, mine, taken)

    def _hand_over(
        self,
        queue: Queue,
        mine: "_Ticket[Asked, Answer]",
        taken: "Sequence[_Ticket[Asked, Answer]]",
    ) -> None:
        with self._lock:
            waiting = self._queues[queue]
            if mine in waiting:  # serving could not begin
                waiting.remove(mine)
            if waiting:
                waiting[0].is_called = True
                waiting[0].called.release()
            else:
                del self._queues[queue]
        for each in taken:
            if each is not mine:
                each.is_served = True
                each.called.release()


class _Ticket(Generic[Asked, Answer]):
    """One who asks; `called` is released when it was served, or is to serve."""

    __slots__ = ("answer", "asked", "called", "failure", "is_called", "is_served")

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.answer: Answer | None = None
        self.failure: Exception | None = None
        self.is_called = False
        self.is_served = False
        self.called = threading.Lock()
        self.called.acquire()
