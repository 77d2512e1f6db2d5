"""Comparability statements, as rows."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Select, func, insert, select, tuple_
from sqlalchemy.exc import IntegrityError

from skillpassport.db.failures import DatabaseBusy
from skillpassport.db.log import LogStore
from skillpassport.db.tables.statements import comparability_statements
from skillpassport.equivalence.statements.model import ComparabilityStatement, StatementId
from skillpassport.transparency.entries import Kind

_READ: Final = 500

_ROW = comparability_statements.c
_NEXT = comparability_statements.alias("next")

# Each statement with the version that replaced it, if there is one.
_WITH_NEXT: Select[Any] = select(
    comparability_statements,
    _NEXT.c.id.label("replaced_by"),
    _NEXT.c.issued_at.label("replaced_at"),
).join_from(comparability_statements, _NEXT, _NEXT.c.supersedes == _ROW.id, isouter=True)


class StatementStore:
    """Statements; rows are added and read, never changed."""

    def __init__(self, connection: Connection, log: LogStore) -> None:
        self._connection = connection
        self._log = log

    def add(self, statement: ComparabilityStatement) -> None:
        """Write a new version.

        Raises: DatabaseBusy, where somebody else has just stated the same
        """
        row = _row(statement)
        try:
            self._connection.execute(insert(comparability_statements), row)
        except IntegrityError as error:
            raise DatabaseBusy from error
        self._log.record(Kind.COMPARABILITY_STATED, comparability_statements, row)

    def get(self, identifier: str) -> ComparabilityStatement | None:
        """Return one version by its id."""
        return self._one(_WITH_NEXT.where(_ROW.id == identifier))

    def newest(self, topic: str) -> ComparabilityStatement | None:
        """Return the newest version on a topic."""
        return self._one(_WITH_NEXT.where(_ROW.topic == topic, _NEXT.c.id.is_(None)))

    def versions(self, topic: str) -> Sequence[ComparabilityStatement]:
        """Return every version on a topic, oldest first."""
        query = _WITH_NEXT.where(_ROW.topic == topic).order_by(_ROW.version)
        return [_statement(row) for row in self._connection.execute(query).mappings()]

    def begun_since(self, instant: datetime) -> int:
        """Return how many first versions were made from an instant on."""
        begun = select(func.count()).where(_ROW.version == 1, _ROW.issued_at >= instant)
        return self._connection.execute(begun).scalar_one()

    def in_force(self) -> Iterator[ComparabilityStatement]:
        """Yield every statement that no other has replaced, oldest first.

        They are read some hundreds at a time, for a register may hold any number of them. One that
        is replaced meanwhile is followed by its new version at the end.
        """
        query = _WITH_NEXT.where(_NEXT.c.id.is_(None)).order_by(_ROW.issued_at, _ROW.id)
        page = query.limit(_READ)
        while rows := self._connection.execute(page).mappings().all():
            yield from map(_statement, rows)
            last = (rows[-1]["issued_at"], rows[-1]["id"])
            page = query.where(tuple_(_ROW.issued_at, _ROW.id) > last).limit(_READ)

    def _one(self, query: Select[Any]) -> ComparabilityStatement | None:
        row = self._connection.execute(query).mappings().first()
        return None if row is None else _statement(row)


def _row(statement: ComparabilityStatement) -> dict[str, Any]:
    return {
        "id": statement.id,
        "topic": statement.topic,
        "version": statement.version,
        "question": statement.question,
        "says": statement.says,
        "registry_version": statement.registry_version,
        "document": statement.document,
        "supersedes": statement.supersedes,
        "issued_at": statement.issued_at,
    }


def _statement(row: RowMapping | Mapping[str, Any]) -> ComparabilityStatement:
    return ComparabilityStatement(
        id=StatementId(row["id"]),
        question=row["question"],
        version=row["version"],
        says=row["says"],
        registry_version=row["registry_version"],
        document=row["document"],
        issued_at=row["issued_at"],
        supersedes=row["supersedes"],
        replaced_by=row["replaced_by"],
        replaced_at=row["replaced_at"],
    )
