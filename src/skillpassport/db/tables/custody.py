"""Keys below the master key. All are kept wrapped; the wrapping changes when the parent does."""

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text

from skillpassport.db.tables.log import MUTABLE
from skillpassport.db.tables.metadata import Instant, metadata

organisation_keys = Table(
    "organisation_keys",
    metadata,
    # An organisation's id, or the name of a service of the instance: so no foreign key.
    Column("owner", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("parent_version", Text, nullable=False, info=MUTABLE),
    Column("wrapped", LargeBinary, nullable=False, info=MUTABLE),
    Column("created_at", Instant, nullable=False),
)

SUBJECT_KEYS_SCHEMA = "subject_keys"

subject_keys_metadata = MetaData(
    schema=SUBJECT_KEYS_SCHEMA, naming_convention=metadata.naming_convention
)
"""Tables of the subject-key store, which is not part of the main database."""

store_keys = Table(
    "store_keys",
    subject_keys_metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("parent_version", Text, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
)

subject_keys = Table(
    "subject_keys",
    subject_keys_metadata,
    Column("id", Text, primary_key=True),
    Column("parent_version", Integer, nullable=False),
    # NULL once erased: the id stays, so that "erased" and "never existed" are told apart.
    Column("wrapped", LargeBinary),
    Column("created_at", Instant, nullable=False, index=True),
    Column("erased_at", Instant),
)
