"""Every command, from another working directory, for people and for programs."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.commands import Commands
from tests.support.lived_in import LivedIn

pytestmark = pytest.mark.slow


def test_the_demonstration_tells_itself_twice_without_any_setting(home: Path) -> None:
    """Nothing is kept: neither the data nor a file in the working directory."""
    bare = Commands(Path(), home, {"data_dir": ""})
    for _ in range(2):
        done = bare.run("demo")
        assert (done.code, done.err) == (0, "")
    assert "Every verdict was the expected one." in done.out
    assert "█" in done.out or "▀" in done.out  # the QR
    assert list(home.iterdir()) == []


def test_the_demonstration_answers_programs(fresh: Commands) -> None:
    told = fresh.run("demo", "--json").json
    assert told["as_expected"] is True
    verdicts = [step["found"] for step in told["steps"]]
    assert ["valid", "found"] in verdicts
    assert ["valid", "unknown"] in verdicts
    assert ["invalid", "proof-invalid"] in verdicts
    assert ["invalid", "credential-revoked"] in verdicts


def test_a_fresh_database_is_migrated_and_seeded_once(fresh: Commands) -> None:
    first = fresh.run("db", "upgrade", seed="registry")
    assert first.code == 0
    assert "brought up to date" in first.out
    assert "frameworks" in first.out
    again = fresh.run("db", "upgrade", "--json", seed="registry")
    assert again.json == {"migrated": False, "done": []}


def test_two_processes_that_start_at_once_migrate_once(fresh: Commands) -> None:
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(fresh.run, "db", "upgrade", "--json", seed="registry") for _ in "ab"]
    answers = [run.result().json for run in runs]
    assert sorted(answer["migrated"] for answer in answers) == [False, True]
    assert sorted(len(answer["done"]) for answer in answers) == [0, 1]
    assert fresh.run("log", "verify").code == 0


def test_keys_are_rotated(commands: Commands) -> None:
    first = commands.run("keys", "rotate", "provider", "--json")
    assert first.code == 0
    second = commands.run("keys", "rotate", "provider", "--json").json
    assert second["retired"] == first.json["new"]
    own = commands.run("keys", "rotate")
    assert own.out.startswith("did:web:localhost%3A8000#z6Mk")
    assert commands.run("log", "verify").code == 0


def test_an_unknown_organisation_is_said(commands: Commands) -> None:
    done = commands.run("keys", "rotate", "nobody")
    assert done.code == 2
    assert done.err.startswith("skillpassport: No such organisation was found")
    told = commands.run("keys", "rotate", "nobody", "--json")
    assert told.json["error"]["code"] == "organisation-unknown"


def test_a_setting_that_cannot_be_used_is_named_without_its_value(commands: Commands) -> None:
    done = commands.run("doctor", public_url="ftp://secret.example")
    assert done.code == 2
    assert "SKILLPASSPORT_PUBLIC_URL" in done.err
    assert "secret.example" not in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("serve", "--port", "x"),
        ("serve", "--workers", "0"),
        ("log", "accept-restore"),
        ("verify",),
    ],
)
def test_a_command_that_is_none_is_a_question_of_usage(
    fresh: Commands, arguments: tuple[str, ...]
) -> None:
    done = fresh.run(*arguments)
    assert done.code == 2
    assert "Usage:" in done.err
    assert not fresh.folder.exists()


# --- verify -----------------------------------------------------------------------------------


def a_document(lived_in: LivedIn, state: str, folder: Path) -> str:
    """Write a credential to a file that is named from the working directory."""
    (folder / state).write_text(lived_in.credentials[state].document, "utf-8")
    return state


def test_a_valid_credential_ends_with_zero(
    commands: Commands, lived_in: LivedIn, home: Path
) -> None:
    name = a_document(lived_in, "of-the-withdrawn", home)
    done = commands.run("verify", name, "--json", "--destination", "NO")
    report = done.json["files"][name]
    assert (done.code, report["verdict"]) == (0, "valid")
    assert report["subject"]["name"] == "Person of-the-withdrawn"
    told = commands.run("verify", name)
    assert told.code == 0
    assert told.out.startswith(f"{name}: valid\n")


def test_one_that_does_not_hold_ends_with_one_and_says_why(
    commands: Commands, lived_in: LivedIn, home: Path
) -> None:
    valid, revoked = (a_document(lived_in, each, home) for each in ("late", "after"))
    tampered = lived_in.credentials["after"].document.replace("Person after", "Person other")
    (home / revoked).write_text(tampered, "utf-8")
    done = commands.run("verify", valid, revoked, "--json")
    assert done.code == 1
    codes = {check["code"] for check in done.json["files"][revoked]["checks"]}
    assert "proof-invalid" in codes
    assert "name" not in done.json["files"][revoked]["subject"]
    assert done.json["files"][valid]["verdict"] == "valid"


def test_what_cannot_be_judged_ends_with_three(
    commands: Commands, lived_in: LivedIn, home: Path
) -> None:
    (home / "poem.txt").write_text("Roses are red", "utf-8")
    (home / "empty").write_bytes(b"")
    (home / "octets").write_bytes(bytes(range(256)))
    done = commands.run("verify", "poem.txt", "empty", "octets", "--json")
    assert done.code == 3
    assert {each["verdict"] for each in done.json["files"].values()} == {"unreadable"}


def test_a_file_that_is_not_there_ends_with_two(
    commands: Commands, lived_in: LivedIn, home: Path
) -> None:
    name = a_document(lived_in, "late", home)
    done = commands.run("verify", name, "absent.json", str(home), "--json")
    assert done.code == 2
    assert done.json["files"][name]["verdict"] == "valid"
    assert "error" in done.json["files"]["absent.json"]
    assert "error" in done.json["files"][str(home)]


def test_standard_input_is_a_file_too(commands: Commands, lived_in: LivedIn) -> None:
    document = lived_in.credentials["late"].document.encode()
    done = commands.run("verify", "-", "--json", stdin=document)
    assert (done.code, done.json["files"]["-"]["verdict"]) == (0, "valid")


def test_a_foreign_issuer_that_cannot_be_reached_is_undetermined(
    commands: Commands, lived_in: LivedIn, home: Path
) -> None:
    claims = json.loads(lived_in.credentials["late"].document)
    did = claims["issuer"]["id"] if isinstance(claims["issuer"], dict) else claims["issuer"]
    document = json.dumps(claims).replace(did, "did:web:127.0.0.1%3A1:orgs:other")
    (home / "foreign").write_text(document, "utf-8")
    done = commands.run("verify", "foreign", "--json")
    assert done.code in {1, 3}
    assert done.json["files"]["foreign"]["verdict"] in {"undetermined", "invalid"}
