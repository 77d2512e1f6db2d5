"""Status lists and their entries: unique positions, and the bits that are published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Select, bindparam, insert, select, update

from skillpassport.custody.permutation import permuted
from skillpassport.custody.sealing import new_key
from skillpassport.db.log import LogStore
from skillpassport.db.organisation_keys import OrganisationKeys
from skillpassport.db.tables import credentials as tables
from skillpassport.db.tables.organisations import organisations, signing_keys
from skillpassport.db.tables.profiles import signing_profiles
from skillpassport.identifiers import new_id
from skillpassport.organisations.model import SERVICE
from skillpassport.transparency.entries import Kind
from skillpassport.vc.bitstring_status import StatusEntry
from skillpassport.vc.status_forms import StatusForm
from skillpassport.vc.status_refusals import MIN_ENTRIES

LIST_LENGTH: Final = MIN_ENTRIES

EVERY_PURPOSE: Final = "every"
"""Kept as the purpose of a Token Status List that tells of each of its purposes by another value."""

_LIST = tables.status_lists.c

# Built once: each award asks for two positions, each verification of one for two lists.
_BY_ID, _BY_URL = (
    select(tables.status_lists).where(tables.status_lists.c[column] == bindparam("wanted"))
    for column in ("id", "url")
)
_OPEN_LISTS = (
    select(tables.status_lists)
    .where(
        _LIST.did == bindparam("did"),
        _LIST.form == bindparam("form"),
        _LIST.purpose.in_(bindparam("purposes", expanding=True)),
        _LIST.closed_at.is_(None),
        _LIST.reserved < _LIST.length,
    )
    .order_by(_LIST.opened_at, _LIST.id)  # locked in this order by everybody
    .with_for_update()
)
_TAKE_POSITION = (
    update(tables.status_lists)
    .where(_LIST.id == bindparam("list"))
    .values(reserved=bindparam("next"))
)
_INSERT_ENTRIES = insert(tables.status_entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusList:
    """One published list.

    form: by which standard it is published
    purpose: of its bits; `EVERY_PURPOSE` where one value tells of several
    revision: grows with every change of a bit
    changed_at: when a bit was changed last, or the list opened
    """

    id: str
    owner: str
    did: str
    form: StatusForm
    purpose: str
    url: str
    length: int
    revision: int
    changed_at: datetime


class StatusStore:
    """Positions in status lists, and what they say."""

    def __init__(
        self, connection: Connection, log: LogStore, keys: OrganisationKeys, public_url: str
    ) -> None:
        self._connection = connection
        self._log = log
        self._keys = keys
        self._public_url = public_url

    def reserve(
        self,
        subject: str,
        did: str,
        purposes: tuple[str, ...],
        now: datetime,
        *,
        form: StatusForm = StatusForm.BITSTRING,
    ) -> tuple[StatusEntry, ...]:
        """Return a fresh position for each purpose, in a list of this DID.

        A Token Status List has one value for each token, so several purposes share a position there.

        subject: id of the credential or accreditation
        form: of the list; a position in a Token Status List is told as a `StatusReference`
        """
        if not purposes:
            return ()
        share = form is StatusForm.TOKEN and len(purposes) > 1
        kinds = (EVERY_PURPOSE,) if share else purposes
        found = self._open_lists(did, kinds, form)
        lists = [found.get(each) or self._new_list(did, form, each, now) for each in kinds]
        taken = [{"list": row["id"], "next": row["reserved"] + 1} for row in lists]
        self._connection.execute(_TAKE_POSITION, taken)
        if share:
            lists *= len(purposes)
        entries = tuple(map(self._next_entry, lists, purposes))
        rows = [
            {
                "list": row["id"],
                "index": entry.index,
                "subject": subject,
                "purpose": entry.purpose,
            }
            for row, entry in zip(lists, entries, strict=True)
        ]
        self._connection.execute(_INSERT_ENTRIES, rows)
        return entries

    def set(self, subject: str, purpose: str, *, since: datetime, now: datetime) -> None:
        """Set the bit of a subject from an instant on, which may lie ahead."""
        self._change(subject, purpose, since, now)

    def clear(self, subject: str, purpose: str, *, now: datetime) -> None:
        """Clear the bit of a subject."""
        self._change(subject, purpose, None, now)

    def of(self, subjects: Sequence[str]) -> dict[str, tuple[StatusEntry, ...]]:
        """Return the entries of each subject, in the order of their purposes."""
        entries, lists = tables.status_entries, tables.status_lists
        query = (
            select(entries.c.subject, entries.c.purpose, entries.c.index, lists.c.url)
            .join(lists, lists.c.id == entries.c.list)
            .where(entries.c.subject.in_(subjects))
            .order_by(entries.c.purpose)
        )
        found: dict[str, tuple[StatusEntry, ...]] = {}
        for row in self._connection.execute(query).mappings():
            entry = StatusEntry(purpose=row["purpose"], list_url=row["url"], index=row["index"])
            found[row["subject"]] = (*found.get(row["subject"], ()), entry)
        return found

    def list_by_id(self, identifier: str) -> StatusList | None:
        """Return a list by id."""
        return self._list(_BY_ID, identifier)

    def list_at(self, url: str) -> StatusList | None:
        """Return a list by the address at which it is published."""
        return self._list(_BY_URL, url)

    def all_lists(self) -> Sequence[StatusList]:
        """Return every list, oldest first."""
        query = select(tables.status_lists).order_by(tables.status_lists.c.opened_at)
        return [_status_list(row) for row in self._connection.execute(query).mappings()]

    def changes(
        self, identifier: str, purpose: str | None = None
    ) -> Sequence[tuple[int, datetime]]:
        """Return position and since-when of each bit of a list that is set or will be.

        purpose: of several, the one that is asked for
        """
        table = tables.status_entries
        query = select(table.c.index, table.c.set_since).where(
            table.c.list == identifier, table.c.set_since.is_not(None)
        )
        if purpose is not None:
            query = query.where(table.c.purpose == purpose)
        return [(index, since) for index, since in self._connection.execute(query)]

    def close_all(self, now: datetime) -> None:
        """Reserve nothing more in any list opened so far, as after a restored backup."""
        table = tables.status_lists
        self._connection.execute(
            update(table).where(table.c.closed_at.is_(None)).values(closed_at=now)
        )

    def _open_lists(
        self, did: str, purposes: tuple[str, ...], form: StatusForm
    ) -> dict[str, RowMapping]:
        """Return the oldest list of this DID for each purpose that has room, locked."""
        wanted = {"did": did, "form": form.value, "purposes": purposes}
        rows = self._connection.execute(_OPEN_LISTS, wanted).mappings().all()
        return {row["purpose"]: row for row in reversed(rows)}

    def _next_entry(self, row: RowMapping, purpose: str) -> StatusEntry:
        """Return the position that a list's counter stands for."""
        parent = self._keys.key_of(row["owner"], row["parent_version"])
        key = parent.open(row["sealed_permutation"], context=_context(row["id"]))
        index = permuted(row["reserved"], length=row["length"], key=key)
        return StatusEntry(purpose=purpose, list_url=row["url"], index=index)

    def _new_list(self, did: str, form: StatusForm, purpose: str, now: datetime) -> RowMapping:
        owner = self._owner_of(did)
        identifier = new_id()
        parent = self._keys.key_of(owner)
        row = {
            "id": identifier,
            "did": did,
            "form": form.value,
            "purpose": purpose,
            "url": f"{self._public_url}/status/{identifier}",
            "length": LIST_LENGTH,
            "parent_version": parent.version,
            "sealed_permutation": parent.seal(new_key(), context=_context(identifier)),
            "owner": owner,
            "reserved": 0,
            "revision": 0,
            "changed_at": now,
            "closed_at": None,
            "opened_at": now,
        }
        self._connection.execute(insert(tables.status_lists), row)
        self._log.record(Kind.STATUS_LIST_OPENED, tables.status_lists, row)
        return self._connection.execute(_BY_ID, {"wanted": identifier}).mappings().one()

    def _owner_of(self, did: str) -> str:
        """Return whose key signs the lists of a DID: an organisation, a profile, this service."""
        mine = select(organisations.c.id).where(organisations.c.did == did)
        profiles = select(signing_profiles.c.id).where(signing_profiles.c.did == did)
        service = select(signing_keys.c.owner).where(
            signing_keys.c.did == did, signing_keys.c.owner == SERVICE
        )
        found = mine.union(profiles, service)
        owner: str = self._connection.execute(found).scalar_one()
        return owner

    def _change(self, subject: str, purpose: str, since: datetime | None, now: datetime) -> None:
        entries, lists = tables.status_entries, tables.status_lists
        mine = (entries.c.subject == subject) & (entries.c.purpose == purpose)
        self._connection.execute(update(entries).where(mine).values(set_since=since))
        changed = select(entries.c.list).where(mine).scalar_subquery()
        self._connection.execute(
            update(lists)
            .where(lists.c.id == changed)
            .values(revision=lists.c.revision + 1, changed_at=now)
        )

    def _list(self, query: Select[Any], wanted: str) -> StatusList | None:
        row = self._connection.execute(query, {"wanted": wanted}).mappings().one_or_none()
        return _status_list(row) if row is not None else None


def _context(identifier: str) -> str:
    return f"status-list:{identifier}"


def _status_list(row: RowMapping) -> StatusList:
    return StatusList(
        id=row["id"],
        owner=row["owner"],
        did=row["did"],
        form=StatusForm(row["form"]),
        purpose=row["purpose"],
        url=row["url"],
        length=row["length"],
        revision=row["revision"],
        changed_at=row["changed_at"],
    )
