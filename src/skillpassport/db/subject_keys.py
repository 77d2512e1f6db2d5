"""The store of subject keys: one key for each person's data, kept apart from the data.

Everything about a person is sealed under their subject key. The keys lie in a store of their own
(SQLite: a second file; PostgreSQL: a schema, or another database) that ordinary backups leave out.
Erasing the one row here erases the person from the database, from the log's commitments and from
every old backup of both.

A key is committed here *before* the transaction that uses it: data without a key would be lost,
while a key without data is harmless and swept at the next start.

The two tables are made by idempotent statements rather than by the migrations of the main
database: the store is created, backed up and restored on its own, so a revision recorded in the
other database could claim a state that this one does not have. Their shape is meant to stay.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateSchema

from skillpassport.clock import Clock
from skillpassport.custody.master import MasterKeys, MasterKeyUnknown, WrappedKey
from skillpassport.custody.sealing import SealBroken, derive, new_key, open_sealed, seal
from skillpassport.custody.subjects import SubjectKey, SubjectKeyErased, SubjectKeyUnknown
from skillpassport.db.engine import Transactions
from skillpassport.db.tables.custody import (
    SUBJECT_KEYS_SCHEMA,
    store_keys,
    subject_keys,
    subject_keys_metadata,
)
from skillpassport.identifiers import new_id

_KEY = subject_keys.c
STORE_VERSION: Final = 1
_STORE_CONTEXT: Final = f"subject-key-store:{STORE_VERSION}"
_SETUP_LOCK: Final = 0x5B1EC7  # any number, the same in every process
_BATCH: Final = 500

# Built once: every award makes a key, and every verification of one reads it.
_WRAPPED = select(_KEY.wrapped).where(_KEY.id == bindparam("wanted"))
_INSERT = insert(subject_keys)


class SubjectKeys:
    """The store. Each call is a transaction of its own, committed when it returns."""

    def __init__(self, engine: Engine, master: MasterKeys, clock: Clock) -> None:
        """Open the store; `prepare` makes its tables.

        engine: of the store's own file, or of a PostgreSQL database that has room for a schema
        """
        if engine.dialect.name == "sqlite":
            engine = engine.execution_options(schema_translate_map={SUBJECT_KEYS_SCHEMA: None})
        self._transactions = Transactions(engine)
        self._master = master
        self._clock = clock
        self._wrapping: bytes | None = None

    def prepare(self) -> None:
        """Make tables and the store's own key where they are absent."""
        with self._transactions.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_SETUP_LOCK})"))
                connection.execute(CreateSchema(SUBJECT_KEYS_SCHEMA, if_not_exists=True))
            subject_keys_metadata.create_all(connection)
            self._ensure_store_key(connection)

    def create(self) -> SubjectKey:
        """Return a new subject key, committed."""
        return self.create_many(1)[0]

    def create_many(self, number: int) -> list[SubjectKey]:
        """Return new subject keys, committed together."""
        now = self._clock.now()
        wrapping = self._wrapping_key()
        created = [SubjectKey(new_id(), new_key()) for _ in range(number)]
        rows = [
            {
                "id": each.id,
                "parent_version": STORE_VERSION,
                "wrapped": seal(wrapping, each.key, context=_context(each.id)),
                "created_at": now,
            }
            for each in created
        ]
        with self._transactions.write() as connection:
            connection.execute(_INSERT, rows)
        return created

    def get(self, key_id: str) -> SubjectKey:
        """Return a subject key.

        Raises: SubjectKeyErased, SubjectKeyUnknown, SealBroken
        """
        with self._transactions.read() as connection:
            row = connection.execute(_WRAPPED, {"wanted": key_id}).one_or_none()
        if row is None:
            raise SubjectKeyUnknown
        if row.wrapped is None:
            raise SubjectKeyErased
        return self._unwrap(key_id, row.wrapped)

    def knows(self, key_id: str) -> bool:
        """Return whether there is or was such a key."""
        with self._transactions.read() as connection:
            return connection.scalar(select(_KEY.id).where(_KEY.id == key_id)) is not None

    def get_many(self, key_ids: Iterable[str]) -> dict[str, SubjectKey]:
        """Return those subject keys that exist and are not erased, by id."""
        wanted = list(dict.fromkeys(key_ids))
        found: dict[str, SubjectKey] = {}
        with self._transactions.read() as connection:
            for start in range(0, len(wanted), _BATCH):
                rows = connection.execute(
                    select(_KEY.id, _KEY.wrapped)
                    .where(_KEY.id.in_(wanted[start : start + _BATCH]))
                    .where(_KEY.wrapped.is_not(None))
                )
                found.update({row.id: self._unwrap(row.id, row.wrapped) for row in rows})
        return found

    def reading(self) -> AbstractContextManager[Connection]:
        """Return a transaction that reads the store, for the audit."""
        return self._transactions.read()

    def opens(self, key_id: str, wrapped: object) -> bool:
        """Return whether a kept key opens, in its place and under the key of the store."""
        try:
            self._unwrap(key_id, wrapped if isinstance(wrapped, bytes) else b"")
        except (SealBroken, MasterKeyUnknown):
            return False
        return True

    def erase(self, key_id: str, at: datetime) -> None:
        """Destroy a subject key. What was sealed under it is lost for good, in backups too.

        Erasing what is erased changes nothing. Use `skillpassport.db.erasure`, which records it.

        at: when the log recorded it; the audit holds one against the other
        Raises: SubjectKeyUnknown
        """
        with self._transactions.write() as connection:
            if connection.scalar(select(_KEY.id).where(_KEY.id == key_id)) is None:
                raise SubjectKeyUnknown
            connection.execute(
                update(subject_keys)
                .where(_KEY.id == key_id, _KEY.wrapped.is_not(None))
                .values(wrapped=None, erased_at=at)
            )
        self._forget_old_pages()

    def sweep(self, known: Callable[[str], bool], older_than: datetime) -> int:
        """Delete keys that nothing was ever sealed under; return how many.

        known: tells whether any row names a key
        older_than: younger keys are left alone, since their transaction may still be running
        """
        with self._transactions.read() as connection:
            candidates = connection.scalars(
                select(_KEY.id).where(_KEY.created_at < older_than, _KEY.erased_at.is_(None))
            ).all()
        orphans = [key_id for key_id in candidates if not known(key_id)]
        with self._transactions.write() as connection:
            for start in range(0, len(orphans), _BATCH):
                batch = orphans[start : start + _BATCH]
                connection.execute(delete(subject_keys).where(_KEY.id.in_(batch)))
        return len(orphans)

    def rewrap(self) -> int:
        """Wrap the store's key under the master key in use; subject keys stay as they are.

        Returns: 1, or 0 where it is so wrapped already
        Raises: MasterKeyUnknown, SealBroken
        """
        with self._transactions.write() as connection:
            row = connection.execute(
                select(store_keys).where(store_keys.c.version == STORE_VERSION)
            ).one()
            if row.parent_version == self._master.version:
                return 0
            key = self._unwrap_store_key(WrappedKey(row.parent_version, row.wrapped))
            wrapped = self._master.wrap(key, context=_STORE_CONTEXT)
            connection.execute(
                update(store_keys)
                .where(store_keys.c.version == STORE_VERSION)
                .values(parent_version=wrapped.parent_version, wrapped=wrapped.sealed)
            )
        return 1

    def _ensure_store_key(self, connection: Connection) -> None:
        wrapped = self._master.wrap(new_key(), context=_STORE_CONTEXT)
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(
            dialect.insert(store_keys).on_conflict_do_nothing(),
            {
                "version": STORE_VERSION,
                "parent_version": wrapped.parent_version,
                "wrapped": wrapped.sealed,
                "created_at": self._clock.now(),
            },
        )

    def _wrapping_key(self) -> bytes:
        if self._wrapping is None:
            wanted = select(store_keys.c.parent_version, store_keys.c.wrapped)
            with self._transactions.read() as connection:
                row = connection.execute(
                    wanted.where(store_keys.c.version == STORE_VERSION)
                ).one_or_none()
            if row is None:
                raise SealBroken  # what was sealed under it opens no more
            key = self._unwrap_store_key(WrappedKey(row.parent_version, row.wrapped))
            self._wrapping = derive(key, "wrapping")
        return self._wrapping

    def _unwrap_store_key(self, wrapped: WrappedKey) -> bytes:
        return self._master.unwrap(wrapped, context=_STORE_CONTEXT)

    def _unwrap(self, key_id: str, wrapped: bytes) -> SubjectKey:
        key = open_sealed(self._wrapping_key(), wrapped, context=_context(key_id))
        return SubjectKey(key_id, key)

    def _forget_old_pages(self) -> None:
        """Move what was overwritten out of SQLite's write-ahead log as well."""
        with self._transactions.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                cursor = connection.connection.cursor()
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                cursor.close()


def _context(key_id: str) -> str:
    return f"subject-key:{key_id}"
