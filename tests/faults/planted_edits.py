"""Plant edits in copies of a database with a past; count those that `log verify --head` misses.

    python -m tests.faults.planted_edits 1000

The copies are of several ages: with awards alone; with suspended, revoked and superseded ones;
with a withdrawal, erased persons, rotated and revoked keys, and a restore that was accepted; and
with entries that wait for their places. Cells and rows are edited, and the log itself; where the
log is, the server sequences what waits before half of the audits. Each edit is planted in a fresh copy, and the same edits are planted again from the same seed.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.support.lived_in import LivedIn, live_in_stages
from tests.support.planting import ALL_KINDS, HARMLESS, Planted, audit, plant


def plant_all(ages: Sequence[LivedIn], number: int, workers: int) -> Iterator[Planted]:
    """Yield so many edits, planted in the ages in turn."""
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(workers) as pool:
        one = partial(_plant_one, tuple(ages), Path(folder))
        yield from pool.map(one, range(number), chunksize=4)


def _plant_one(ages: tuple[LivedIn, ...], folder: Path, seed: int) -> Planted:
    return plant(ages[seed % len(ages)], folder / f"copy-{seed}", seed)


def main() -> int:
    """Plant, print the figures, and end with 1 when an edit was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", type=int, nargs="?", default=1000)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ages = list(live_in_stages(Path(folder)))
        for age in ages:
            assert audit(age.folder, age.head.read_text()) == (), "an untouched copy must fit"
        return _told(list(plant_all(ages, arguments.number, arguments.workers)), len(ages))


def _told(planted: Sequence[Planted], ages: int) -> int:
    missed = [each for each in planted if not each.found]
    total = Counter(each.kind for each in planted)
    found = Counter(each.kind for each in planted if each.found)
    figures = f"planted={len(planted)} found={found.total()} missed={len(missed)} ages={ages}"
    kinds = [f"  {kind:<20} planted={total[kind]:<5} found={found[kind]}" for kind in ALL_KINDS]
    left_out = [f"  not planted: {name}: {reason}" for name, reason in HARMLESS.items()]
    named = [f"missed: {each.kind} in {each.what}" for each in missed]
    sys.stdout.write("\n".join((figures, *kinds, *left_out, *named)) + "\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
