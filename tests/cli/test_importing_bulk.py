"""`skillpassport import esco`, `isco`, `isced-f` and `qualifications`."""

import dataclasses
import json
from pathlib import Path

import pytest

from skillpassport.frameworks.qualification_records import record_of
from tests.support.commands import Commands
from tests.support.taxonomies import WELDER, a_full_qualification, a_package, esco_files

pytestmark = pytest.mark.slow


def test_esco_comes_in_once_and_is_answered_from(fresh: Commands, home: Path) -> None:
    (home / "esco-1.2.0.zip").write_bytes(a_package())
    told = fresh.run("import", "esco", "esco-1.2.0.zip")
    assert (told.code, told.err) == (0, "")
    assert "9 added" in told.out
    assert "3 occupation skill" in told.out
    again = fresh.run("import", "esco", "esco-1.2.0.zip", "--json")
    assert (again.code, again.json["added"], again.json["unchanged"]) == (0, 0, 9)
    with fresh.serving() as server:
        status, answer = server.ask("/api/v1/taxonomies/esco/concepts?q=soudeuse")
        assert (status, answer["items"][0]["uri"]) == (200, WELDER)
    assert fresh.run("log", "verify").code == 0


def test_a_version_is_asked_for_where_the_name_tells_none(fresh: Commands, home: Path) -> None:
    (home / "esco.zip").write_bytes(a_package())
    assert fresh.run("import", "esco", "esco.zip").code == 2
    assert fresh.run("import", "esco", "esco.zip", "--version", "1.2").code == 0


def test_a_bad_relation_refuses_the_package_unless_it_is_skipped(
    fresh: Commands, home: Path
) -> None:
    relations = esco_files()["occupationSkillRelations_en.csv"]
    bad = f"{relations}{WELDER},essential,knowledge,http://example.org/none\n"
    (home / "esco-1.zip").write_bytes(a_package(occupationSkillRelations_en=bad))
    told = fresh.run("import", "esco", "esco-1.zip", "--version", "1", "--json")
    assert (told.code, told.json["added"]) == (1, 0)
    ((problem),) = told.json["refused"]
    assert (problem["line"], problem["column"]) == (5, "skillUri")
    assert problem["message"].startswith("occupationSkillRelations_en.csv: Expected a concept")
    skipped = fresh.run(
        "import", "esco", "esco-1.zip", "--version", "1", "--skip-bad-rows", "--json"
    )
    assert (skipped.json["added"], len(skipped.json["refused"])) == (9, 1)
    again = fresh.run("import", "esco", "esco-1.zip", "--version", "1", "--json")
    assert (again.code, len(again.json["refused"])) == (1, 1)


@pytest.mark.parametrize("data", [b"", b"no zip at all", a_package({"skills_en.csv": "x"})])
def test_what_is_no_package_is_refused(fresh: Commands, home: Path, data: bytes) -> None:
    (home / "esco-1.2.0.zip").write_bytes(data)
    told = fresh.run("import", "esco", "esco-1.2.0.zip", "--json")
    assert told.code == 1
    assert [each["code"] for each in told.json["refused"]] == ["package-unreadable"]


def test_classifications_come_in_from_tables(fresh: Commands, home: Path) -> None:
    (home / "isco.csv").write_text("code,parent,title_en\n7,,Craft\n72,7,Metal\n")
    (home / "isced.csv").write_text("code,level,parent,label_en,uri\n07,broad,,Engineering,\n")
    assert fresh.run("import", "isco", "isco.csv", "--json").json["added"] == 2
    assert fresh.run("import", "isced-f", "isced.csv", "--json").json["added"] == 1
    assert fresh.run("import", "isced-f", "isco.csv").code == 1
    assert fresh.run("log", "verify").code == 0


def test_qualifications_come_in_with_their_sources(fresh: Commands, home: Path) -> None:
    sources = {"S1": {"name": "The register", "where": "register.example"}}
    (home / "sources.json").write_text(json.dumps(sources))
    # This instance has no seed, and so no frameworks.
    given = dataclasses.replace(a_full_qualification(), framework=None, edition=None, level=None)
    (home / "list.json").write_text(json.dumps([record_of(given)]))
    command = ("import", "qualifications", "list.json", "--sources", "sources.json", "--json")
    assert fresh.run(*command).json["added"] == 1
    assert fresh.run(*command).json["unchanged"] == 1
    (home / "list.csv").write_text("id,country,title_en\nPL-1,PL,Diploma\nPL-2,Poland,Diploma\n")
    told = fresh.run("import", "qualifications", "list.csv")
    assert told.code == 1
    assert "line 3, column 'country'" in told.out
    assert fresh.run("log", "verify").code == 0
