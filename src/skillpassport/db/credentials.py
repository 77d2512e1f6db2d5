"""Issued credentials and what happened to them, as rows.

What is about the person is one sealed value under that person's key: the document as signed, the
code, and the award's own fields. Codes and documents are found again by keyed tags. Once a person
was erased, what the row holds in clear is still read: an `AwardRecord`.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    bindparam,
    func,
    insert,
    literal,
    select,
    tuple_,
    update,
)

from skillpassport.credentials.code import Code
from skillpassport.credentials.model import (
    Achievement,
    Action,
    Award,
    AwardRecord,
    CredentialId,
    IssuedCredential,
    SignedAward,
    State,
    StatusEvent,
)
from skillpassport.credentials.reissuing import SignedAnew
from skillpassport.credentials.searching import CredentialFilter
from skillpassport.custody.sealing import blind
from skillpassport.custody.subjects import SubjectKey, SubjectKeyErased
from skillpassport.db.credential_rows import (
    as_json,
    award_from,
    context_of,
    credential_from,
    entry_row,
    event_from,
    octets_of,
    opened_part,
    sealed_part,
)
from skillpassport.db.log import LogStore
from skillpassport.db.search_tokens import SearchTokens
from skillpassport.db.subject_keys import SubjectKeys
from skillpassport.db.tables import credentials as tables
from skillpassport.identifiers import new_id
from skillpassport.organisations.model import OrganisationId
from skillpassport.transparency.entries import SALT_BYTES, Kind
from skillpassport.transparency.proofs import commit_to_document
from skillpassport.vc.multibase import encode_base64url

_ROW = tables.credentials.c

# Built once: every verification of an award reads these.
_BY_CODE = select(tables.credentials).where(_ROW.code_tag == bindparam("tag"))
_BY_CONTENT = select(tables.credentials).where(_ROW.content_tag == bindparam("tag"))
_INSERT = insert(tables.credentials)
_EVENTS = (
    select(tables.status_events)
    .where(tables.status_events.c.credential.in_(bindparam("ids", expanding=True)))
    .order_by(tables.status_events.c.position)
)
_SUCCESSORS = select(_ROW.id, _ROW.supersedes).where(
    _ROW.supersedes.in_(bindparam("ids", expanding=True))
)
_REISSUES = select(tables.reissues).where(
    tables.reissues.c.id.in_(bindparam("ids", expanding=True))
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

    def add(self, signed: Sequence[SignedAward]) -> None:
        """Write new credentials together, each sealed with its subject's key."""
        rows = [self._row(each) for each in signed]
        self._connection.execute(_INSERT, rows)
        for row, each in zip(rows, signed, strict=True):
            self._log.record(
                Kind.CREDENTIAL_ISSUED, tables.credentials, row, subject_key=each.subject_key
            )
        self._search_tokens.add(
            (each.credential.id, each.credential.organisation, each.award.subject)
            for each in signed
        )

    def add_event(self, event: StatusEvent) -> None:
        """Write what happened to a credential."""
        key = self.subject_key_of(event.credential)
        row = {
            "id": event.id,
            "credential": event.credential,
            "position": event.position,
            "action": event.action.value,
            "reason_code": event.reason_code.value,
            "sealed_reason": key.seal((event.reason or "").encode(), context=f"event:{event.id}"),
            "recorded_at": event.recorded_at,
        }
        self._connection.execute(insert(tables.status_events), row)
        self._log.record(Kind.STATUS_CHANGED, tables.status_events, row, subject_key=key)

    def add_reissue(self, anew: SignedAnew) -> None:
        """Write that a credential's document was signed anew; the award stays what it was."""
        table = tables.reissues
        newest = select(func.max(table.c.position)).where(table.c.credential == anew.credential)
        key, salt = self.subject_key_of(anew.credential), secrets.token_bytes(SALT_BYTES)
        identifier = new_id()
        opened = {"document": anew.document, "document_salt": encode_base64url(salt)}
        row = {
            "id": identifier,
            "credential": anew.credential,
            "position": (self._connection.execute(newest).scalar() or 0) + 1,
            "signing_key": anew.signing_key,
            "sealed": key.seal(as_json(opened), context=f"reissue:{identifier}"),
            "document_commitment": commit_to_document(octets_of(anew.document), salt),
            "recorded_at": anew.recorded_at,
        }
        self._connection.execute(insert(table), row)
        changed = update(tables.credentials).where(_ROW.id == anew.credential)
        self._connection.execute(changed.values(reissue=identifier))
        self._log.record(Kind.CREDENTIAL_REISSUED, table, row, subject_key=key)

    def get(self, identifier: str) -> IssuedCredential | None:
        """Return a credential by id.

        Raises: SubjectKeyErased
        """
        return _whole(self._one(select(tables.credentials).where(_ROW.id == identifier)))

    def lock(self, identifier: CredentialId) -> IssuedCredential | None:
        """Return a credential, so that nobody else changes its status meanwhile.

        Raises: SubjectKeyErased
        """
        query = select(tables.credentials).where(_ROW.id == identifier)
        return _whole(self._one(query.with_for_update()))

    def by_code(self, code: Code) -> IssuedCredential | None:
        """Return the credential behind a code.

        Raises: SubjectKeyErased
        """
        return _whole(self._one(_BY_CODE, blind(self._tag_key, f"code:{code}")))

    def by_content(self, content: bytes) -> AwardRecord | None:
        """Return the award whose document says exactly this, in canonical form."""
        return self._one(_BY_CONTENT, self._content_tag(content))

    def successor_of(self, identifier: CredentialId) -> AwardRecord | None:
        """Return the award that replaced this one."""
        return self._one(select(tables.credentials).where(_ROW.supersedes == identifier))

    def next_recorded(
        self,
        organisation: OrganisationId,
        *,
        before: datetime,
        after: tuple[datetime, str] | None,
        limit: int,
    ) -> Sequence[tuple[datetime, CredentialId]]:
        """Return when an organisation's awards were recorded and their ids, oldest first.

        after: instant and id of the last one seen
        """
        query = select(_ROW.issued_at, _ROW.id).where(
            _ROW.organisation == organisation, _ROW.issued_at < before
        )
        if after is not None:
            seen = tuple_(literal(after[0], _ROW.issued_at.type), literal(after[1]))
            query = query.where(tuple_(_ROW.issued_at, _ROW.id) > seen)
        found = self._connection.execute(query.order_by(_ROW.issued_at, _ROW.id).limit(limit))
        return [(row.issued_at, CredentialId(row.id)) for row in found]

    def count_recorded(self, organisation: OrganisationId, *, before: datetime) -> int:
        """Return how many awards of an organisation were recorded before an instant."""
        mine = (_ROW.organisation == organisation) & (_ROW.issued_at < before)
        query = select(func.count()).select_from(tables.credentials).where(mine)
        return self._connection.execute(query).scalar_one()

    def logged_at(self, identifier: CredentialId) -> datetime | None:
        """Return when the log recorded a credential; None where its row is not as recorded.

        Raises: SubjectKeyErased, SealBroken
        """
        key = self.subject_key_of(identifier)
        return self._log.recorded_at(tables.credentials, identifier, key)

    def award_of(self, identifier: CredentialId, achievement: Achievement) -> Award:
        """Return the award as it was asked for, to be corrected and issued anew."""
        query = select(tables.credentials).where(tables.credentials.c.id == identifier)
        row = self._connection.execute(query).mappings().one()
        return award_from(
            opened_part(row, self._subject_keys.get(row["subject"])), row, achievement
        )

    def of(
        self, organisation: OrganisationId, wanted: CredentialFilter, *, limit: int
    ) -> Sequence[AwardRecord]:
        """Return an organisation's credentials, newest first; of erased persons, the record."""
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

    def subject_key_of(self, identifier: CredentialId) -> SubjectKey:
        """Return the key of a credential's person.

        Raises: SubjectKeyErased, SealBroken
        """
        subject: str = self._connection.execute(
            select(_ROW.subject).where(_ROW.id == identifier)
        ).scalar_one()
        return self._subject_keys.get(subject)

    def subject_exists(self, subject: str) -> bool:
        """Return whether any credential is about this subject."""
        table = tables.credentials
        query = select(table.c.id).where(table.c.subject == subject).limit(1)
        return self._connection.execute(query).first() is not None

    def _one(self, query: Select[Any], tag: str | None = None) -> AwardRecord | None:
        return next(iter(self._read(query, tag)), None)

    def _read(self, query: Select[Any], tag: str | None = None) -> list[AwardRecord]:
        wanted = {"tag": tag} if tag is not None else {}
        rows = self._connection.execute(query, wanted).mappings().all()
        ids = [row["id"] for row in rows]
        keys = {row["id"]: self._key(row["subject"]) for row in rows}
        events = self._events(keys)
        successors = self._successors(ids)
        reissues = self._reissues([row["reissue"] for row in rows if row["reissue"] is not None])
        return [
            credential_from(
                row,
                keys[row["id"]],
                tuple(events.get(row["id"], ())),
                successors.get(row["id"]),
                reissues.get(row["reissue"]),
            )
            for row in rows
        ]

    def _key(self, subject: str) -> SubjectKey | None:
        """Return a person's key, None where the person was erased."""
        try:
            return self._subject_keys.get(subject)
        except SubjectKeyErased:
            return None

    def _events(self, keys: Mapping[str, SubjectKey | None]) -> dict[str, list[StatusEvent]]:
        found: dict[str, list[StatusEvent]] = {}
        if not keys:
            return found
        for row in self._connection.execute(_EVENTS, {"ids": list(keys)}).mappings():
            key = keys[row["credential"]]
            found.setdefault(row["credential"], []).append(event_from(row, key))
        return found

    def _reissues(self, ids: Sequence[str]) -> dict[str, RowMapping]:
        if not ids:
            return {}
        rows = self._connection.execute(_REISSUES, {"ids": ids}).mappings()
        return {row["id"]: row for row in rows}

    def _successors(self, ids: Sequence[str]) -> dict[str, CredentialId]:
        if not ids:
            return {}
        found = self._connection.execute(_SUCCESSORS, {"ids": ids})
        return {row.supersedes: CredentialId(row.id) for row in found}

    def _row(self, signed: SignedAward) -> dict[str, Any]:
        credential, salt = signed.credential, secrets.token_bytes(SALT_BYTES)
        return {
            "id": credential.id,
            "organisation": credential.organisation,
            "achievement": credential.achievement,
            "accreditation": credential.accreditation,
            "format": credential.format.value,
            "awarded_on": credential.awarded_on,
            "valid_until": credential.valid_until,
            "subject": signed.subject_key.id,
            "sealed": signed.subject_key.seal(
                sealed_part(credential, signed.award, salt), context=context_of(credential.id)
            ),
            "entries": [entry_row(entry) for entry in credential.entries],
            "document_commitment": commit_to_document(signed.octets, salt),
            "content_tag": self._content_tag(signed.content),
            "code_tag": blind(self._tag_key, f"code:{credential.code}"),
            "supersedes": credential.supersedes,
            "issued_at": credential.issued_at,
        }

    def _content_tag(self, content: bytes) -> str:
        return blind(self._tag_key, f"content:{content.decode()}")


def _whole(record: AwardRecord | None) -> IssuedCredential | None:
    if record is not None and not isinstance(record, IssuedCredential):
        raise SubjectKeyErased
    return record


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
