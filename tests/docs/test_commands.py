"""Commands that the documentation shows exist."""

import re
from functools import cache

import pytest
from typer.testing import CliRunner

from skillpassport.cli.commands import app
from tests.support.checkout import CHECKOUT
from tests.support.markdown import pages

MAKE_TARGET = re.compile(r"(?:^|`)make ([a-z]+)", re.MULTILINE)
COMMAND = re.compile(
    r"(?:^|[`/])skillpassport ((?:[a-z]+[a-z-]*)(?: [a-z]+[a-z-]*)?)", re.MULTILINE
)
PROMISED = (
    "serve",
    "demo",
    "doctor",
    "db upgrade",
    "keys rotate",
    "keys revoke",
    "keys rewrap",
    "issue",
    "verify",
    "log verify",
    "log accept-restore",
)


@cache
def help_of(*command: str) -> str:
    """Return what `skillpassport … --help` says, or nothing when there is no such command."""
    answer = CliRunner().invoke(app, [*command, "--help"])
    return answer.output if answer.exit_code == 0 else ""


def shown_commands() -> list[str]:
    """Return the commands that pages show, each once."""
    text = "\n".join(page.read_text("utf-8") for page in pages())
    return sorted(set(COMMAND.findall(text)))


def test_every_make_target_that_is_shown_exists() -> None:
    makefile = (CHECKOUT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    shown = {target for page in pages() for target in MAKE_TARGET.findall(page.read_text("utf-8"))}
    assert not shown - targets


def test_every_make_target_says_what_it_does() -> None:
    makefile = (CHECKOUT / "Makefile").read_text("utf-8")
    helped = set(re.findall(r"^([a-z]+):.* ## \S", makefile, re.MULTILINE))
    wanted = (
        "help setup run demo test lint fix types imports vectors migrations docs wheel check bench"
    )
    assert not set(wanted.split()) - helped


@pytest.mark.parametrize("command", PROMISED)
def test_a_promised_command_exists(command: str) -> None:
    assert help_of(*command.split())


@pytest.mark.parametrize("command", shown_commands())
def test_a_command_that_a_page_shows_exists(command: str) -> None:
    first, *rest = command.split()
    assert help_of(first), f"skillpassport {first} does not exist"
    if rest and "COMMAND" in help_of(first):
        assert help_of(first, *rest), f"skillpassport {command} does not exist"


@pytest.mark.parametrize("command", PROMISED)
def test_the_reference_describes_each_command(command: str) -> None:
    reference = (CHECKOUT / "docs" / "reference" / "cli.md").read_text("utf-8")
    assert f"## `skillpassport {command}" in reference
