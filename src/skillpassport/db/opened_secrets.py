"""Secrets that were opened from their rows, kept so that each request need not open them again.

The row is read every time and only the decryption is saved: whoever changes, moves or deletes the
row is noticed at once, and a key that was retired is not used for being remembered.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Secret = TypeVar("Secret")

MAX_OPENED = 1_000
"""Organisations that are busy at the same time; the rest is opened anew."""


class OpenedSecrets(Generic[Secret]):
    """A bounded memory of opened secrets, by the place of their row."""

    def __init__(self, max_entries: int = MAX_OPENED) -> None:
        self._max_entries = max_entries
        self._lock = threading.Lock()
        self._opened: OrderedDict[str, tuple[bytes, Secret]] = OrderedDict()

    def get(self, place: str, sealed: bytes, unseal: Callable[[], Secret]) -> Secret:
        """Return what a sealed value opens to, from memory if these very octets were opened here.

        place: kind and id of the row, never a secret
        sealed: as it stands in the row now
        Raises: what `unseal` raises; a failure is not remembered
        """
        with self._lock:
            known = self._opened.get(place)
        if known is not None and known[0] == sealed:
            return known[1]
        secret = unseal()
        with self._lock:
            self._opened[place] = (sealed, secret)
            self._opened.move_to_end(place)
            while len(self._opened) > self._max_entries:
                self._opened.popitem(last=False)
        return secret
