"""Bitstring Status List 1.0: one bit for each credential, published as a credential of its own.

Index 0 is the left-most bit of the first octet (the Token Status List counts from the other end).
A list is large on purpose: whoever fetches it does not say which credential is being checked.

Departs from the specification, each time by refusing more: at most eight bits for each entry; the
list's issuer must be the credential's; a list that has an `id` must be at it.
"""

import re
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from skillpassport.clock import rfc3339
from skillpassport.vc.instants import parse_instant
from skillpassport.vc.jose import JwtClaimRefused, numeric_date
from skillpassport.vc.multibase import (
    MultibaseInvalid,
    decode_multibase64url,
    encode_multibase64url,
)
from skillpassport.vc.status_refusals import (
    MAX_LIST_BYTES,
    MIN_ENTRIES,
    StatusEntryMalformed,
    StatusIndexOutOfRange,
    StatusListMalformed,
    StatusListMismatch,
    StatusListStale,
    StatusListTooLarge,
    StatusListTooShort,
)
from skillpassport.vc.strict_json import JsonObject, JsonValue, one_or_many

CREDENTIAL_TYPE = "BitstringStatusListCredential"
LIST_TYPE = "BitstringStatusList"
ENTRY_TYPE = "BitstringStatusListEntry"
REVOCATION = "revocation"
SUSPENSION = "suspension"

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"

_BITS = 8
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_FAST = 1
_MEMORY = 8  # the default
_MAX_INDEX_DIGITS = 10
_MAX_SIZE = 8  # a message for each value: 256 of them are a dictionary already
_MAX_REFERENCES = 8
_HEXADECIMAL = re.compile(r"0[xX][0-9a-fA-F]{1,8}")

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")

UNDEFINED = "undefined"
"""The message of a value that has no meaning yet (section 2.1, `statusMessage`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusEntry:
    """Where the status of one credential for one purpose is published.

    size: bits of each status
    messages: what each value means, in the order of the values; empty when the entry does not say
    references: where the issuer explains its statuses; never fetched here
    """

    purpose: str
    list_url: str
    index: int
    size: int = 1
    messages: tuple[str, ...] = ()
    references: tuple[str, ...] = ()

    def as_json(self) -> JsonObject:
        """Return the entry as it stands in `credentialStatus`."""
        entry: JsonObject = {
            "id": f"{self.list_url}#{self.index}",
            "type": ENTRY_TYPE,
            "statusPurpose": self.purpose,
            "statusListIndex": str(self.index),
            "statusListCredential": self.list_url,
        }
        if self.size != 1:
            entry["statusSize"] = self.size
        if self.messages:
            entry["statusMessage"] = [
                {"status": hex(value), "message": message}
                for value, message in enumerate(self.messages)
            ]
        if self.references:
            entry["statusReference"] = [*self.references]
        return entry

    @classmethod
    def from_json(cls, entry: Mapping[str, JsonValue]) -> "StatusEntry":
        """Return the entry of a credential.

        Raises: StatusEntryMalformed
        Source: Bitstring Status List 1.0, section 2.1
        """
        purpose, url = entry.get("statusPurpose"), entry.get("statusListCredential")
        index = entry.get("statusListIndex")
        if not isinstance(purpose, str) or not purpose:
            raise StatusEntryMalformed("statusPurpose")
        # Stores look for it as text, and not every store can hold U+0000.
        if not isinstance(url, str) or not url.isprintable() or not url:
            raise StatusEntryMalformed("statusListCredential")
        if not isinstance(index, str) or not _is_index(index):
            raise StatusEntryMalformed("statusListIndex")
        if entry.get("id") == url:
            raise StatusEntryMalformed("id")
        size = entry.get("statusSize", 1)
        if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= _MAX_SIZE:
            raise StatusEntryMalformed("statusSize")
        if size > 1 and "statusMessage" not in entry:
            raise StatusEntryMalformed("statusMessage")
        return cls(
            purpose=purpose,
            list_url=url,
            index=int(index),
            size=size,
            messages=read_messages(entry, "statusMessage", size),
            references=_references(entry),
        )


def read_messages(source: Mapping[str, JsonValue], member: str, size: int) -> tuple[str, ...]:
    """Return the message of each value of a status, in their order; none when they are not there.

    source: an entry with `statusMessage`, or a list with `statusMessages`
    size: bits of each status; each of its values must have one message
    Raises: StatusEntryMalformed
    Source: Bitstring Status List 1.0, section 2.1 (statusMessage)
    """
    if member not in source:
        return ()
    given = source[member]
    if not isinstance(given, list) or len(given) != 2**size:
        raise StatusEntryMalformed(member)
    messages: dict[int, str] = {}
    for each in given:
        status = each.get("status") if isinstance(each, dict) else None
        message = each.get("message") if isinstance(each, dict) else None
        if not isinstance(status, str) or not _HEXADECIMAL.fullmatch(status):
            raise StatusEntryMalformed(member)
        if not isinstance(message, str):
            raise StatusEntryMalformed(member)
        messages[int(status, 16)] = message
    if sorted(messages) != list(range(2**size)):
        raise StatusEntryMalformed(member)
    return tuple(messages[value] for value in range(2**size))


def new_bits(entries: int = MIN_ENTRIES) -> bytearray:
    """Return a list in which nothing is set.

    entries: a multiple of 8, at least `MIN_ENTRIES`
    Raises: StatusListTooShort, StatusListTooLarge
    """
    if entries < MIN_ENTRIES:
        raise StatusListTooShort(entries)
    if entries > MAX_LIST_BYTES * _BITS:
        raise StatusListTooLarge
    return bytearray(-(-entries // _BITS))


def set_bit(bits: bytearray, index: int, value: int) -> None:
    """Set the status at one index, in place.

    value: 0 or 1
    Raises: StatusIndexOutOfRange
    """
    octet, mask = _position(bits, index)
    bits[octet] = bits[octet] | mask if value else bits[octet] & ~mask


def set_bits(bits: bytearray, indexes: Collection[int]) -> None:
    """Set the status at many indexes, in place: five times as fast as one after the other.

    Raises: StatusIndexOutOfRange
    """
    for extreme in (min(indexes, default=0), max(indexes, default=0)):
        _position(bits, extreme)
    for index in indexes:
        bits[index >> 3] |= 0x80 >> (index & 7)


def bit_at(bits: bytes | bytearray, index: int) -> int:
    """Return the status at one index: 0 or 1.

    Raises: StatusIndexOutOfRange
    """
    octet, mask = _position(bits, index)
    return 1 if bits[octet] & mask else 0


def set_status(bits: bytearray, index: int, value: int, *, size: int) -> None:
    """Set the status at one index of a list whose entries have several bits, in place.

    The first bit of an entry is its most significant one, as bit 0 is the left-most of the list.

    value: below 2 to the power of `size`
    Raises: StatusIndexOutOfRange
    """
    for offset in range(size):
        set_bit(bits, index * size + offset, value >> (size - 1 - offset) & 1)


def encode_list(bits: bytes | bytearray) -> str:
    """Return the `encodedList` of a bitstring: the same text for the same bits.

    Most of it are zeros, so that runs of one octet are looked for and no other repetition: with one bit
    in a hundred set it is a third smaller than at level 1 otherwise, and made in less time.

    Source: Bitstring Status List 1.0, section 3.3 (Bitstring Generation)
    """
    compressor = zlib.compressobj(_FAST, zlib.DEFLATED, _GZIP_WINDOW, _MEMORY, zlib.Z_RLE)
    return encode_multibase64url(compressor.compress(bits) + compressor.flush())


def decode_list(encoded_list: str) -> bytes:
    """Return the bitstring of an `encodedList`.

    Raises: StatusListMalformed, StatusListTooLarge, StatusListTooShort
    Source: Bitstring Status List 1.0, section 3.4 (Bitstring Expansion)
    """
    return _expanded(encoded_list)


def read_status(encoded_list: str, index: int, size: int = 1) -> int:
    """Return the status recorded at one position of a published list; 0 is clear.

    Only decodes: the list credential must already have been verified.

    encoded_list: multibase base64url of a gzip bitstring; expands to at most `MAX_LIST_BYTES`
    index: zero-based, from the left-most bit of the first octet
    size: bits of each entry, the most significant one first
    Raises: StatusListMalformed, StatusListTooShort, StatusListTooLarge, StatusIndexOutOfRange
    Source: Bitstring Status List 1.0, section 3.2 (Validate), steps 8 to 11
    """
    bits = _expanded(encoded_list)
    entries = len(bits) * _BITS // size
    if entries < MIN_ENTRIES:
        raise StatusListTooShort(entries)
    if not 0 <= index < entries:
        raise StatusIndexOutOfRange(index, entries)
    value = 0
    for position in range(index * size, (index + 1) * size):
        value = value << 1 | bit_at(bits, position)
    return value


def build_status_list_credential(  # noqa: PLR0913 - one for each member of the credential
    *,
    url: str,
    issuer: str,
    purpose: str,
    encoded_list: str,
    valid_from: datetime,
    valid_until: datetime | None = None,
    ttl: timedelta | None = None,
) -> JsonObject:
    """Return the list as a credential that is still to be signed.

    url: where the list is published, which is also its id
    ttl: how long others may keep it before they ask again
    Source: Bitstring Status List 1.0, section 2.2
    """
    period: JsonObject = {"validFrom": rfc3339(valid_from)}
    if valid_until is not None:
        period["validUntil"] = rfc3339(valid_until)
    keeping: JsonObject = {"ttl": ttl // timedelta(milliseconds=1)} if ttl is not None else {}
    return {
        "@context": [CREDENTIALS_V2],
        "id": url,
        "type": ["VerifiableCredential", CREDENTIAL_TYPE],
        "issuer": issuer,
        **period,
        "credentialSubject": {
            "id": f"{url}#list",
            "type": LIST_TYPE,
            "statusPurpose": purpose,
            "encodedList": encoded_list,
            **keeping,
        },
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweringList:
    """A list that answers for an entry: what it holds, and what its values mean.

    messages: of each value, by the entry or else by the list; empty when neither says
    """

    encoded: str
    messages: tuple[str, ...]


def validate_status_list_credential(
    credential: JsonObject, entry: StatusEntry, *, issuer: str, now: datetime
) -> AnsweringList:
    """Return what a list credential holds that answers for this entry now.

    The list's own proof must already have been verified.

    issuer: of the credential that holds the entry; lists of others are refused, because whoever
    publishes the list decides what it says
    Raises: StatusListMalformed, StatusListMismatch (type, issuer, id, purpose or size),
    StatusListStale, StatusEntryMalformed (messages)
    Source: Bitstring Status List 1.0, section 3.2 (Validate), steps 2 to 7
    """
    if CREDENTIAL_TYPE not in one_or_many(credential.get("type")):
        raise StatusListMismatch("type")
    published_by = credential.get("issuer")
    if (published_by.get("id") if isinstance(published_by, dict) else published_by) != issuer:
        raise StatusListMismatch("issuer")
    if credential.get("id", entry.list_url) != entry.list_url:
        raise StatusListMismatch("id")
    subject = credential.get("credentialSubject")
    if not isinstance(subject, dict) or LIST_TYPE not in one_or_many(subject.get("type")):
        raise StatusListMismatch("type")
    if entry.purpose not in one_or_many(subject.get("statusPurpose")):
        raise StatusListMismatch("purpose")
    if subject.get("statusSize", entry.size) != entry.size:
        raise StatusListMismatch("size")
    _check_period(credential, now)
    encoded_list = subject.get("encodedList")
    if not isinstance(encoded_list, str):
        raise StatusListMalformed("a text as 'encodedList'")
    messages = entry.messages or read_messages(subject, "statusMessages", entry.size)
    return AnsweringList(encoded=encoded_list, messages=messages)


def _check_period(credential: JsonObject, now: datetime) -> None:
    """Refuse a list outside its period, by whatever name it states that.

    Data model 1.1 has other members for it, and a token has claims beside them.
    """
    starts = [_instant_of(credential, "validFrom"), _instant_of(credential, "issuanceDate")]
    ends = [_instant_of(credential, "validUntil"), _instant_of(credential, "expirationDate")]
    starts.append(_claimed(credential, "nbf"))
    ends.append(_claimed(credential, "exp"))
    if any(start and now < start for start in starts) or any(end and end < now for end in ends):
        raise StatusListStale


def _claimed(credential: JsonObject, claim: str) -> datetime | None:
    try:
        return numeric_date(credential, claim)
    except JwtClaimRefused as error:
        raise StatusListMalformed(f"seconds since 1970 as '{claim}'") from error


def _instant_of(credential: JsonObject, member: str) -> datetime | None:
    if member not in credential:
        return None
    instant = parse_instant(credential[member])
    if instant is None:
        raise StatusListMalformed(f"an instant as '{member}'")
    return instant


def _references(entry: Mapping[str, JsonValue]) -> tuple[str, ...]:
    references = one_or_many(entry.get("statusReference"))
    if len(references) > _MAX_REFERENCES:
        raise StatusEntryMalformed("statusReference")
    read: list[str] = []
    for reference in references:
        if not isinstance(reference, str) or not _is_absolute(reference):
            raise StatusEntryMalformed("statusReference")
        read.append(reference)
    return tuple(read)


def _is_absolute(text: str) -> bool:
    return bool(_ABSOLUTE.fullmatch(text)) and text.isprintable()


def _is_index(text: str) -> bool:
    is_decimal = text.isascii() and text.isdigit() and len(text) <= _MAX_INDEX_DIGITS
    return is_decimal and (text == "0" or not text.startswith("0"))


def _position(bits: bytes | bytearray, index: int) -> tuple[int, int]:
    if not 0 <= index < len(bits) * _BITS:
        raise StatusIndexOutOfRange(index, len(bits) * _BITS)
    octet, offset = divmod(index, _BITS)
    return octet, 0x80 >> offset


# Keyed by the whole text, so a changed list is another entry: nothing stale is ever read. Few, since
# a stranger's list may expand to `MAX_LIST_BYTES`.
@lru_cache(maxsize=16)
def _expanded(encoded_list: str) -> bytes:
    try:
        compressed = decode_multibase64url(encoded_list)
    except MultibaseInvalid as error:
        raise StatusListMalformed("multibase base64url ('u…')") from error
    expander = zlib.decompressobj(_GZIP_WINDOW)
    try:
        bits = expander.decompress(compressed, MAX_LIST_BYTES + 1)
    except zlib.error as error:
        raise StatusListMalformed("gzip data") from error
    if len(bits) > MAX_LIST_BYTES:
        raise StatusListTooLarge
    if not expander.eof or expander.unused_data:
        raise StatusListMalformed("one whole gzip member")
    if len(bits) * _BITS < MIN_ENTRIES:
        raise StatusListTooShort(len(bits) * _BITS)
    return bits
