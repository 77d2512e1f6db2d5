"""One question at a time, and no answer longer than it lives."""

import threading
from datetime import timedelta

import pytest

from skillpassport.net.single_flight import FAILURE_KEPT_FOR, Answer, SingleFlight
from tests.support.patience import PATIENCE

MINUTE = timedelta(minutes=1)


class Asked:
    """Counts how often a question reached the other side."""

    def __init__(self, lifetime: timedelta = MINUTE) -> None:
        self.count = 0
        self.lifetime = lifetime

    def __call__(self) -> Answer[int]:
        self.count += 1
        return Answer(self.count, self.lifetime)


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_answer_is_given_again_while_it_lives() -> None:
    time, asked = Time(), Asked()
    memory: SingleFlight[int] = SingleFlight(seconds=time)
    assert [memory.get("a", asked), memory.get("a", asked)] == [1, 1]
    time.now = 59.9
    assert memory.get("a", asked) == 1
    time.now = 60.0
    assert memory.get("a", asked) == 2


def test_an_answer_without_a_life_is_asked_anew() -> None:
    asked = Asked(timedelta(0))
    memory: SingleFlight[int] = SingleFlight(seconds=Time())
    assert [memory.get("a", asked), memory.get("a", asked)] == [1, 2]


def test_a_failure_is_remembered_for_a_moment_only() -> None:
    time, calls = Time(), []

    def fail() -> Answer[int]:
        calls.append(1)
        raise LookupError

    memory: SingleFlight[int] = SingleFlight(seconds=time)
    for _ in range(3):
        with pytest.raises(LookupError):
            memory.get("a", fail)
    assert len(calls) == 1
    time.now = FAILURE_KEPT_FOR.total_seconds()
    assert memory.get("a", Asked()) == 1


def test_many_threads_ask_once() -> None:
    gate, answers = threading.Event(), []
    asked = Asked()

    def slowly() -> Answer[int]:
        gate.wait(PATIENCE)
        return asked()

    memory: SingleFlight[int] = SingleFlight()
    threads = [
        threading.Thread(target=lambda: answers.append(memory.get("a", slowly))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join()
    assert answers == [1] * 8
    assert asked.count == 1


def test_the_longest_known_answer_is_forgotten_first() -> None:
    memory: SingleFlight[int] = SingleFlight(max_entries=2)
    first, second, third = Asked(), Asked(), Asked()
    for name, asked in (("a", first), ("b", second), ("c", third)):
        memory.get(name, asked)
    memory.get("c", third)
    memory.get("a", first)
    assert (first.count, third.count) == (2, 1)
