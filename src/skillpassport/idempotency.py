"""Writes that may be sent twice and must happen once.

There is no "in progress" state to clean up: the key is claimed in the transaction of the write
itself, so the database alone decides, and a crash leaves no trace of the key.
"""

from dataclasses import dataclass
from datetime import timedelta

from skillpassport.errors import SkillPassportError

KEEP_KEYS_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class RequestKey:
    """One client's name for one write.

    owner: id of the organisation that sent it, or `administrator`
    key: the client's `Idempotency-Key`, 1 to 255 visible ASCII characters
    fingerprint: keyed digest of method, path and body; a plain digest would let a reader of the
        database guess names
    """

    owner: str
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What an earlier request with the same key created.

    resource: id of what was created
    sealed: what cannot be told again from the resource (an API key shown once), encrypted
    """

    fingerprint: str
    resource: str
    sealed: bytes | None


class AlreadyDone(SkillPassportError):
    """Another request with the same key was carried out a moment earlier; nothing is written now.

    The edge answers with what that one created.
    """

    code = "already-done"

    def __init__(self) -> None:
        super().__init__("A request with this Idempotency-Key has been carried out before.")


class IdempotencyConflict(SkillPassportError):
    """The same key came with another request."""

    code = "idempotency-conflict"

    def __init__(self) -> None:
        super().__init__(
            "Expected the same request as the first one with this Idempotency-Key, found another; "
            "send a new key with a new request."
        )


class RequestInProgress(SkillPassportError):
    """The first request with this key has not ended yet."""

    code = "request-in-progress"

    def __init__(self) -> None:
        super().__init__(
            "A request with this Idempotency-Key is still being carried out; send it again shortly."
        )
