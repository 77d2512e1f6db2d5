"""The registry out of one data folder and into another, by commands alone."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.support.commands import Commands
from tests.support.lived_in import LivedIn

pytestmark = pytest.mark.slow

SEEDED = {"public_url": "http://localhost:8000", "seed": "registry"}


def test_a_bundle_fills_an_empty_registry_and_a_tampered_one_does_not(
    tmp_path: Path, home: Path
) -> None:
    ours = Commands(tmp_path / "ours", home, SEEDED)
    made = ours.run("export", "bundle", "registry.zip")
    assert (made.code, made.err) == (0, "")
    theirs = Commands(tmp_path / "theirs", home, SEEDED | {"seed": "none"})
    with zipfile.ZipFile(home / "registry.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
    did, _, key = manifest["proof"]["verificationMethod"].partition("#")
    unheard = theirs.run("import", "bundle", "registry.zip", "--from", "did:web:x.invalid")
    assert (unheard.code, "another issuer" in unheard.err) == (1, True)
    whole = (home / "registry.zip").read_bytes()
    (home / "cut.zip").write_bytes(whole[: len(whole) // 2])
    cut = theirs.run("import", "bundle", "cut.zip", "--from", did, "--key", key)
    assert (cut.code, "no whole zip archive" in cut.err) == (1, True)
    assert theirs.run("registry", "changes", "--json").json["items"] == []
    came = theirs.run("import", "bundle", "registry.zip", "--from", did, "--key", key, "--json")
    assert (came.code, came.json["waiting"]) == (0, [])
    tables = json.loads(ours.run("export", "json", "-").out)["tables"]
    assert came.json["added"] == {name: len(rows) for name, rows in tables.items() if rows}
    assert json.loads(theirs.run("export", "json", "-").out)["tables"] == tables
    assert theirs.run("log", "verify").code == 0


def test_the_registry_leaves_as_files(fresh: Commands, home: Path) -> None:
    assert fresh.run("export", "csv", "tables").code == 0
    assert (home / "tables" / "frameworks.csv").read_text().startswith("id,")
    assert fresh.run("export", "jsonld", "registry.jsonld").code == 0
    assert json.loads((home / "registry.jsonld").read_text())["graph"] == []
    refused = fresh.run("export", "json", "no/such/folder.json")
    assert (refused.code, "cannot be written" in refused.err) == (2, True)


def test_versions_are_told_apart(lived_in: LivedIn, commands: Commands) -> None:
    del lived_in
    shown = commands.run("registry", "diff", "0", "--json")
    assert (shown.code, shown.json["from"]) == (0, 0)
    assert commands.run("registry", "diff", "7").code != 0
