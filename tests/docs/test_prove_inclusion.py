"""What the how-to shows proves an award of a running service, and notices whatever is not so."""

import hashlib
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from skillpassport.transparency.merkle import consistency_proof, inclusion_proof, tree_root
from tests.support.checkout import CHECKOUT
from tests.support.commands import LONGEST, Commands
from tests.support.lived_in import ADMIN_KEY, LivedIn
from tests.support.markdown import blocks

PAGE = CHECKOUT / "docs" / "how-to" / "prove-inclusion.md"

Climb = Callable[[int, int, Sequence[bytes], bytes, bytes], tuple[bytes, bytes] | None]


def told(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        check=False,
        text=True,
        timeout=LONGEST,
    )


@pytest.mark.slow
def test_the_client_proves_an_award_and_notices_another_root(lived_in: LivedIn) -> None:
    parts = list(blocks(PAGE, "python"))
    assert len(parts) == 3
    client = "\n".join(parts)
    commands = Commands(lived_in.folder, lived_in.folder.parent, {"seed": "none"})
    credential = lived_in.credentials["good"].id
    oldest = min((lived_in.folder / "heads").glob("0*.checkpoint")).read_text().split("\n")
    with commands.serving() as server:
        path = "/api/v1/organisations/provider/api-keys"
        status, made = server.ask(path, {"scopes": ["credentials:read"]}, key=ADMIN_KEY)
        assert status == 201
        _, proof = server.ask(f"/api/v1/log/proof?old_size={oldest[1]}")
        given = [f"http://127.0.0.1:{server.port}", made["api_key"], credential, oldest[1]]
        proven = told(client, *given, proof["old_root"])
        assert proven.returncode == 0, proven.stderr
        recorded, grown = proven.stdout.splitlines()
        assert (recorded[:11], grown[:10]) == ("recorded at", "grown from")
        for right, wrong in (
            ("[1] == root", '[1] == b"\\0" * 32'),
            ('f"{text}\\n"', 'f"{text} \\n"'),
            ('canonical(log["document"])', 'canonical({"id": "another"})'),
        ):
            assert client.count(right) == 1, right
            assert told(client.replace(right, wrong), *given, proof["old_root"]).returncode == 1
        assert told(client, *given, "00" * 32).returncode == 1


def the_ten_lines() -> Climb:
    lines = next(blocks(PAGE, "python"))
    assert len([line for line in lines.splitlines() if line]) == 10
    known: dict[str, Any] = {}
    exec(lines, known)
    climb: Climb = known["climb"]
    return climb


LEAVES = [hashlib.sha256(bytes([number])).digest() for number in range(20)]


def root_of(size: int) -> bytes:
    return tree_root(LEAVES[:size])


@pytest.mark.parametrize("size", range(1, 20))
def test_the_ten_lines_verify_every_place_of_every_tree(size: int) -> None:
    climb, root = the_ten_lines(), root_of(size)
    for place in range(size):
        path, leaf = inclusion_proof(LEAVES[:size], place), LEAVES[place]
        ended = climb(place, size - 1, path, leaf, leaf)
        assert ended is not None
        assert ended[1] == root
        for wrong in ([*path, leaf], [leaf, *path], path[:-1] or [leaf]):
            assert not leads(climb, place, size, wrong, root), (place, wrong)
    assert not leads(climb, size, size + 1, inclusion_proof(LEAVES[:size], 0), root)


def leads(climb: Climb, place: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    try:
        ended = climb(place, size - 1, path, LEAVES[place], LEAVES[place])
    except AssertionError:
        return False
    return ended is not None and ended[1] == root


@pytest.mark.parametrize("size", range(2, 20))
def test_the_ten_lines_verify_that_every_tree_grew(size: int) -> None:
    climb = the_ten_lines()
    for old in range(1, size):
        path = list(consistency_proof(LEAVES[:size], old))
        zeros = (old & -old).bit_length() - 1
        start = root_of(old) if old == 1 << zeros else path.pop(0)
        place, last = old - 1 >> zeros, size - 1 >> zeros
        assert climb(place, last, path, start, start) == (root_of(old), root_of(size))
        if path:
            other = [LEAVES[0], *path[1:]]
            assert climb(place, last, other, start, start) != (root_of(old), root_of(size))
