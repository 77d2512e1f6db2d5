"""`skillpassport serve`: what it refuses, what it says, and that it answers."""

import socket
from pathlib import Path

import pytest

from tests.support.commands import Commands, codes_in
from tests.support.lived_in import ADMIN_KEY
from tests.support.ports import free_port

pytestmark = pytest.mark.slow


def test_a_taken_port_is_said_with_the_remedy(fresh: Commands) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = fresh.run("serve", "--port", str(port))
        told = fresh.run("serve", "--port", str(port), "--json")
    assert done.code == 3
    assert f"--port {port + 1}" in done.err
    assert told.json["error"]["code"] == "port-taken"
    assert not fresh.folder.exists()


def test_an_address_of_another_machine_is_said(fresh: Commands) -> None:
    done = fresh.run("serve", "--host", "192.0.2.1", "--port", str(free_port()))
    assert done.code == 3
    assert "192.0.2.1" in done.err
    assert "Traceback" not in done.err


def test_strangers_are_not_served_with_a_key_that_lies_beside_the_data(
    fresh: Commands, tmp_path: Path
) -> None:
    arguments = ("serve", "--host", "0.0.0.0", "--port")
    inside = fresh.folder / "my.key"
    inside.parent.mkdir()
    inside.write_text("A" * 43)
    port = str(free_port())
    for file in ("", str(inside)):
        done = fresh.run(*arguments, port, master_key_file=file)
        assert done.code in {2, 3}
        assert "SKILLPASSPORT_MASTER_KEY" in done.err


def test_strangers_are_served_with_a_key_from_elsewhere(fresh: Commands) -> None:
    with fresh.serving("--host", "0.0.0.0", master_key="A" * 43) as server:
        assert server.ask("/livez")[0] == 200


def test_the_greeting_names_every_role_and_a_port_that_does_not_fit(fresh: Commands) -> None:
    with fresh.serving(seed="demo") as server:
        assert server.ask("/readyz")[1]["ready"] is True
        said = server.stop()
    assert set(codes_in(said)) == {"PL", "GH"}
    for role in ("employer:", "provider:", "authority:", "worker:", "developer:"):
        assert role in said
    assert f"leads to port 8000, this server listens on {server.port}" in said


def test_a_server_answers_for_the_codes_that_it_greets_with(fresh: Commands) -> None:
    with fresh.serving(seed="demo") as server:
        said = server.stop()
    with fresh.serving("--workers", "2", seed="demo") as server:
        for country, answer in (("PL", "found"), ("GH", "unknown")):
            code = codes_in(said)[country]
            status, report = server.ask(f"/v/{code}?destination=NO")
            assert (status, report["verdict"]) == (200, "valid")
            assert report["meaning"]["answer"] == answer


def test_several_workers_share_one_instance(fresh: Commands) -> None:
    body = {"slug": "gdansk", "name": {"en": "G"}, "kind": "provider", "country": "PL"}
    with fresh.serving("--workers", "2", bootstrap_admin_key=ADMIN_KEY) as server:
        answers = [server.ask("/livez")[0] for _ in range(20)]
        status, made = server.ask("/api/v1/organisations", body, key=ADMIN_KEY)
        found = {server.ask("/orgs/gdansk/did.json")[1]["id"] for _ in range(10)}
    assert set(answers) == {200}
    assert (status, found) == (201, {made["did"]})
    assert fresh.run("log", "verify").code == 0


def test_a_greeting_for_programs_is_one_line(fresh: Commands) -> None:
    with fresh.serving("--json", seed="none") as server:
        first = server.stop().splitlines()[0]
    assert first.startswith('{"url": "http://localhost:8000"')
