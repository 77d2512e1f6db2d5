"""A credential's row: what stands in clear, and what is sealed with the person's key.

Once a person was erased, what a row holds in clear is still read: an `AwardRecord`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson
from sqlalchemy import RowMapping

from skillpassport.credentials.code import Code
from skillpassport.credentials.model import (
    Achievement,
    AchievementId,
    Action,
    Award,
    AwardRecord,
    CredentialId,
    Cryptosuite,
    Evidence,
    Format,
    IdentityCheck,
    IssuedCredential,
    ReasonCode,
    StatusEvent,
    Subject,
)
from skillpassport.custody.subjects import SubjectKey
from skillpassport.organisations.model import OrganisationId
from skillpassport.vc import strict_json
from skillpassport.vc.bitstring_status import StatusEntry
from skillpassport.vc.jcs import canonicalize
from skillpassport.vc.multibase import encode_base64url


def opened_part(row: RowMapping, key: SubjectKey) -> dict[str, Any]:
    """Return what a row holds sealed.

    Raises: SealBroken
    """
    opened: dict[str, Any] = orjson.loads(key.open(row["sealed"], context=context_of(row["id"])))
    return opened


def context_of(credential: str) -> str:
    """Return the place for which a credential is sealed."""
    return f"credential:{credential}"


def entry_row(entry: StatusEntry) -> dict[str, Any]:
    """Return a status entry as its column keeps it."""
    return {"purpose": entry.purpose, "list": entry.list_url, "index": entry.index}


def octets_of(document: str) -> bytes:
    """Return the document in the one form in which anybody writes it again: canonical, or as is."""
    if document.startswith("{"):
        return canonicalize(strict_json.parse(document))
    return document.encode()


def sealed_part(credential: IssuedCredential, award: Award, salt: bytes) -> bytes:
    """Return what is about the person, to be sealed.

    salt: of the document's commitment
    """
    subject = award.subject
    return as_json(
        {
            "code": credential.code,
            "document": credential.document,
            "document_id": credential.document_id,
            "document_salt": encode_base64url(salt),
            "subject": {
                "name": subject.name,
                "name_in_mrz": subject.name_in_mrz,
                "birth_date": subject.birth_date.isoformat() if subject.birth_date else None,
                "id": subject.id,
            },
            "results": dict(award.results),
            "evidence": [
                {"name": each.name, "narrative": each.narrative, "url": each.url}
                for each in award.evidence
            ],
            "identity_check": award.identity_check.value,
            "securing": award.securing.value if award.securing else None,
            "language": award.language,
        }
    )


def as_json(value: Mapping[str, Any]) -> bytes:
    """Return a value as compact JSON."""
    return orjson.dumps(value)


def award_from(opened: Mapping[str, Any], row: RowMapping, achievement: Achievement) -> Award:
    """Return the award as it was asked for.

    opened: see `opened_part`
    """
    subject = dict(opened["subject"])
    born = subject.pop("birth_date")
    return Award(
        achievement=achievement,
        subject=Subject(**subject, birth_date=date.fromisoformat(born) if born else None),
        awarded_on=row["awarded_on"],
        valid_until=row["valid_until"],
        results=opened["results"],
        evidence=tuple(Evidence(**each) for each in opened["evidence"]),
        identity_check=IdentityCheck(opened["identity_check"]),
        format=Format(row["format"]),
        securing=Cryptosuite(opened["securing"]) if opened["securing"] else None,
        language=opened["language"],
    )


def event_from(row: RowMapping, key: SubjectKey | None) -> StatusEvent:
    """Return what happened to a credential; without a key, without the words of its reason."""
    context = f"event:{row['id']}"
    return StatusEvent(
        id=row["id"],
        credential=CredentialId(row["credential"]),
        position=row["position"],
        action=Action(row["action"]),
        reason=key.open(row["sealed_reason"], context=context).decode() if key else None,
        reason_code=ReasonCode(row["reason_code"]),
        recorded_at=row["recorded_at"],
    )


def credential_from(
    row: RowMapping,
    key: SubjectKey | None,
    events: tuple[StatusEvent, ...],
    superseded_by: CredentialId | None,
    reissue: RowMapping | None,
) -> AwardRecord:
    """Return a credential; without a key, what the row holds in clear.

    reissue: the newest row of `reissues`, whose document is the one to hand out
    """
    facts: dict[str, Any] = {
        "id": CredentialId(row["id"]),
        "organisation": OrganisationId(row["organisation"]),
        "achievement": AchievementId(row["achievement"]),
        "accreditation": row["accreditation"],
        "format": Format(row["format"]),
        "awarded_on": row["awarded_on"],
        "valid_until": row["valid_until"],
        "issued_at": row["issued_at"],
        "entries": tuple(
            StatusEntry(purpose=each["purpose"], list_url=each["list"], index=each["index"])
            for each in row["entries"]
        ),
        "events": events,
        "supersedes": row["supersedes"],
        "superseded_by": superseded_by,
        "reissued_at": reissue["recorded_at"] if reissue is not None else None,
    }
    if key is None:
        return AwardRecord(**facts)
    opened = opened_part(row, key)
    return IssuedCredential(
        **facts,
        subject_name=opened["subject"]["name"],
        code=Code(opened["code"]),
        document=opened["document"] if reissue is None else _signed_anew(reissue, key),
        document_id=opened["document_id"],
    )


def _signed_anew(reissue: RowMapping, key: SubjectKey) -> str:
    sealed = key.open(reissue["sealed"], context=f"reissue:{reissue['id']}")
    document: str = orjson.loads(sealed)["document"]
    return document
