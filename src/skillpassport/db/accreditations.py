"""Accreditations with their withdrawals and late awards, as rows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, bindparam, insert, select, update

from skillpassport.custody.organisations import OrganisationKey
from skillpassport.db.log import LogStore
from skillpassport.db.organisation_keys import OrganisationKeys
from skillpassport.db.tables import organisations as tables
from skillpassport.identifiers import new_id
from skillpassport.organisations.accreditation import (
    Accreditation,
    AccreditationId,
    AccreditationScope,
    LateAward,
    Withdrawal,
)
from skillpassport.organisations.accrediting import LateAwardUsed
from skillpassport.organisations.model import OrganisationId
from skillpassport.transparency.entries import Kind

_ROW = tables.accreditations.c

# Built once: every award and every verification of one reads these.
_BY_ID = select(tables.accreditations).where(_ROW.id == bindparam("wanted"))
_OF_ORGANISATION = (
    select(tables.accreditations)
    .where(_ROW.organisation == bindparam("wanted"))
    .order_by(_ROW.granted_at, _ROW.id)
)
_LOCKED, _LOCKED_OF_ORGANISATION = (
    _BY_ID.with_for_update(),
    _OF_ORGANISATION.with_for_update(read=True),
)
_WITHDRAWALS = select(tables.withdrawals).where(
    tables.withdrawals.c.accreditation.in_(bindparam("ids", expanding=True))
)
_LATE_AWARDS = (
    select(tables.late_awards)
    .where(tables.late_awards.c.accreditation.in_(bindparam("ids", expanding=True)))
    .order_by(tables.late_awards.c.approved_at)
)


class AccreditationStore:
    """Accreditations; a withdrawal and a late award are rows of their own."""

    def __init__(self, connection: Connection, log: LogStore, keys: OrganisationKeys) -> None:
        self._connection = connection
        self._log = log
        self._keys = keys

    def add(self, accreditation: Accreditation) -> None:
        """Write a new accreditation."""
        row = _row(accreditation)
        self._connection.execute(insert(tables.accreditations), row)
        self._log.record(Kind.ACCREDITATION_GRANTED, tables.accreditations, row)

    def get(self, accreditation: str) -> Accreditation | None:
        """Return an accreditation by id."""
        return next(iter(self._read(_BY_ID, accreditation)), None)

    def lock(self, accreditation: AccreditationId) -> Accreditation | None:
        """Return an accreditation, so that nobody else changes or relies on it meanwhile."""
        return next(iter(self._read(_LOCKED, accreditation)), None)

    def of(self, organisation: OrganisationId) -> Sequence[Accreditation]:
        """Return every accreditation that an organisation ever had, oldest first."""
        return self._read(_OF_ORGANISATION, organisation)

    def lock_of(self, organisation: OrganisationId) -> Sequence[Accreditation]:
        """Return every accreditation of an organisation, so that none is withdrawn meanwhile.

        Issuers share this lock among themselves; a withdrawal waits for them.
        """
        return self._read(_LOCKED_OF_ORGANISATION, organisation)

    def withdraw(self, accreditation: AccreditationId, withdrawal: Withdrawal) -> None:
        """Write a withdrawal."""
        row = {
            "id": new_id(),
            "accreditation": accreditation,
            "effective_from": withdrawal.effective_from,
            "reason": withdrawal.reason,
            "recorded_at": withdrawal.recorded_at,
        }
        self._connection.execute(insert(tables.withdrawals), row)
        self._log.record(Kind.ACCREDITATION_WITHDRAWN, tables.withdrawals, row)

    def add_late_award(self, late_award: LateAward) -> None:
        """Write an authority's leave for one late award."""
        key = self._keys.key_of(self._authority(late_award.accreditation))
        row = {
            "id": late_award.id,
            "accreditation": late_award.accreditation,
            "achievement": late_award.achievement_id,
            "awarded_on": late_award.awarded_on,
            "parent_version": key.version,
            "sealed_reason": key.seal(late_award.reason.encode(), context=_context(late_award.id)),
            "approved_at": late_award.approved_at,
            "used_by": None,
        }
        self._connection.execute(insert(tables.late_awards), row)
        self._log.record(Kind.LATE_AWARD_APPROVED, tables.late_awards, row)

    def use_late_award(self, late_award: LateAward, credential: str) -> None:
        """Tie a leave to the credential that used it.

        Raises: LateAwardUsed, when another has been quicker
        """
        table = tables.late_awards
        unused = (table.c.id == late_award.id) & table.c.used_by.is_(None)
        done = self._connection.execute(update(table).where(unused).values(used_by=credential))
        if done.rowcount != 1:
            raise LateAwardUsed

    def _authority(self, accreditation: AccreditationId) -> str:
        table = tables.accreditations
        query = select(table.c.authority).where(table.c.id == accreditation)
        authority: str = self._connection.execute(query).scalar_one()
        return authority

    def _read(self, query: Select[Any], wanted: str) -> list[Accreditation]:
        rows = self._connection.execute(query, {"wanted": wanted}).mappings().all()
        ids = [row["id"] for row in rows]
        withdrawals = self._withdrawals(ids)
        late_awards = self._late_awards(ids, {row["id"]: row["authority"] for row in rows})
        return [
            _accreditation(row, withdrawals.get(row["id"]), tuple(late_awards.get(row["id"], ())))
            for row in rows
        ]

    def _withdrawals(self, ids: Sequence[str]) -> dict[str, Withdrawal]:
        if not ids:
            return {}
        return {
            row["accreditation"]: Withdrawal(
                effective_from=row["effective_from"],
                reason=row["reason"],
                recorded_at=row["recorded_at"],
            )
            for row in self._connection.execute(_WITHDRAWALS, {"ids": ids}).mappings()
        }

    def _late_awards(
        self, ids: Sequence[str], authorities: dict[str, str]
    ) -> dict[str, list[LateAward]]:
        found: dict[str, list[LateAward]] = {}
        if not ids:
            return found
        for row in self._connection.execute(_LATE_AWARDS, {"ids": ids}).mappings():
            key = self._keys.key_of(authorities[row["accreditation"]], row["parent_version"])
            found.setdefault(row["accreditation"], []).append(_late_award(row, key))
        return found


def _context(late_award: str) -> str:
    return f"late-award:{late_award}"


def _late_award(row: RowMapping, key: OrganisationKey) -> LateAward:
    reason = key.open(row["sealed_reason"], context=_context(row["id"]))
    return LateAward(
        id=row["id"],
        accreditation=AccreditationId(row["accreditation"]),
        achievement_id=row["achievement"],
        awarded_on=row["awarded_on"],
        reason=reason.decode(),
        approved_at=row["approved_at"],
        used_by=row["used_by"],
    )


def _row(accreditation: Accreditation) -> dict[str, Any]:
    scope = accreditation.scope
    return {
        "id": accreditation.id,
        "authority": accreditation.authority,
        "organisation": accreditation.organisation,
        "scope": {
            "achievements": list(scope.achievements),
            "framework": scope.framework,
            "levels": list(scope.levels),
            "isced_f": list(scope.isced_f),
        },
        "valid_from": accreditation.valid_from,
        "valid_until": accreditation.valid_until,
        "last_enrolment": accreditation.last_enrolment,
        "last_achievement": accreditation.last_achievement,
        "late_issue_days": accreditation.late_issue_days,
        "document": accreditation.document,
        "granted_at": accreditation.granted_at,
    }


def _accreditation(
    row: RowMapping, withdrawal: Withdrawal | None, late_awards: tuple[LateAward, ...]
) -> Accreditation:
    scope = row["scope"]
    return Accreditation(
        id=AccreditationId(row["id"]),
        authority=OrganisationId(row["authority"]),
        organisation=OrganisationId(row["organisation"]),
        scope=AccreditationScope(
            achievements=tuple(scope["achievements"]),
            framework=scope["framework"],
            levels=tuple(scope["levels"]),
            isced_f=tuple(scope["isced_f"]),
        ),
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        last_enrolment=row["last_enrolment"],
        last_achievement=row["last_achievement"],
        late_issue_days=row["late_issue_days"],
        document=row["document"],
        granted_at=row["granted_at"],
        withdrawal=withdrawal,
        late_awards=late_awards,
    )
