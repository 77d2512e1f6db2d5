"""Comparing what the program counts and ties together with the facts that it follows from.

How many positions a status list has handed out, when its bits changed, which award used an
authority's leave: such columns save the program a look at the past, and whoever edits them makes
it act on a past that never was. Everything here can be told again from rows that the log vouches
for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Select, Text, case, func, select

from skillpassport.custody.master import MasterKeyUnknown
from skillpassport.custody.permutation import permuted
from skillpassport.custody.sealing import SealBroken
from skillpassport.db.audit.findings import contradiction
from skillpassport.db.audit.states import TURNS
from skillpassport.db.kept_values import as_kept, batches
from skillpassport.db.organisation_keys import OrganisationKeyMissing, OrganisationKeys
from skillpassport.db.tables.credentials import (
    credentials,
    reissues,
    status_entries,
    status_events,
    status_lists,
)
from skillpassport.db.tables.log import log_recoveries
from skillpassport.db.tables.organisations import late_awards, withdrawals
from skillpassport.db.tables.profiles import profile_status_events
from skillpassport.db.tables.statements import comparability_statements
from skillpassport.transparency.audit import Finding

_LONGEST_LIST: Final = 1 << 24
"""No list of ours is longer: a mangled counter must not keep the audit busy for ever."""


def projection_findings(connection: Connection, keys: OrganisationKeys) -> list[Finding]:
    """Return every count and every tie that does not follow from what was recorded.

    keys: open the permutation by which a list hands out its positions
    """
    return [
        *_list_findings(connection, keys),
        *_leave_findings(connection),
        *_reissue_findings(connection),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turns:
    """How often bits of one list were turned, and when last."""

    count: int = 0
    last: str = ""

    def plus(self, other: "_Turns") -> "_Turns":
        return _Turns(count=self.count + other.count, last=max(self.last, other.last))


def _list_findings(connection: Connection, keys: OrganisationKeys) -> Iterator[Finding]:
    turns = _turns(connection)
    recoveries = sorted(
        str(row["accepted_at"]) for row in connection.execute(as_kept(log_recoveries)).mappings()
    )
    for row in connection.execute(as_kept(status_lists)).mappings().all():
        indexes = _indexes(connection, row["id"])
        turned = turns.get(row["id"], _Turns())
        opened = str(row["opened_at"])
        expected = {
            "reserved": len(indexes),
            "revision": turned.count,
            "changed_at": max(opened, turned.last),
            "closed_at": next((each for each in recoveries if each > opened), None),
        }
        subject = f"status_lists/{row['id']}"
        for name, value in expected.items():
            if row[name] != value:
                yield contradiction(subject, name, found=row[name], expected=value)
        yield from _index_findings(row, indexes, keys)


def _index_findings(
    row: RowMapping, indexes: set[int], keys: OrganisationKeys
) -> Iterator[Finding]:
    """Name positions that the list never handed out."""
    try:
        parent = keys.key_of(row["owner"], row["parent_version"])
        key = parent.open(row["sealed_permutation"], context=f"status-list:{row['id']}")
        length = min(int(row["length"]), _LONGEST_LIST)
        handed_out = {permuted(n, length=length, key=key) for n in range(len(indexes))}
    except (SealBroken, MasterKeyUnknown, OrganisationKeyMissing, ValueError, TypeError):
        return  # the row itself, or its key, is named as changed
    for index in sorted(indexes - handed_out):
        subject = f"status_entries/{row['id']}/{index}"
        yield contradiction(
            subject, "its position", found=index, expected="one that the list has handed out"
        )


def _indexes(connection: Connection, identifier: str) -> set[int]:
    query = select(status_entries.c.index).where(status_entries.c.list == identifier)
    return {index for index in connection.scalars(query) if isinstance(index, int)}


def _turns(connection: Connection) -> dict[str, _Turns]:
    """Return how often bits of each list were turned, by events and withdrawals."""
    turned = case({action: purpose for action, (purpose, _) in TURNS.items()},
                  value=status_events.c.action)  # fmt: skip
    by_events = _count(status_events.c.recorded_at).join_from(
        status_entries,
        status_events,
        (status_entries.c.subject == status_events.c.credential)
        & (status_entries.c.purpose == turned),
    )
    by_withdrawals = _count(withdrawals.c.recorded_at).join_from(
        status_entries,
        withdrawals,
        (status_entries.c.subject == withdrawals.c.accreditation)
        & (status_entries.c.purpose == "revocation"),
    )
    by_profile_events = _count(profile_status_events.c.recorded_at).join_from(
        status_entries,
        profile_status_events,
        (status_entries.c.subject == profile_status_events.c.credential)
        & (status_entries.c.purpose == profile_status_events.c.purpose),
    )
    by_statements = _count(comparability_statements.c.issued_at).join_from(
        status_entries,
        comparability_statements,
        (status_entries.c.subject == comparability_statements.c.supersedes)
        & (status_entries.c.purpose == "revocation"),
    )
    found: dict[str, _Turns] = {}
    for query in (by_events, by_withdrawals, by_profile_events, by_statements):
        for identifier, count, last in connection.execute(query.group_by(status_entries.c.list)):
            one = _Turns(count=count, last=last)
            found[identifier] = found.get(identifier, _Turns()).plus(one)
    return found


def _count(recorded_at: Any) -> Select[Any]:  # noqa: ANN401 (a column of any table)
    last = func.max(recorded_at, type_=Text())
    return select(status_entries.c.list, func.count(), last)


def _leave_findings(connection: Connection) -> Iterator[Finding]:
    """Name leaves for late awards that are tied to another award than the one that used them."""
    leaves = connection.execute(as_kept(late_awards)).mappings().all()
    expected = _uses(connection, leaves)
    for row in leaves:
        used_by = expected.get(row["id"])
        if row["used_by"] != used_by:
            yield contradiction(
                f"late_awards/{row['id']}", "its use", found=row["used_by"], expected=used_by
            )


def _uses(connection: Connection, leaves: Any) -> dict[str, str]:  # noqa: ANN401
    """Return which credential used each leave: the next one recorded takes the oldest free one."""
    accreditations = {row["accreditation"] for row in leaves}
    wanted = as_kept(credentials).where(credentials.c.accreditation.in_(accreditations))
    awards = connection.execute(wanted).mappings().all() if accreditations else []
    happened = [(_award(row), str(row["approved_at"]), 0, row["id"]) for row in leaves]
    happened += [(_award(row), str(row["issued_at"]), 1, row["id"]) for row in awards]
    uses: dict[str, str] = {}
    for _, events in groupby(sorted(happened), key=lambda each: each[0]):
        free: list[str] = []
        for _, _, is_award, identifier in events:
            if not is_award:
                free.append(identifier)
            elif free:
                uses[free.pop(0)] = identifier
    return uses


def _reissue_findings(connection: Connection) -> Iterator[Finding]:
    """Name awards that point at another document than the last one that was signed anew."""
    newest: dict[str, str] = {}
    for batch in batches(connection, reissues, reissues.c.position):
        newest |= {row["credential"]: row["id"] for row in batch}
    for batch in batches(connection, credentials):
        for row in batch:
            if row["reissue"] != newest.get(row["id"]):
                yield contradiction(
                    f"credentials/{row['id']}",
                    "its newest signature",
                    found=row["reissue"],
                    expected=newest.get(row["id"]),
                )


def _award(row: RowMapping) -> tuple[str, str, str]:
    return str(row["accreditation"]), str(row["achievement"]), str(row["awarded_on"])
