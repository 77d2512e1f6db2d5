"""Fuzz target: a published Bitstring Status List and the entry that points into it."""

from contextlib import suppress
from datetime import UTC, datetime
from time import process_time
from typing import Final

from skillpassport.vc.bitstring_status import (
    StatusEntry,
    read_status,
    validate_status_list_credential,
)
from skillpassport.vc.status_refusals import StatusListError
from skillpassport.vc.strict_json import StrictJsonError, one_or_many, parse_object

LONGEST: Final = 5.0
"""Seconds that one input may take; an expanded list of the largest size takes a twentieth."""

NOW: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def check(data: bytes) -> None:
    """Fail for a foreign exception, for a value that no entry has, and for an input that takes long.

    data: a credential with its list as a further member, `list`; other octets are read as an encoded
    list
    """
    start = process_time()
    with suppress(StatusListError):
        read_status(data.decode("latin-1"), 0)
    with suppress(StrictJsonError, StatusListError):
        document = parse_object(data)
        published = document.get("list")
        for each in one_or_many(document.get("credentialStatus")):
            entry = StatusEntry.from_json(each if isinstance(each, dict) else {})
            assert StatusEntry.from_json(entry.as_json()) == entry
            answering = validate_status_list_credential(
                published if isinstance(published, dict) else {}, entry, issuer="i", now=NOW
            )
            value = read_status(answering.encoded, entry.index, entry.size)
            assert 0 <= value < 2**entry.size
            assert entry.index < 2**32
            assert not answering.messages or answering.messages[value] is not None
    assert process_time() - start < LONGEST
