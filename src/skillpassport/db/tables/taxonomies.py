"""Classifications of occupations, skills and fields of education, as their publishers made them.

A version that is brought in again with other content is a further revision of it, with concepts,
relations and terms of its own: the rows of the earlier one stay readable. The rows of the three
bulk tables belong to the change that `taxonomies.change` names, and are vouched for by its digest.
"""

from sqlalchemy import Column, Index, Integer, Table, Text

from skillpassport.db.tables.log import BULK, LOGGED
from skillpassport.db.tables.metadata import ORDINAL, Json, metadata

taxonomies = Table(
    "taxonomies",
    metadata,
    Column("scheme", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("change", Integer, nullable=False),
    Column("languages", Json, nullable=False),
    Column("counts", Json, nullable=False),
    # Of what the file said, whatever the order of its rows.
    Column("content_digest", Text, nullable=False),
    Column("origin", Text, nullable=False),
    info=LOGGED,
)

taxonomy_concepts = Table(
    "taxonomy_concepts",
    metadata,
    Column("change", Integer, primary_key=True, autoincrement=False),
    # In the order of the concepts' URIs, counted from 1.
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("uri", ORDINAL, nullable=False),
    Column("code", ORDINAL),
    Column("kind", Text, nullable=False),
    Column("labels", Json, nullable=False),
    Column("alternatives", Json, nullable=False),
    Column("isco_group", Text),
    Column("skill_type", Text),
    Column("reuse_level", Text),
    Index("ix_taxonomy_concepts_uri", "change", "uri", unique=True),
    Index("ix_taxonomy_concepts_code", "change", "code"),
    info=BULK,
)

taxonomy_relations = Table(
    "taxonomy_relations",
    metadata,
    Column("change", Integer, primary_key=True, autoincrement=False),
    Column("source", Integer, primary_key=True, autoincrement=False),
    Column("kind", ORDINAL, primary_key=True),
    Column("target", Integer, primary_key=True, autoincrement=False),
    Index("ix_taxonomy_relations_target", "change", "target"),
    info=BULK,
)

# What concepts are found by: each word of a label, and `=` with the whole label; all folded.
taxonomy_terms = Table(
    "taxonomy_terms",
    metadata,
    Column("change", Integer, primary_key=True, autoincrement=False),
    Column("term", ORDINAL, primary_key=True),
    Column("concept", Integer, primary_key=True, autoincrement=False),
    info=BULK,
)
