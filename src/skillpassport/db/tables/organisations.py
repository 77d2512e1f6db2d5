"""Organisations, their keys and their accreditations."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from skillpassport.db.tables.metadata import Instant, Json, metadata

_MUTABLE = {"mutable": True}
_LOGGED = {"logged": True}

organisations = Table(
    "organisations",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("slug", String(63), nullable=False, unique=True),
    Column("name", Json, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("country", String(2), nullable=False),
    Column("jurisdictions", Json, nullable=False),
    Column("frameworks", Json, nullable=False),
    Column("did", Text, nullable=False, unique=True),
    Column("sandbox", Boolean, nullable=False),
    Column("demonstration", Boolean, nullable=False),
    Column("late_issue_days", Integer, nullable=False),
    Column("registered_at", Instant, nullable=False),
    info=_LOGGED,
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    # NULL is the administrator's.
    Column("organisation", String(40), ForeignKey("organisations.id")),
    Column("scopes", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("ix_api_keys_organisation", "organisation"),
    info=_LOGGED,
)

# The end of a key is a row of its own, so that the log can name it; a key ends once.
api_key_revocations = Table(
    "api_key_revocations",
    metadata,
    Column("api_key", String(40), ForeignKey("api_keys.id"), primary_key=True),
    Column("revoked_at", Instant, nullable=False),
    info=_LOGGED,
)

# `owner` is an organisation, or `service` for the key that signs the heads of the log.
signing_keys = Table(
    "signing_keys",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("owner", String(40), nullable=False),
    Column("did", Text, nullable=False),
    Column("fragment", String(128), nullable=False),  # the Multikey: 71 letters for P-384
    Column("multikey", Text, nullable=False),
    # Private half, sealed with this version of the owner's organisation key.
    Column("parent_version", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("signs_until", Instant, nullable=False),
    Column("retired_at", Instant, info=_MUTABLE),
    Column("revoked_at", Instant, info=_MUTABLE),
    UniqueConstraint("did", "fragment"),
    Index("ix_signing_keys_owner", "owner"),
    info=_LOGGED,
)

# Every change in a key's life is a row of its own, so that the log can name it.
key_events = Table(
    "key_events",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("signing_key", String(40), ForeignKey("signing_keys.id"), nullable=False),
    Column("event", String(20), nullable=False),
    # Why, in words without personal data, and which API key asked for it.
    Column("reason", Text),
    Column("api_key", String(40), ForeignKey("api_keys.id")),
    Column("recorded_at", Instant, nullable=False),
    info=_LOGGED,
)

accreditations = Table(
    "accreditations",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("authority", String(40), ForeignKey("organisations.id"), nullable=False),
    Column("organisation", String(40), ForeignKey("organisations.id"), nullable=False),
    Column("scope", Json, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("last_enrolment", Date),
    Column("last_achievement", Date),
    Column("late_issue_days", Integer, nullable=False),
    Column("document", Text, nullable=False),
    Column("granted_at", Instant, nullable=False),
    Index("ix_accreditations_organisation", "organisation"),
    info=_LOGGED,
)

withdrawals = Table(
    "withdrawals",
    metadata,
    Column("id", String(40), primary_key=True),
    # At most one withdrawal per accreditation, whoever races.
    Column(
        "accreditation", String(40), ForeignKey("accreditations.id"), nullable=False, unique=True
    ),
    Column("effective_from", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    info=_LOGGED,
)

late_awards = Table(
    "late_awards",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("accreditation", String(40), ForeignKey("accreditations.id"), nullable=False),
    Column("achievement", String(40), nullable=False),
    Column("awarded_on", Date, nullable=False),
    # The reason may speak of a person: sealed with the authority's organisation key.
    Column("parent_version", Integer, nullable=False),
    Column("sealed_reason", LargeBinary, nullable=False),
    Column("approved_at", Instant, nullable=False),
    Column("used_by", String(40), info=_MUTABLE),
    Index("ix_late_awards_accreditation", "accreditation"),
    info=_LOGGED,
)
