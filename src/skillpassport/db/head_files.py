"""What the log leaves outside the database: signed heads, and the leaf hashes in order.

Whoever can change the database cannot change these too, when the folder is kept or copied
elsewhere. The leaves make it possible to say *which* entry was altered; heads alone say only that
some entry was.

    heads/latest.checkpoint          the newest head
    heads/000000000042.checkpoint    the head when the log had 42 entries
    heads/leaves                     32 octets for each entry, only ever appended to
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from skillpassport.db.engine import LOCK_TIMEOUT_SECONDS
from skillpassport.db.failures import DatabaseFailure
from skillpassport.db.file_lock import exclusively
from skillpassport.transparency.merkle import HASH_BYTES

KEEP_HEADS: Final = 1000
"""Older head files are thinned out to one a day; a busy log makes one every second."""

_SUFFIX: Final = ".checkpoint"
_LATEST: Final = f"latest{_SUFFIX}"
_LEAVES: Final = "leaves"


class HeadsUnwritable(DatabaseFailure):
    """The folder of heads cannot be written to."""

    code = "heads-unwritable"

    def __init__(self, folder: Path, reason: str | None) -> None:
        super().__init__(
            f"Expected to write heads of the log to '{folder}', found: {reason}; free some space "
            "or set the folder's permissions. Entries are safe in the database meanwhile."
        )


class HeadFiles:
    """The folder of heads. Nothing in it is ever changed, only added."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes of this machine from writing here.

        Raises: DatabaseBusy, HeadsUnwritable
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HeadsUnwritable(self.folder, error.strerror) from error
        with exclusively(self.folder / ".lock", wait_seconds=2 * LOCK_TIMEOUT_SECONDS):
            yield

    def count(self) -> int:
        """Return the number of entries whose leaves are here."""
        try:
            return os.stat(self._leaves_name).st_size // HASH_BYTES  # noqa: PTH116 - see below
        except FileNotFoundError:
            return 0

    def leaves(self) -> list[bytes]:
        """Return the leaf hashes, first entry first; a torn last one is left out."""
        if not self._leaves_file.exists():
            return []
        data = self._leaves_file.read_bytes()
        whole = len(data) // HASH_BYTES * HASH_BYTES
        return [data[start : start + HASH_BYTES] for start in range(0, whole, HASH_BYTES)]

    def leaf(self, position: int) -> bytes:
        """Return one leaf hash."""
        file = os.open(self._leaves_name, os.O_RDONLY)
        try:
            return os.pread(file, HASH_BYTES, position * HASH_BYTES)
        finally:
            os.close(file)

    def heads(self) -> dict[str, str]:
        """Return the text of every head here, by file name."""
        files = sorted(self.folder.glob(f"*{_SUFFIX}")) if self.folder.is_dir() else []
        return {file.name: file.read_text(encoding="utf-8", errors="replace") for file in files}

    def latest(self) -> str | None:
        """Return the text of the newest head, None before the first."""
        try:
            with (self.folder / _LATEST).open(encoding="utf-8", errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def extend(self, leaves: Sequence[bytes], *, size: int, note: str) -> None:
        """Append the leaves that are missing here and write the head over all of them.

        leaves: of the entries from `count()` up to `size`
        Raises: HeadsUnwritable
        """
        try:
            self._append(b"".join(leaves))
            self._write(f"{size:012d}{_SUFFIX}", note)
            self._write(_LATEST, note)
        except OSError as error:
            raise HeadsUnwritable(self.folder, error.strerror) from error
        if size % KEEP_HEADS < len(leaves):
            self._thin_out()

    def set_aside(self, now: datetime) -> Path | None:
        """Move everything into a folder of its own, as when a restored database was accepted."""
        contents = [path for path in self.folder.iterdir() if path.is_file()]
        contents = [path for path in contents if not path.name.startswith(".")]
        if not contents:
            return None
        aside = self.folder / f"abandoned-{now:%Y%m%dT%H%M%S%f}Z"
        aside.mkdir()
        for path in contents:
            path.rename(aside / path.name)
        return aside

    @property
    def _leaves_file(self) -> Path:
        return self.folder / _LEAVES

    @property
    def _leaves_name(self) -> str:
        # Every award asks where the files stand; a `Path` takes longer to make than the question.
        return f"{self.folder}/{_LEAVES}"

    def _append(self, data: bytes) -> None:
        with self._leaves_file.open("ab") as file:
            # A crash may have left part of a hash at the end.
            file.truncate(file.tell() // HASH_BYTES * HASH_BYTES)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def _write(self, name: str, text: str) -> None:
        draft = self.folder / f".{name}.draft"
        with draft.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.folder / name)

    def _thin_out(self) -> None:
        numbered = sorted(path for path in self.folder.glob(f"*{_SUFFIX}") if path.name != _LATEST)
        days: set[int] = set()
        for path in numbered[:-KEEP_HEADS]:
            day = int(path.stat().st_mtime // 86_400)
            if day in days:
                path.unlink()
            days.add(day)
