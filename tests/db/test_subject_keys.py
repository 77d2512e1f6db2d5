"""Subject keys: apart from the data, committed first, and gone when erased."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from skillpassport.clock import FixedClock
from skillpassport.custody.master import MasterKeys, MasterKeyUnknown
from skillpassport.custody.sealing import SealBroken, new_key
from skillpassport.custody.subjects import SubjectKeyErased, SubjectKeyUnknown
from skillpassport.db.engine import create_database_engine
from skillpassport.db.erasure import erase_subject
from skillpassport.db.subject_keys import SubjectKeys
from skillpassport.db.tables.log import subject_erasures
from skillpassport.db.unit_of_work import Database
from tests.support.database import MASTER, NOON


def test_a_key_comes_back_as_it_was_made(database: Database) -> None:
    made = database.subject_keys.create()
    assert database.subject_keys.get(made.id) == made


def test_many_keys_are_made_and_read_together(database: Database) -> None:
    made = database.subject_keys.create_many(30)
    assert len({key.key for key in made}) == 30
    found = database.subject_keys.get_many([key.id for key in made] + ["unknown"])
    assert found == {key.id: key for key in made}


def test_a_key_is_committed_before_it_is_used(database: Database) -> None:
    """It survives the transaction that was to use it."""
    made = []

    def fail() -> None:
        with database.transaction():
            made.append(database.subject_keys.create())
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert database.subject_keys.get(made[0].id) == made[0]


def test_an_erased_key_is_told_from_one_that_never_was(database: Database) -> None:
    key = database.subject_keys.create()
    database.subject_keys.erase(key.id, NOON)
    database.subject_keys.erase(key.id, NOON)
    with pytest.raises(SubjectKeyErased):
        database.subject_keys.get(key.id)
    with pytest.raises(SubjectKeyUnknown):
        database.subject_keys.get("unknown")
    with pytest.raises(SubjectKeyUnknown):
        database.subject_keys.erase("unknown", NOON)
    assert database.subject_keys.get_many([key.id]) == {}


def test_the_erasure_of_nobody_is_refused_and_not_recorded(database: Database) -> None:
    with pytest.raises(SubjectKeyUnknown):
        erase_subject(database, "unknown", reason="a slip")
    with database.snapshot() as work:
        assert work.log.entries_of(subject_erasures, "unknown") == []


def test_an_erased_key_leaves_no_trace_in_the_files(
    sqlite_database: Database, tmp_path: Path
) -> None:
    key = sqlite_database.subject_keys.create()
    with sqlite_database.subject_keys._transactions.read() as connection:
        wrapped = connection.execute(text("SELECT wrapped FROM subject_keys")).scalar_one()
    files = list(tmp_path.glob("subject-keys.db*"))
    assert any(wrapped in file.read_bytes() for file in files)
    sqlite_database.subject_keys.erase(key.id, NOON)
    assert not any(wrapped in file.read_bytes() for file in files if file.exists())


def test_keys_that_nothing_names_are_swept_when_old_enough(database: Database) -> None:
    keys = database.subject_keys
    used, orphan = keys.create(), keys.create()
    assert isinstance(database.clock, FixedClock)
    database.clock.instant += timedelta(hours=2)
    young = keys.create()
    assert keys.sweep(lambda key_id: key_id == used.id, NOON + timedelta(hours=1)) == 1
    assert set(keys.get_many([used.id, orphan.id, young.id])) == {used.id, young.id}


def test_keys_are_nowhere_in_the_main_database(sqlite_database: Database, tmp_path: Path) -> None:
    sqlite_database.subject_keys.create()
    with sqlite_database.snapshot() as work:
        tables = work.connection.execute(text("SELECT name FROM sqlite_master")).scalars()
        assert not {"subject_keys", "store_keys"} & set(tables)
    assert (tmp_path / "subject-keys.db").exists()


@pytest.mark.postgresql
def test_on_postgresql_keys_have_a_schema_of_their_own(postgresql_database: Database) -> None:
    """So that `pg_dump --exclude-schema=subject_keys` leaves them out."""
    with postgresql_database.snapshot() as work:
        schemas = work.connection.execute(
            text("SELECT table_schema FROM information_schema.tables WHERE table_name IN "
                 "('subject_keys', 'store_keys')")
        ).scalars()  # fmt: skip
        assert set(schemas) == {"subject_keys"}


def test_preparing_again_changes_nothing(database: Database) -> None:
    key = database.subject_keys.create()
    database.subject_keys.prepare()
    assert database.subject_keys.get(key.id) == key


def test_a_key_moved_to_another_row_does_not_open(sqlite_database: Database) -> None:
    keys = sqlite_database.subject_keys
    one, other = keys.create(), keys.create()
    with keys._transactions.write() as connection:
        connection.execute(
            text("UPDATE subject_keys SET wrapped = (SELECT wrapped FROM subject_keys "
                 "WHERE id = :other) WHERE id = :one"),
            {"one": one.id, "other": other.id},
        )  # fmt: skip
    with pytest.raises(SealBroken):
        keys.get(one.id)


def test_the_master_key_changes_without_touching_subject_keys(tmp_path: Path) -> None:
    clock, second = FixedClock(NOON), new_key()
    engine = create_database_engine(f"sqlite:///{tmp_path / 'keys.db'}")
    old = SubjectKeys(engine, MASTER, clock)
    old.prepare()
    key = old.create()
    SubjectKeys(engine, MasterKeys(second, older=(MASTER.current,)), clock).rewrap()
    assert SubjectKeys(engine, MasterKeys(second), clock).get(key.id) == key
    with pytest.raises(MasterKeyUnknown):
        SubjectKeys(engine, MASTER, clock).get(key.id)
    engine.dispose()


def test_organisation_keys_are_wrapped_anew(database: Database) -> None:
    with database.transaction() as work:
        key = work.organisation_keys.create("one")
    second = new_key()
    changing = Database(
        database.engine,
        subject_keys=database.subject_keys,
        master=MasterKeys(second, older=(MASTER.current,)),
        clock=database.clock,
    )
    with changing.transaction() as work:
        assert work.organisation_keys.rewrap() == 2  # and the service's own
        assert work.organisation_keys.rewrap() == 0
    changed = Database(
        database.engine,
        subject_keys=database.subject_keys,
        master=MasterKeys(second),
        clock=database.clock,
    )
    with changed.snapshot() as work:
        assert work.organisation_keys.get("one") == key
    with pytest.raises(MasterKeyUnknown), database.snapshot() as work:
        work.organisation_keys.get("one")
