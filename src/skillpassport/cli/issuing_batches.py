"""`skillpassport issue --batch`: awards of many persons from one file, all or none of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from skillpassport.bootstrap import Instance
from skillpassport.cli.award_files import AwardsRead, read_awards
from skillpassport.cli.importing import place_in_log, read_file
from skillpassport.cli.opening import prepared_instance
from skillpassport.cli.output import AwardInvalid, Exit, answer, end, say
from skillpassport.credentials.achievements import AchievementUnknown
from skillpassport.credentials.code import grouped
from skillpassport.credentials.issuing import BatchSizeUnusable, ids_of_batch
from skillpassport.credentials.model import Achievement, Award, IssuedCredential
from skillpassport.credentials.recording import AwardsRefused
from skillpassport.frameworks.importing.problems import RowProblem, TableUnreadable
from skillpassport.idempotency import AlreadyDone, RequestKey
from skillpassport.organisations.model import Organisation, OrganisationUnknown
from skillpassport.web.api.credentials import AwardIn, award_from

_NAME: Final = re.compile(r"[!-~]{1,255}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be done with a file of awards.

    common: members of each award, as the API takes them
    out: a new folder for the documents
    once: the client's name for this batch, under which it is issued once
    """

    file: Path
    common: Mapping[str, Any]
    out: Path | None = None
    once: str | None = None
    is_rehearsal: bool = False


def issue_batch(organisation: str, wish: Wish, *, as_json: bool) -> None:
    """Issue the awards of a file and tell where each is found, or what is wrong with the file.

    Ends the command with 1 where rows are refused; nothing is issued then.

    Raises: FileNotRead, AwardInvalid, StrictJsonError, OrganisationUnknown, AchievementUnknown,
        and what issuing raises
    """
    data = read_file(wish.file)
    try:
        read = read_awards(data, wish.common)
    except TableUnreadable as error:
        read = AwardsRead(awards=(), problems=(error.problem,))
    if wish.once is not None and not _NAME.fullmatch(wish.once):
        raise AwardInvalid("Expected 1 to 255 visible ASCII characters for --once; shorten it.")
    if wish.out is not None and (wish.out.exists() or not wish.out.parent.is_dir()):
        raise AwardInvalid(
            f"Expected a new folder inside one that exists, found {wish.out}; name one."
        )
    instance = prepared_instance()
    try:
        issuer = instance.organisation(organisation)
        if issuer is None:
            raise OrganisationUnknown
        problems, issued = read.problems, list[IssuedCredential]()
        if not problems:
            problems, issued = _issue(instance, issuer, read, wish, data)
        if issued:
            place_in_log(instance)
    finally:
        instance.close()
    lines = [line for line, _ in read.awards]
    written = _write(wish.out, lines, issued) if wish.out is not None and issued else []
    told = [
        {
            "row": line,
            "id": each.id,
            "code": each.code,
            "verify": f"{instance.public_url}/v/{each.code}",
        }
        for line, each in zip(lines, issued, strict=False)
    ]
    for each, path in zip(told, written, strict=False):
        each["out"] = str(path)
    rows = [
        {"row": each.line, "column": each.column, "code": each.code, "message": each.message}
        for each in problems
    ]
    outcome = {"total": read.total, "rows": rows, "issued": told}
    answer(as_json, outcome, lambda: _tell(read, problems, issued, wish))
    end(Exit.INVALID if problems else Exit.OK)


def _issue(
    instance: Instance, issuer: Organisation, read: AwardsRead, wish: Wish, data: bytes
) -> tuple[tuple[RowProblem, ...], list[IssuedCredential]]:
    known: dict[str, Achievement] = {}
    awards = [_award(instance, issuer, body, known) for _, body in read.awards]
    request = None
    if wish.once is not None:
        said = b"\0".join((b"batch", sha256(data).digest(), repr(sorted(wish.common)).encode()))
        request = RequestKey(issuer.id, wish.once, instance.fingerprint(said))
    try:
        if wish.is_rehearsal:
            instance.issue.rehearse(issuer, awards)
            return (), []
        return (), instance.issue.batch(issuer, awards, request)
    except BatchSizeUnusable as error:
        raise AwardInvalid(error.message) from error
    except AlreadyDone:
        assert request is not None  # noqa: S101 - nothing else was done before
        return (), _as_issued(instance, issuer, request)
    except AwardsRefused as refused:
        lines = [line for line, _ in read.awards]
        return tuple(
            RowProblem(
                line=lines[each.position],
                column="",
                code=each.cause.code,
                message=each.cause.message,
            )
            for each in refused.refusals
        ), []


def _award(
    instance: Instance, issuer: Organisation, body: AwardIn, known: dict[str, Achievement]
) -> Award:
    """Return an award, its achievement looked up once for all.

    Raises: AchievementUnknown
    """
    if body.achievement not in known:
        achievement = instance.achievement_of(issuer, body.achievement)
        if achievement is None:
            raise AchievementUnknown
        known[body.achievement] = achievement
    return award_from(body, known[body.achievement])


def _as_issued(
    instance: Instance, issuer: Organisation, request: RequestKey
) -> list[IssuedCredential]:
    """Return what the first batch of this name issued.

    Raises: AwardInvalid, where that one was another
    """
    claim = instance.find_claim(request)
    if claim is None or claim.fingerprint != request.fingerprint:
        raise AwardInvalid(
            "Expected the same file and options as the first time under this --once, found others; "
            "give another name."
        )
    ids = ids_of_batch(instance.claim_secret(request, claim))
    return [instance.credential_of(issuer, each) for each in ids]


def _write(out: Path, lines: Sequence[int], issued: Sequence[IssuedCredential]) -> list[Path]:
    out.mkdir()
    written = []
    for line, each in zip(lines, issued, strict=True):
        path = out / f"{line:04}-{each.id}{'.jwt' if each.format.is_token else '.json'}"
        path.write_text(each.document, "utf-8")
        written.append(path)
    return written


def _tell(
    read: AwardsRead,
    problems: Sequence[RowProblem],
    issued: Sequence[IssuedCredential],
    wish: Wish,
) -> None:
    for problem in problems:
        say(str(problem))
    if problems:
        refused = len({problem.line for problem in problems})
        say(f"Nothing was issued: {refused} of {read.total} refused.")
        return
    for (line, _), each in zip(read.awards, issued, strict=False):
        say(f"{line:>5}  {each.id}  {grouped(each.code)}")
    if wish.is_rehearsal:
        say(f"All {read.total} could be issued; nothing was.")
    else:
        say(f"{len(issued)} issued." + (f" Written to {wish.out}." if wish.out else ""))
