"""What the repository must never carry."""

import re
import stat
from pathlib import Path

import pytest

from tests.support.checkout import CHECKOUT, tracked_files

# Built from parts, so that this file does not carry what it looks for.
REGISTRY_HOSTS = tuple(
    ".".join(labels)
    for labels in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
    )
)
PRIVATE_PATH = re.compile(r"(?<![\w.])/(?:home|Users|root|work)/\w+")
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{20}")
LARGEST = 512_000


def text_files() -> list[Path]:
    """Return the tracked files that are text."""
    return [path for path in tracked_files() if b"\0" not in path.read_bytes()[:4096]]


def name_of(path: Path) -> str:
    """Return a path as a reader of the repository knows it."""
    return str(path.relative_to(CHECKOUT))


@pytest.mark.parametrize("host", REGISTRY_HOSTS)
def test_no_file_names_a_package_registry(host: str) -> None:
    found = [name_of(path) for path in text_files() if host in path.read_text("utf-8", "replace")]
    assert not found


def test_no_file_names_a_path_of_one_machine() -> None:
    found = [
        f"{name_of(path)}: {match.group()}"
        for path in text_files()
        if (match := PRIVATE_PATH.search(path.read_text("utf-8", "replace")))
    ]
    assert not found


def test_no_file_outside_the_tests_carries_a_private_key() -> None:
    found = [
        name_of(path)
        for path in text_files()
        if not name_of(path).startswith("tests/")
        and PRIVATE_KEY.search(path.read_text("utf-8", "replace"))
    ]
    assert not found


def test_no_file_is_large() -> None:
    found = [name_of(path) for path in tracked_files() if path.stat().st_size > LARGEST]
    assert not found


def test_the_ci_script_can_be_run() -> None:
    assert (CHECKOUT / ".ci" / "run").stat().st_mode & stat.S_IXUSR


def test_every_locked_package_is_pinned_by_hash() -> None:
    for lock in (CHECKOUT / "locks").glob("*.txt"):
        lines = lock.read_text("utf-8").splitlines()
        for line, following in zip(lines, [*lines[1:], ""], strict=True):
            if line and not line.startswith((" ", "#")):
                assert "==" in line, f"{lock.name}: {line}"
                assert following.strip().startswith("--hash="), f"{lock.name}: {line}"
