"""Frameworks, what was published about their levels, and whom to ask.

Rows are only ever added. A correction is a further revision of the same thing; the highest one
holds, the others stay readable. `sources` are ids of cited sources, `origin` says how a row came
in (`seed registry 1`), `change` with which transaction: the registry can be told as it was then.
"""

from sqlalchemy import Column, Date, Integer, Table, Text

from skillpassport.db.tables.log import LOGGED
from skillpassport.db.tables.metadata import Instant, Json, metadata

# One row for each transaction that changed the registry; the highest number is its revision.
registry_changes = Table(
    "registry_changes",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("origin", Text, nullable=False),
    Column("rows_added", Integer, nullable=False),
    Column("made_at", Instant, nullable=False),
    # Number and digest of the change's rows in each bulk table; NULL where it has none.
    Column("bulk", Json),
    info=LOGGED,
)

sources = Table(
    "sources",
    metadata,
    Column("id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("location", Text, nullable=False),
    Column("read", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("change", Integer, nullable=False),
    info=LOGGED,
)

frameworks = Table(
    "frameworks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("name", Json, nullable=False),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("jurisdictions", Json, nullable=False),
    Column("footing", Text, nullable=False),
    Column("authority", Text),
    Column("uri", Text),
    Column("aliases", Json, nullable=False),
    Column("abbreviations", Json, nullable=False),
    Column("notes", Json, nullable=False),
    Column("sources", Json, nullable=False),
    Column("origin", Text, nullable=False),
    Column("change", Integer, nullable=False),
    info=LOGGED,
)

framework_editions = Table(
    "framework_editions",
    metadata,
    Column("framework", Text, primary_key=True),
    Column("label", Text, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Column("level_count", Integer),
    # A decimal, as text: both engines give it back as it was written.
    Column("credit_unit_hours", Text),
    Column("footing", Text, nullable=False),
    Column("notes", Json, nullable=False),
    Column("sources", Json, nullable=False),
    Column("origin", Text, nullable=False),
    Column("change", Integer, nullable=False),
    info=LOGGED,
)

framework_levels = Table(
    "framework_levels",
    metadata,
    Column("framework", Text, primary_key=True),
    Column("edition", Text, primary_key=True),
    Column("notation", Text, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    # A decimal, as text; order is judged in memory.
    Column("height", Text, nullable=False),
    Column("title", Json),
    Column("qualification_types", Json, nullable=False),
    Column("descriptors", Json, nullable=False),
    Column("parent", Text),
    Column("uri", Text),
    Column("aliases", Json, nullable=False),
    Column("footing", Text, nullable=False),
    Column("sources", Json, nullable=False),
    Column("origin", Text, nullable=False),
    Column("change", Integer, nullable=False),
    info=LOGGED,
)

level_mappings = Table(
    "level_mappings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("from_framework", Text, nullable=False),
    Column("from_edition", Text),
    Column("from_level", Text),
    Column("to_framework", Text, nullable=False),
    Column("to_edition", Text),
    Column("to_level", Text),
    Column("relation", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("publication", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("disclaimer", Text, nullable=False),
    Column("sources", Json, nullable=False),
    Column("origin", Text, nullable=False),
    Column("change", Integer, nullable=False),
    info=LOGGED,
)

competent_authorities = Table(
    "competent_authorities",
    metadata,
    Column("id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("jurisdiction", Text, nullable=False),
    Column("name", Json, nullable=False),
    Column("scope", Json, nullable=False),
    Column("isco", Json, nullable=False),
    Column("url", Text),
    Column("as_of", Date, nullable=False),
    Column("sources", Json, nullable=False),
    Column("origin", Text, nullable=False),
    Column("change", Integer, nullable=False),
    info=LOGGED,
)
