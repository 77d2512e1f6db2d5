"""Signing profiles, and which status entries their credentials have.

Of what is signed under a profile nothing is kept but its place in a status list: the credential
belongs to whoever composed it. The tag of its id is a keyed digest.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text
from sqlalchemy import UniqueConstraint as Unique

from skillpassport.db.tables.log import LOGGED
from skillpassport.db.tables.metadata import Instant, Json, metadata

# The profile's key is a row of `signing_keys` that the profile owns.
signing_profiles = Table(
    "signing_profiles",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("organisation", String(40), ForeignKey("organisations.id"), nullable=False),
    Column("slug", String(63), nullable=False),
    Column("securing", String(40), nullable=False),
    Column("key_type", String(20), nullable=False),
    Column("did_method", String(20), nullable=False),
    Column("status", String(20), nullable=False),
    Column("did", Text, nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Unique("organisation", "slug"),
    info=LOGGED,
)

profile_credentials = Table(
    "profile_credentials",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("profile", String(40), ForeignKey("signing_profiles.id"), nullable=False),
    # NULL for a credential without an id.
    Column("id_tag", String(64)),
    # Purpose, list and index of each status entry, as signed: what `status_entries` must match.
    Column("entries", Json, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Index("ix_profile_credentials_id_tag", "id_tag"),
    info=LOGGED,
)

# What happened to such a credential, never edited.
profile_status_events = Table(
    "profile_status_events",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("credential", String(40), ForeignKey("profile_credentials.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("sets", Boolean, nullable=False),
    Column("api_key", String(40), ForeignKey("api_keys.id"), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    # Two concurrent changes of one credential cannot both be the next one.
    Unique("credential", "position"),
    info=LOGGED,
)
