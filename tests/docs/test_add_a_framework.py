"""What the how-to shows brings the templates in, from a folder of one's own."""

import csv
import json
import shlex
import shutil
from pathlib import Path

import pytest

from skillpassport.equivalence.importing import level_mappings
from skillpassport.frameworks.importing import edition_file, level_file
from skillpassport.frameworks.importing.framework_file import MEMBERS
from tests.support.checkout import CHECKOUT
from tests.support.commands import Commands
from tests.support.markdown import blocks

PAGE = CHECKOUT / "docs" / "how-to" / "add-a-framework.md"
TEMPLATES = CHECKOUT / "docs" / "how-to" / "framework-templates"


@pytest.mark.parametrize(
    ("file", "columns"),
    [
        ("editions.csv", {*edition_file.REQUIRED, *edition_file.OPTIONAL}),
        ("level-mappings.csv", {*level_mappings.REQUIRED, *level_mappings.OPTIONAL}),
    ],
)
def test_a_template_has_every_column(file: str, columns: set[str]) -> None:
    with (TEMPLATES / file).open(encoding="utf-8") as table:
        assert set(next(csv.reader(table))) == columns


def test_the_template_of_levels_shows_each_column_in_a_language() -> None:
    with (TEMPLATES / "levels.csv").open(encoding="utf-8") as table:
        header = set(next(csv.reader(table)))
    assert {*level_file.REQUIRED, *level_file.OPTIONAL} <= header
    assert {f"{column}_en" for column in level_file.BY_LANGUAGE} <= header


def test_the_template_of_frameworks_uses_members_that_are_known() -> None:
    (record,) = json.loads((TEMPLATES / "frameworks.json").read_bytes())
    assert set(record) <= MEMBERS


@pytest.mark.slow
def test_the_commands_of_the_page_bring_the_templates_in(tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(TEMPLATES, home)
    commands = Commands(
        tmp_path / "data", home, {"public_url": "http://localhost:8000", "seed": "registry"}
    )
    shown = [
        shlex.split(line)[1:]
        for block in blocks(PAGE, "sh")
        for line in block.splitlines()
        if line.startswith("skillpassport import")
    ]
    assert len(shown) == 4
    for again in (False, True):
        for arguments in shown:
            done = commands.run(*arguments, "--json")
            assert done.code == 0, done.out + done.err
            assert (done.json["added"] == 0) == again
            assert (done.json["changed"], done.json["refused"]) == (0, [])
    with commands.serving() as server:
        asked = "/api/v1/equivalences?from_framework=XZ:NQF&from_level={}&to_framework=EU:EQF"
        status, found = server.ask(asked.format("2"))
        assert (status, found["answer"], found["answers"][0]["target"]["level"]) == (
            200,
            "found",
            "3",
        )
        assert server.ask(asked.format("1"))[1]["answer"] == "published_gap"
        _, levels = server.ask("/api/v1/frameworks/XZ:NQF/levels")
        assert levels["items"][0]["descriptors"]["skills"] == {"en": "Carries out simple tasks."}
        assert levels["items"][0]["title"]["fr"] == "Certificat de base"
