"""`skillpassport keys reissue`: signing anew what a stolen key had signed before its revocation."""

import sys
from collections import Counter
from typing import Final

import typer

from skillpassport.bootstrap import Instance
from skillpassport.cli.opening import prepared_instance
from skillpassport.cli.output import Exit, answer, say
from skillpassport.credentials.reissuing import Fate, Tally
from skillpassport.organisations.model import Organisation, OrganisationUnknown

_STEP: Final = 100
"""Awards between two lines of progress."""

_WORDS: Final = {
    Fate.SIGNED_ANEW: "signed anew",
    Fate.IN_ORDER: "in order: their key was not revoked",
    Fate.FINAL: "left as they are: revoked or replaced",
    Fate.ERASED: "of erased persons: there is no document left to sign",
    Fate.RECORDED_LATER: "recorded after the revocation: never signed anew",
    Fate.REFUSED: "refused: not as the log recorded them",
}


def sign_anew(organisation: str, *, dry_run: bool, as_json: bool) -> Exit:
    """Sign an organisation's awards anew and say what became of each.

    Returns: `INVALID` where an award was refused
    Raises: OrganisationUnknown, NoSigningKey, DatabaseFailure and its kinds
    """
    instance = prepared_instance()
    try:
        issuer = instance.organisation(organisation)
        if issuer is None:
            raise OrganisationUnknown
        tally = _run(instance, issuer, dry_run=dry_run)
        instance.sequencer().sequence_once()
    finally:
        instance.close()
    problems = [{"credential": each, "code": code} for each, code in tally.refused]
    counts = {fate.value: tally.fates[fate] for fate in Fate}

    def tell() -> None:
        say(f"{tally.looked_at} awards looked at." + (" Nothing was changed." if dry_run else ""))
        for fate in Fate:
            if tally.fates[fate]:
                say(f"{tally.fates[fate]:>7}  {_WORDS[fate]}")
        for problem in problems:
            say(f"{problem['credential']}: {problem['code']}")

    told = {"dry_run": dry_run, "looked_at": tally.looked_at, **counts, "problems": problems}
    answer(as_json, told, tell)
    return Exit.INVALID if problems else Exit.OK


def _run(instance: Instance, issuer: Organisation, *, dry_run: bool) -> Tally:
    """Take one step after the other until every award was looked at."""
    total = instance.reissue.count(issuer)
    fates: Counter[Fate] = Counter()
    refused: tuple[tuple[str, str], ...] = ()
    place = None
    while True:
        tally = instance.reissue(issuer, after=place, limit=_STEP, dry_run=dry_run)
        fates += tally.fates
        refused += tally.refused
        place = tally.place
        _progress(fates, total)
        if place is None:
            return Tally(fates=fates, refused=refused)


def _progress(fates: Counter[Fate], total: int) -> None:
    if sys.stderr.isatty():
        line = f"{fates.total()} of {total} looked at, {fates[Fate.SIGNED_ANEW]} signed anew"
        typer.echo(f"\r{line}", err=True, nl=fates.total() >= total)
