"""`skillpassport import`, from a folder of one's own, beside a server that runs."""

from pathlib import Path
from typing import cast

import pytest

from skillpassport.bootstrap import Instance
from skillpassport.cli.importing import place_in_log
from skillpassport.db.failures import DatabaseFull
from tests.support.commands import Commands
from tests.support.importing import a_framework_record, a_statement, a_table, some_records

pytestmark = pytest.mark.slow


def two_countries(home: Path) -> None:
    records = [a_framework_record("ZZ:NQF"), a_framework_record("ZY:QF")]
    (home / "frameworks.json").write_bytes(some_records(records))
    editions = [{"framework": f, "edition": "current"} for f in ("ZZ:NQF", "ZY:QF")]
    (home / "editions.csv").write_bytes(a_table(editions))


def test_a_running_server_answers_from_what_was_brought_in(fresh: Commands, home: Path) -> None:
    two_countries(home)
    (home / "mappings.csv").write_bytes(a_table([a_statement("ZZ:NQF 4", "ZY:QF 5")]))
    asked = "/api/v1/equivalences?from_framework=ZZ:NQF&from_level=4&to_framework=ZY:QF"
    with fresh.serving() as server:
        assert server.ask(asked)[0] == 404
        for kind, file in (
            ("frameworks", "frameworks.json"),
            ("editions", "editions.csv"),
            ("level-mappings", "mappings.csv"),
        ):
            done = fresh.run("import", kind, file)
            assert (done.code, done.err) == (0, "")
            assert " added" in done.out
        status, answer = server.ask(asked)
        assert (status, answer["answers"][0]["target"]["level"]) == (200, "5")
    assert fresh.run("log", "verify").code == 0


def test_a_bad_row_is_told_with_its_line_and_nothing_comes_in(fresh: Commands, home: Path) -> None:
    two_countries(home)
    assert fresh.run("import", "frameworks", "frameworks.json").code == 0
    assert fresh.run("import", "editions", "editions.csv").code == 0
    rows = [a_statement("ZZ:NQF 1", "ZY:QF 1"), a_statement("ZX:NQF 2", "ZY:QF 2")]
    (home / "mappings.csv").write_bytes(a_table(rows))
    told = fresh.run("import", "level-mappings", "mappings.csv")
    assert told.code == 1
    assert "line 3, column 'from_framework': Expected a framework of the registry" in told.out
    assert "Nothing was brought in" in told.out
    refused = fresh.run("import", "level-mappings", "mappings.csv", "--json")
    assert (refused.code, refused.json["added"]) == (1, 0)
    assert [(one["line"], one["code"]) for one in refused.json["refused"]] == [
        (3, "framework-unknown")
    ]
    skipped = fresh.run("import", "level-mappings", "mappings.csv", "--skip-bad-rows", "--json")
    assert (skipped.code, skipped.json["added"], len(skipped.json["refused"])) == (0, 1, 1)


def test_sources_that_cannot_be_read_refuse_what_cites_them(fresh: Commands, home: Path) -> None:
    two_countries(home)
    (home / "sources.json").write_text('{\n"A": {"name": "", "where": "x"}\n}')
    done = fresh.run("import", "frameworks", "frameworks.json", "--sources=sources.json", "--json")
    assert (done.code, done.json["added"]) == (1, 0)
    assert [(one["line"], one["column"]) for one in done.json["refused"]] == [(2, "name")]


@pytest.mark.parametrize("arguments", [("nowhere.csv",), ("editions.csv", "--sources", "no.json")])
def test_a_file_that_is_not_there_opens_no_database(
    fresh: Commands, home: Path, arguments: tuple[str, ...]
) -> None:
    two_countries(home)
    done = fresh.run("import", "editions", *arguments, "--json")
    assert (done.code, done.json["error"]["code"]) == (2, "file-not-read")
    assert not fresh.folder.exists()


def test_what_is_committed_is_not_refused_when_the_log_must_wait(
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Sequencer:
        def sequence_once(self) -> None:
            raise DatabaseFull

    class FullDisk:
        def sequencer(self) -> Sequencer:
            return Sequencer()

    place_in_log(cast("Instance", FullDisk()))
    assert "brought in; the log waits" in capsys.readouterr().err
