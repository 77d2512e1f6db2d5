"""`skillpassport import esco`, `isco`, `isced-f` and `qualifications`: files with many rows.

This service uses the ESCO classification of the European Commission.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from skillpassport.bootstrap import Instance
from skillpassport.cli.importing import (
    ImportedFile,
    Json,
    SkipBadRows,
    SourcesFile,
    bring_in,
    origin_of,
    read_file,
)
from skillpassport.cli.output import FileNotRead, refusals
from skillpassport.frameworks.importing.citing import read_sources
from skillpassport.frameworks.importing.report import ImportReport
from skillpassport.frameworks.taxonomies.classifications import read_classification, version_of
from skillpassport.frameworks.taxonomies.esco import read_esco, version_in
from skillpassport.frameworks.taxonomies.model import Scheme

bulk = typer.Typer()

Progress = Callable[[int, int], None]
"""Told how many more things are done, and of how many."""


@bulk.command("esco")
def esco(
    file: Annotated[Path, typer.Argument(metavar="ZIP", help="The publisher's package of CSV.")],
    version: Annotated[
        str | None, typer.Option("--version", help="Of ESCO; else read in the file's name.")
    ] = None,
    *,
    skip_bad_rows: SkipBadRows = False,
    as_json: Json = False,
) -> None:
    """Bring in ESCO: occupations, skills and how they relate, in every language of the package."""
    with refusals(as_json):
        data = read_file(file)
        known = version or version_in(file.name)
        if known is None:
            raise FileNotRead(f"{file.name} does not tell the version of ESCO: give --version.")

        def importing(instance: Instance) -> ImportReport:
            with _progress("ESCO") as progress:
                return instance.import_taxonomy(
                    lambda: read_esco(data, version=known),
                    scheme=Scheme.ESCO,
                    version=known,
                    origin=origin_of("esco", file, data),
                    skips_bad_rows=skip_bad_rows,
                    progress=progress,
                )

        bring_in(importing, as_json=as_json)


@bulk.command("isco")
def isco(file: ImportedFile, *, skip_bad_rows: SkipBadRows = False, as_json: Json = False) -> None:
    """Bring in ISCO-08: a CSV file with `code`, `parent`, `title_en` and titles in others."""
    _classification(Scheme.ISCO_08, file, skip_bad_rows=skip_bad_rows, as_json=as_json)


@bulk.command("isced-f")
def isced_f(
    file: ImportedFile, *, skip_bad_rows: SkipBadRows = False, as_json: Json = False
) -> None:
    """Bring in ISCED-F 2013: a CSV file with `code`, `parent` and `label_en`."""
    _classification(Scheme.ISCED_F_2013, file, skip_bad_rows=skip_bad_rows, as_json=as_json)


@bulk.command("qualifications")
def qualifications(
    file: ImportedFile,
    sources: SourcesFile = None,
    *,
    skip_bad_rows: SkipBadRows = False,
    as_json: Json = False,
) -> None:
    """Bring in qualifications: a CSV file, or a JSON array with their units and outcomes."""
    with refusals(as_json):
        data = read_file(file)
        given = read_sources(read_file(sources)) if sources is not None else {}

        def importing(instance: Instance) -> ImportReport:
            with _progress("Qualifications") as progress:
                return instance.import_qualifications(
                    data,
                    sources=given,
                    origin=origin_of("qualifications", file, data),
                    skips_bad_rows=skip_bad_rows,
                    progress=progress,
                )

        bring_in(importing, as_json=as_json)


def _classification(scheme: Scheme, file: Path, *, skip_bad_rows: bool, as_json: bool) -> None:
    with refusals(as_json):
        data = read_file(file)
        bring_in(
            lambda instance: instance.import_taxonomy(
                lambda: read_classification(data, scheme),
                scheme=scheme,
                version=version_of(scheme),
                origin=origin_of(scheme.value, file, data),
                skips_bad_rows=skip_bad_rows,
            ),
            as_json=as_json,
        )


@contextmanager
def _progress(label: str) -> Iterator[Progress]:
    """Show how far it has come, where somebody is looking."""
    if not sys.stderr.isatty():
        yield lambda _more, _of: None
        return
    with typer.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def tell(more: int, of: int) -> None:
            bar.length = of
            bar.update(more)

        yield tell
