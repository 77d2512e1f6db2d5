"""Credentials in PNG files: one `iTXt` chunk, neither compressed nor repeated.

Follows PNG (Third Edition), sections 5 and 11.3.3.4, and Open Badges 3.0, section 5.3.1.

Departs from PNG by refusing more: a compressed chunk of ours (Open Badges forbids it), and a file whose
checksums do not match.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from skillpassport.vc.badges import MAX_BADGE_BYTES, PNG_SIGNATURE, BadgeImageRefused

KEYWORD: Final = b"openbadgecredential"
KEYWORD_OF_2_0: Final = b"openbadges"

_MAX_CHUNKS: Final = 20_000
_LENGTH = 4
_AROUND = 12
"""Octets of a chunk besides its data: length, type, checksum."""


@dataclass(frozen=True, slots=True)
class _Chunk:
    kind: bytes
    data: memoryview
    whole: memoryview


def read_png(image: bytes) -> str | None:
    """Return the text that is baked into a PNG file; None when there is none.

    Raises: BadgeImageRefused (damaged, compressed, two credentials, no UTF-8)
    """
    found = [text for chunk in _chunks(image) if (text := _baked_in(chunk)) is not None]
    if len(found) > 1:
        raise BadgeImageRefused("one credential in the picture", str(len(found)))
    if not found:
        return None
    try:
        return found[0].decode()
    except UnicodeDecodeError as error:
        raise BadgeImageRefused("a credential in UTF-8", "other octets") from error


def bake_png(image: bytes, credential: str) -> bytes:
    """Return the PNG file with the credential in it, in place of any that was there.

    credential: JSON or a compact token, as it was signed
    Raises: BadgeImageRefused
    """
    chunks = [chunk for chunk in _chunks(image) if _keyword_of(chunk) is None]
    # Keyword, no compression, no language, no translated keyword.
    data = KEYWORD + b"\0" + b"\0\0" + b"\0" + b"\0" + credential.encode()
    baked = [bytes(chunk.whole) for chunk in chunks]
    baked.insert(1, _written(b"iTXt", data))
    return PNG_SIGNATURE + b"".join(baked)


def _chunks(image: bytes) -> Iterator[_Chunk]:
    """Yield the chunks of a file, from its header to its end."""
    if len(image) > MAX_BADGE_BYTES:
        raise BadgeImageRefused(f"at most {MAX_BADGE_BYTES} bytes", "a larger picture")
    if not image.startswith(PNG_SIGNATURE):
        raise BadgeImageRefused("a PNG file", "another")
    view, at = memoryview(image), len(PNG_SIGNATURE)
    for number in range(_MAX_CHUNKS):
        size = int.from_bytes(view[at : at + _LENGTH])
        end = at + _AROUND + size
        if end > len(view) or at + _AROUND > len(view):
            raise BadgeImageRefused("a whole PNG file", "one that was cut off")
        kind = bytes(view[at + 4 : at + 8])
        if (kind == b"IHDR") is not (number == 0):
            raise BadgeImageRefused("one header at the start of the picture", "another order")
        if zlib.crc32(view[at + 4 : end - 4]) != int.from_bytes(view[end - 4 : end]):
            raise BadgeImageRefused("a PNG file as it was saved", "one with wrong checksums")
        yield _Chunk(kind, view[at + 8 : end - 4], view[at:end])
        if kind == b"IEND":
            return
        at = end
    raise BadgeImageRefused(f"at most {_MAX_CHUNKS} parts in the picture", "more")


def _keyword_of(chunk: _Chunk) -> bytes | None:
    """Return the keyword of a text chunk that is ours."""
    if chunk.kind not in (b"iTXt", b"tEXt", b"zTXt"):
        return None
    keyword = bytes(chunk.data[: len(KEYWORD) + 1]).partition(b"\0")[0]
    return keyword if keyword in (KEYWORD, KEYWORD_OF_2_0) else None


def _baked_in(chunk: _Chunk) -> bytes | None:
    keyword = _keyword_of(chunk)
    if keyword is None:
        return None
    rest = bytes(chunk.data[len(keyword) + 1 :])
    if chunk.kind == b"tEXt":  # as badges of version 1 were baked
        return rest
    if chunk.kind != b"iTXt" or rest[:2] != b"\0\0":
        raise BadgeImageRefused("a credential that is not compressed", "a compressed one")
    parts = rest[2:].split(b"\0", 2)
    if len(parts) != 3:  # noqa: PLR2004 - language, translated keyword, text
        raise BadgeImageRefused("a text with its language", "another form")
    return parts[2]


def _written(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data).to_bytes(4)
    return len(data).to_bytes(_LENGTH) + kind + data + checksum
