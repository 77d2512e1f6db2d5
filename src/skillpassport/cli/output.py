"""What commands print, for people or for programs, and how they end."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import IntEnum
from typing import Any, NoReturn

import typer

from skillpassport.credentials.achievements import AchievementUnknown
from skillpassport.equivalence.exchange.errors import (
    BundleNotTrusted,
    BundleUnreadable,
    RowsMalformed,
)
from skillpassport.errors import SkillPassportError
from skillpassport.organisations.model import OrganisationUnknown
from skillpassport.organisations.signing_keys import SigningKeyUnknown
from skillpassport.settings import SettingsInvalid
from skillpassport.transparency.checkpoint import HeadInvalid
from skillpassport.vc.strict_json import StrictJsonError


class AwardInvalid(SkillPassportError):
    """What was given is not an award, or the document cannot be written where it should be."""

    code = "award-invalid"


class FileNotRead(SkillPassportError):
    """A file that was named on the command line cannot be read."""

    code = "file-not-read"


_MISUSED = (
    SettingsInvalid,
    OrganisationUnknown,
    AchievementUnknown,
    SigningKeyUnknown,
    HeadInvalid,
    StrictJsonError,
    AwardInvalid,
    FileNotRead,
)
"""What the caller or a setting got wrong."""

_INVALID = (BundleUnreadable, BundleNotTrusted, RowsMalformed)
"""What was checked, and found not to be what it says."""


class Exit(IntEnum):
    """How a command ends."""

    OK = 0
    INVALID = 1
    USAGE = 2
    COULD_NOT_CHECK = 3


def say(line: str = "") -> None:
    """Print a line for people; a terminal that lacks a character gets a question mark."""
    encoding = sys.stdout.encoding or "utf-8"
    _write(line.encode(encoding, "replace").decode(encoding))


def _write(text: str) -> None:
    """Print, unless nobody reads on, as after `| head -1`: how the command ends stays the same."""
    try:
        typer.echo(text)
    except BrokenPipeError:
        # Whatever is printed from here on, and flushed at the end, goes nowhere.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def answer(as_json: bool, value: Mapping[str, Any], tell: Callable[[], None]) -> None:
    """Print an answer as JSON, or let it be told in words."""
    if as_json:
        _write(json.dumps(value, ensure_ascii=True, default=str))
    else:
        tell()


def end(code: Exit) -> NoReturn:
    """End the command."""
    raise typer.Exit(int(code))


@contextmanager
def refusals(as_json: bool) -> Iterator[None]:
    """Turn our errors into one sentence and an exit code.

    1 for what was checked and found false, 2 for what the caller or a setting got wrong, 3 where the
    command could not do its work.
    """
    try:
        yield
    except SkillPassportError as error:
        if as_json:
            _write(json.dumps({"error": {"code": error.code, "message": error.message}}))
        else:
            typer.echo(f"skillpassport: {error.message}", err=True)
        raise typer.Exit(int(_end_of(error))) from error


def _end_of(error: SkillPassportError) -> Exit:
    if isinstance(error, _INVALID):
        return Exit.INVALID
    return Exit.USAGE if isinstance(error, _MISUSED) else Exit.COULD_NOT_CHECK
