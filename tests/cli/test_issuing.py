"""Awards from the command line, and the keys behind them."""

import json
from pathlib import Path

import pytest

from tests.support.commands import Commands
from tests.support.lived_in import LivedIn, reopen

pytestmark = pytest.mark.slow

AWARD = ("--achievement", "welding", "--name", "Amina Diallo", "--awarded-on", "2025-06-01")


def test_an_award_is_issued_written_and_verified(commands: Commands, home: Path) -> None:
    made = commands.run("issue", "provider", *AWARD, "--out", "award.json", "--json")
    assert (made.code, made.err) == (0, "")
    told = made.json
    assert told["verify"] == f"http://localhost:8000/v/{told['code']}"
    assert json.loads((home / "award.json").read_text())["type"][0] == "VerifiableCredential"
    verified = commands.run("verify", "award.json", "--json")
    assert (verified.code, verified.json["files"]["award.json"]["verdict"]) == (0, "valid")
    assert commands.run("log", "verify").code == 0
    again = commands.run("issue", "provider", *AWARD, "--out", "award.json")
    assert (again.code, "new file" in again.err) == (2, True)


def test_an_award_is_read_from_a_file_and_options_take_precedence(
    commands: Commands, home: Path
) -> None:
    body = {
        "achievement": "welding",
        "subject": {"name": "Amina Diallo", "birth_date": "1990-05-16"},
        "awarded_on": "2025-06-01",
        "results": {"Theory": 82},
    }
    (home / "award.in").write_text(json.dumps(body))
    options = ("award.in", "--name", "Amina Ba", "--format", "vc+jwt")
    made = commands.run("issue", "provider", *options, "--json")
    assert (made.code, made.json["document"].count(".")) == (0, 2)
    shown = commands.run("issue", "provider", *options)
    assert [line.split()[0] for line in shown.out.splitlines()] == ["id", "code", "verify"]


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (("provider",), 2, "award-invalid"),
        (("provider", "missing.json"), 2, "award-invalid"),
        (("provider", *AWARD, "--format", "pdf"), 2, "award-invalid"),
        (("provider", *AWARD, "--out", "no/such/folder"), 2, "award-invalid"),
        (("nobody", *AWARD), 2, "organisation-unknown"),
        (("provider", *AWARD, "--achievement", "none"), 2, "achievement-unknown"),
        (("provider", *AWARD, "--awarded-on", "2019-06-01"), 3, "issuer-out-of-period"),
    ],
)
def test_what_cannot_be_issued_is_said(
    commands: Commands, arguments: tuple[str, ...], code: int, error: str
) -> None:
    done = commands.run("issue", *arguments, "--json")
    assert (done.code, done.json["error"]["code"]) == (code, error)


# --- keys -------------------------------------------------------------------------------------


def test_what_was_recorded_before_a_key_was_revoked_stands_with_a_remark_and_a_new_key_signs(
    commands: Commands, home: Path
) -> None:
    before = commands.run("issue", "provider", *AWARD, "--out", "before", "--json")
    document = json.loads((home / "before").read_text())
    method = document["proof"]["verificationMethod"]
    assert before.code == commands.run("verify", "before").code == 0
    revoked = commands.run("keys", "revoke", "provider", "--key", method, "--json")
    assert (revoked.code, revoked.json["revoked"]) == (0, method)
    assert revoked.json["new"] not in {None, method}
    report = commands.run("verify", "before", "--json").json["files"]["before"]
    assert report["verdict"] == "valid"
    assert "key-revoked-later" in {each["code"] for each in report["remarks"]}
    commands.run("issue", "provider", *AWARD, "--out", "after")
    assert commands.run("verify", "after").code == 0
    again = commands.run("keys", "revoke", "provider", "--key", method, "--json")
    assert (again.code, again.json["new"]) == (0, None)
    assert commands.run("log", "verify").code == 0


def test_the_services_key_is_revoked_and_the_log_still_fits(
    commands: Commands, lived_in: LivedIn
) -> None:
    instance = reopen(lived_in)
    document = instance.service_did_document() or {}
    instance.close()
    newest = json.loads(json.dumps(document))["assertionMethod"][-1]
    assert commands.run("keys", "revoke", "service", "--key", newest).code == 0
    assert commands.run("log", "verify").code == 0


def test_a_key_that_is_none_is_said(commands: Commands) -> None:
    done = commands.run("keys", "revoke", "provider", "--key", "z6Mk", "--json")
    assert (done.code, done.json["error"]["code"]) == (2, "signing-key-unknown")


def test_the_master_key_is_changed(commands: Commands, lived_in: LivedIn) -> None:
    new, old = "ab" * 32, (lived_in.folder / "master.key").read_text()
    refused = commands.run("keys", "rewrap", "--json", master_key=new)
    assert (refused.code, refused.json["error"]["code"]) == (3, "master-key-unknown")
    old_file = str(lived_in.folder / "master.key")
    asked = ("keys", "rewrap", "--json")
    done = commands.run(*asked, master_key=new, old_master_key_file=old_file)
    assert (done.code, done.json["rewrapped"] > 1) == (0, True)
    again = commands.run(*asked, master_key=new, old_master_key_file=old_file)
    assert again.json == {"rewrapped": 0}
    (lived_in.folder / "master.key").unlink()
    assert commands.run("log", "verify", master_key=new).code == 0
    assert commands.run("issue", "provider", *AWARD, master_key=new).code == 0
    assert commands.run("log", "verify", master_key=old.strip()).code != 0
