"""Idempotency keys, claimed in the transaction of the write that they protect."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from skillpassport.custody.organisations import OrganisationKey
from skillpassport.custody.sealing import blind
from skillpassport.db.tables.credentials import idempotency_keys
from skillpassport.idempotency import (
    KEEP_KEYS_FOR,
    AlreadyDone,
    Claim,
    RequestInProgress,
    RequestKey,
)

_ROW = idempotency_keys.c

# Built once: many writes bring a key.
_FIND = select(idempotency_keys).where(
    _ROW.owner == bindparam("of"),
    _ROW.key == bindparam("tag"),
    _ROW.claimed_at > bindparam("since"),
)
_FORGET = delete(idempotency_keys).where(
    _ROW.owner == bindparam("of"),
    _ROW.key == bindparam("tag"),
    _ROW.claimed_at <= bindparam("since"),
)
_INSERT = insert(idempotency_keys)


class IdempotencyStore:
    """Which requests have been carried out, and what they created.

    Keys are kept as tags: a client may well name a write after the person whom it is about.
    """

    def __init__(self, connection: Connection, key: OrganisationKey) -> None:
        self._connection = connection
        self._key = key
        self._tag_key = key.derive("idempotency keys")

    def find(self, request: RequestKey, now: datetime) -> Claim | None:
        """Return what an earlier request with this key created, if it is not forgotten yet."""
        asked = {"of": request.owner, "tag": self._tag(request), "since": now - KEEP_KEYS_FOR}
        row = self._connection.execute(_FIND, asked).mappings().one_or_none()
        if row is None:
            return None
        return Claim(fingerprint=row["fingerprint"], resource=row["resource"], sealed=row["sealed"])

    def claim(self, request: RequestKey, resource: str, secret: str | None, now: datetime) -> None:
        """Tie a key to what was created, together with it or not at all.

        A concurrent claim of the same key makes the database wait for the first one's end.

        secret: what cannot be told again from the resource; kept sealed
        Raises: AlreadyDone
        """
        tag = self._tag(request)
        old = {"of": request.owner, "tag": tag, "since": now - KEEP_KEYS_FOR}
        self._connection.execute(_FORGET, old)
        row = {
            "owner": request.owner,
            "key": tag,
            "fingerprint": request.fingerprint,
            "resource": resource,
            "sealed": None if secret is None else self._sealed(request, secret),
            "claimed_at": now,
        }
        try:
            self._connection.execute(_INSERT, row)
        except IntegrityError as error:
            raise AlreadyDone from error
        except OperationalError as error:
            # The first one holds the key and has not ended within the lock timeout.
            raise RequestInProgress from error

    def secret_of(self, request: RequestKey, claim: Claim) -> str | None:
        """Return the secret that was kept with a claim."""
        if claim.sealed is None:
            return None
        return self._key.open(claim.sealed, context=_context(request)).decode()

    def _tag(self, request: RequestKey) -> str:
        return blind(self._tag_key, request.key)

    def _sealed(self, request: RequestKey, secret: str) -> bytes:
        return self._key.seal(secret.encode(), context=_context(request))


def _context(request: RequestKey) -> str:
    return f"idempotency:{request.owner}:{request.key}"
