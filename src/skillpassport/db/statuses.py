"""Status lists and their entries: unique positions, and the bits that are published."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Select, bindparam, insert, select, update

from skillpassport.credentials.model import PositionsWanted
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
_TAKE_POSITIONS = (
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


@dataclass(slots=True, kw_only=True)
class _Filling:
    """A list from which positions are taken; its counter is written when all are taken."""

    row: RowMapping
    reserved: int
    permutation: bytes = field(repr=False)

    @property
    def is_full(self) -> bool:
        """Whether every position was handed out."""
        return bool(self.reserved >= self.row["length"])

    def take(self) -> int:
        """Return the position that the counter stands for, and count on."""
        index = permuted(self.reserved, length=self.row["length"], key=self.permutation)
        self.reserved += 1
        return index


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
        (entries,) = self.reserve_many([PositionsWanted(subject, purposes, form)], did, now)
        return entries

    def reserve_many(
        self, wanted: Sequence[PositionsWanted], did: str, now: datetime
    ) -> list[tuple[StatusEntry, ...]]:
        """Return for each subject a fresh position for each of its purposes; see `reserve`.

        All positions of a list are taken at once.
        """
        opened = self._lists_for(wanted, did)
        touched: dict[str, _Filling] = {}
        reserved: list[tuple[StatusEntry, ...]] = []
        rows: list[dict[str, Any]] = []
        for each in wanted:
            entries: list[StatusEntry] = []
            for kind in _kinds(each):
                filling = self._with_room(opened[each.form, kind], did, (each.form, kind), now)
                touched[filling.row["id"]] = filling
                index = filling.take()
                told = each.purposes if kind == EVERY_PURPOSE else (kind,)
                url = filling.row["url"]
                entries += [StatusEntry(purpose=one, list_url=url, index=index) for one in told]
                rows += [
                    {
                        "list": filling.row["id"],
                        "index": index,
                        "subject": each.subject,
                        "purpose": one,
                    }
                    for one in told
                ]
            reserved.append(tuple(entries))
        if rows:
            taken = [{"list": name, "next": each.reserved} for name, each in touched.items()]
            self._connection.execute(_TAKE_POSITIONS, taken)
            self._connection.execute(_INSERT_ENTRIES, rows)
        return reserved

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

    def _lists_for(
        self, wanted: Sequence[PositionsWanted], did: str
    ) -> dict[tuple[StatusForm, str], "deque[_Filling]"]:
        """Return the lists of this DID that have room, oldest first, locked, by form and kind."""
        kinds = dict.fromkeys((each.form, kind) for each in wanted for kind in _kinds(each))
        found: dict[tuple[StatusForm, str], deque[_Filling]] = {each: deque() for each in kinds}
        # In one order by everybody, since the lists stay locked until the transaction ends.
        for form in sorted({form for form, _ in kinds}):
            purposes = [kind for other, kind in kinds if other is form]
            asked = {"did": did, "form": form.value, "purposes": purposes}
            for row in self._connection.execute(_OPEN_LISTS, asked).mappings():
                found[form, row["purpose"]].append(self._filling(row))
        return found

    def _with_room(
        self,
        opened: "deque[_Filling]",
        did: str,
        kind: tuple[StatusForm, str],
        now: datetime,
    ) -> "_Filling":
        """Return the oldest list that is not full, a new one where there is none."""
        while opened and opened[0].is_full:
            opened.popleft()
        if not opened:
            opened.append(self._filling(self._new_list(did, *kind, now)))
        return opened[0]

    def _filling(self, row: RowMapping) -> "_Filling":
        parent = self._keys.key_of(row["owner"], row["parent_version"])
        key = parent.open(row["sealed_permutation"], context=_context(row["id"]))
        return _Filling(row=row, reserved=row["reserved"], permutation=key)

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


def _kinds(wanted: PositionsWanted) -> tuple[str, ...]:
    """Return the kinds of lists that the purposes need."""
    share = wanted.form is StatusForm.TOKEN and len(wanted.purposes) > 1
    return (EVERY_PURPOSE,) if share else wanted.purposes


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
