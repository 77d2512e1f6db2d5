"""The client that the how-to shows proves an award of a running service, and notices another root."""

import subprocess
import sys

from tests.support.checkout import CHECKOUT
from tests.support.commands import Commands
from tests.support.lived_in import ADMIN_KEY, LivedIn
from tests.support.markdown import blocks

PAGE = CHECKOUT / "docs" / "how-to" / "prove-inclusion.md"


def told(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        check=False,
        text=True,
        timeout=30,
    )


def test_the_client_proves_an_award_and_notices_another_root(lived_in: LivedIn) -> None:
    (client,) = blocks(PAGE, "python")
    commands = Commands(lived_in.folder, lived_in.folder.parent, {"seed": "none"})
    credential = lived_in.credentials["good"].id
    with commands.serving() as server:
        path = "/api/v1/organisations/provider/api-keys"
        status, made = server.ask(path, {"scopes": ["credentials:read"]}, key=ADMIN_KEY)
        assert status == 201
        address = f"http://127.0.0.1:{server.port}"
        proven = told(client, address, made["api_key"], credential)
        assert (proven.returncode, proven.stdout[:11]) == (0, "recorded at"), proven.stderr
        other = client.replace('head["root"]', '"00" * 32')
        assert "AssertionError" in told(other, address, made["api_key"], credential).stderr
