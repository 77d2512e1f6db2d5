"""A lock between processes of one machine, held on a file and let go when the process ends."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from skillpassport.db.failures import DatabaseBusy

_POLL_SECONDS: Final = 0.02


@contextmanager
def exclusively(path: Path, *, wait_seconds: float) -> Iterator[None]:
    """Hold the lock on a file, which is made when absent and never removed.

    Raises: DatabaseBusy when another process holds it for longer than the wait
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        _acquire(file, time.monotonic() + wait_seconds)
        yield


def _acquire(file: IO[str], deadline: float) -> None:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                raise DatabaseBusy from error
            time.sleep(_POLL_SECONDS)
        else:
            return
