"""Kill an import with SIGKILL at a random moment, again and again; count what is half there.

    python -m tests.faults.kill_while_importing 20 --engine sqlite

ESCO, statements about levels, and a signed bundle in turn. Whenever the command is killed, either
none of its rows are there or all, and the log fits; the same command then completes, or finds that
there is nothing left to do. In the end everything is there once.
"""

import os
import random
import signal
import subprocess
import time
from collections import Counter

from tests.faults.importing_ground import Counts, ImportGround, Kind, added, import_ground
from tests.faults.proving_ground import Promise, judged, run


def play(engine: str, rounds: int) -> bool:
    """Kill so many times, the three imports in turn, and judge."""
    half = 0
    outcomes: Counter[str] = Counter()
    incomplete, unfit = 0, 0
    with import_ground(engine) as importing:
        kinds = importing.kinds()
        full, seconds = _undisturbed(importing, kinds)
        for number in range(rounds):
            kind = kinds[number % len(kinds)]
            arguments = kind.ready(number)
            before = importing.counts()
            _kill(importing.begin(*arguments), random.uniform(0, 1.1 * seconds[kind.name]))
            came = added(before, importing.counts())
            outcomes[_outcome(came, full[kind.name])] += 1
            half += came not in ({}, full[kind.name])
            unfit += not importing.ground.log_fits()
            done = importing.run(*arguments)
            incomplete += done.code != 0
            incomplete += added(before, importing.counts()) != full[kind.name]
    facts = {"rounds": rounds} | outcomes
    return judged(
        f"kill-while-importing/{engine}",
        [
            Promise("nothing-half-there", half, 0, facts=facts),
            Promise("next-run-did-not-complete", incomplete, 0),
            Promise("log-did-not-fit", unfit, 0),
        ],
    )


def _undisturbed(
    importing: ImportGround, kinds: tuple[Kind, ...]
) -> tuple[dict[str, Counts], dict[str, float]]:
    """Return what each import adds and how long it takes when nothing happens to it."""
    full: dict[str, Counts] = {}
    seconds: dict[str, float] = {}
    for kind in kinds:
        for number in (9_000, 9_001):  # the first of its kind may bring sources as well
            arguments = kind.ready(number)
            before, begun = importing.counts(), time.monotonic()
            done = importing.run(*arguments)
            assert done.code == 0, done.err
            seconds[kind.name] = time.monotonic() - begun
            full[kind.name] = added(before, importing.counts())
            if kind.name == "esco":
                break
    return full, seconds


def _kill(process: subprocess.Popen[bytes], after: float) -> None:
    try:
        process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _outcome(came: Counts, full: Counts) -> str:
    return "none" if not came else "all" if came == full else "half"


if __name__ == "__main__":
    run(__doc__, play, rounds=3)
