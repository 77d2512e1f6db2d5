"""Runs two sides in turn and compares them within the run.

Absolute rates on a shared machine say little; the ratio of two sides that alternate in short
bursts says much. Time is the process's own CPU time, so that a neighbour does not count.
"""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import process_time

ROUNDS = 5
BURST = 0.15
"""Seconds of CPU time that each side gets in each round."""

MIN_CALLS = 3
"""Calls of a side in each round, however slow it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two ways to the same result.

    goal: how many times as many calls as the peer ours should make
    peer: with what we compare, and on what work
    """

    number: str
    peer: str
    goal: float
    ours: Callable[[], object]
    theirs: Callable[[], object]


def compare(pair: Pair) -> str:
    """Return the line of a goal: the median of the rounds' ratios, and whether it was reached."""
    pair.ours()
    pair.theirs()
    ratio = median(_seconds_a_call(pair.theirs) / _seconds_a_call(pair.ours) for _ in range(ROUNDS))
    reached = "PASS" if ratio >= pair.goal else "MISS"
    return (
        f"{pair.number} ratio={ratio:.2f} goal={pair.goal:.2f} {reached} "
        f"peer={pair.peer} rounds={ROUNDS}"
    )


def _seconds_a_call(call: Callable[[], object]) -> float:
    calls = 0
    start = process_time()
    while calls < MIN_CALLS or process_time() - start < BURST:
        call()
        calls += 1
    return (process_time() - start) / calls
