"""The code by which the program knows its own entries of the log.

Whoever can write to the database can write a row and an entry that commits to it, with a salt of
their own, and the sequencer gives it a place and signs a head over it like any other. So the tree
shows *that* something came in and when, not that the program wrote it. The code does: it is made
with the service's own key, which lies in the database only under the master key.

An entry about a person has a second code, over the row. It says nothing that the row does not say,
and it still vouches for the row when the person's key, and the salt with it, are erased.
"""

import hmac
from collections.abc import Mapping
from typing import Any, Final

import orjson

from skillpassport.db.organisation_keys import OrganisationKeys
from skillpassport.organisations.model import SERVICE
from skillpassport.transparency.entries import Facts, precise_time

KEY_VERSION: Final = 1
"""Of the service's key; the first for good, since an entry is never written again."""

_PURPOSE: Final = "log entries"

_TEXTS: Final = ("id", "kind", "table_name", "row_id", "commitment", "subject_key_id")
_OCTETS: Final = ("salt", "sealed_salt", "facts_mac")


def mac_key(keys: OrganisationKeys) -> bytes:
    """Return the key of the codes, 32 octets.

    Raises: OrganisationKeyMissing, MasterKeyUnknown, SealBroken
    """
    return keys.key_of(SERVICE, KEY_VERSION).derive(_PURPOSE)


def entry_mac(key: bytes, row: Mapping[str, Any]) -> bytes:
    """Return the code of an entry that is about to be written.

    row: every column but `position`, which an entry gets afterwards, and `mac`
    Returns: 32 octets
    Source: RFC 2104, with SHA-256
    """
    return _mac(key, row, precise_time(row["time"]))


def is_own(key: bytes, row: Mapping[Any, Any]) -> bool:
    """Return whether the program wrote an entry as it stands now.

    row: the entry as the driver gives it, its time too
    """
    try:
        return hmac.compare_digest(_mac(key, row, row["time"]), row["mac"])
    except (TypeError, AttributeError):  # SQLite keeps anything in any column
        return False


def facts_mac(key: bytes, entry_id: str, facts: Facts) -> bytes:
    """Return the code of the row that an entry is about; 32 octets."""
    return hmac.digest(key, orjson.dumps([entry_id, facts], option=orjson.OPT_SORT_KEYS), "sha256")


def fits(key: bytes, row: Mapping[Any, Any], facts: Facts) -> bool:
    """Return whether a row is as it was when the program wrote its entry.

    row: the entry as the driver gives it
    """
    try:
        return hmac.compare_digest(facts_mac(key, row["id"], facts), row["facts_mac"])
    except TypeError:
        return False


def _mac(key: bytes, row: Mapping[Any, Any], time: str) -> bytes:
    octets = [None if row[name] is None else row[name].hex() for name in _OCTETS]
    said = orjson.dumps([*(row[name] for name in _TEXTS), time, *octets])
    return hmac.digest(key, said, "sha256")
