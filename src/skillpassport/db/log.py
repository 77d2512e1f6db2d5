"""Recording in the log: one entry for each row that matters, in the transaction that writes it.

An entry is written with the row or not at all. Its position in the tree comes later, from
`skillpassport.db.sequencer`: no lock on the tree is held while a credential is signed.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Table, insert, select, tuple_

from skillpassport.clock import Clock
from skillpassport.custody.sealing import SealBroken, derive, open_sealed, seal
from skillpassport.custody.subjects import SubjectKey
from skillpassport.db.entry_macs import entry_mac, facts_mac, mac_key
from skillpassport.db.log_facts import (
    facts_of,
    is_logged,
    key_values,
    row_id,
    stored_columns,
    stored_facts_of,
)
from skillpassport.db.organisation_keys import OrganisationKeys
from skillpassport.db.tables.log import log_entries, log_heads
from skillpassport.errors import SkillPassportError
from skillpassport.transparency.audit import MAX_DISORDER
from skillpassport.transparency.checkpoint import read_checkpoint
from skillpassport.transparency.entries import SALT_BYTES, Entry, Facts, Kind, commit_to

CLOCK_TOLERANCE: Final = timedelta(seconds=2)
"""How far the clock may lie behind the last head: clocks of several machines differ a little."""


Recorder = Callable[[Kind, Table, Mapping[str, object]], object]
"""Records a row in the log, in the transaction that writes it."""


# Built once: every transaction that records asks for it.
_NEWEST_HEAD = select(log_heads.c.note).order_by(log_heads.c.size.desc()).limit(1)
_INSERT = insert(log_entries)


class ClockBehindLog(SkillPassportError):
    """The clock says an earlier time than the log; dates would be out of order with it."""

    code = "clock-behind-log"

    def __init__(self, now: datetime, head: datetime) -> None:
        super().__init__(
            f"Expected a clock past {head.isoformat()}, the time of the last head of the log, "
            f"found {now.isoformat()}; set the machine's clock right."
        )
        self.now = now
        self.head = head


class TransactionTooLong(SkillPassportError):
    """A transaction took so long that its entries would stand out of order in the log."""

    code = "transaction-too-long"

    def __init__(self) -> None:
        super().__init__(
            f"Expected a transaction of less than {MAX_DISORDER}, found a longer one; "
            "divide the work."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An entry as it is kept.

    position: place in the tree, counted from zero; None until it is sequenced
    """

    entry: Entry
    position: int | None


class LogStore:
    """The log within one transaction."""

    def __init__(
        self,
        connection: Connection,
        now: Callable[[], datetime],
        clock: Clock,
        keys: OrganisationKeys,
    ) -> None:
        self._connection = connection
        self._now = now
        self._clock = clock
        self._keys = keys
        self._unwritten: list[dict[str, Any]] = []
        self._about_persons: dict[str, Facts] = {}

    @property
    def has_recorded(self) -> bool:
        """Whether this transaction has made entries that are not committed."""
        return bool(self._unwritten)

    def record(
        self,
        kind: Kind,
        table: Table,
        row: Mapping[str, object],
        *,
        subject_key: SubjectKey | None = None,
    ) -> str:
        """Return the id of a new entry that commits to a row of this transaction.

        table: one whose rows are logged (`info=LOGGED`)
        row: the values as inserted; columns marked `MUTABLE` are left out of the commitment
        subject_key: key of the person whom the row is about; the salt is sealed under it
        """
        if not is_logged(table):
            raise ValueError(f"Mark table '{table.name}' with info=LOGGED (db/tables/log.py).")
        # Ids begin with the order within the transaction, so that equal times keep it.
        entry_id = f"{len(self._unwritten):06x}{secrets.token_hex(12)}"
        salt = secrets.token_bytes(SALT_BYTES)
        facts = facts_of(table, row)
        self._unwritten.append(
            {
                "id": entry_id,
                "kind": kind.value,
                "table_name": table.name,
                "row_id": row_id(table, row),
                "time": self._now(),
                "commitment": commit_to(facts, salt),
                "salt": salt if subject_key is None else None,
                "sealed_salt": subject_key and _seal_salt(subject_key, entry_id, salt),
                "subject_key_id": subject_key and subject_key.id,
                "facts_mac": None,
            }
        )
        if subject_key is not None:
            self._about_persons[entry_id] = facts
        return entry_id

    def flush(self) -> None:
        """Write what was recorded; called once, before the commit.

        Raises: ClockBehindLog, TransactionTooLong, OrganisationKeyMissing
        """
        if self._unwritten:
            self._check_time()
            key = mac_key(self._keys)
            for row in self._unwritten:
                if (facts := self._about_persons.pop(row["id"], None)) is not None:
                    row["facts_mac"] = facts_mac(key, row["id"], facts)
                row["mac"] = entry_mac(key, row)
            self._connection.execute(_INSERT, self._unwritten)
            self._unwritten = []

    def entries_of(self, table: Table, row: str) -> list[Recorded]:
        """Return what the log says about a row, oldest first.

        row: primary key of the row
        """
        query = (
            select(log_entries)
            .where(log_entries.c.table_name == table.name, log_entries.c.row_id == row)
            .order_by(log_entries.c.time, log_entries.c.id)
        )
        rows = self._connection.execute(query).mappings()
        return [Recorded(entry=entry_of(each), position=each["position"]) for each in rows]

    def recorded_at(self, table: Table, name: str, subject_key: SubjectKey) -> datetime | None:
        """Return when a row about a person was recorded; None where it is not as it was recorded.

        name: primary key of the row
        Raises: SealBroken
        """
        mine = (log_entries.c.table_name == table.name) & (log_entries.c.row_id == name)
        entries = self._connection.execute(select(log_entries).where(mine)).mappings().all()
        key = tuple_(*table.primary_key) == tuple_(*key_values(table, name))
        row = self._connection.execute(select(*stored_columns(table)).where(key)).mappings().first()
        if len(entries) != 1 or row is None:
            return None
        salt = open_salt(entries[0], subject_key)
        as_recorded = salt and commit_to(stored_facts_of(table, row), salt)
        return entries[0]["time"] if as_recorded == entries[0]["commitment"] else None

    def _check_time(self) -> None:
        note = self._connection.scalar(_NEWEST_HEAD)
        if note is None:
            return
        head, now = _time_of(note), self._clock.now()
        if now < head - CLOCK_TOLERANCE:
            raise ClockBehindLog(now, head)
        if self._now() < head - MAX_DISORDER:
            raise TransactionTooLong


@lru_cache(maxsize=8)
def _time_of(note: str) -> datetime:
    """Return a head's time; many transactions see one head."""
    return read_checkpoint(note).time


def entry_of(row: Mapping[Any, Any]) -> Entry:
    """Return the line of the log that a row of `log_entries` stands for."""
    return Entry(
        kind=row["kind"],
        subject=f"{row['table_name']}/{row['row_id']}",
        time=row["time"],
        commitment=row["commitment"],
    )


def open_salt(row: RowMapping, subject_key: SubjectKey | None) -> bytes | None:
    """Return the salt of an entry, or None when its subject's key is gone.

    Raises: SealBroken, also where an entry has both salts, or a plain one and a subject's key
    """
    if len({row[name] is None for name in ("salt", "sealed_salt")}) == 1:
        raise SealBroken
    if (row["sealed_salt"] is None) != (row["subject_key_id"] is None):
        raise SealBroken
    if row["sealed_salt"] is None:
        salt: bytes | None = row["salt"]
        return salt
    if subject_key is None:
        return None
    return open_sealed(_salt_key(subject_key), row["sealed_salt"], context=_context(row["id"]))


def _seal_salt(subject_key: SubjectKey, entry_id: str, salt: bytes) -> bytes:
    return seal(_salt_key(subject_key), salt, context=_context(entry_id))


def _salt_key(subject_key: SubjectKey) -> bytes:
    return derive(subject_key.key, "log-salt")


def _context(entry_id: str) -> str:
    return f"log-salt:{entry_id}"
