"""Occupational standards with their units, and what was said about units of two of them.

Rows are only ever added: a correction is a further revision, as for the frameworks.
"""

from sqlalchemy import Boolean, Column, Date, Integer, Table, Text

from skillpassport.db.tables.log import LOGGED
from skillpassport.db.tables.metadata import Json, metadata

occupational_standards = Table(
    "occupational_standards",
    metadata,
    Column("id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("title", Json, nullable=False),
    Column("authority", Text, nullable=False),
    Column("country", Text),
    Column("isco", Json, nullable=False),
    Column("level", Text),
    # A decimal, as text: both engines give it back as it was written.
    Column("total_hours", Text),
    Column("valid_from", Date),
    Column("valid_until", Date),
    # Units and their parts, always read as a whole.
    Column("units", Json, nullable=False),
    Column("footing", Text, nullable=False),
    Column("notes", Json, nullable=False),
    Column("sources", Json, nullable=False),
    Column("origin", Text, nullable=False),
    Column("change", Integer, nullable=False),
    info=LOGGED,
)

unit_links = Table(
    "unit_links",
    metadata,
    Column("id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("from_standard", Text, nullable=False),
    Column("from_unit", Text, nullable=False),
    Column("to_standard", Text, nullable=False),
    Column("to_unit", Text, nullable=False),
    Column("whole", Boolean, nullable=False),
    Column("published", Boolean, nullable=False),
    Column("note", Text, nullable=False),
    Column("sources", Json, nullable=False),
    Column("origin", Text, nullable=False),
    Column("change", Integer, nullable=False),
    info=LOGGED,
)
