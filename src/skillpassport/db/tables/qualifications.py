"""Qualifications, and the titles and words that they are found by; a million of them is expected.

A correction is a further revision of the same id, the highest one holds. All three are bulk
tables: each row belongs to a change, whose digest vouches for it.
"""

from sqlalchemy import Column, Index, Integer, Table, Text, UniqueConstraint

from skillpassport.db.tables.log import BULK
from skillpassport.db.tables.metadata import ORDINAL, Json, metadata

qualifications = Table(
    "qualifications",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("change", Integer, nullable=False),
    Column("id", ORDINAL, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("country", ORDINAL, nullable=False),
    Column("framework", ORDINAL),
    Column("edition", Text),
    Column("level", ORDINAL),
    Column("title", Json, nullable=False),
    # Everything else that is known of it; nothing is searched in here.
    Column("particulars", Json, nullable=False),
    UniqueConstraint("id", "revision"),
    Index("ix_qualifications_country", "country", "id"),
    Index("ix_qualifications_level", "framework", "level", "id"),
    info=BULK,
)

qualification_titles = Table(
    "qualification_titles",
    metadata,
    Column("country", ORDINAL, primary_key=True),
    Column("folded", ORDINAL, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("change", Integer, nullable=False),
    info=BULK,
)

qualification_terms = Table(
    "qualification_terms",
    metadata,
    Column("term", ORDINAL, primary_key=True),
    Column("country", ORDINAL, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("change", Integer, nullable=False),
    info=BULK,
)
