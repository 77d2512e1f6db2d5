"""Rows without entries of their own are vouched for by the digest of their change."""

import pytest
from sqlalchemy import text

from skillpassport.db.audit.bulk_rows import bulk_findings
from skillpassport.db.audit.log import verify_log
from skillpassport.db.bulk import bulk_tables
from skillpassport.db.unit_of_work import Database
from tests.support.taxonomies import a_full_qualification, a_qualification, a_taxonomy

TABLES = {
    "taxonomy_concepts",
    "taxonomy_relations",
    "taxonomy_terms",
    "qualifications",
    "qualification_titles",
    "qualification_terms",
}


@pytest.fixture
def filled(database: Database) -> Database:
    with database.transaction() as work:
        work.taxonomies.add(a_taxonomy(), origin="the tests", now=lambda: work.now)
        given = [a_full_qualification(), a_qualification(1), a_qualification(2)]
        work.qualifications.add(given, origin="the tests", now=lambda: work.now)
    return database


def findings(database: Database, *statements: str) -> set[str]:
    with database.transaction() as work:
        for statement in statements:
            work.connection.execute(text(statement))
    with database.snapshot() as work:
        _, found = bulk_findings(work.connection)
    return {f"{each.code.value} {each.subject}" for each in found}


def test_every_bulk_table_is_known_here() -> None:
    assert {table.name for table in bulk_tables()} == TABLES


def test_untouched_rows_fit_and_are_counted(filled: Database) -> None:
    assert findings(filled) == set()
    with filled.snapshot() as work:
        rows, _ = bulk_findings(work.connection)
        counted = sum(
            work.connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in TABLES
        )
    assert rows == counted > 20


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE taxonomy_concepts SET labels = '{\"en\":\"x\"}' WHERE number = 1",
         "row-changed taxonomy_concepts/change/1"),
        ("UPDATE taxonomy_concepts SET code = NULL WHERE number = 1",
         "row-changed taxonomy_concepts/change/1"),
        ("UPDATE taxonomy_relations SET kind = 'optional' WHERE kind = 'essential'",
         "row-changed taxonomy_relations/change/1"),
        ("DELETE FROM taxonomy_relations WHERE kind = 'essential'",
         "row-deleted taxonomy_relations/change/1"),
        ("INSERT INTO taxonomy_terms VALUES (1, 'zzz', 1)",
         "row-added taxonomy_terms/change/1"),
        ("INSERT INTO taxonomy_terms VALUES (7, 'zzz', 1)",
         "row-added taxonomy_terms/change/7"),
        ("UPDATE qualifications SET level = 'VIII' WHERE id = 'PL-full'",
         "row-changed qualifications/change/2"),
        ("UPDATE qualifications SET revision = 9 WHERE id = 'PL-full'",
         "row-changed qualifications/change/2"),
        ("UPDATE qualification_titles SET folded = 'x' WHERE folded = 'pipe welder'",
         "row-changed qualification_titles/change/2"),
        ("DELETE FROM qualification_terms WHERE term = 'pipe'",
         "row-deleted qualification_terms/change/2"),
        ("DELETE FROM qualification_terms", "row-deleted qualification_terms/change/2"),
    ],
)  # fmt: skip
def test_an_edit_names_the_table_and_the_change(
    filled: Database, statement: str, finding: str
) -> None:
    assert findings(filled, statement) == {finding}


def test_a_row_moved_to_another_change_is_named_in_both(filled: Database) -> None:
    found = findings(filled, "UPDATE qualification_titles SET change = 1 WHERE folded = 'welder 1'")
    assert found == {
        "row-added qualification_titles/change/1",
        "row-deleted qualification_titles/change/2",
    }


def test_rows_that_exchange_their_values_are_named(filled: Database) -> None:
    titles = (
        f"UPDATE qualifications SET title = '{title}' WHERE id = '{name}'"
        for title, name in (('{"en":"B"}', "PL-0001"), ('{"en":"A"}', "PL-0002"))
    )
    assert findings(filled, *titles) == {"row-changed qualifications/change/2"}


def test_a_change_that_forgets_its_digest_leaves_its_rows_unexplained(filled: Database) -> None:
    found = findings(filled, "UPDATE registry_changes SET bulk = NULL WHERE number = 2")
    assert found == {
        f"row-added {name}/change/2" for name in TABLES if name.startswith("qualification")
    }


def test_a_digest_that_was_mended_to_fit_contradicts_the_log(filled: Database) -> None:
    """The intruder computes the digest anew; the entry of the change still says the old one."""
    with filled.transaction() as work:
        work.connection.execute(text("DELETE FROM qualification_terms"))
        work.connection.execute(text("UPDATE registry_changes SET bulk = '{}' WHERE number = 2"))
        for name in ("qualifications", "qualification_titles"):
            work.connection.execute(text(f"DELETE FROM {name}"))
    report = verify_log(filled, public_keys=())
    assert "row-changed registry_changes/2" in {
        f"{each.code.value} {each.subject}" for each in report.findings
    }


@pytest.mark.parametrize("value", ["mangled", b"\xff\xfe", 1, 1.5, "[]", '{"qualifications":7}'])
def test_a_mangled_digest_is_no_crash(sqlite_database: Database, value: object) -> None:
    with sqlite_database.transaction() as work:
        work.qualifications.add([a_qualification()], origin="x", now=lambda: work.now)
    with sqlite_database.transaction() as work:
        work.connection.execute(text("UPDATE registry_changes SET bulk = :value"), {"value": value})
    with sqlite_database.snapshot() as work:
        assert bulk_findings(work.connection)[1]


def test_a_failed_change_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError):
        _add_and_fail(database)
    with database.snapshot() as work:
        assert bulk_findings(work.connection) == (0, [])
        assert work.frameworks.version() == 0


def _add_and_fail(database: Database) -> None:
    with database.transaction() as work:
        work.qualifications.add([a_qualification()], origin="x", now=lambda: work.now)
        raise RuntimeError
