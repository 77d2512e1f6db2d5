"""The compressed byte array of statuses: 1, 2, 4 or 8 bits for each token.

Follows the Token Status List draft, sections 4 (Status List) and 7 (Status Types).
"""

import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from skillpassport.vc.multibase import MultibaseInvalid, decode_base64url, encode_base64url
from skillpassport.vc.status_refusals import (
    MAX_LIST_BYTES,
    StatusIndexOutOfRange,
    StatusListMalformed,
    StatusListTooLarge,
)
from skillpassport.vc.strict_json import JsonObject

VALID: Final = 0x00
INVALID: Final = 0x01
SUSPENDED: Final = 0x02

SIZES: Final = (1, 2, 4, 8)
"""Bits of a status: no status lies in two octets."""

_OCTET: Final = 8
_FAST: Final = 1
"""The draft recommends level 9, which takes sixty times as long and saves next to nothing here."""

_MEMORY: Final = 8


def new_statuses(entries: int, bits: int = 1) -> bytearray:
    """Return an array in which every status is VALID.

    Raises: StatusListMalformed (bits), StatusListTooLarge
    """
    _check_bits(bits)
    octets = -(-entries * bits // _OCTET)
    if octets > MAX_LIST_BYTES:
        raise StatusListTooLarge
    return bytearray(octets)


def set_status(array: bytearray, index: int, value: int, *, bits: int) -> None:
    """Set the status at one index, in place.

    value: below 2 to the power of `bits`
    Raises: StatusIndexOutOfRange, StatusListMalformed (bits or value)
    Source: Token Status List, section 4.1, step 3
    """
    octet, shift, mask = _place(array, index, bits)
    if not 0 <= value <= mask:
        raise StatusListMalformed(f"a status between 0 and {mask}")
    array[octet] = array[octet] & ~(mask << shift) | value << shift


def set_invalid(array: bytearray, indexes: Collection[int]) -> None:
    """Set many statuses of one bit to INVALID, in place.

    Raises: StatusIndexOutOfRange
    """
    for extreme in (min(indexes, default=0), max(indexes, default=0)):
        _place(array, extreme, 1)
    for index in indexes:
        array[index >> 3] |= 1 << (index & 7)


def status_at(array: bytes | bytearray, index: int, *, bits: int) -> int:
    """Return the status at one index.

    Raises: StatusIndexOutOfRange, StatusListMalformed (bits)
    Source: Token Status List, section 4.1, step 3: packed from the least significant bit on
    """
    octet, shift, mask = _place(array, index, bits)
    return array[octet] >> shift & mask


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenStatusList:
    """A list as its token carries it.

    bits: of each status
    compressed: zlib (RFC 1950) of the array; expands to at most `MAX_LIST_BYTES`
    aggregation_uri: where the issuer names all of its lists; named here, never fetched
    """

    bits: int
    compressed: bytes
    aggregation_uri: str | None = None

    @classmethod
    def of(
        cls,
        array: bytes | bytearray,
        *,
        bits: int,
        level: int | None = None,
        aggregation_uri: str | None = None,
    ) -> "TokenStatusList":
        """Return the list of an array; the same octets for the same array and level.

        level: of zlib; without it runs of one octet alone are looked for, see
        `bitstring_status.encode_list`
        Raises: StatusListMalformed (bits)
        """
        _check_bits(bits)
        compressed = _compressed(array) if level is None else zlib.compress(array, level)
        return cls(bits=bits, compressed=compressed, aggregation_uri=aggregation_uri)

    @classmethod
    def from_members(cls, members: Mapping[str, object]) -> "TokenStatusList":
        """Return the list of a `status_list` claim, in JSON or in CBOR; nothing is expanded yet.

        Raises: StatusListMalformed
        Source: Token Status List, sections 4.2 and 4.3
        """
        bits, octets = members.get("bits"), members.get("lst")
        aggregation = members.get("aggregation_uri")
        if isinstance(bits, bool) or not isinstance(bits, int):
            raise StatusListMalformed("an integer as 'bits'")
        _check_bits(bits)
        if isinstance(octets, str):
            octets = _decoded(octets)
        if not isinstance(octets, bytes):
            raise StatusListMalformed("octets as 'lst'")
        if aggregation is not None and not isinstance(aggregation, str):
            raise StatusListMalformed("a text as 'aggregation_uri'")
        return cls(bits=bits, compressed=octets, aggregation_uri=aggregation)

    def as_json(self) -> JsonObject:
        """Return the members in JSON, `lst` in base64url."""
        members: JsonObject = {"bits": self.bits, "lst": encode_base64url(self.compressed)}
        if self.aggregation_uri is not None:
            members["aggregation_uri"] = self.aggregation_uri
        return members

    def as_cbor(self) -> dict[str, int | str | bytes]:
        """Return the members for CBOR, `lst` as octets."""
        members: dict[str, int | str | bytes] = {"bits": self.bits, "lst": self.compressed}
        if self.aggregation_uri is not None:
            members["aggregation_uri"] = self.aggregation_uri
        return members

    def expanded(self) -> bytes:
        """Return the array.

        Raises: StatusListMalformed, StatusListTooLarge
        """
        expander = zlib.decompressobj()
        try:
            array = expander.decompress(self.compressed, MAX_LIST_BYTES + 1)
        except zlib.error as error:
            raise StatusListMalformed("zlib data") from error
        if len(array) > MAX_LIST_BYTES:
            raise StatusListTooLarge
        if not expander.eof or expander.unused_data:
            raise StatusListMalformed("one whole zlib stream")
        return array

    def status(self, index: int) -> int:
        """Return the status at one index; the token of the list must have been verified.

        Raises: StatusListMalformed, StatusListTooLarge, StatusIndexOutOfRange
        Source: Token Status List, section 8.3, steps 5 and 6
        """
        return status_at(self.expanded(), index, bits=self.bits)


def _compressed(array: bytes | bytearray) -> bytes:
    compressor = zlib.compressobj(_FAST, zlib.DEFLATED, zlib.MAX_WBITS, _MEMORY, zlib.Z_RLE)
    return compressor.compress(array) + compressor.flush()


def _decoded(text: str) -> bytes:
    try:
        return decode_base64url(text)
    except MultibaseInvalid as error:
        raise StatusListMalformed("base64url as 'lst'") from error


def _check_bits(bits: int) -> None:
    if bits not in SIZES:
        raise StatusListMalformed("1, 2, 4 or 8 as 'bits'")


def _place(array: bytes | bytearray, index: int, bits: int) -> tuple[int, int, int]:
    """Return octet, shift and mask of one status."""
    _check_bits(bits)
    entries = len(array) * _OCTET // bits
    if not 0 <= index < entries:
        raise StatusIndexOutOfRange(index, entries)
    octet, offset = divmod(index * bits, _OCTET)
    return octet, offset, (1 << bits) - 1
