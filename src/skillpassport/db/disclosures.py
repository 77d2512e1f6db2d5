"""Opening what the log committed to, for the owner of an award: the facts of its row, and salts."""

from sqlalchemy import Connection, select

from skillpassport.credentials.model import CredentialId
from skillpassport.db.log import entry_of, open_salt
from skillpassport.db.log_facts import stored_columns, stored_facts_of
from skillpassport.db.tables.credentials import credentials
from skillpassport.db.tables.log import log_entries
from skillpassport.db.unit_of_work import UnitOfWork
from skillpassport.transparency.entries import Facts
from skillpassport.transparency.proofs import Disclosure


def disclose(work: UnitOfWork, credential: CredentialId) -> Disclosure:
    """Return what the log committed to when a credential was issued, with what opens it.

    Raises: SubjectKeyErased, SealBroken
    """
    subject_key, document_salt = work.credentials.opening_of(credential)
    query = select(log_entries).where(
        log_entries.c.table_name == credentials.name, log_entries.c.row_id == credential
    )
    row = work.connection.execute(query).mappings().one()
    return Disclosure(
        entry=entry_of(row),
        position=row["position"],
        facts=_facts(work.connection, credential),
        salt=open_salt(row, subject_key) or b"",
        document_salt=document_salt,
    )


def _facts(connection: Connection, credential: CredentialId) -> Facts:
    query = select(*stored_columns(credentials)).where(credentials.c.id == credential)
    return stored_facts_of(credentials, connection.execute(query).mappings().one())
