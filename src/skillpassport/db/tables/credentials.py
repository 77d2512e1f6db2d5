"""Achievements, awards, status lists and idempotency keys.

What is about a person is sealed with that person's subject key; other columns hold ids, dates and
codes. Lookup tags are keyed digests: without the instance's key they tell nothing.
"""

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from skillpassport.db.tables.metadata import Instant, Json, metadata

_MUTABLE = {"mutable": True}
_LOGGED = {"logged": True}

achievements = Table(
    "achievements",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("organisation", String(40), ForeignKey("organisations.id"), nullable=False),
    Column("slug", String(63), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("title", Json, nullable=False),
    Column("framework", String(80)),
    Column("edition", String(80)),
    Column("level", String(40)),
    Column("isced_f", String(4)),
    Column("details", Json, nullable=False),
    Column("registered_at", Instant, nullable=False),
    UniqueConstraint("organisation", "slug"),
    info=_LOGGED,
)

credentials = Table(
    "credentials",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("organisation", String(40), ForeignKey("organisations.id"), nullable=False),
    Column("achievement", String(40), ForeignKey("achievements.id"), nullable=False),
    # NULL for awards of an authority and of a sandbox organisation, which need none.
    Column("accreditation", String(40), ForeignKey("accreditations.id")),
    Column("format", String(20), nullable=False),
    Column("awarded_on", Date, nullable=False),
    Column("valid_until", Date),
    Column("subject", String(40), nullable=False),
    # Document, code and the subject's fields, sealed with the subject key.
    Column("sealed", LargeBinary, nullable=False),
    # Purpose, list and index of each status entry, as signed: what `status_entries` must match.
    Column("entries", Json, nullable=False),
    # Salted hash of the document, its salt among what is sealed: ties the document to the log.
    Column("document_commitment", String(43), nullable=False),
    Column("content_tag", String(64), nullable=False, unique=True),
    Column("code_tag", String(64), nullable=False, unique=True),
    Column("supersedes", String(40), ForeignKey("credentials.id"), unique=True),
    Column("issued_at", Instant, nullable=False),
    # The newest row of `reissues`, if the document was signed anew.
    Column("reissue", String(40), info=_MUTABLE),
    Index("ix_credentials_organisation_issued_at", "organisation", "issued_at", "id"),
    Index("ix_credentials_achievement", "achievement"),
    info=_LOGGED,
)

# Documents that were signed anew because the first key was stolen; the award stays what it was.
reissues = Table(
    "reissues",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("credential", String(40), ForeignKey("credentials.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("signing_key", String(40), ForeignKey("signing_keys.id"), nullable=False),
    # The document and the salt of its commitment, sealed with the subject key.
    Column("sealed", LargeBinary, nullable=False),
    Column("document_commitment", String(43), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    # Two runs at once cannot both sign the next one.
    UniqueConstraint("credential", "position"),
    info=_LOGGED,
)

# Keyed tokens of the words in a subject's name; they go when the person is erased.
search_tokens = Table(
    "search_tokens",
    metadata,
    Column("token", String(24), nullable=False),
    Column("credential", String(40), ForeignKey("credentials.id"), nullable=False),
    PrimaryKeyConstraint("token", "credential"),
    Index("ix_search_tokens_credential", "credential"),
)

# Suspended, reinstated, revoked, superseded: what happened to an award, never edited.
status_events = Table(
    "status_events",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("credential", String(40), ForeignKey("credentials.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("action", String(20), nullable=False),
    Column("reason_code", String(40), nullable=False),
    # The reason's text may speak of a person: sealed with the subject key.
    Column("sealed_reason", LargeBinary, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    # Two concurrent changes of one credential cannot both be the next one.
    UniqueConstraint("credential", "position"),
    info=_LOGGED,
)

status_lists = Table(
    "status_lists",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("did", Text, nullable=False),
    # By which standard it is published: `bitstring` or `token`.
    Column("form", String(20), nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("url", Text, nullable=False, unique=True),
    Column("length", Integer, nullable=False),
    # Key of the permutation that makes indexes look random; sealed with the owner's key.
    Column("parent_version", Integer, nullable=False),
    Column("sealed_permutation", LargeBinary, nullable=False),
    Column("owner", String(40), nullable=False),
    Column("reserved", Integer, nullable=False, info=_MUTABLE),
    Column("revision", Integer, nullable=False, info=_MUTABLE),
    Column("changed_at", Instant, nullable=False, info=_MUTABLE),
    Column("closed_at", Instant, info=_MUTABLE),
    Column("opened_at", Instant, nullable=False),
    Index("ix_status_lists_did_purpose", "did", "purpose"),
    info=_LOGGED,
)

status_entries = Table(
    "status_entries",
    metadata,
    Column("list", String(40), ForeignKey("status_lists.id"), nullable=False),
    Column("index", Integer, nullable=False),
    # A credential, or an accreditation.
    Column("subject", String(40), nullable=False),
    Column("purpose", String(20), nullable=False),
    # The bit is set from this instant on; NULL while it is clear.
    Column("set_since", Instant, info=_MUTABLE),
    # One value of a Token Status List tells of both purposes, so both are at one position.
    PrimaryKeyConstraint("list", "index", "purpose"),
    UniqueConstraint("subject", "purpose"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("owner", String(40), nullable=False),
    Column("key", String(255), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("resource", String(40), nullable=False),
    Column("sealed", LargeBinary),
    Column("claimed_at", Instant, nullable=False),
    PrimaryKeyConstraint("owner", "key"),
    Index("ix_idempotency_keys_claimed_at", "claimed_at"),
)
