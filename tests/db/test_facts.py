"""Facts that are kept for as long as nobody has changed a database."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from skillpassport.db.engine import create_database_engine
from skillpassport.db.facts import Facts
from skillpassport.db.states import DatabaseState, SqliteState, StateUnknown, Token, states_of
from skillpassport.db.unit_of_work import Database

FACT = ("award", "1")


class Settable:
    """A state that a test sets."""

    immediate = True

    def __init__(self) -> None:
        self.value: int | None = 1

    def token(self) -> Token:
        if self.value is None:
            raise StateUnknown
        return self.value

    def close(self) -> None:
        return


@pytest.fixture
def state() -> Settable:
    return Settable()


@contextmanager
def state_of(database: Database) -> Iterator[DatabaseState]:
    (state,) = states_of([database.engine])
    yield state
    state.close()


def commit(database: Database, statement: str = "CREATE TABLE something (x int)") -> None:
    """Write on a connection of another pool, as another process would."""
    url = database.engine.url.render_as_string(hide_password=False)
    elsewhere = create_database_engine(url)
    with elsewhere.begin() as connection:
        connection.execute(text(statement))
    elsewhere.dispose()


def test_what_was_read_is_known_until_a_database_changes(state: Settable) -> None:
    facts = Facts([state])
    facts.keep(facts.page(), {FACT: "good"})
    assert facts.page().facts == {FACT: "good"}
    state.value = 2
    assert facts.page().facts == {}
    state.value = 1
    assert facts.page().facts == {}


def test_what_was_read_while_a_database_changed_is_not_kept(state: Settable) -> None:
    facts = Facts([state])
    page = facts.page()
    state.value = 2
    facts.keep(page, {FACT: "perhaps old"})
    assert facts.page().facts == {}
    state.value = 1
    assert facts.page().facts == {}


def test_one_of_several_databases_ends_the_facts_of_all() -> None:
    first, second = Settable(), Settable()
    facts = Facts([first, second])
    facts.keep(facts.page(), {FACT: "good"})
    second.value = 2
    assert facts.page().facts == {}


def test_nothing_is_known_where_the_state_cannot_be_told(state: Settable) -> None:
    facts = Facts([state])
    facts.keep(facts.page(), {FACT: "good"})
    state.value = None
    assert facts.page().facts == {}
    facts.keep(facts.page(), {FACT: "bad"})
    state.value = 1
    assert facts.page().facts == {FACT: "good"}


def test_the_memory_is_bounded(state: Settable) -> None:
    facts = Facts([state], max_facts=2)
    for number in range(5):
        facts.keep(facts.page(), {("award", number): number})
    assert list(facts.page().facts.values()) == [3, 4]


def test_a_state_stays_while_nobody_writes(database: Database) -> None:
    with state_of(database) as state:
        token = state.token()
        with database.snapshot() as work:
            work.organisations.all()
        assert state.token() == token


def test_a_commit_elsewhere_is_another_state_at_once(database: Database) -> None:
    with state_of(database) as state:
        token = state.token()
        commit(database)
        assert state.token() != token


def test_what_is_not_committed_is_no_other_state_yet(database: Database) -> None:
    with state_of(database) as state:
        with database.engine.execution_options(skillpassport_writes=True).begin() as writing:
            token = state.token()
            writing.execute(text("CREATE TABLE something (x int)"))
            assert state.token() == token
        assert state.token() != token


def test_a_commit_by_another_process_is_another_state(sqlite_database: Database) -> None:
    with state_of(sqlite_database) as state:
        token = state.token()
        script = (
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]);"
            "c.execute('CREATE TABLE something (x)'); c.commit()"
        )
        file = str(sqlite_database.engine.url.database)
        subprocess.run([sys.executable, "-c", script, file], check=True)
        assert state.token() != token


def test_the_state_of_a_file_that_is_not_there_is_unknown(tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    with pytest.raises(StateUnknown):
        SqliteState(missing).token()
    assert not missing.exists()


def test_a_state_that_was_closed_begins_anew(sqlite_database: Database) -> None:
    with state_of(sqlite_database) as state:
        token = state.token()
        state.close()
        assert state.token() != token


def test_no_thread_finds_a_fact_that_is_older_than_its_question(database: Database) -> None:
    """A writer counts up and announces each number once it is committed; readers never see less."""
    commit(database, "CREATE TABLE counter (number int)")
    commit(database, "INSERT INTO counter VALUES (0)")
    announced, stop, late = [0], threading.Event(), []
    facts = Facts(states_of([database.engine]))

    def read() -> None:
        while not stop.is_set():
            least = announced[0]
            page = facts.page()
            number = page.facts.get(FACT)
            if number is None:
                with database.snapshot() as work:
                    number = work.connection.scalar(text("SELECT number FROM counter"))
                facts.keep(page, {FACT: number})
            if not isinstance(number, int) or number < least:
                late.append((least, number))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, 60):
        with database.engine.execution_options(skillpassport_writes=True).begin() as writing:
            writing.execute(text(f"UPDATE counter SET number = {number}"))
        announced[0] = number
    stop.set()
    for reader in readers:
        reader.join()
    facts.close()
    assert not late
