"""Bring in two files at once, and one while the disk fills up; count what is half there.

    python -m tests.faults.crowded_imports 2

Two imports at the same moment, alike or not, come one after the other or are refused with a code;
an import for which there is no room is refused, and completes when there is. Whatever happens,
either none of a file's rows are there or all, and the log fits. The limit on the size of files
stands for a quota; a file system of its own that is full is tried where root may mount one.
"""

import json
import os
import resource
import subprocess
from collections import Counter

from tests.faults.importing_ground import Counts, ImportGround, added, import_ground
from tests.faults.proving_ground import Promise, a_small_file_system, judged, run

LIMIT = 24 * 1024 * 1024
"""Less than ESCO needs, more than the demonstration has."""

ROOM, MORE_ROOM = "64m", "1g"


def play(engine: str, rounds: int) -> bool:
    """Crowd imports so many times, and judge."""
    kept = _at_once(engine, rounds)
    if engine == "sqlite":
        kept = _within_a_limit() and kept
        if os.geteuid() == 0:
            kept = _on_a_full_file_system() and kept
    return kept


def _at_once(engine: str, rounds: int) -> bool:
    half, untold, unfit = 0, 0, 0
    ends: Counter[str] = Counter()
    with import_ground(engine) as importing:
        esco, mappings, _ = importing.kinds()
        one = _full(importing, *esco.ready(9_000))
        _full(importing, *mappings.ready(9_000))
        other = _full(importing, *mappings.ready(9_001))
        for number in range(rounds):
            pairs = (
                (esco.ready(2 * number), esco.ready(2 * number), one, one),
                (mappings.ready(2 * number), mappings.ready(2 * number + 1), other, other),
                (esco.ready(2 * number + 1), mappings.ready(8_000 + number), one, other),
            )
            for first, second, adds_first, adds_second in pairs:
                before = importing.counts()
                started = [importing.begin(*arguments) for arguments in (first, second)]
                told = [_told(each) for each in started]
                ends.update(told)
                untold += sum(each == "broken" for each in told)
                came = added(before, importing.counts())
                wanted = Counter[str]()
                wanted.update(adds_first if told[0] == "done" else {})
                # Of two that bring the same, the second finds that it is there.
                if told[1] == "done" and not (first == second and told[0] == "done"):
                    wanted.update(adds_second)
                half += came != wanted
        unfit += not importing.ground.log_fits()
    facts = {"pairs": 3 * rounds} | ends
    return judged(
        f"imports-at-once/{engine}",
        [
            Promise("nothing-half-there", half, 0, facts=facts),
            Promise("refused-without-a-code", untold, 0),
            Promise("log-did-not-fit", unfit, 0),
        ],
    )


def _within_a_limit() -> bool:
    with import_ground("sqlite") as importing:
        kind, *_ = importing.kinds()
        findings = Counter[str]()
        arguments, before = kind.ready(0), importing.counts()
        process = importing.begin(*arguments)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (LIMIT, LIMIT))
        _end_without_room(importing, process, before, findings)
        findings["did-not-complete"] += importing.run(*arguments).code != 0
        findings["did-not-fit"] += not importing.ground.log_fits()
        return _judged_full("imports-disk-full/limit", findings)


def _on_a_full_file_system() -> bool:
    with (
        a_small_file_system(ROOM) as folder,
        import_ground("sqlite", folder=folder / "data") as importing,
    ):
        kind, *_ = importing.kinds()
        findings = Counter[str]()
        arguments, before = kind.ready(0), importing.counts()
        _end_without_room(importing, importing.begin(*arguments), before, findings)
        subprocess.run(["mount", "-o", f"remount,size={MORE_ROOM}", folder], check=True)
        findings["did-not-complete"] += importing.run(*arguments).code != 0
        findings["did-not-fit"] += not importing.ground.log_fits()
        return _judged_full("imports-disk-full/tmpfs", findings)


def _end_without_room(
    importing: ImportGround,
    process: subprocess.Popen[bytes],
    before: Counts,
    findings: Counter[str],
) -> None:
    """Count what is wrong with how an import ended for which there may have been no room."""
    told = _told(process)
    findings["told-otherwise"] += told not in {"storage-full", "done"}
    # It may have come in just before there was no room left for its places in the log.
    findings["half-there"] += (importing.counts() == before) != (told == "storage-full")
    findings["did-not-fit"] += not importing.ground.log_fits()


def _judged_full(on: str, findings: Counter[str]) -> bool:
    return judged(on, [Promise(name, number, 0) for name, number in sorted(findings.items())])


def _full(importing: ImportGround, *arguments: str) -> Counts:
    before = importing.counts()
    done = importing.run(*arguments)
    assert done.code == 0, done.err
    return added(before, importing.counts())


def _told(process: subprocess.Popen[bytes]) -> str:
    """Return how an import ended: `done`, the code of its refusal, or `broken`."""
    out, _ = process.communicate()
    if process.returncode == 0:
        return "done"
    try:
        return str(json.loads(out)["error"]["code"])
    except (ValueError, KeyError, TypeError):
        return "broken"


if __name__ == "__main__":
    run(__doc__, play, rounds=1)
