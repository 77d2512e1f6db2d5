"""Bringing another's registry in, and telling what changed when."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, select

from skillpassport.clock import rfc3339
from skillpassport.db.log_keeping import LogKeeping
from skillpassport.db.registry_parts import PARTS, content_of
from skillpassport.db.registry_records import values_of
from skillpassport.db.tables.frameworks import registry_changes
from skillpassport.db.unit_of_work import UnitOfWork
from skillpassport.equivalence.exchange.bundle import read_bundle
from skillpassport.equivalence.statements.stating import review
from skillpassport.vc.strict_json import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleReport:
    """What bringing in a bundle came to.

    added: number of new things, by table
    approved: things of ours that were revised, since that was approved
    waiting: things that are here and say something else; left as they are, by table and name
    """

    issuer: str
    registry_version: int
    added: Mapping[str, int]
    approved: int
    waiting: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "issuer": self.issuer,
            "registry_version": self.registry_version,
            "added": {name: n for name, n in self.added.items() if n},
            "approved": self.approved,
            "waiting": list(self.waiting),
        }


class RegistryExchange(LogKeeping):
    """Imports and changes of the registry of one instance."""

    def import_bundle(
        self, data: bytes, *, trust: Callable[[JsonObject], str], approved: Collection[str] = ()
    ) -> BundleReport:
        """Add what a bundle has and the registry lacks, in one transaction.

        trust: returns the DID that signed the manifest, and raises where that is not enough
        approved: names of things, as in `waiting`, of which the bundle's revision is taken; `*` all
        Raises: BundleUnreadable, RowsMalformed, RegistryInconsistent, what `trust` raises
        """
        bundle = read_bundle(data, known=PARTS)
        issuer = trust(bundle.manifest)
        origin = (
            f"bundle of {issuer}, version {bundle.registry_version} sha256:{bundle.digest[:16]}"
        )
        values = {name: list(values_of(name, rows)) for name, rows in bundle.tables.items()}
        with self._writing() as work:
            waiting, taken = _compared(work, values, frozenset(approved))
            change = work.frameworks.revise(content_of(taken), origin=origin, now=work.now)
            if change.total:
                review(work)
        return BundleReport(
            issuer=issuer,
            registry_version=bundle.registry_version,
            added={name: change.new_in(name) for name in change.added},
            approved=sum(change.changed.values()),
            waiting=tuple(waiting),
        )

    def registry_changes(self, *, after: int, limit: int) -> Sequence[JsonObject]:
        """Return the registry's changes, newest first.

        after: number of the last one seen; 0 for the first page
        """
        query = select(registry_changes).order_by(registry_changes.c.number.desc()).limit(limit)
        if after:
            query = query.where(registry_changes.c.number < after)
        with self.database.snapshot() as work:
            return [_change(row) for row in work.connection.execute(query).mappings()]


def _compared(
    work: UnitOfWork, values: Mapping[str, list[Any]], approved: frozenset[str]
) -> tuple[list[str], dict[str, list[Any]]]:
    """Return the names of what differs from ours, and what is new or approved."""
    waiting: list[str] = []
    taken: dict[str, list[Any]] = {}
    for table, brought in values.items():
        codec = PARTS[table]
        there = work.frameworks.latest_rows(codec)
        for value in brought:
            row = codec.encode(value)
            key = codec.key_of(row)
            if key not in there:
                taken.setdefault(table, []).append(value)
                there[key] = row  # a second one of the same name is no revision
                continue
            if codec.decode(there[key]) == value:
                continue
            name = f"{table}: {' '.join(map(str, key))}"
            if name in approved or "*" in approved:
                taken.setdefault(table, []).append(value)
            else:
                waiting.append(name)
    return waiting, taken


def _change(row: RowMapping) -> JsonObject:
    return {
        "number": row["number"],
        "origin": row["origin"],
        "rows_added": row["rows_added"],
        "made_at": rfc3339(row["made_at"]),
    }
