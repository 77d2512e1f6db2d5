"""Subject keys made ahead, so that an award under load waits for one commit instead of two.

The rule stays: a key is committed to its store before the transaction that uses it. Made ahead are
as many as the last second has shown to be wanted; whoever issues one award an hour makes one key.

A key that stays unused is left to the sweep, which deletes keys that are old and that nothing
names. A key is therefore never handed out when it is anywhere near that age.
"""

import threading
from datetime import timedelta
from time import monotonic
from typing import Final

from skillpassport.clock import Clock
from skillpassport.custody.subjects import SubjectKey
from skillpassport.db.subject_keys import SubjectKeys

MAX_BLOCK: Final = 64
MAX_AGE: Final = timedelta(minutes=5)
"""Far below `ORPHANED_AFTER` in the composition root, whatever a transaction takes."""

_BUSY_SECONDS: Final = 1.0


class KeyBlocks:
    """Committed keys that wait for their awards; one for each process."""

    def __init__(self, store: SubjectKeys, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._ready: list[SubjectKey] = []
        self._size = 1
        self._made_at = clock.now()
        self._began = 0.0

    def take(self) -> SubjectKey:
        """Return a new subject key, committed, that nobody else gets.

        Raises: DatabaseBusy, DatabaseFull, DatabaseUnavailable
        """
        with self._lock:
            if not self._ready or not self._is_fresh():
                self._make()
            return self._ready.pop()

    def take_many(self, number: int) -> list[SubjectKey]:
        """Return so many keys; see `take`. Several are made for the purpose, in one commit."""
        return [self.take()] if number == 1 else self._store.create_many(number)

    def _is_fresh(self) -> bool:
        # By the clock that the sweep goes by: the machine may have slept meanwhile.
        return timedelta(0) <= self._clock.now() - self._made_at < MAX_AGE

    def _make(self) -> None:
        is_busy = not self._ready and monotonic() - self._began < _BUSY_SECONDS
        self._size = min(2 * self._size, MAX_BLOCK) if is_busy else 1
        self._began, self._made_at = monotonic(), self._clock.now()
        self._ready = self._store.create_many(self._size)
