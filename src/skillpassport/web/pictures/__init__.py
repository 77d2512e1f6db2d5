"""Pictures that people bring: which bytes are one, and what the QR codes in it say.

Each picture is read by a process of its own (`decoder.py`) that the kernel holds to a memory and a
time; here stand the deadline on the clock and the number of processes at once.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from skillpassport.errors import SkillPassportError
from skillpassport.web.pictures import decoder

MAX_PICTURE_BYTES: Final = 5 * 1024 * 1024
"""A photo of a phone; what is larger is a scan for a print shop."""

_STARTS: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"%PDF-")
_BAKED: Final = b"iTXtopenbadge"
_SNIFFED_BYTES: Final = 4096
_SECONDS: Final = 10.0
_AT_ONCE: Final = 2
_PATIENCE: Final = 3.0


class PictureUnreadable(SkillPassportError):
    """The bytes begin like a picture or a PDF and cannot be read as one."""

    code = "picture-unreadable"

    def __init__(self) -> None:
        super().__init__(
            "Expected a whole picture (PNG, JPEG, WebP, GIF) or PDF, found one that cannot be "
            "read; take or save it again."
        )


class PictureTooLarge(SkillPassportError):
    """The picture has more pixels than are decoded."""

    code = "picture-too-large"

    def __init__(self) -> None:
        super().__init__(
            f"Expected at most {decoder.MAX_PIXELS // 1_000_000} million pixels, or "
            f"{decoder.MAX_PIXELS_EXACT // 1_000_000} of a picture that is no JPEG, found more; "
            "bring a smaller picture."
        )


class PicturesBusy(SkillPassportError):
    """As many pictures as may be read at once are being read."""

    code = "pictures-busy"

    def __init__(self) -> None:
        super().__init__("Too many pictures are being read at this moment; send it again.")


def is_picture(content: bytes) -> bool:
    """Return whether bytes begin like a picture or PDF whose QR codes can be read.

    A badge with the credential baked in is none: the credential is in the file, not on the picture.
    Source: Open Badges 3.0, section 5.3.1 (the iTXt chunk with the keyword `openbadgecredential`)
    """
    is_webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    return (is_webp or content.startswith(_STARTS)) and _BAKED not in content


def is_badge(content: bytes) -> bool:
    """Return whether bytes begin like a picture with a credential baked in."""
    is_svg = content.lstrip()[:1] == b"<" and b"<svg" in content[:_SNIFFED_BYTES]
    return is_svg or (content.startswith(_STARTS[0]) and _BAKED in content)


class PictureReader:
    """Reads QR codes, a few pictures at a time."""

    def __init__(self, *, seconds: float = _SECONDS, patience: float = _PATIENCE) -> None:
        """Prepare a reader.

        seconds: for one picture, by the clock
        patience: how long a picture waits for its turn, in seconds
        """
        self._seconds = seconds
        self._patience = patience
        self._turns = BoundedSemaphore(_AT_ONCE)

    def texts(self, content: bytes) -> tuple[str, ...]:
        """Return what the QR codes of a picture say; none where it has none.

        Raises: PictureUnreadable, PictureTooLarge, PicturesBusy
        """
        if not self._turns.acquire(timeout=self._patience):
            raise PicturesBusy
        try:
            told = self._decode(content)
        finally:
            self._turns.release()
        if told.get("fault") == "too-large":
            raise PictureTooLarge
        texts = told.get("texts")
        if not isinstance(texts, list):
            raise PictureUnreadable
        return tuple(text for text in texts if isinstance(text, str))

    def _decode(self, content: bytes) -> dict[str, object]:
        """Return what the decoder says; nothing where it was ended or said too much."""
        # Isolated from the environment, which holds secrets, and from whatever lies in the
        # current folder. Its output goes to a file, which a limit on file sizes bounds.
        program = [sys.executable, "-I", str(Path(decoder.__file__))]
        with tempfile.TemporaryFile() as said:
            try:
                subprocess.run(  # noqa: S603 - see above
                    program,
                    input=content,
                    stdout=said,
                    stderr=subprocess.DEVNULL,
                    env={"LC_ALL": "C.UTF-8"},
                    timeout=self._seconds,
                    check=True,
                )
            except (subprocess.SubprocessError, OSError):
                return {}
            said.seek(0)
            try:
                told = json.loads(said.read(decoder.OUTPUT_BYTES))
            except ValueError:
                return {}
        return told if isinstance(told, dict) else {}
