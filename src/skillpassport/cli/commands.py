"""Every command; each works from any folder and while the server is stopped."""

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from skillpassport.bootstrap import open_instance
from skillpassport.cli import collecting, reissuing, verifying
from skillpassport.cli import doctor as diagnosis
from skillpassport.cli.exchange import exports, registry
from skillpassport.cli.importing import imports
from skillpassport.cli.importing_bulk import bulk
from skillpassport.cli.opening import prepared_instance, readable_instance
from skillpassport.cli.output import AwardInvalid, Exit, answer, end, refusals, say
from skillpassport.clock import rfc3339
from skillpassport.organisations.signing_keys import KeyRevocation
from skillpassport.settings import load_settings

app = typer.Typer(
    name="skillpassport",
    help="Signed skills credentials, and what they mean in another country.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
database = typer.Typer(help="The database.", no_args_is_help=True)
keys = typer.Typer(help="Signing keys, and the master key.", no_args_is_help=True)
log = typer.Typer(help="The tamper-evident log.", no_args_is_help=True)
app.add_typer(database, name="db")
app.add_typer(keys, name="keys")
app.add_typer(log, name="log")
app.add_typer(imports, name="import")
app.add_typer(exports, name="export")
app.add_typer(registry, name="registry")
imports.add_typer(bulk)

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def main() -> None:
    """Run the command line."""
    app()


def _show_version(wanted: bool) -> None:
    if wanted:
        say(version("skillpassport"))
        raise typer.Exit


def _country(code: str | None) -> str | None:
    if code is None or (len(code) == len("NO") and code.isascii() and code.isalpha()):
        return code and code.upper()
    raise typer.BadParameter("Expected an ISO 3166-1 alpha-2 code, such as NO.")


@app.callback()
def _options(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Say the version."),
    ] = False,
) -> None:
    """Hold the options of the command as a whole."""


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Number of processes.")] = 1,
    as_json: Json = False,
) -> None:
    """Serve the API and the pages."""
    collecting.put_off()
    from skillpassport.cli import serving  # the web server: no other command waits for it

    with refusals(as_json):
        serving.serve(host=host, port=port, workers=workers, as_json=as_json)


@app.command()
def demo(as_json: Json = False) -> None:
    """Tell the whole story: issue, verify, tamper, revoke; exit 0 if every verdict was right."""
    from skillpassport.cli import demo as demonstration

    with refusals(as_json):
        end(demonstration.tell(as_json=as_json))


@app.command()
def verify(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="`-` is standard input.")],
    destination: Annotated[
        str | None,
        typer.Option("--destination", "-d", callback=_country, help="Country, such as NO."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Verify credentials from files; the worst verdict decides the exit code."""
    with refusals(as_json):
        end(verifying.verify_files(files, destination=destination, as_json=as_json))


@app.command()
def issue(
    organisation: Annotated[str, typer.Argument(help="Slug or id of the awarding organisation.")],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="The award in JSON, as the API takes it."),
    ] = None,
    *,
    achievement: Annotated[str | None, typer.Option(help="Slug or id.")] = None,
    name: Annotated[str | None, typer.Option(help="The person's name.")] = None,
    birth_date: Annotated[str | None, typer.Option(help="The person's birth date.")] = None,
    subject_id: Annotated[str | None, typer.Option(help="The person's DID or URI.")] = None,
    awarded_on: Annotated[str | None, typer.Option(help="Day of the award: 2026-01-31.")] = None,
    valid_until: Annotated[str | None, typer.Option(help="Last day, if any.")] = None,
    document_format: Annotated[
        str | None, typer.Option("--format", help="vcdm, open-badge, vc+jwt or sd-jwt-vc.")
    ] = None,
    securing: Annotated[
        str | None,
        typer.Option(help="eddsa-jcs-2022 or eddsa-rdfc-2022, for vcdm and open-badge."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="A new file for the signed document; a new folder for many."),
    ] = None,
    batch: Annotated[
        Path | None, typer.Option(help="Awards of many persons, in CSV or JSON: all or none.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --batch: say what is wrong, issue nothing.")
    ] = False,
    once: Annotated[
        str | None, typer.Option(help="With --batch: a name under which it is issued once.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Issue one award, or a batch; options take precedence over the file."""
    from skillpassport.cli import issuing  # the API's rules: no other command waits for them
    from skillpassport.cli import issuing_batches as batches

    subject = {"name": name, "birth_date": birth_date, "id": subject_id}
    award = {
        "achievement": achievement,
        "subject": {each: value for each, value in subject.items() if value is not None} or None,
        "awarded_on": awarded_on,
        "valid_until": valid_until,
        "format": document_format,
        "securing": securing,
    }
    given = {each: value for each, value in award.items() if value is not None}
    with refusals(as_json):
        if batch is None:
            issuing.issue_award(organisation, file, given, out=out, as_json=as_json)
            return
        if file is not None or "subject" in given:
            raise AwardInvalid("Expected --batch alone, found one award beside it; give either.")
        wish = batches.Wish(file=batch, common=given, out=out, once=once, is_rehearsal=dry_run)
        batches.issue_batch(organisation, wish, as_json=as_json)


@app.command()
def doctor(as_json: Json = False) -> None:
    """Look for what is wrong with this instance, and say the remedy."""
    with refusals(as_json):
        end(diagnosis.examine(as_json=as_json))


@database.command("upgrade")
def upgrade(as_json: Json = False) -> None:
    """Bring the database to the revision of this version and apply the seed."""
    with refusals(as_json):
        instance = open_instance(load_settings(auto_migrate=True))
        try:
            prepared = instance.prepare()
        finally:
            instance.close()
    done = "The database was brought up to date." if prepared.migrated else "Nothing to do."
    answer(
        as_json,
        {"migrated": prepared.migrated, "done": list(prepared.sentences)},
        lambda: say("\n".join((done, *prepared.sentences))),
    )


@keys.command("rotate")
def rotate(
    organisation: Annotated[
        str | None, typer.Argument(help="Slug or id; without it, the service's own key.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Give an organisation a new signing key; the old one stays published and signs no more."""
    with refusals(as_json):
        instance = prepared_instance()
        try:
            new, old = instance.rotate_key(organisation)
            instance.sequencer().sequence_once()
        finally:
            instance.close()
    answer(
        as_json,
        {
            "new": new.verification_method,
            "retired": old.verification_method if old else None,
            "signs_until": rfc3339(new.signs_until),
        },
        lambda: say(f"{new.verification_method} signs until {rfc3339(new.signs_until)}."),
    )


@keys.command("revoke")
def revoke(
    owner: Annotated[str, typer.Argument(help="Slug or id of an organisation, or `service`.")],
    key: Annotated[str, typer.Option("--key", help="The key's name in the DID document.")],
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why; kept for good, so without personal data.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Publish a signing key as compromised: only what was recorded before stands, and only here."""
    with refusals(as_json):
        instance = prepared_instance()
        try:
            old, new = instance.revoke_key(owner, key, KeyRevocation(reason=reason))
            instance.sequencer().sequence_once()
        finally:
            instance.close()
    made = new.verification_method if new else None
    answer(
        as_json,
        {"revoked": old.verification_method, "new": made},
        lambda: say(
            f"{old.verification_method} is revoked." + (f" {made} signs now." if made else "")
        ),
    )


@keys.command("reissue")
def reissue(
    organisation: Annotated[str, typer.Argument(help="Slug or id of the awarding organisation.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only count what would be signed anew.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Sign anew what a stolen key had signed before it was revoked; may be run again at any time."""
    with refusals(as_json):
        end(reissuing.sign_anew(organisation, dry_run=dry_run, as_json=as_json))


@keys.command("rewrap")
def rewrap(as_json: Json = False) -> None:
    """Wrap every key under the master key in use; the old one is read from OLD_MASTER_KEY."""
    with refusals(as_json):
        instance = prepared_instance()
        try:
            number = instance.rewrap_keys()
        finally:
            instance.close()
    answer(
        as_json,
        {"rewrapped": number},
        lambda: say(f"{number} keys were wrapped anew." if number else "Nothing to do."),
    )


@log.command("verify")
def verify_log(
    head: Annotated[
        Path | None, typer.Option("--head", help="A signed head that was kept elsewhere.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Compute the log anew and compare it with every row and every head; name what differs."""
    text = _read_head(head) if head is not None else None
    with refusals(as_json):
        instance = readable_instance()
        try:
            report = instance.verify_log(text)
        finally:
            instance.close()
    findings = [
        {"code": each.code.value, "subject": each.subject, "message": each.message}
        for each in report.findings
    ]

    def tell() -> None:
        for finding in findings:
            say(f"{finding['code']}: {finding['message']}")
        fits = "Everything fits." if not findings else f"{len(findings)} findings."
        say(f"{report.entries} entries, {report.rows} rows, {report.heads} heads compared. {fits}")

    told = {"ok": not findings, "entries": report.entries, "rows": report.rows}
    answer(as_json, {**told, "heads": report.heads, "findings": findings}, tell)
    end(Exit.OK if not findings else Exit.INVALID)


@log.command("accept-restore")
def accept_restore(
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept in the log.")],
    as_json: Json = False,
) -> None:
    """Go on from a restored database: opens new status lists, and the log says so for ever."""
    with refusals(as_json):
        instance = prepared_instance()
        try:
            head = instance.accept_restore(reason)
        finally:
            instance.close()
    answer(
        as_json,
        {"size": head.size, "root": head.root.hex()},
        lambda: say(f"The log goes on with {head.size} entries; new status lists are opened."),
    )


def _read_head(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        typer.echo(f"skillpassport: {path} cannot be read as text: give a signed head.", err=True)
        raise typer.Exit(int(Exit.USAGE)) from error
