"""The log as it is kept: entries, the leaves of the tree, and its signed heads.

A table whose rows are logged says so (`info=LOGGED`); a column of such a table that may change
afterwards says so too (`info=MUTABLE`). All other columns are facts: once recorded, a change is
found by `skillpassport log verify`.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    LargeBinary,
    Table,
    Text,
    text,
)

from skillpassport.db.tables.metadata import Instant, Json, metadata

LOGGED = {"logged": True}
"""Marks a table of which every row has an entry in the log."""

MUTABLE = {"mutable": True}
"""Marks a column that may change after the row was logged."""

BULK = {"bulk": True}
"""Marks a table of many rows without entries of their own: the row of `registry_changes` that its
column `change` names commits to all rows of that change by one digest (db/bulk.py)."""

_UNSEQUENCED = text("position IS NULL")

log_entries = Table(
    "log_entries",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("table_name", Text, nullable=False),
    Column("row_id", Text, nullable=False),
    Column("time", Instant, nullable=False),
    Column("commitment", Text, nullable=False),
    # Exactly one of the two salts: plain, or sealed under the subject's key.
    Column("salt", LargeBinary),
    Column("sealed_salt", LargeBinary),
    Column("subject_key_id", Text),
    # Over the row; only where the salt is sealed, and may be erased (db/entry_macs.py).
    Column("facts_mac", LargeBinary),
    # Over everything above, with a key that the database does not tell.
    Column("mac", LargeBinary, nullable=False),
    Column("position", BigInteger, unique=True),
    # A row is written once and never changed in what is recorded of it: it has one entry.
    Index("ix_log_entries_row", "table_name", "row_id", unique=True),
    Index(
        "ix_log_entries_unsequenced",
        "time",
        "id",
        sqlite_where=_UNSEQUENCED,
        postgresql_where=_UNSEQUENCED,
    ),
)

log_leaves = Table(
    "log_leaves",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("leaf", LargeBinary, nullable=False),
)

log_heads = Table(
    "log_heads",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
    # Roots of the perfect subtrees, 32 octets each, largest first.
    Column("compact_range", LargeBinary, nullable=False),
)

log_recoveries = Table(
    "log_recoveries",
    metadata,
    Column("id", Text, primary_key=True),
    Column("accepted_at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    # Where the restored log went on, and the head that it left behind.
    Column("continued_from", BigInteger, nullable=False),
    Column("abandoned_size", BigInteger, nullable=False),
    Column("abandoned_head", Text),
    info=LOGGED,
)

subject_erasures = Table(
    "subject_erasures",
    metadata,
    Column("subject_key_id", Text, primary_key=True),
    Column("erased_at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    # Names of the rows that were sealed with the key, so that no other row passes for erased.
    Column("covers", Json, nullable=False),
    info=LOGGED,
)
