"""Issued credentials and what happened to them, as rows.

What is about the person is one sealed value under that person's key: the document as signed, the
code, and the award's own fields. Codes and documents are found again by keyed tags.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    bindparam,
    insert,
    literal,
    select,
    tuple_,
)

from skillpassport.credentials.code import Code
from skillpassport.credentials.model import (
    Achievement,
    AchievementId,
    Action,
    Award,
    CredentialId,
    Evidence,
    Format,
    IdentityCheck,
    IssuedCredential,
    ReasonCode,
    State,
    StatusEvent,
    Subject,
)
from skillpassport.credentials.searching import CredentialFilter
from skillpassport.custody.sealing import blind
from skillpassport.custody.subjects import SubjectKey
from skillpassport.db.log import LogStore
from skillpassport.db.search_tokens import SearchTokens
from skillpassport.db.subject_keys import SubjectKeys
from skillpassport.db.tables import credentials as tables
from skillpassport.organisations.model import OrganisationId
from skillpassport.transparency.entries import SALT_BYTES, Kind
from skillpassport.transparency.proofs import commit_to_document
from skillpassport.vc import strict_json
from skillpassport.vc.bitstring_status import StatusEntry
from skillpassport.vc.jcs import canonicalize
from skillpassport.vc.multibase import decode_base64url, encode_base64url

_ROW = tables.credentials.c

# Built once: every verification of an award reads these.
_BY_CODE = select(tables.credentials).where(_ROW.code_tag == bindparam("tag"))
_BY_CONTENT = select(tables.credentials).where(_ROW.content_tag == bindparam("tag"))
_EVENTS = (
    select(tables.status_events)
    .where(tables.status_events.c.credential.in_(bindparam("ids", expanding=True)))
    .order_by(tables.status_events.c.position)
)
_SUCCESSORS = select(_ROW.id, _ROW.supersedes).where(
    _ROW.supersedes.in_(bindparam("ids", expanding=True))
)


class CredentialStore:
    """Credentials; a change of status is a row of its own."""

    def __init__(
        self,
        connection: Connection,
        log: LogStore,
        subject_keys: SubjectKeys,
        tag_key: bytes,
        search_tokens: SearchTokens,
    ) -> None:
        self._connection = connection
        self._log = log
        self._subject_keys = subject_keys
        self._tag_key = tag_key
        self._search_tokens = search_tokens

    def add(
        self,
        credential: IssuedCredential,
        award: Award,
        subject_key: SubjectKey,
        *,
        content: bytes,
    ) -> None:
        """Write a new credential, sealed with its subject's key.

        content: canonical form of what was signed, by which it is found again
        """
        salt = secrets.token_bytes(SALT_BYTES)
        row = {
            "id": credential.id,
            "organisation": credential.organisation,
            "achievement": credential.achievement,
            "accreditation": credential.accreditation,
            "format": credential.format.value,
            "awarded_on": credential.awarded_on,
            "valid_until": credential.valid_until,
            "subject": subject_key.id,
            "sealed": subject_key.seal(
                _sealed_part(credential, award, salt), context=_context(credential.id)
            ),
            "entries": [_entry_row(entry) for entry in credential.entries],
            "document_commitment": commit_to_document(_octets_of(credential), salt),
            "content_tag": self._content_tag(content),
            "code_tag": blind(self._tag_key, f"code:{credential.code}"),
            "supersedes": credential.supersedes,
            "issued_at": credential.issued_at,
        }
        self._connection.execute(insert(tables.credentials), row)
        self._log.record(Kind.CREDENTIAL_ISSUED, tables.credentials, row, subject_key=subject_key)
        self._search_tokens.add(credential.id, credential.organisation, award.subject)

    def add_event(self, event: StatusEvent) -> None:
        """Write what happened to a credential."""
        table = tables.credentials
        subject: str = self._connection.execute(
            select(table.c.subject).where(table.c.id == event.credential)
        ).scalar_one()
        key = self._subject_keys.get(subject)
        row = {
            "id": event.id,
            "credential": event.credential,
            "position": event.position,
            "action": event.action.value,
            "reason_code": event.reason_code.value,
            "sealed_reason": key.seal(event.reason.encode(), context=f"event:{event.id}"),
            "recorded_at": event.recorded_at,
        }
        self._connection.execute(insert(tables.status_events), row)
        self._log.record(Kind.STATUS_CHANGED, tables.status_events, row, subject_key=key)

    def get(self, identifier: str) -> IssuedCredential | None:
        """Return a credential by id."""
        return self._one(select(tables.credentials).where(tables.credentials.c.id == identifier))

    def lock(self, identifier: CredentialId) -> IssuedCredential | None:
        """Return a credential, so that nobody else changes its status meanwhile."""
        query = select(tables.credentials).where(tables.credentials.c.id == identifier)
        return self._one(query.with_for_update())

    def by_code(self, code: Code) -> IssuedCredential | None:
        """Return the credential behind a code."""
        return self._one(_BY_CODE, blind(self._tag_key, f"code:{code}"))

    def by_content(self, content: bytes) -> IssuedCredential | None:
        """Return the credential whose document says exactly this, in canonical form."""
        return self._one(_BY_CONTENT, self._content_tag(content))

    def successor_of(self, identifier: CredentialId) -> IssuedCredential | None:
        """Return the credential that replaced this one."""
        table = tables.credentials
        return self._one(select(table).where(table.c.supersedes == identifier))

    def award_of(self, identifier: CredentialId, achievement: Achievement) -> Award:
        """Return the award as it was asked for, to be corrected and issued anew."""
        query = select(tables.credentials).where(tables.credentials.c.id == identifier)
        row = self._connection.execute(query).mappings().one()
        return _award(self._opened(row), row, achievement)

    def of(
        self, organisation: OrganisationId, wanted: CredentialFilter, *, limit: int
    ) -> Sequence[IssuedCredential]:
        """Return an organisation's credentials, newest first."""
        table = tables.credentials
        query = select(table).where(table.c.organisation == organisation)
        if wanted.achievement is not None:
            query = query.where(table.c.achievement == wanted.achievement)
        if wanted.awarded_from is not None:
            query = query.where(table.c.awarded_on >= wanted.awarded_from)
        if wanted.state is not None:
            query = query.where(_in_state(wanted.state))
        if wanted.name is not None:
            query = query.where(
                table.c.id.in_(self._search_tokens.matching(organisation, wanted.name))
            )
        if wanted.after is not None:
            instant, identifier = wanted.after
            seen = tuple_(literal(instant, table.c.issued_at.type), literal(identifier))
            query = query.where(tuple_(table.c.issued_at, table.c.id) < seen)
        newest_first = query.order_by(table.c.issued_at.desc(), table.c.id.desc()).limit(limit)
        return self._read(newest_first)

    def opening_of(self, identifier: CredentialId) -> tuple[SubjectKey, bytes]:
        """Return the key of a credential's person, and the salt of its document's commitment.

        Raises: SubjectKeyErased, SealBroken
        """
        query = select(tables.credentials).where(tables.credentials.c.id == identifier)
        row = self._connection.execute(query).mappings().one()
        salt = decode_base64url(self._opened(row)["document_salt"])
        return self._subject_keys.get(row["subject"]), salt

    def subject_exists(self, subject: str) -> bool:
        """Return whether any credential is about this subject."""
        table = tables.credentials
        query = select(table.c.id).where(table.c.subject == subject).limit(1)
        return self._connection.execute(query).first() is not None

    def _one(self, query: Select[Any], tag: str | None = None) -> IssuedCredential | None:
        return next(iter(self._read(query, tag)), None)

    def _read(self, query: Select[Any], tag: str | None = None) -> list[IssuedCredential]:
        wanted = {"tag": tag} if tag is not None else {}
        rows = self._connection.execute(query, wanted).mappings().all()
        ids = [row["id"] for row in rows]
        subjects = {row["id"]: row["subject"] for row in rows}
        events = self._events(ids, subjects)
        successors = self._successors(ids)
        return [
            _credential(
                row,
                self._opened(row),
                tuple(events.get(row["id"], ())),
                successors.get(row["id"]),
            )
            for row in rows
        ]

    def _opened(self, row: RowMapping) -> dict[str, Any]:
        key = self._subject_keys.get(row["subject"])
        opened: dict[str, Any] = json.loads(key.open(row["sealed"], context=_context(row["id"])))
        return opened

    def _events(
        self, ids: Sequence[str], subjects: Mapping[str, str]
    ) -> dict[str, list[StatusEvent]]:
        found: dict[str, list[StatusEvent]] = {}
        if not ids:
            return found
        for row in self._connection.execute(_EVENTS, {"ids": ids}).mappings():
            key = self._subject_keys.get(subjects[row["credential"]])
            found.setdefault(row["credential"], []).append(_event(row, key))
        return found

    def _successors(self, ids: Sequence[str]) -> dict[str, CredentialId]:
        if not ids:
            return {}
        found = self._connection.execute(_SUCCESSORS, {"ids": ids})
        return {row.supersedes: CredentialId(row.id) for row in found}

    def _content_tag(self, content: bytes) -> str:
        return blind(self._tag_key, f"content:{content.decode()}")


def _context(credential: str) -> str:
    return f"credential:{credential}"


def _entry_row(entry: StatusEntry) -> dict[str, Any]:
    return {"purpose": entry.purpose, "list": entry.list_url, "index": entry.index}


def _in_state(state: State) -> ColumnElement[bool]:
    table, events = tables.credentials, tables.status_events
    last = (
        select(events.c.action)
        .where(events.c.credential == table.c.id)
        .order_by(events.c.position.desc())
        .limit(1)
        .scalar_subquery()
    )
    if state is State.GOOD:
        return last.is_(None) | (last == Action.REINSTATE.value)
    actions = {
        State.SUSPENDED: Action.SUSPEND,
        State.REVOKED: Action.REVOKE,
        State.SUPERSEDED: Action.SUPERSEDE,
    }
    return last == actions[state].value


def _octets_of(credential: IssuedCredential) -> bytes:
    """Return the document in the one form in which anybody writes it again: canonical, or as is."""
    document = credential.document
    if document.startswith("{"):
        return canonicalize(strict_json.parse(document))
    return document.encode()


def _sealed_part(credential: IssuedCredential, award: Award, salt: bytes) -> bytes:
    subject = award.subject
    return json.dumps(
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
            "language": award.language,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


def _award(opened: Mapping[str, Any], row: RowMapping, achievement: Achievement) -> Award:
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
        language=opened["language"],
    )


def _event(row: RowMapping, key: SubjectKey) -> StatusEvent:
    reason = key.open(row["sealed_reason"], context=f"event:{row['id']}")
    return StatusEvent(
        id=row["id"],
        credential=CredentialId(row["credential"]),
        position=row["position"],
        action=Action(row["action"]),
        reason=reason.decode(),
        reason_code=ReasonCode(row["reason_code"]),
        recorded_at=row["recorded_at"],
    )


def _credential(
    row: RowMapping,
    opened: Mapping[str, Any],
    events: tuple[StatusEvent, ...],
    superseded_by: CredentialId | None,
) -> IssuedCredential:
    return IssuedCredential(
        id=CredentialId(row["id"]),
        organisation=OrganisationId(row["organisation"]),
        achievement=AchievementId(row["achievement"]),
        accreditation=row["accreditation"],
        format=Format(row["format"]),
        awarded_on=row["awarded_on"],
        valid_until=row["valid_until"],
        subject_name=opened["subject"]["name"],
        code=Code(opened["code"]),
        document=opened["document"],
        document_id=opened["document_id"],
        issued_at=row["issued_at"],
        entries=tuple(
            StatusEntry(purpose=each["purpose"], list_url=each["list"], index=each["index"])
            for each in row["entries"]
        ),
        events=events,
        supersedes=row["supersedes"],
        superseded_by=superseded_by,
    )
