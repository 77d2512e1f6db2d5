"""The first schema: organisations, accreditations, awards, registry, log and keys.

Types are spelled out here and not taken from the program, so that this revision stays what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Text in the order of its code points on both engines.
ORDINAL = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "competent_authorities",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("isco", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", "revision", name=op.f("pk_competent_authorities")),
    )
    op.create_table(
        "framework_editions",
        sa.Column("framework", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("level_count", sa.Integer(), nullable=True),
        sa.Column("credit_unit_hours", sa.Text(), nullable=True),
        sa.Column("footing", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "framework", "label", "revision", name=op.f("pk_framework_editions")
        ),
    )
    op.create_table(
        "framework_levels",
        sa.Column("framework", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("notation", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("height", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("qualification_types", sa.Text(), nullable=False),
        sa.Column("descriptors", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("uri", sa.Text(), nullable=True),
        sa.Column("aliases", sa.Text(), nullable=False),
        sa.Column("footing", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "framework", "edition", "notation", "revision", name=op.f("pk_framework_levels")
        ),
    )
    op.create_table(
        "frameworks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("jurisdictions", sa.Text(), nullable=False),
        sa.Column("footing", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=True),
        sa.Column("uri", sa.Text(), nullable=True),
        sa.Column("aliases", sa.Text(), nullable=False),
        sa.Column("abbreviations", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", "revision", name=op.f("pk_frameworks")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("resource", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("claimed_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "key", name=op.f("pk_idempotency_keys")),
    )
    with op.batch_alter_table("idempotency_keys", schema=None) as batch_op:
        batch_op.create_index("ix_idempotency_keys_claimed_at", ["claimed_at"], unique=False)

    op.create_table(
        "level_mappings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("from_framework", sa.Text(), nullable=False),
        sa.Column("from_edition", sa.Text(), nullable=True),
        sa.Column("from_level", sa.Text(), nullable=True),
        sa.Column("to_framework", sa.Text(), nullable=False),
        sa.Column("to_edition", sa.Text(), nullable=True),
        sa.Column("to_level", sa.Text(), nullable=True),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("publication", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("disclaimer", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", "revision", name=op.f("pk_level_mappings")),
    )
    op.create_table(
        "log_entries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Text(), nullable=False),
        sa.Column("time", sa.Text(), nullable=False),
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_salt", sa.LargeBinary(), nullable=True),
        sa.Column("subject_key_id", sa.Text(), nullable=True),
        sa.Column("facts_mac", sa.LargeBinary(), nullable=True),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_entries")),
        sa.UniqueConstraint("position", name=op.f("uq_log_entries_position")),
    )
    with op.batch_alter_table("log_entries", schema=None) as batch_op:
        batch_op.create_index("ix_log_entries_row", ["table_name", "row_id"], unique=True)
        batch_op.create_index(
            "ix_log_entries_unsequenced",
            ["time", "id"],
            unique=False,
            sqlite_where=sa.text("position IS NULL"),
            postgresql_where=sa.text("position IS NULL"),
        )

    op.create_table(
        "log_heads",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("compact_range", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_heads")),
    )
    op.create_table(
        "log_leaves",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_log_leaves")),
    )
    op.create_table(
        "log_recoveries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("accepted_at", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("continued_from", sa.BigInteger(), nullable=False),
        sa.Column("abandoned_size", sa.BigInteger(), nullable=False),
        sa.Column("abandoned_head", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_recoveries")),
    )
    op.create_table(
        "organisation_keys",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parent_version", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "version", name=op.f("pk_organisation_keys")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("slug", sa.String(length=63), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("jurisdictions", sa.Text(), nullable=False),
        sa.Column("frameworks", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("late_issue_days", sa.Integer(), nullable=False),
        sa.Column("registered_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("did", name=op.f("uq_organisations_did")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisations_slug")),
    )
    op.create_table(
        "registry_changes",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("rows_added", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("bulk", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_registry_changes")),
    )
    op.create_table(
        "signing_keys",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("fragment", sa.String(length=128), nullable=False),
        sa.Column("multikey", sa.Text(), nullable=False),
        sa.Column("parent_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("signs_until", sa.Text(), nullable=False),
        sa.Column("retired_at", sa.Text(), nullable=True),
        sa.Column("revoked_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_keys")),
        sa.UniqueConstraint("did", "fragment", name=op.f("uq_signing_keys_did_fragment")),
    )
    with op.batch_alter_table("signing_keys", schema=None) as batch_op:
        batch_op.create_index("ix_signing_keys_owner", ["owner"], unique=False)

    op.create_table(
        "sources",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("read", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", "revision", name=op.f("pk_sources")),
    )
    op.create_table(
        "status_lists",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("parent_version", sa.Integer(), nullable=False),
        sa.Column("sealed_permutation", sa.LargeBinary(), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_lists")),
        sa.UniqueConstraint("url", name=op.f("uq_status_lists_url")),
    )
    with op.batch_alter_table("status_lists", schema=None) as batch_op:
        batch_op.create_index("ix_status_lists_did_purpose", ["did", "purpose"], unique=False)

    op.create_table(
        "subject_erasures",
        sa.Column("subject_key_id", sa.Text(), nullable=False),
        sa.Column("erased_at", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("covers", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("subject_key_id", name=op.f("pk_subject_erasures")),
    )
    op.create_table(
        "accreditations",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("organisation", sa.String(length=40), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("last_enrolment", sa.Date(), nullable=True),
        sa.Column("last_achievement", sa.Date(), nullable=True),
        sa.Column("late_issue_days", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("granted_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority"],
            ["organisations.id"],
            name=op.f("fk_accreditations_authority_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisations.id"],
            name=op.f("fk_accreditations_organisation_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accreditations")),
    )
    with op.batch_alter_table("accreditations", schema=None) as batch_op:
        batch_op.create_index("ix_accreditations_organisation", ["organisation"], unique=False)

    op.create_table(
        "achievements",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("organisation", sa.String(length=40), nullable=False),
        sa.Column("slug", sa.String(length=63), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("framework", sa.String(length=80), nullable=True),
        sa.Column("edition", sa.String(length=80), nullable=True),
        sa.Column("level", sa.String(length=40), nullable=True),
        sa.Column("isced_f", sa.String(length=4), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisations.id"],
            name=op.f("fk_achievements_organisation_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_achievements")),
        sa.UniqueConstraint("organisation", "slug", name=op.f("uq_achievements_organisation_slug")),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=40), nullable=True),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisations.id"],
            name=op.f("fk_api_keys_organisation_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_keys_digest")),
    )
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.create_index("ix_api_keys_organisation", ["organisation"], unique=False)

    op.create_table(
        "key_events",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("signing_key", sa.String(length=40), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("api_key", sa.String(length=40), nullable=True),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["api_key"], ["api_keys.id"], name=op.f("fk_key_events_api_key_api_keys")
        ),
        sa.ForeignKeyConstraint(
            ["signing_key"],
            ["signing_keys.id"],
            name=op.f("fk_key_events_signing_key_signing_keys"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_events")),
    )
    op.create_table(
        "status_entries",
        sa.Column("list", sa.String(length=40), nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("set_since", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["list"], ["status_lists.id"], name=op.f("fk_status_entries_list_status_lists")
        ),
        sa.PrimaryKeyConstraint("list", "index", "purpose", name=op.f("pk_status_entries")),
        sa.UniqueConstraint("subject", "purpose", name=op.f("uq_status_entries_subject_purpose")),
    )
    op.create_table(
        "api_key_revocations",
        sa.Column("api_key", sa.String(length=40), nullable=False),
        sa.Column("revoked_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["api_key"], ["api_keys.id"], name=op.f("fk_api_key_revocations_api_key_api_keys")
        ),
        sa.PrimaryKeyConstraint("api_key", name=op.f("pk_api_key_revocations")),
    )
    op.create_table(
        "credentials",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("organisation", sa.String(length=40), nullable=False),
        sa.Column("achievement", sa.String(length=40), nullable=False),
        sa.Column("accreditation", sa.String(length=40), nullable=True),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("awarded_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.Column("document_commitment", sa.String(length=43), nullable=False),
        sa.Column("content_tag", sa.String(length=64), nullable=False),
        sa.Column("code_tag", sa.String(length=64), nullable=False),
        sa.Column("supersedes", sa.String(length=40), nullable=True),
        sa.Column("issued_at", sa.Text(), nullable=False),
        sa.Column("reissue", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["accreditation"],
            ["accreditations.id"],
            name=op.f("fk_credentials_accreditation_accreditations"),
        ),
        sa.ForeignKeyConstraint(
            ["achievement"],
            ["achievements.id"],
            name=op.f("fk_credentials_achievement_achievements"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisations.id"],
            name=op.f("fk_credentials_organisation_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["supersedes"], ["credentials.id"], name=op.f("fk_credentials_supersedes_credentials")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials")),
        sa.UniqueConstraint("code_tag", name=op.f("uq_credentials_code_tag")),
        sa.UniqueConstraint("content_tag", name=op.f("uq_credentials_content_tag")),
        sa.UniqueConstraint("supersedes", name=op.f("uq_credentials_supersedes")),
    )
    with op.batch_alter_table("credentials", schema=None) as batch_op:
        batch_op.create_index("ix_credentials_achievement", ["achievement"], unique=False)
        batch_op.create_index(
            "ix_credentials_organisation_issued_at",
            ["organisation", "issued_at", "id"],
            unique=False,
        )

    op.create_table(
        "late_awards",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("accreditation", sa.String(length=40), nullable=False),
        sa.Column("achievement", sa.String(length=40), nullable=False),
        sa.Column("awarded_on", sa.Date(), nullable=False),
        sa.Column("parent_version", sa.Integer(), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=False),
        sa.Column("approved_at", sa.Text(), nullable=False),
        sa.Column("used_by", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["accreditation"],
            ["accreditations.id"],
            name=op.f("fk_late_awards_accreditation_accreditations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_awards")),
    )
    with op.batch_alter_table("late_awards", schema=None) as batch_op:
        batch_op.create_index("ix_late_awards_accreditation", ["accreditation"], unique=False)

    op.create_table(
        "withdrawals",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("accreditation", sa.String(length=40), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["accreditation"],
            ["accreditations.id"],
            name=op.f("fk_withdrawals_accreditation_accreditations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawals")),
        sa.UniqueConstraint("accreditation", name=op.f("uq_withdrawals_accreditation")),
    )
    op.create_table(
        "reissues",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("credential", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("signing_key", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("document_commitment", sa.String(length=43), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["credential"], ["credentials.id"], name=op.f("fk_reissues_credential_credentials")
        ),
        sa.ForeignKeyConstraint(
            ["signing_key"], ["signing_keys.id"], name=op.f("fk_reissues_signing_key_signing_keys")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reissues")),
        sa.UniqueConstraint("credential", "position", name=op.f("uq_reissues_credential_position")),
    )
    op.create_table(
        "search_tokens",
        sa.Column("token", sa.String(length=24), nullable=False),
        sa.Column("credential", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["credential"], ["credentials.id"], name=op.f("fk_search_tokens_credential_credentials")
        ),
        sa.PrimaryKeyConstraint("token", "credential", name=op.f("pk_search_tokens")),
    )
    with op.batch_alter_table("search_tokens", schema=None) as batch_op:
        batch_op.create_index("ix_search_tokens_credential", ["credential"], unique=False)

    op.create_table(
        "status_events",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("credential", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("reason_code", sa.String(length=40), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["credential"], ["credentials.id"], name=op.f("fk_status_events_credential_credentials")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_events")),
        sa.UniqueConstraint(
            "credential", "position", name=op.f("uq_status_events_credential_position")
        ),
    )
    op.create_table(
        "signing_profiles",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("organisation", sa.String(length=40), nullable=False),
        sa.Column("slug", sa.String(length=63), nullable=False),
        sa.Column("securing", sa.String(length=40), nullable=False),
        sa.Column("key_type", sa.String(length=20), nullable=False),
        sa.Column("did_method", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisations.id"],
            name=op.f("fk_signing_profiles_organisation_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_profiles")),
        sa.UniqueConstraint("did", name=op.f("uq_signing_profiles_did")),
        sa.UniqueConstraint(
            "organisation", "slug", name=op.f("uq_signing_profiles_organisation_slug")
        ),
    )
    op.create_table(
        "profile_credentials",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("profile", sa.String(length=40), nullable=False),
        sa.Column("id_tag", sa.String(length=64), nullable=True),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["profile"],
            ["signing_profiles.id"],
            name=op.f("fk_profile_credentials_profile_signing_profiles"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_credentials")),
    )
    with op.batch_alter_table("profile_credentials", schema=None) as batch_op:
        batch_op.create_index("ix_profile_credentials_id_tag", ["id_tag"], unique=False)

    op.create_table(
        "profile_status_events",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("credential", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("sets", sa.Boolean(), nullable=False),
        sa.Column("api_key", sa.String(length=40), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["api_key"],
            ["api_keys.id"],
            name=op.f("fk_profile_status_events_api_key_api_keys"),
        ),
        sa.ForeignKeyConstraint(
            ["credential"],
            ["profile_credentials.id"],
            name=op.f("fk_profile_status_events_credential_profile_credentials"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_status_events")),
        sa.UniqueConstraint(
            "credential", "position", name=op.f("uq_profile_status_events_credential_position")
        ),
    )
    op.create_table(
        "occupational_standards",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("isco", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("total_hours", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("footing", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", "revision", name=op.f("pk_occupational_standards")),
    )
    op.create_table(
        "unit_links",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("from_standard", sa.Text(), nullable=False),
        sa.Column("from_unit", sa.Text(), nullable=False),
        sa.Column("to_standard", sa.Text(), nullable=False),
        sa.Column("to_unit", sa.Text(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", "revision", name=op.f("pk_unit_links")),
    )
    op.create_table(
        "taxonomies",
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("content_digest", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("scheme", "version", "revision", name=op.f("pk_taxonomies")),
    )
    op.create_table(
        "taxonomy_concepts",
        sa.Column("change", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("uri", ORDINAL, nullable=False),
        sa.Column("code", ORDINAL, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("alternatives", sa.Text(), nullable=False),
        sa.Column("isco_group", sa.Text(), nullable=True),
        sa.Column("skill_type", sa.Text(), nullable=True),
        sa.Column("reuse_level", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("change", "number", name=op.f("pk_taxonomy_concepts")),
    )
    with op.batch_alter_table("taxonomy_concepts", schema=None) as batch_op:
        batch_op.create_index("ix_taxonomy_concepts_code", ["change", "code"], unique=False)
        batch_op.create_index("ix_taxonomy_concepts_uri", ["change", "uri"], unique=True)

    op.create_table(
        "taxonomy_relations",
        sa.Column("change", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", ORDINAL, nullable=False),
        sa.Column("target", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "change", "source", "kind", "target", name=op.f("pk_taxonomy_relations")
        ),
    )
    with op.batch_alter_table("taxonomy_relations", schema=None) as batch_op:
        batch_op.create_index("ix_taxonomy_relations_target", ["change", "target"], unique=False)

    op.create_table(
        "taxonomy_terms",
        sa.Column("change", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("term", ORDINAL, nullable=False),
        sa.Column("concept", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("change", "term", "concept", name=op.f("pk_taxonomy_terms")),
    )
    op.create_table(
        "qualifications",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("id", ORDINAL, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("country", ORDINAL, nullable=False),
        sa.Column("framework", ORDINAL, nullable=True),
        sa.Column("edition", sa.Text(), nullable=True),
        sa.Column("level", ORDINAL, nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("particulars", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_qualifications")),
        sa.UniqueConstraint("id", "revision", name=op.f("uq_qualifications_id_revision")),
    )
    with op.batch_alter_table("qualifications", schema=None) as batch_op:
        batch_op.create_index("ix_qualifications_country", ["country", "id"], unique=False)
        batch_op.create_index("ix_qualifications_level", ["framework", "level", "id"], unique=False)

    op.create_table(
        "qualification_terms",
        sa.Column("term", ORDINAL, nullable=False),
        sa.Column("country", ORDINAL, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("term", "country", "number", name=op.f("pk_qualification_terms")),
    )
    op.create_table(
        "qualification_titles",
        sa.Column("country", ORDINAL, nullable=False),
        sa.Column("folded", ORDINAL, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "country", "folded", "number", name=op.f("pk_qualification_titles")
        ),
    )
    op.create_table(
        "recognition_rules",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin_country", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("aliases", sa.Text(), nullable=False),
        sa.Column("origin_level", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("when", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("comparable_to", sa.Text(), nullable=False),
        sa.Column("levels", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("publication", sa.Text(), nullable=False),
        sa.Column("agreement", sa.Text(), nullable=True),
        sa.Column("authority", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("supersedes", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", "revision", name=op.f("pk_recognition_rules")),
    )
    op.create_table(
        "agreements",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("footing", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("parties", sa.Text(), nullable=False),
        sa.Column("origins", sa.Text(), nullable=False),
        sa.Column("destinations", sa.Text(), nullable=False),
        sa.Column("isco", sa.Text(), nullable=False),
        sa.Column("signed", sa.Text(), nullable=True),
        sa.Column("in_force", sa.Text(), nullable=True),
        sa.Column("ended", sa.Text(), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", "revision", name=op.f("pk_agreements")),
    )
    op.create_table(
        "precedents",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin_country", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("comparable_to", sa.Text(), nullable=False),
        sa.Column("levels", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_in", sa.Integer(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("differences", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", "revision", name=op.f("pk_precedents")),
    )
    op.create_table(
        "regulated_professions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("isco", sa.Text(), nullable=False),
        sa.Column("ways", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", "revision", name=op.f("pk_regulated_professions")),
    )
    op.create_table(
        "comparability_statements",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("says", sa.String(length=64), nullable=False),
        sa.Column("registry_version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("supersedes", sa.String(length=40), nullable=True),
        sa.Column("issued_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["supersedes"],
            ["comparability_statements.id"],
            name=op.f("fk_comparability_statements_supersedes_comparability_statements"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparability_statements")),
        sa.UniqueConstraint("supersedes", name=op.f("uq_comparability_statements_supersedes")),
        sa.UniqueConstraint(
            "topic", "version", name=op.f("uq_comparability_statements_topic_version")
        ),
    )
    op.create_index(
        "ix_comparability_statements_issued_at",
        "comparability_statements",
        ["issued_at", "id"],
        unique=False,
    )


def downgrade() -> None:
    """Drop every table."""
    op.drop_table("comparability_statements")
    op.drop_table("regulated_professions")
    op.drop_table("precedents")
    op.drop_table("agreements")
    op.drop_table("recognition_rules")
    op.drop_table("qualification_titles")
    op.drop_table("qualification_terms")
    with op.batch_alter_table("qualifications", schema=None) as batch_op:
        batch_op.drop_index("ix_qualifications_level")
        batch_op.drop_index("ix_qualifications_country")

    op.drop_table("qualifications")
    op.drop_table("taxonomy_terms")
    with op.batch_alter_table("taxonomy_relations", schema=None) as batch_op:
        batch_op.drop_index("ix_taxonomy_relations_target")

    op.drop_table("taxonomy_relations")
    with op.batch_alter_table("taxonomy_concepts", schema=None) as batch_op:
        batch_op.drop_index("ix_taxonomy_concepts_uri")
        batch_op.drop_index("ix_taxonomy_concepts_code")

    op.drop_table("taxonomy_concepts")
    op.drop_table("taxonomies")
    op.drop_table("unit_links")
    op.drop_table("occupational_standards")
    op.drop_table("profile_status_events")
    with op.batch_alter_table("profile_credentials", schema=None) as batch_op:
        batch_op.drop_index("ix_profile_credentials_id_tag")

    op.drop_table("profile_credentials")
    op.drop_table("signing_profiles")
    op.drop_table("status_events")
    with op.batch_alter_table("search_tokens", schema=None) as batch_op:
        batch_op.drop_index("ix_search_tokens_credential")

    op.drop_table("search_tokens")
    op.drop_table("reissues")
    op.drop_table("withdrawals")
    with op.batch_alter_table("late_awards", schema=None) as batch_op:
        batch_op.drop_index("ix_late_awards_accreditation")

    op.drop_table("late_awards")
    with op.batch_alter_table("credentials", schema=None) as batch_op:
        batch_op.drop_index("ix_credentials_organisation_issued_at")
        batch_op.drop_index("ix_credentials_achievement")

    op.drop_table("credentials")
    op.drop_table("api_key_revocations")
    op.drop_table("status_entries")
    op.drop_table("key_events")
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.drop_index("ix_api_keys_organisation")

    op.drop_table("api_keys")
    op.drop_table("achievements")
    with op.batch_alter_table("accreditations", schema=None) as batch_op:
        batch_op.drop_index("ix_accreditations_organisation")

    op.drop_table("accreditations")
    op.drop_table("subject_erasures")
    with op.batch_alter_table("status_lists", schema=None) as batch_op:
        batch_op.drop_index("ix_status_lists_did_purpose")

    op.drop_table("status_lists")
    op.drop_table("sources")
    with op.batch_alter_table("signing_keys", schema=None) as batch_op:
        batch_op.drop_index("ix_signing_keys_owner")

    op.drop_table("signing_keys")
    op.drop_table("registry_changes")
    op.drop_table("organisations")
    op.drop_table("organisation_keys")
    op.drop_table("log_recoveries")
    op.drop_table("log_leaves")
    op.drop_table("log_heads")
    with op.batch_alter_table("log_entries", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_log_entries_unsequenced",
            sqlite_where=sa.text("position IS NULL"),
            postgresql_where=sa.text("position IS NULL"),
        )
        batch_op.drop_index("ix_log_entries_row")

    op.drop_table("log_entries")
    op.drop_table("level_mappings")
    with op.batch_alter_table("idempotency_keys", schema=None) as batch_op:
        batch_op.drop_index("ix_idempotency_keys_claimed_at")

    op.drop_table("idempotency_keys")
    op.drop_table("frameworks")
    op.drop_table("framework_levels")
    op.drop_table("framework_editions")
    op.drop_table("competent_authorities")
