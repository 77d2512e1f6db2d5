"""Comparability statements that were signed here; no row ever changes.

That a statement was replaced follows from the row of the next version.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from skillpassport.db.tables.log import LOGGED
from skillpassport.db.tables.metadata import Instant, Json, metadata

comparability_statements = Table(
    "comparability_statements",
    metadata,
    Column("id", String(40), primary_key=True),
    # Digest of the question: what all versions of one statement share.
    Column("topic", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("question", Json, nullable=False),
    # Digest of what the answer says.
    Column("says", String(64), nullable=False),
    # The change of the registry that it was answered from.
    Column("registry_version", Integer, nullable=False),
    Column("document", Text, nullable=False),
    Column("supersedes", String(40), ForeignKey("comparability_statements.id"), unique=True),
    Column("issued_at", Instant, nullable=False),
    # Two that state the same at once cannot both be the next version.
    UniqueConstraint("topic", "version"),
    Index("ix_comparability_statements_issued_at", "issued_at", "id"),
    info=LOGGED,
)
