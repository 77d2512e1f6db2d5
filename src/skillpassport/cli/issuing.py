"""`skillpassport issue`: one award from the command line, with the rules of the API."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from skillpassport.bootstrap import Instance
from skillpassport.cli.opening import prepared_instance
from skillpassport.cli.output import AwardInvalid, answer, say
from skillpassport.credentials.achievements import AchievementUnknown
from skillpassport.credentials.code import grouped
from skillpassport.credentials.model import IssuedCredential
from skillpassport.organisations.model import OrganisationUnknown
from skillpassport.vc.strict_json import parse_object
from skillpassport.web.api.credentials import AwardIn, award_from


def issue_award(
    organisation: str,
    file: Path | None,
    given: Mapping[str, Any],
    *,
    out: Path | None,
    as_json: bool,
) -> None:
    """Issue one award and print where it is found.

    file: JSON as the API takes it; options given beside it take precedence
    out: where to write the document, exactly as it was signed
    Raises: AwardInvalid, OrganisationUnknown, AchievementUnknown, and all that issuing raises
    """
    body = _body(file, given)
    if out is not None and (out.exists() or not out.parent.is_dir()):
        # Asked before: an award cannot be taken back because its file could not be written.
        raise AwardInvalid(f"Expected a new file in a folder that exists, found {out}; name one.")
    instance = prepared_instance()
    try:
        credential = _issue(instance, organisation, body)
        instance.sequencer().sequence_once()
    finally:
        instance.close()
    if out is not None:
        out.write_text(credential.document, "utf-8")
    verify = f"{instance.public_url}/v/{credential.code}"
    told = {"id": credential.id, "code": credential.code, "verify": verify}
    told |= {"out": str(out)} if out is not None else {"document": credential.document}

    def tell() -> None:
        say(f"id      {credential.id}")
        say(f"code    {grouped(credential.code)}")
        say(f"verify  {verify}")
        if out is not None:
            say(f"written {out}")

    answer(as_json, told, tell)


def _body(file: Path | None, given: Mapping[str, Any]) -> AwardIn:
    try:
        read: dict[str, Any] = dict(parse_object(file.read_bytes())) if file else {}
    except OSError as error:
        raise AwardInvalid(f"{file} cannot be read: give a file of JSON.") from error
    merged = {**read, **given}
    if isinstance(read.get("subject"), dict) and "subject" in given:
        merged["subject"] = {**read["subject"], **given["subject"]}
    try:
        return AwardIn.model_validate(merged)
    except ValidationError as error:
        faults = (
            f"{'.'.join(map(str, fault['loc'])) or 'award'}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)
        )
        raise AwardInvalid(f"The award is not as the API takes it. {'; '.join(faults)}") from error


def _issue(instance: Instance, organisation: str, body: AwardIn) -> IssuedCredential:
    issuer = instance.organisation(organisation)
    if issuer is None:
        raise OrganisationUnknown
    achievement = instance.achievement_of(issuer, body.achievement)
    if achievement is None:
        raise AchievementUnknown
    return instance.issue(issuer, award_from(body, achievement))
