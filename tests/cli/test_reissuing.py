"""`skillpassport keys reissue`: after a theft, the papers of honest days hold again."""

import pytest

from tests.support.commands import Commands

pytestmark = pytest.mark.slow


def stolen(commands: Commands) -> str:
    """Publish the key in use as stolen, and return its name."""
    found = commands.run("keys", "rotate", "provider", "--json").json["retired"]
    done = commands.run("keys", "revoke", "provider", "--key", found, "--reason", "Laptop stolen.")
    assert done.code == 0, done.err
    return str(found)


def test_awards_are_signed_anew_once_and_counted(commands: Commands) -> None:
    before = commands.run("keys", "reissue", "provider", "--json").json
    assert before["signed_anew"] == 0
    stolen(commands)
    planned = commands.run("keys", "reissue", "provider", "--dry-run", "--json").json
    done = commands.run("keys", "reissue", "provider", "--json")
    again = commands.run("keys", "reissue", "provider")
    assert (done.code, again.code) == (0, 0)
    assert done.json == planned | {"dry_run": False}
    assert planned["signed_anew"] > 0
    assert (planned["final"], planned["erased"]) == (3, 1)  # two revoked, one superseded
    assert f"{planned['signed_anew']}  in order" in again.out
    assert "signed anew" not in again.out
    assert commands.run("log", "verify").code == 0


def test_an_unknown_organisation_is_said(commands: Commands) -> None:
    assert commands.run("keys", "reissue", "nobody").code == 2
