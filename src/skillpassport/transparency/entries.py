"""What one line of the log says, without saying anything about a person.

An entry names a kind of event, the row that it made and the time, and commits to the row's facts
by a salted hash. The salt keeps a reader of the log from trying guesses (a name, a date); where
the row is about a person, the salt lies under that person's key, so that erasing the key takes
the last trace of the facts out of the log while the tree stays whole.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from skillpassport.transparency.merkle import hash_leaf
from skillpassport.vc.jcs import canonicalize
from skillpassport.vc.multibase import encode_base64url
from skillpassport.vc.strict_json import JsonValue

SALT_BYTES: Final = 16

Facts = Mapping[str, JsonValue]
"""A row's immutable columns by name, each in its one canonical text form."""


class Kind(StrEnum):
    """What happened. Names are part of the log: they are added to, never changed."""

    ORGANISATION_REGISTERED = "organisation-registered"
    API_KEY_CREATED = "api-key-created"
    API_KEY_REVOKED = "api-key-revoked"
    KEY_CREATED = "key-created"
    KEY_ROTATED = "key-rotated"
    KEY_REVOKED = "key-revoked"
    ACCREDITATION_GRANTED = "accreditation-granted"
    ACCREDITATION_WITHDRAWN = "accreditation-withdrawn"
    LATE_AWARD_APPROVED = "late-award-approved"
    ACHIEVEMENT_REGISTERED = "achievement-registered"
    CREDENTIAL_ISSUED = "credential-issued"
    CREDENTIAL_REISSUED = "credential-reissued"
    STATUS_CHANGED = "status-changed"
    STATUS_LIST_OPENED = "status-list-opened"
    SIGNING_PROFILE_CREATED = "signing-profile-created"
    PROFILE_CREDENTIAL_RECORDED = "profile-credential-recorded"
    PROFILE_STATUS_CHANGED = "profile-status-changed"
    REGISTRY_EDITED = "registry-edited"
    COMPARABILITY_STATED = "comparability-stated"
    SUBJECT_ERASED = "subject-erased"
    LOG_RECOVERED = "log-recovered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the log.

    subject: table and id of the row that the event made, `credentials/<id>`
    time: when it was recorded, to the microsecond
    commitment: base64url of the salted hash of the row's facts
    """

    kind: str
    subject: str
    time: datetime
    commitment: str

    def encoded(self) -> bytes:
        """Return the bytes that are the leaf's input: canonical JSON of the four members."""
        return canonicalize(
            {
                "kind": self.kind,
                "subject": self.subject,
                "time": precise_time(self.time),
                "commitment": self.commitment,
            }
        )

    def leaf(self) -> bytes:
        """Return the leaf hash, 32 octets."""
        return hash_leaf(self.encoded())


def commit_to(facts: Facts, salt: bytes) -> str:
    """Return the commitment to facts: base64url(SHA-256(salt ‖ canonical JSON of the facts)).

    salt: 16 random octets, a new one for each entry
    Raises: ValueError for a salt of another length, NotCanonicalizable
    """
    if len(salt) != SALT_BYTES:
        # A fixed length keeps salt and facts apart without a separator.
        raise ValueError(f"A salt has {SALT_BYTES} octets, found {len(salt)}.")
    return encode_base64url(hashlib.sha256(salt + canonicalize(dict(facts))).digest())


def precise_time(instant: datetime) -> str:
    """Return an aware instant as RFC 3339 in UTC with six decimals: `…T09:30:00.000001Z`."""
    if instant.tzinfo is None:
        raise ValueError("An instant needs a time zone; attach datetime.UTC.")
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
