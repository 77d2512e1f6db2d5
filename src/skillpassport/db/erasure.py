"""Erasing a person: first the log says that it happens, then the key goes.

In this order, since a key that is gone without a word in the log is what an attack looks like. A
crash in between is finished at the next start.
"""

from datetime import datetime

from sqlalchemy import insert, select

from skillpassport.custody.subjects import SubjectKeyUnknown
from skillpassport.db.log import entry_of
from skillpassport.db.tables.credentials import credentials
from skillpassport.db.tables.log import log_entries, subject_erasures
from skillpassport.db.unit_of_work import Database, UnitOfWork
from skillpassport.transparency.entries import Kind


def erase_subject(database: Database, key_id: str, *, reason: str) -> None:
    """Erase all that is sealed under a subject key. Erasing twice changes nothing.

    reason: text without personal data; kept in the log
    Raises: SubjectKeyUnknown, DatabaseFailure and its kinds
    """
    if not database.subject_keys.knows(key_id):
        raise SubjectKeyUnknown
    with database.transaction() as work:
        recorded = _recorded_at(work, key_id)
        if recorded is None:
            recorded = work.now
            row = {
                "subject_key_id": key_id,
                "erased_at": recorded,
                "reason": reason,
                "covers": _covered(work, key_id),
            }
            work.connection.execute(insert(subject_erasures), row)
            work.log.record(Kind.SUBJECT_ERASED, subject_erasures, row)
            work.search_tokens.delete_about(key_id)
    database.subject_keys.erase(key_id, recorded)


def finish_erasures(database: Database) -> int:
    """Erase every key whose erasure was recorded but which is still there; return how many.

    For the start: after a crash, or after the subject-key store was restored from its backup.
    """
    with database.snapshot() as work:
        query = select(subject_erasures.c.subject_key_id, subject_erasures.c.erased_at)
        recorded: dict[str, datetime] = {row[0]: row[1] for row in work.connection.execute(query)}
    remaining = database.subject_keys.get_many(list(recorded))
    for key_id in remaining:
        database.subject_keys.erase(key_id, recorded[key_id])
    return len(remaining)


def _covered(work: UnitOfWork, key_id: str) -> list[str]:
    """Return the rows that are sealed with a key, locked against further events."""
    mine = select(credentials.c.id).where(credentials.c.subject == key_id)
    work.connection.execute(mine.with_for_update())
    query = select(log_entries).where(log_entries.c.subject_key_id == key_id)
    return sorted(entry_of(row).subject for row in work.connection.execute(query).mappings())


def _recorded_at(work: UnitOfWork, key_id: str) -> datetime | None:
    query = select(subject_erasures.c.erased_at)
    found: datetime | None = work.connection.scalar(
        query.where(subject_erasures.c.subject_key_id == key_id)
    )
    return found
