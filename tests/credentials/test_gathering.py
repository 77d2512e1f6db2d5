"""Who asks while others are being served is served together with those who ask by then."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from skillpassport.credentials import gathering
from skillpassport.credentials.gathering import MAX_TOGETHER, Gathering, Take
from tests.support.patience import PATIENCE, comes_true

Work = Gathering[str, int, str]


@pytest.fixture(autouse=True)
def who_waits_is_patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody give up waiting, however long this machine takes."""
    monkeypatch.setattr(gathering, "MAX_WAIT_SECONDS", float(PATIENCE))


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(MAX_TOGETHER + 8) as made:
        yield made


class Counter:
    """Serves one after the other, and waits where a test wants it to."""

    def __init__(self) -> None:
        self.gathering: Work = Gathering()
        self.served: list[list[int]] = []
        self.gate = threading.Event()
        self.before: Callable[[], None] = lambda: None
        self.after: Callable[[Sequence[int]], None] = lambda _: None

    def ask(self, number: int, queue: str = "one") -> str | None:
        return self.gathering.ask(queue, number, self._serve)

    def waiting(self, queue: str = "one") -> int:
        return len(self.gathering._queues.get(queue, ()))

    def _serve(self, take: Take[int]) -> Sequence[str | None]:
        self.before()
        came = list(take())
        self.served.append(came)
        self.after(came)
        assert self.gate.wait(PATIENCE)
        return [str(number) if number >= 0 else None for number in came]


def asked(
    counter: Counter, pool: ThreadPoolExecutor, numbers: Sequence[int]
) -> list["Future[str | None]"]:
    """Return what is asked by threads that come one after the other, the first of which serves."""
    first = pool.submit(counter.ask, numbers[0])
    assert comes_true(lambda: counter.served)
    others = []
    for number in numbers[1:]:
        others.append(pool.submit(counter.ask, number))
        assert comes_true(lambda: counter.waiting() == len(others))
    return [first, *others]


def test_who_finds_nobody_at_work_is_served_at_once() -> None:
    counter = Counter()
    counter.gate.set()
    assert [counter.ask(1), counter.ask(2)] == ["1", "2"]
    assert counter.served == [[1], [2]]
    assert counter.gathering._queues == {}


def test_who_asks_meanwhile_is_served_together_by_the_next(pool: ThreadPoolExecutor) -> None:
    counter = Counter()
    answers = asked(counter, pool, [1, 2, -3, 4])
    counter.gate.set()
    assert [each.result(PATIENCE) for each in answers] == ["1", "2", None, "4"]
    assert counter.served == [[1], [2, -3, 4]]
    assert comes_true(lambda: counter.gathering._queues == {})


def test_queues_do_not_wait_for_each_other(pool: ThreadPoolExecutor) -> None:
    counter = Counter()
    one, other = pool.submit(counter.ask, 1, "one"), pool.submit(counter.ask, 2, "other")
    assert comes_true(lambda: len(counter.served) == 2)
    counter.gate.set()
    assert [one.result(PATIENCE), other.result(PATIENCE)] == ["1", "2"]


def test_no_more_are_taken_than_may_be_done_together(pool: ThreadPoolExecutor) -> None:
    counter = Counter()
    answers = asked(counter, pool, range(MAX_TOGETHER + 3))
    counter.gate.set()
    assert [each.result(PATIENCE) for each in answers] == [str(n) for n in range(MAX_TOGETHER + 3)]
    assert [len(each) for each in counter.served] == [1, MAX_TOGETHER, 2]


def test_all_who_were_taken_are_told_of_a_failure_and_the_next_go_on(
    pool: ThreadPoolExecutor,
) -> None:
    counter = Counter()

    def fail(came: Sequence[int]) -> None:
        if 2 in came:
            raise OSError("the disk is full")

    counter.after = fail
    answers = asked(counter, pool, [1, 2, 3])
    counter.gate.set()
    assert answers[0].result(PATIENCE) == "1"
    for each in answers[1:]:
        with pytest.raises(OSError, match="full"):
            each.result(PATIENCE)
    assert counter.ask(4) == "4"


def test_whoever_cannot_begin_is_told_so_alone(pool: ThreadPoolExecutor) -> None:
    counter = Counter()
    refusals = iter([None, OSError("busy"), None])

    def begin() -> None:
        if (refusal := next(refusals)) is not None:
            raise refusal

    counter.before = begin
    answers = asked(counter, pool, [1, 2, 3])
    counter.gate.set()
    assert answers[0].result(PATIENCE) == "1"
    with pytest.raises(OSError, match="busy"):
        answers[1].result(PATIENCE)
    assert answers[2].result(PATIENCE) == "3"


def test_whoever_has_waited_too_long_goes_alone(
    pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = Counter()
    monkeypatch.setattr(gathering, "MAX_WAIT_SECONDS", 0.01)
    answers = asked_without_waiting(counter, pool)
    assert answers[1].result(PATIENCE) is None
    counter.gate.set()
    assert answers[0].result(PATIENCE) == "1"
    assert counter.served == [[1]]


def asked_without_waiting(counter: Counter, pool: ThreadPoolExecutor) -> list["Future[str | None]"]:
    first = pool.submit(counter.ask, 1)
    assert comes_true(lambda: counter.served)
    return [first, pool.submit(counter.ask, 2)]


def test_many_threads_are_each_served_once(pool: ThreadPoolExecutor) -> None:
    counter = Counter()
    counter.gate.set()
    answers = [pool.submit(counter.ask, number) for number in range(500)]
    assert [each.result(PATIENCE) for each in answers] == [str(n) for n in range(500)]
    assert sorted(number for came in counter.served for number in came) == list(range(500))
