"""Opening what the log committed to, for the owner of an award: the facts of its row, and salts."""

import json

from sqlalchemy import Connection, RowMapping, Table, select

from skillpassport.credentials.model import CredentialId
from skillpassport.custody.subjects import SubjectKey
from skillpassport.db.log import entry_of, open_salt
from skillpassport.db.log_facts import stored_columns, stored_facts_of
from skillpassport.db.tables.credentials import credentials, reissues
from skillpassport.db.tables.log import log_entries
from skillpassport.db.unit_of_work import UnitOfWork
from skillpassport.transparency.entries import Facts
from skillpassport.transparency.proofs import Disclosure
from skillpassport.vc.multibase import decode_base64url


def disclose(work: UnitOfWork, credential: CredentialId) -> Disclosure:
    """Return what the log committed to when a credential was issued, with what opens it.

    Raises: SubjectKeyErased, SealBroken
    """
    key = work.credentials.subject_key_of(credential)
    row = _row(work.connection, credentials, credential)
    opened = key.open(row["sealed"], context=f"credential:{credential}")
    return _disclosure(work.connection, credentials, credential, opened, key)


def disclose_reissue(work: UnitOfWork, credential: CredentialId) -> Disclosure | None:
    """Return what the log committed to when a document was last signed anew; None if it never was.

    Raises: SubjectKeyErased, SealBroken
    """
    reissue: str | None = _row(work.connection, credentials, credential)["reissue"]
    if reissue is None:
        return None
    key = work.credentials.subject_key_of(credential)
    row = _row(work.connection, reissues, reissue)
    opened = key.open(row["sealed"], context=f"reissue:{reissue}")
    return _disclosure(work.connection, reissues, reissue, opened, key)


def _disclosure(
    connection: Connection, table: Table, name: str, opened: bytes, key: SubjectKey
) -> Disclosure:
    query = select(log_entries).where(
        log_entries.c.table_name == table.name, log_entries.c.row_id == name
    )
    entry = connection.execute(query).mappings().one()
    told = json.loads(opened)
    return Disclosure(
        entry=entry_of(entry),
        position=entry["position"],
        facts=_facts(connection, table, name),
        salt=open_salt(entry, key) or b"",
        document_salt=decode_base64url(told["document_salt"]),
        document=told["document"],
    )


def _row(connection: Connection, table: Table, name: str) -> RowMapping:
    return connection.execute(select(table).where(table.c.id == name)).mappings().one()


def _facts(connection: Connection, table: Table, name: str) -> Facts:
    query = select(*stored_columns(table)).where(table.c.id == name)
    return stored_facts_of(table, connection.execute(query).mappings().one())
