"""Two running servers that do the same work in turns, and the line that says how it went."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.load import Burst, median_ratio

ROUNDS = 5
BURST_SECONDS = 1.0
WARM_UP_SECONDS = 0.5

MANY = 4_096
"""Documents that are sent in turn: more than the product remembers, so that none is known again."""

Side = Callable[[float], Burst]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """Two sides that do the same work.

    goal: ours by theirs, in requests in a second
    """

    number: str
    peer: str
    goal: float
    ours: Side
    theirs: Side


def compete(contest: Contest) -> str:
    """Return the line of a goal: the median of the rounds' ratios, and whether it was reached."""
    contest.ours(WARM_UP_SECONDS)
    contest.theirs(WARM_UP_SECONDS)
    rounds = [(contest.ours(BURST_SECONDS), contest.theirs(BURST_SECONDS)) for _ in range(ROUNDS)]
    ratio = median_ratio([(ours.rate, theirs.rate) for ours, theirs in rounds])
    cpu = median_ratio(
        [(theirs.cpu_microseconds, ours.cpu_microseconds) for ours, theirs in rounds]
    )
    ours, theirs = rounds[len(rounds) // 2]
    reached = "PASS" if ratio >= contest.goal else "MISS"
    return (
        f"{contest.number} ratio={ratio:.2f} goal={contest.goal:.2f} {reached} "
        f"peer={contest.peer} rounds={ROUNDS} cpu-ratio={cpu:.2f} "
        f"us-cpu={ours.cpu_microseconds:.0f}/{theirs.cpu_microseconds:.0f} "
        f"per-second={ours.rate:.0f}/{theirs.rate:.0f}"
    )
