"""What qualifications are worth elsewhere: rules, agreements, precedents, regulated professions.

Rows are only ever added: a correction is a further revision, as for the frameworks. The revision of
a rule is the version that an answer names.
"""

from sqlalchemy import Boolean, Column, Date, Integer, Table, Text

from skillpassport.db.tables.log import LOGGED
from skillpassport.db.tables.metadata import Json, metadata

recognition_rules = Table(
    "recognition_rules",
    metadata,
    Column("id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("origin_country", Text, nullable=False),
    Column("destination", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("aliases", Json, nullable=False),
    Column("origin_level", Text),
    Column("purpose", Text),
    # The condition in words, and as it is judged.
    Column("condition", Text, nullable=False),
    Column("when", Json),
    Column("outcome", Text, nullable=False),
    Column("comparable_to", Text, nullable=False),
    Column("levels", Json, nullable=False),
    Column("measures", Json, nullable=False),
    Column("status", Text, nullable=False),
    Column("publication", Text, nullable=False),
    Column("agreement", Text),
    Column("authority", Text),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Column("supersedes", Json, nullable=False),
    Column("note", Text, nullable=False),
    Column("sources", Json, nullable=False),
    Column("origin", Text, nullable=False),
    Column("change", Integer, nullable=False),
    info=LOGGED,
)

agreements = Table(
    "agreements",
    metadata,
    Column("id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("slug", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("footing", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("parties", Json, nullable=False),
    Column("origins", Json, nullable=False),
    Column("destinations", Json, nullable=False),
    Column("isco", Json, nullable=False),
    # As the source writes them: a day, a month, a year, or words.
    Column("signed", Text),
    Column("in_force", Text),
    Column("ended", Text),
    Column("is_public", Boolean, nullable=False),
    Column("details", Json, nullable=False),
    Column("origin", Text, nullable=False),
    Column("change", Integer, nullable=False),
    info=LOGGED,
)

# Decisions on single cases, without anything about their persons.
precedents = Table(
    "precedents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("origin_country", Text, nullable=False),
    Column("destination", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("comparable_to", Text, nullable=False),
    Column("levels", Json, nullable=False),
    Column("measures", Json, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_in", Integer, nullable=False),
    Column("institution", Text, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("differences", Json, nullable=False),
    Column("sources", Json, nullable=False),
    Column("origin", Text, nullable=False),
    Column("change", Integer, nullable=False),
    info=LOGGED,
)

regulated_professions = Table(
    "regulated_professions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("destination", Text, nullable=False),
    Column("name", Json, nullable=False),
    Column("isco", Json, nullable=False),
    # Ways in, always read as a whole.
    Column("ways", Json, nullable=False),
    Column("origin", Text, nullable=False),
    Column("change", Integer, nullable=False),
    info=LOGGED,
)
