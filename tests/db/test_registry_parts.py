"""No table of the registry is forgotten: each stands in the one list, or is told why not."""

from dataclasses import fields

from skillpassport.db.registry_parts import FROM_PUBLISHERS, PARTS, content_of, parts_of
from skillpassport.db.tables import metadata
from skillpassport.equivalence.snapshot import RegistryContent
from skillpassport.frameworks.registry import FrameworkRows
from skillpassport.web.pages.differences import TABLES
from tests.fuzz.small_registry import by_table, small_content

OF_THE_INSTANCE = {
    "accreditations",
    "achievements",
    "api_key_revocations",
    "api_keys",
    "comparability_statements",
    "credentials",
    "idempotency_keys",
    "key_events",
    "late_awards",
    "log_entries",
    "log_heads",
    "log_leaves",
    "log_recoveries",
    "organisation_keys",
    "organisations",
    "profile_credentials",
    "profile_status_events",
    "registry_changes",
    "reissues",
    "search_tokens",
    "signing_keys",
    "signing_profiles",
    "status_entries",
    "status_events",
    "status_lists",
    "subject_erasures",
    "withdrawals",
}
"""What one instance did, and nobody else takes over."""


def test_every_table_is_exchanged_or_it_is_said_why_not() -> None:
    """A new table fails here until it is in one of the three lists; the first is the registry's."""
    listed = [*PARTS, *FROM_PUBLISHERS, *OF_THE_INSTANCE]
    assert sorted(listed) == sorted(metadata.tables)


def test_what_came_in_with_a_change_of_the_registry_is_never_called_the_instances_own() -> None:
    with_change = {table.name for table in metadata.tables.values() if "change" in table.columns}
    assert with_change == {*PARTS, *FROM_PUBLISHERS}


def test_every_member_of_the_registrys_content_has_its_part() -> None:
    members = [each.name for each in (*fields(FrameworkRows), *fields(RegistryContent))]
    assert len(PARTS) == len(members) - len(["rows"])


def test_content_falls_into_parts_and_comes_together_again() -> None:
    content = small_content()
    values = {codec.table.name: values for codec, values in parts_of(content)}
    assert list(values) == list(PARTS)
    assert content_of(values) == content
    assert {table: len(each) for table, each in values.items() if each} == {
        table: len(each) for table, each in by_table(content).items() if each
    }


def test_the_page_of_what_changed_has_a_heading_for_each_part() -> None:
    assert set(TABLES) == set(PARTS)
