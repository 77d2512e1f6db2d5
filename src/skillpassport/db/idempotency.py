"""Idempotency keys, claimed in the transaction of the write that they protect."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select
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
        table = idempotency_keys
        query = select(table).where(
            table.c.owner == request.owner,
            table.c.key == self._tag(request),
            table.c.claimed_at > now - KEEP_KEYS_FOR,
        )
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            return None
        return Claim(fingerprint=row["fingerprint"], resource=row["resource"], sealed=row["sealed"])

    def claim(self, request: RequestKey, resource: str, secret: str | None, now: datetime) -> None:
        """Tie a key to what was created, together with it or not at all.

        A concurrent claim of the same key makes the database wait for the first one's end.

        secret: what cannot be told again from the resource; kept sealed
        Raises: AlreadyDone
        """
        table = idempotency_keys
        tag = self._tag(request)
        old = (table.c.owner == request.owner) & (table.c.key == tag)
        expired = table.c.claimed_at <= now - KEEP_KEYS_FOR
        self._connection.execute(delete(table).where(old & expired))
        row = {
            "owner": request.owner,
            "key": tag,
            "fingerprint": request.fingerprint,
            "resource": resource,
            "sealed": None if secret is None else self._sealed(request, secret),
            "claimed_at": now,
        }
        try:
            self._connection.execute(insert(table), row)
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
