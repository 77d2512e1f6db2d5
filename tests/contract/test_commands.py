"""The contract's exit codes: 2 for what the caller or a setting got wrong, 3 for no answer."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from skillpassport.cli.commands import app


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (["doctor"], {"SKILLPASSPORT_SEED": "everything"}),
        (["keys", "rotate", "nobody"], {}),
        (["verify", "no-such-file.json"], {}),
        (["verify"], {}),
        (["verify", "-", "--destination", "Norway"], {}),
        (["no-such-command"], {}),
    ],
    ids=["setting", "organisation", "file", "nothing", "country", "command"],
)
def test_a_misuse_ends_with_two(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    environment: dict[str, str],
) -> None:
    monkeypatch.setenv("SKILLPASSPORT_DATA_DIR", str(tmp_path / "var"))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert CliRunner().invoke(app, arguments, input="{}").exit_code == 2


def test_what_cannot_be_checked_ends_with_three(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKILLPASSPORT_DATA_DIR", str(tmp_path / "var"))
    assert CliRunner().invoke(app, ["verify", "-"], input="hello").exit_code == 3
