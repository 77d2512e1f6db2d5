"""Files that were made of versions of the registry, kept since a version never changes."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

MAX_KEPT_BYTES: Final = 32 * 1024 * 1024
"""Some fifty exports of the whole registry; the one asked for longest ago goes first."""


class KeptArtefacts:
    """A bounded memory of files, by what they were made of."""

    def __init__(self, max_bytes: int = MAX_KEPT_BYTES) -> None:
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._size = 0

    def get(self, name: Hashable, make: Callable[[], bytes]) -> bytes:
        """Return a file, from memory if it was made here before.

        name: everything that the file follows from; equal names are equal files
        Raises: what `make` raises; a failure is not remembered
        """
        with self._lock:
            known = self._kept.get(name)
            if known is not None:
                self._kept.move_to_end(name)
                return known
        made = make()  # outside the lock: whoever wants another file need not wait for this one
        with self._lock:
            if name not in self._kept and len(made) <= self._max_bytes:
                self._kept[name] = made
                self._size += len(made)
            while self._size > self._max_bytes:
                _, dropped = self._kept.popitem(last=False)
                self._size -= len(dropped)
        return made
