"""The one reader of CBOR that comes from strangers, as `strict_json` is for JSON.

Follows RFC 8949, for the part of it that tokens are made of: integers, byte and text strings,
arrays, maps, floats, false, true, null, and tags that stay what they are.

Departs from the RFC by refusing more: duplicate keys, keys other than integers and texts, indefinite
lengths, other simple values. General decoders turn tags into dates, sets, patterns and shared
references, and let the last of two equal keys win; nothing of that may happen to what is signed.
"""

import struct
from dataclasses import dataclass
from typing import Final

from skillpassport.errors import SkillPassportError

MAX_BYTES: Final = 1024 * 1024
MAX_DEPTH: Final = 16
MAX_ITEMS: Final = 10_000
"""A token holds some dozen; a megabyte of small items would take a second to read."""

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _OTHER = range(8)
_SIMPLE: Final = {20: False, 21: True, 22: None}
_FLOATS: Final = {25: (">e", 2), 26: (">f", 4), 27: (">d", 8)}
_LENGTHS: Final = {24: 1, 25: 2, 26: 4, 27: 8}
_HIGHEST_DIRECT: Final = 23


class CborRefused(SkillPassportError):
    """The octets are not CBOR, or of a kind that means different things to different readers."""

    code = "cbor-refused"

    def __init__(self, expected: str) -> None:
        super().__init__(
            f"Expected {expected} in the CBOR; found something else. Ask whoever encoded it to "
            "encode it plainly."
        )


@dataclass(frozen=True, slots=True)
class Tagged:
    """A value under a tag."""

    tag: int
    value: "CborValue"


CborMap = dict[int | str, "CborValue"]
CborValue = int | float | bytes | str | bool | Tagged | list["CborValue"] | CborMap | None


def parse(data: bytes) -> CborValue:
    """Return the one value that the octets are.

    Raises: CborRefused
    """
    if len(data) > MAX_BYTES:
        raise CborRefused(f"at most {MAX_BYTES} octets")
    reader = _Reader(data)
    value = reader.read(0)
    if not reader.is_at_end:
        raise CborRefused("nothing after the value")
    return value


def parse_map(data: bytes) -> CborMap:
    """Return the one map that the octets are.

    Raises: CborRefused
    """
    value = parse(data)
    if not isinstance(value, dict):
        raise CborRefused("a map")
    return value


class _Reader:
    """Reads one value after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._items = 0

    @property
    def is_at_end(self) -> bool:
        return self._at == len(self._data)

    def read(self, depth: int) -> CborValue:
        self._items += 1
        if depth > MAX_DEPTH or self._items > MAX_ITEMS:
            raise CborRefused(f"at most {MAX_DEPTH} levels and {MAX_ITEMS} items")
        initial = self._take(1)[0]
        major, info = initial >> 5, initial & 0x1F
        if major == _OTHER:
            return self._other(info)
        number = self._number(info)
        if major <= _NEGATIVE:
            return number if major == _UNSIGNED else -1 - number
        if major == _BYTES:
            return self._take(number)
        if major == _TEXT:
            return self._text(number)
        if major == _TAG:
            return Tagged(number, self.read(depth + 1))
        return self._container(major, number, depth)

    def _container(self, major: int, number: int, depth: int) -> CborValue:
        # Each item takes an octet at least: a length that lies is found out before it costs.
        if number > len(self._data) - self._at:
            raise CborRefused("as many octets as announced")
        if major == _ARRAY:
            return [self.read(depth + 1) for _ in range(number)]
        return self._map(number, depth)

    def _map(self, length: int, depth: int) -> CborMap:
        found: CborMap = {}
        for _ in range(length):
            key = self.read(depth + 1)
            # A boolean is an int in Python: `true` would be the key 1.
            if isinstance(key, bool) or not isinstance(key, int | str):
                raise CborRefused("integers or texts as keys")
            if key in found:
                raise CborRefused("each key once")
            found[key] = self.read(depth + 1)
        return found

    def _other(self, info: int) -> CborValue:
        if info in _SIMPLE:
            return _SIMPLE[info]
        if info not in _FLOATS:
            raise CborRefused("false, true, null or a number")
        form, size = _FLOATS[info]
        value: float = struct.unpack(form, self._take(size))[0]
        return value

    def _text(self, length: int) -> str:
        try:
            return self._take(length).decode()
        except UnicodeDecodeError as error:
            raise CborRefused("texts in UTF-8") from error

    def _number(self, info: int) -> int:
        if info <= _HIGHEST_DIRECT:
            return info
        if info not in _LENGTHS:
            raise CborRefused("definite lengths")
        return int.from_bytes(self._take(_LENGTHS[info]))

    def _take(self, length: int) -> bytes:
        taken = self._data[self._at : self._at + length]
        if len(taken) != length:
            raise CborRefused("as many octets as announced")
        self._at += length
        return taken
