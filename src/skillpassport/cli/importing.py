"""`skillpassport import`: files of others into the registry, each in one transaction."""

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from skillpassport.bootstrap import Instance
from skillpassport.cli.opening import prepared_instance
from skillpassport.cli.output import Exit, FileNotRead, answer, end, refusals, say
from skillpassport.equivalence.importing.files import FILES, FileReader
from skillpassport.equivalence.importing.precedents import read_precedent_file
from skillpassport.equivalence.importing.recognition_rules import read_rule_file
from skillpassport.equivalence.importing.results import COUNTRY
from skillpassport.errors import SkillPassportError
from skillpassport.frameworks.importing.citing import read_sources
from skillpassport.frameworks.importing.report import ImportReport
from skillpassport.frameworks.reading import has_control_characters

imports = typer.Typer(help="Bring files into the registry.", no_args_is_help=True)

ImportedFile = Annotated[Path, typer.Argument(metavar="FILE", help="In UTF-8.")]
SourcesFile = Annotated[
    Path | None, typer.Option("--sources", help="JSON: the sources that rows cite, by id.")
]
SkipBadRows = Annotated[
    bool, typer.Option("--skip-bad-rows", help="Bring in the good rows beside bad ones.")
]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]

_SHOWN: Final = 20
"""How many refused rows are told in words; JSON has them all."""


def read_file(path: Path) -> bytes:
    """Return the bytes of a file that was named on the command line.

    Raises: FileNotRead
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileNotRead(f"{path} cannot be read: give a file that is there.") from error


def origin_of(kind: str, path: Path, data: bytes) -> str:
    """Return how the rows of a file came in: `import levels levels.csv sha256:1f…`."""
    name = path.name if not has_control_characters(path.name) else "file"
    return f"import {kind} {name} sha256:{hashlib.sha256(data).hexdigest()[:16]}"


def place_in_log(instance: Instance) -> None:
    """Give what was brought in its place in the log; where that fails, say that it waits.

    The rows are committed by then, together with their entries, so nothing was refused. A running
    server, or the next command, gives the entries their places.
    """
    try:
        instance.sequencer().sequence_once()
    except SkillPassportError as error:
        typer.echo(f"skillpassport: brought in; the log waits: {error.message}", err=True)


def bring_in(importing: Callable[[Instance], ImportReport], *, as_json: bool) -> None:
    """Carry out one import on the configured instance, tell what it came to, end the command.

    importing: one transaction; read the file before, so that a missing one opens no database
    Raises: MigrationNeeded, DatabaseFailure and its kinds, and what `importing` raises
    """
    instance = prepared_instance()
    try:
        report = importing(instance)
        place_in_log(instance)
    finally:
        instance.close()
    answer(as_json, report.to_json(), lambda: _tell(report))
    end(Exit.OK if report.is_written else Exit.INVALID)


def _tell(report: ImportReport) -> None:
    for problem in report.refused[:_SHOWN]:
        say(str(problem))
    if len(report.refused) > _SHOWN:
        say(f"… and {len(report.refused) - _SHOWN} more; --json lists them all.")
    if report.refused and not report.is_written:
        say(
            f"Nothing was brought in: {len(report.refused)} refused. Mend them, or --skip-bad-rows."
        )
        return
    beside = "".join(f", {n} {name.replace('_', ' ')}" for name, n in report.beside.items())
    say(
        f"{report.added} added{beside}, {report.changed} changed, "
        f"{report.unchanged} unchanged, {len(report.refused)} refused."
    )


@imports.command("frameworks")
def frameworks(
    file: ImportedFile,
    sources: SourcesFile = None,
    skip_bad_rows: SkipBadRows = False,
    as_json: Json = False,
) -> None:
    """Bring in frameworks: a JSON array of records, as `frameworks.json`."""
    _bring_in_file("frameworks", file, sources, skip_bad_rows, as_json=as_json)


@imports.command("editions")
def editions(
    file: ImportedFile,
    sources: SourcesFile = None,
    skip_bad_rows: SkipBadRows = False,
    as_json: Json = False,
) -> None:
    """Bring in editions of frameworks that are there: a CSV file."""
    _bring_in_file("editions", file, sources, skip_bad_rows, as_json=as_json)


@imports.command("levels")
def levels(
    file: ImportedFile,
    sources: SourcesFile = None,
    skip_bad_rows: SkipBadRows = False,
    as_json: Json = False,
) -> None:
    """Bring in the levels of editions that are there: a CSV file."""
    _bring_in_file("levels", file, sources, skip_bad_rows, as_json=as_json)


@imports.command("eu-vocabulary")
def eu_vocabulary(
    file: ImportedFile,
    sources: SourcesFile = None,
    skip_bad_rows: SkipBadRows = False,
    as_json: Json = False,
) -> None:
    """Bring in the addresses that the EU gives frameworks and their levels: a CSV file."""
    _bring_in_file("eu-vocabulary", file, sources, skip_bad_rows, as_json=as_json)


@imports.command("level-mappings")
def level_mappings(
    file: ImportedFile,
    sources: SourcesFile = None,
    skip_bad_rows: SkipBadRows = False,
    as_json: Json = False,
) -> None:
    """Bring in published statements about levels, each with its source: a CSV file."""
    _bring_in_file("level-mappings", file, sources, skip_bad_rows, as_json=as_json)


@imports.command("standards")
def standards(
    file: ImportedFile,
    sources: SourcesFile = None,
    skip_bad_rows: SkipBadRows = False,
    as_json: Json = False,
) -> None:
    """Bring in occupational standards with their units: a CSV file, or a JSON array."""
    _bring_in_file("standards", file, sources, skip_bad_rows, as_json=as_json)


@imports.command("recognition-rules")
def recognition_rules(
    file: ImportedFile,
    sources: SourcesFile = None,
    destination: Annotated[
        str | None,
        typer.Option("--destination", help="ISO 3166 code of the country whose rules they are."),
    ] = None,
    skip_bad_rows: SkipBadRows = False,
    as_json: Json = False,
) -> None:
    """Bring in what a country says about qualifications of others, with conditions: a CSV file."""
    read = partial(read_rule_file, destination=_country(destination))
    _bring_in_file("recognition-rules", file, sources, skip_bad_rows, as_json=as_json, read=read)


@imports.command("precedents")
def precedents(
    file: ImportedFile,
    sources: SourcesFile = None,
    destination: Annotated[
        str | None,
        typer.Option("--destination", help="ISO 3166 code of the country that decided."),
    ] = None,
    skip_bad_rows: SkipBadRows = False,
    as_json: Json = False,
) -> None:
    """Bring in decisions on single cases, without their applicants: a CSV file."""
    read = partial(read_precedent_file, destination=_country(destination))
    _bring_in_file("precedents", file, sources, skip_bad_rows, as_json=as_json, read=read)


@imports.command("agreements")
def agreements(
    file: ImportedFile, skip_bad_rows: SkipBadRows = False, as_json: Json = False
) -> None:
    """Bring in agreements between states and social partners: a JSON array of records."""
    _bring_in_file("agreements", file, None, skip_bad_rows, as_json=as_json)


def _country(typed: str | None) -> str | None:
    country = None if typed is None else typed.strip().upper()
    if country is not None and not COUNTRY.fullmatch(country):
        raise typer.BadParameter(
            "Expected an ISO 3166 code such as NL.", param_hint="--destination"
        )
    return country


def _bring_in_file(
    kind: str,
    file: Path,
    sources: Path | None,
    skip_bad_rows: bool,
    *,
    as_json: bool,
    read: FileReader | None = None,
) -> None:
    """Bring in one file; `read` is how, where the kind alone does not say it."""
    with refusals(as_json):
        data = read_file(file)
        given = b"{}" if sources is None else read_file(sources)
        reader = read or FILES[kind]
        bring_in(
            lambda instance: instance.import_into_registry(
                # Within the import: sources that cannot be read refuse the rows that cite them.
                lambda snapshot: reader(data, read_sources(given), snapshot),
                origin=origin_of(kind, file, data),
                skips_bad_rows=skip_bad_rows,
            ),
            as_json=as_json,
        )
