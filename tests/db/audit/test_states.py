"""State that may change is believed only as far as recorded events lead to it."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, insert

from skillpassport.db.audit.states import state_findings
from skillpassport.db.tables import credentials as awards
from skillpassport.db.tables import organisations
from skillpassport.db.unit_of_work import Database
from skillpassport.transparency.entries import Kind
from tests.support.database import NOON, a_sequencer
from tests.support.log import audit, tamper

LATER = NOON + timedelta(hours=1)


def an_organisation() -> dict[str, Any]:
    return {
        "id": "org", "slug": "org", "name": {"en": "x"}, "kind": "provider", "country": "GH",
        "jurisdictions": [], "frameworks": [], "did": "did:web:x", "sandbox": False, "demonstration": False,
        "late_issue_days": 180, "registered_at": NOON,
    }  # fmt: skip


def an_achievement() -> dict[str, Any]:
    return {
        "id": "ach", "organisation": "org", "slug": "ach", "kind": "unit", "title": {"en": "x"},
        "details": {}, "registered_at": NOON,
    }  # fmt: skip


def a_status_list() -> dict[str, Any]:
    return {
        "id": "list", "did": "did:web:x", "form": "bitstring", "purpose": "revocation",
        "url": "https://x/status/list",
        "length": 131072, "parent_version": 1, "sealed_permutation": b"", "owner": "org", "reserved": 3,
        "revision": 5, "changed_at": LATER, "opened_at": NOON,
    }  # fmt: skip


def a_credential() -> dict[str, Any]:
    entries = [
        {"purpose": "revocation", "list": "https://x/status/list", "index": 7},
        {"purpose": "suspension", "list": "https://x/status/list", "index": 9},
    ]
    return {
        "id": "cred", "organisation": "org", "achievement": "ach", "format": "vcdm",
        "awarded_on": date(2026, 11, 1), "subject": "s", "sealed": b"", "entries": entries,
        "content_tag": "c", "code_tag": "d", "issued_at": NOON,
    }  # fmt: skip


def an_event(position: int, action: str) -> dict[str, Any]:
    return {
        "id": f"event-{position}", "credential": "cred", "position": position, "action": action,
        "reason_code": "other", "sealed_reason": b"", "recorded_at": LATER,
    }  # fmt: skip


def an_accreditation() -> dict[str, Any]:
    return {
        "id": "acc", "authority": "org", "organisation": "org", "scope": {},
        "valid_from": date(2026, 1, 1), "valid_until": date(2026, 12, 31),
        "late_issue_days": 180, "document": "{}", "granted_at": NOON,
    }  # fmt: skip


def a_signing_key() -> dict[str, Any]:
    return {
        "id": "key", "owner": "org", "did": "did:web:x", "fragment": "f", "multikey": "m",
        "parent_version": 1, "sealed": b"", "created_at": NOON, "signs_until": LATER, "retired_at": LATER,
    }  # fmt: skip


@pytest.fixture
def awarded(database: Database) -> Database:
    """Make a revoked credential, a withdrawn accreditation and a retired key, all logged."""
    with database.transaction() as work:

        def add(kind: Kind, table: Table, row: dict[str, Any]) -> None:
            whole = _filled(table, row)
            work.connection.execute(insert(table), whole)
            work.log.record(kind, table, whole)

        work.organisation_keys.create("org")
        add(Kind.ORGANISATION_REGISTERED, organisations.organisations, an_organisation())
        add(Kind.ACHIEVEMENT_REGISTERED, awards.achievements, an_achievement())
        add(Kind.STATUS_LIST_OPENED, awards.status_lists, a_status_list())
        add(Kind.CREDENTIAL_ISSUED, awards.credentials, a_credential())
        for position, action in enumerate(("suspend", "reinstate", "suspend", "revoke"), start=1):
            add(Kind.STATUS_CHANGED, awards.status_events, an_event(position, action))
        add(Kind.ACCREDITATION_GRANTED, organisations.accreditations, an_accreditation())
        withdrawal = {
            "id": "with", "accreditation": "acc", "effective_from": date(2026, 12, 1),
            "reason": "x", "recorded_at": LATER,
        }  # fmt: skip
        add(Kind.ACCREDITATION_WITHDRAWN, organisations.withdrawals, withdrawal)
        add(Kind.KEY_CREATED, organisations.signing_keys, a_signing_key())
        retired = {"id": "ke", "signing_key": "key", "event": "retired", "recorded_at": LATER}
        add(Kind.KEY_ROTATED, organisations.key_events, retired)
        december = NOON.replace(month=12, day=1, hour=0)
        for subject, purpose, index, since in (
            ("cred", "revocation", 7, LATER),
            ("cred", "suspension", 9, LATER),
            ("acc", "revocation", 11, december),
        ):
            entry = {
                "list": "list", "index": index, "subject": subject, "purpose": purpose,
                "set_since": since,
            }  # fmt: skip
            work.connection.execute(insert(awards.status_entries), entry)
    return database


def _filled(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """Give columns that these tests are not about some value of their type."""
    neutral: dict[type, Any] = {int: 0, str: "-", bytes: b"-"}
    missing = [column for column in table.columns if not column.nullable and column.key not in row]
    return row | {column.key: neutral[column.type.python_type] for column in missing}


def test_state_that_follows_from_events_is_believed(awarded: Database, tmp_path: Path) -> None:
    a_sequencer(awarded, tmp_path).sequence_once()
    assert audit(awarded, tmp_path).holds


PLANTED = {
    "a revocation cleared": (
        "UPDATE status_entries SET set_since = NULL WHERE subject = 'cred'",
        {"status_entries/list/7", "status_entries/list/9"},
    ),
    "a revocation moved": (
        (
            "UPDATE status_entries SET set_since = '2027-01-01T00:00:00.000000Z' "
            "WHERE subject = 'cred' AND purpose = 'revocation'"
        ),
        {"status_entries/list/7"},
    ),
    "a bit mangled": (
        "UPDATE status_entries SET set_since = 'never' WHERE subject = 'acc'",
        {"status_entries/list/11"},
    ),
    "a withdrawal's bit cleared": (
        "UPDATE status_entries SET set_since = NULL WHERE subject = 'acc'",
        {"status_entries/list/11"},
    ),
    "an entry removed": (
        "DELETE FROM status_entries WHERE subject = 'cred' AND purpose = 'revocation'",
        {"credentials/cred"},
    ),
    "an entry moved to another index": (
        'UPDATE status_entries SET "index" = 8 WHERE "index" = 7',
        {"credentials/cred"},
    ),
    "an entry given to another": (
        (
            "UPDATE status_entries SET subject = 'someone', set_since = NULL WHERE subject = 'cred' "
            "AND purpose = 'suspension'"
        ),
        {"credentials/cred", "status_entries/list/9"},
    ),
    "a retired key brought back": (
        "UPDATE signing_keys SET retired_at = NULL",
        {"signing_keys/key"},
    ),
    "a good key revoked": (
        "UPDATE signing_keys SET revoked_at = '2026-11-22T12:00:00.000000Z'",
        {"signing_keys/key"},
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_state_that_contradicts_events_is_named(awarded: Database, name: str) -> None:
    statement, expected = PLANTED[name]
    tamper(awarded, statement)
    with awarded.snapshot() as work:
        findings = state_findings(work.connection)
    assert {finding.code.value for finding in findings} == {"state-changed"}
    assert {finding.subject for finding in findings} == expected


def test_a_mangled_row_is_left_to_the_comparison_of_rows(awarded: Database, tmp_path: Path) -> None:
    a_sequencer(awarded, tmp_path).sequence_once()
    tamper(awarded, "UPDATE credentials SET entries = 'no json'")
    report = audit(awarded, tmp_path)
    assert [finding.code.value for finding in report.findings] == ["row-changed"]
