"""Bitstring Status List 1.0: one bit for each credential, published as a credential of its own.

Index 0 is the left-most bit of the first octet (the Token Status List counts from the other end).
A list is large on purpose: whoever fetches it does not say which credential is being checked.

Departs from the specification, each time by refusing more: only one bit for each entry
(`statusSize` 1); the list's issuer must be the credential's; a list that has an `id` must be at it.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from skillpassport.clock import rfc3339
from skillpassport.errors import SkillPassportError
from skillpassport.vc.instants import parse_instant
from skillpassport.vc.multibase import (
    MultibaseInvalid,
    decode_multibase64url,
    encode_multibase64url,
)
from skillpassport.vc.strict_json import JsonObject, JsonValue, one_or_many

CREDENTIAL_TYPE = "BitstringStatusListCredential"
LIST_TYPE = "BitstringStatusList"
ENTRY_TYPE = "BitstringStatusListEntry"
REVOCATION = "revocation"
SUSPENSION = "suspension"

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"

MIN_ENTRIES = 131_072
"""The herd in which one credential hides (section 3.1); 16 KiB of bits."""

MAX_LIST_BYTES = 4 * 1024 * 1024
"""33 million entries; a gzip text of 1 MiB could otherwise expand to a gigabyte."""

_BITS = 8
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_FAST = 1  # level 9 costs sixty times as much for a few bytes
_MAX_INDEX_DIGITS = 10


class StatusListError(SkillPassportError):
    """A status cannot be read from a list."""


class StatusListMalformed(StatusListError):
    """The list or the entry does not have the form that the specification gives it."""

    code = "status-list-malformed"

    def __init__(self, expected: str) -> None:
        super().__init__(
            f"Expected {expected} in the status list; found another value. Ask the issuer to "
            "publish the list again."
        )


class StatusListTooShort(StatusListError):
    """The list is so short that a request for it tells which credential is being checked."""

    code = "status-list-too-short"

    def __init__(self, entries: int) -> None:
        self.entries = entries
        super().__init__(
            f"Expected a status list of at least {MIN_ENTRIES} entries; found {entries}. "
            "Ask the issuer to publish a longer list."
        )


class StatusListTooLarge(StatusListError):
    """The list expands beyond the limit; perhaps it was made to exhaust its reader."""

    code = "status-list-too-large"

    def __init__(self) -> None:
        super().__init__(
            f"Expected a status list of at most {MAX_LIST_BYTES} octets; found a longer one. "
            "Ask the issuer to publish a shorter list."
        )


class StatusIndexOutOfRange(StatusListError):
    """The entry points behind the end of the list."""

    code = "status-index-out-of-range"

    def __init__(self, index: int, entries: int) -> None:
        self.index = index
        self.entries = entries
        super().__init__(
            f"Expected an index below {entries}; found {index}. Ask the issuer which list is meant."
        )


class StatusEntryMalformed(StatusListError):
    """The credential's status entry cannot be followed."""

    code = "status-entry-malformed"

    def __init__(self, member: str) -> None:
        self.member = member
        super().__init__(
            f"Expected a status entry with a usable '{member}'; found another value or none. "
            "Ask the issuer for a newly signed credential."
        )


class StatusListMismatch(StatusListError):
    """The fetched list is not the one that answers for this credential."""

    code = "status-list-mismatch"

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(
            f"Expected the status list's {what} to be the one that the credential asks for; found "
            "another. Ask the issuer which list is meant."
        )


class StatusListStale(StatusListError):
    """The list is outside its own period of validity: its answer is not today's."""

    code = "status-stale"

    def __init__(self) -> None:
        super().__init__(
            "Expected a status list in force; found one outside its period. Try again later, or "
            "ask the issuer to publish the list again."
        )


class StatusListUnreachable(StatusListError):
    """The list could not be had now; the credential is neither in force nor withdrawn for us."""

    code = "status-unreachable"

    def __init__(self, reason: str = "no answer") -> None:
        self.reason = reason
        super().__init__(
            f"Expected the issuer's status list; found {reason}. Try again when it is reachable."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusEntry:
    """Where the status of one credential for one purpose is published."""

    purpose: str
    list_url: str
    index: int

    def as_json(self) -> JsonObject:
        """Return the entry as it stands in `credentialStatus`."""
        return {
            "id": f"{self.list_url}#{self.index}",
            "type": ENTRY_TYPE,
            "statusPurpose": self.purpose,
            "statusListIndex": str(self.index),
            "statusListCredential": self.list_url,
        }

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
        if entry.get("statusSize", 1) != 1:
            raise StatusEntryMalformed("statusSize")
        return cls(purpose=purpose, list_url=url, index=int(index))


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


def bit_at(bits: bytes | bytearray, index: int) -> int:
    """Return the status at one index: 0 or 1.

    Raises: StatusIndexOutOfRange
    """
    octet, mask = _position(bits, index)
    return 1 if bits[octet] & mask else 0


def encode_list(bits: bytes | bytearray) -> str:
    """Return the `encodedList` of a bitstring: the same text for the same bits.

    Source: Bitstring Status List 1.0, section 3.3 (Bitstring Generation)
    """
    compressor = zlib.compressobj(_FAST, zlib.DEFLATED, _GZIP_WINDOW)
    return encode_multibase64url(compressor.compress(bits) + compressor.flush())


def decode_list(encoded_list: str) -> bytes:
    """Return the bitstring of an `encodedList`.

    Raises: StatusListMalformed, StatusListTooLarge, StatusListTooShort
    Source: Bitstring Status List 1.0, section 3.4 (Bitstring Expansion)
    """
    return _expanded(encoded_list)


def read_status(encoded_list: str, index: int) -> int:
    """Return the status recorded at one position of a published list: 0 (clear) or 1 (set).

    Only decodes: the list credential must already have been verified.

    encoded_list: multibase base64url of a gzip bitstring; expands to at most `MAX_LIST_BYTES`
    index: zero-based, from the left-most bit of the first octet
    Raises: StatusListMalformed, StatusListTooShort, StatusListTooLarge, StatusIndexOutOfRange
    Source: Bitstring Status List 1.0, section 3.2 (Validate), steps 8 to 11
    """
    return bit_at(_expanded(encoded_list), index)


def build_status_list_credential(
    *,
    url: str,
    issuer: str,
    purpose: str,
    encoded_list: str,
    valid_from: datetime,
    valid_until: datetime | None = None,
) -> JsonObject:
    """Return the list as a credential that is still to be signed.

    url: where the list is published, which is also its id
    Source: Bitstring Status List 1.0, section 2.2
    """
    period: JsonObject = {"validFrom": rfc3339(valid_from)}
    if valid_until is not None:
        period["validUntil"] = rfc3339(valid_until)
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
        },
    }


def validate_status_list_credential(
    credential: JsonObject, entry: StatusEntry, *, issuer: str, now: datetime
) -> str:
    """Return the `encodedList` of a list credential that answers for this entry now.

    The list's own proof must already have been verified.

    issuer: of the credential that holds the entry; lists of others are refused, because whoever
    publishes the list decides what it says
    Raises: StatusListMalformed, StatusListMismatch (type, issuer, id or purpose), StatusListStale
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
    _check_period(credential, now)
    encoded_list = subject.get("encodedList")
    if not isinstance(encoded_list, str):
        raise StatusListMalformed("a text as 'encodedList'")
    return encoded_list


def ttl_of(credential: JsonObject) -> timedelta | None:
    """Return how long a fetched list may be kept, or None when its issuer does not say.

    Source: Bitstring Status List 1.0, section 2.2 (ttl, in milliseconds)
    """
    subject = credential.get("credentialSubject")
    ttl = subject.get("ttl") if isinstance(subject, dict) else None
    if not isinstance(ttl, int) or isinstance(ttl, bool) or ttl < 0:
        return None
    return timedelta(milliseconds=ttl)


def _check_period(credential: JsonObject, now: datetime) -> None:
    valid_from = _instant_of(credential, "validFrom")
    valid_until = _instant_of(credential, "validUntil")
    if (valid_from and now < valid_from) or (valid_until and valid_until < now):
        raise StatusListStale


def _instant_of(credential: JsonObject, member: str) -> datetime | None:
    if member not in credential:
        return None
    instant = parse_instant(credential[member])
    if instant is None:
        raise StatusListMalformed(f"an instant as '{member}'")
    return instant


def _is_index(text: str) -> bool:
    is_decimal = text.isascii() and text.isdigit() and len(text) <= _MAX_INDEX_DIGITS
    return is_decimal and (text == "0" or not text.startswith("0"))


def _position(bits: bytes | bytearray, index: int) -> tuple[int, int]:
    if not 0 <= index < len(bits) * _BITS:
        raise StatusIndexOutOfRange(index, len(bits) * _BITS)
    octet, offset = divmod(index, _BITS)
    return octet, 0x80 >> offset


# Keyed by the whole text, so a changed list is another entry: nothing stale is ever read.
@lru_cache(maxsize=64)
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
