"""`skillpassport export …`, `import bundle` and `registry …`: the registry between instances."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from skillpassport.cli.importing import ImportedFile, Json, imports, place_in_log, read_file
from skillpassport.cli.opening import prepared_instance
from skillpassport.cli.output import Exit, FileNotRead, answer, end, refusals, say

exports = typer.Typer(help="Take the registry out.", no_args_is_help=True)
registry = typer.Typer(help="Versions of the registry.", no_args_is_help=True)

Target = Annotated[Path, typer.Argument(metavar="FILE", help="Written anew, or `-` for printing.")]


@exports.command("json")
def as_json_file(target: Target) -> None:
    """Write every table as one JSON document."""
    with refusals(False):
        instance = prepared_instance()
        try:
            content = instance.registry_json().decode()
        finally:
            instance.close()
        _write(target, content)


@exports.command("jsonld")
def as_linked_data(target: Target) -> None:
    """Write frameworks, levels, statements about them and sources as JSON-LD."""
    with refusals(False):
        instance = prepared_instance()
        try:
            content = instance.registry_linked_data().decode()
        finally:
            instance.close()
        _write(target, content)


@exports.command("csv")
def as_csv_files(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Made when it is not there.")],
) -> None:
    """Write one CSV file for each table."""
    with refusals(False):
        instance = prepared_instance()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for table in instance.registry_parts():
                _write(folder / f"{table}.csv", instance.registry_csv(table))
        finally:
            instance.close()


@exports.command("bundle")
def as_bundle(target: Target) -> None:
    """Write a bundle that another instance can bring in, signed by this service."""
    with refusals(False):
        instance = prepared_instance()
        try:
            content = instance.export_bundle()
        finally:
            instance.close()
        _write(target, content)


@imports.command("bundle")
def bundle(
    file: ImportedFile,
    issuer: Annotated[str, typer.Option("--from", help="DID of the service that exported it.")],
    key: Annotated[
        str | None, typer.Option("--key", help="Its public key (z6Mk…), to ask no network.")
    ] = None,
    approve: Annotated[
        list[str] | None,
        typer.Option("--approve", help="Something of ours to revise, as listed; `*` for all."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Bring in another instance's registry: what is new is added, what differs waits for approval."""
    with refusals(as_json):
        data = read_file(file)
        instance = prepared_instance()
        try:
            trust = partial(instance.trusted_bundle, issuer=issuer, key=key)
            report = instance.import_bundle(data, trust=trust, approved=tuple(approve or ()))
            place_in_log(instance)
        finally:
            instance.close()

        def tell() -> None:
            for name in report.waiting:
                say(f"differs, left as it is: {name}")
            say(
                f"{sum(report.added.values())} added, {report.approved} revised, "
                f"{len(report.waiting)} waiting for approval; from {report.issuer}, "
                f"version {report.registry_version}."
            )

        answer(as_json, report.to_json(), tell)
        end(Exit.OK)


@registry.command("changes")
def changes(
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20, as_json: Json = False
) -> None:
    """List the newest changes of the registry: number, day, rows, and where they came from."""
    with refusals(as_json):
        instance = prepared_instance()
        try:
            found = instance.registry_changes(after=0, limit=limit)
        finally:
            instance.close()

        def tell() -> None:
            for each in found:
                say(
                    f"{each['number']:>6}  {each['made_at']}  {each['rows_added']:>7}  "
                    f"{each['origin']}"
                )

        answer(as_json, {"items": [*found]}, tell)
        end(Exit.OK)


@registry.command("diff")
def diff(
    old: Annotated[int, typer.Argument(metavar="FROM", help="A version, from 0.")],
    new: Annotated[int | None, typer.Argument(metavar="TO", help="The newest by default.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Tell what differs between two versions of the registry."""
    with refusals(as_json):
        instance = prepared_instance()
        try:
            found = instance.registry_diff(old, new)
        finally:
            instance.close()

        def tell() -> None:
            for table, rows in found.tables.items():
                for row in rows:
                    say(f"{'added' if row.before is None else 'revised':<8} {table}: {row.name}")

        answer(as_json, found.to_json(), tell)
        end(Exit.OK)


def _write(target: Path, content: str | bytes) -> None:
    if str(target) == "-" and isinstance(content, str):
        say(content)
        return
    data = content.encode() if isinstance(content, str) else content
    try:
        target.write_bytes(data)
    except OSError as error:
        raise FileNotRead(f"{target} cannot be written: {error.strerror}.") from error
    say(f"Wrote {target} ({len(data)} bytes).")
