"""Taking the registry out, bringing another's in, and telling versions apart."""

import csv
import io
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import RowMapping, select

from skillpassport.clock import rfc3339
from skillpassport.db.framework_rows import Codec
from skillpassport.db.log_keeping import LogKeeping
from skillpassport.db.registry_parts import PARTS, content_of
from skillpassport.db.registry_records import HERE, record_of, values_of
from skillpassport.db.tables.frameworks import registry_changes
from skillpassport.db.unit_of_work import UnitOfWork
from skillpassport.equivalence.exchange.bundle import Record, read_bundle, write_bundle
from skillpassport.equivalence.exchange.errors import TableUnknown, VersionUnknown
from skillpassport.equivalence.exchange.linked_data import linked_data
from skillpassport.equivalence.statements.document import ISSUER_NAME
from skillpassport.equivalence.statements.stating import review
from skillpassport.organisations.model import SERVICE
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is not the same in two versions.

    before: None for what was added; nothing is ever taken away
    origin: how its newest revision came in
    """

    name: str
    before: Record | None
    after: Record
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryDiff:
    """What differs between two versions of the registry, by table."""

    old: int
    new: int
    tables: Mapping[str, Sequence[Difference]]

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "from": self.old,
            "to": self.new,
            "tables": {
                table: [asdict(each) for each in differences]
                for table, differences in self.tables.items()
            },
        }


class RegistryExchange(LogKeeping):
    """Exports, imports and differences of the registry of one instance."""

    def registry_tables(self) -> tuple[int, dict[str, list[Record]]]:
        """Return the registry's version, and the newest revision of everything, by table."""
        with self.database.snapshot() as work:
            return work.frameworks.version(), dict(_tables(work))

    def registry_csv(self, table: str) -> str:
        """Return one table as CSV; members that are not text are JSON.

        Raises: TableUnknown
        """
        codec = PARTS.get(table)
        if codec is None:
            raise TableUnknown(PARTS)
        columns = [each.key for each in codec.table.columns if each.key not in HERE]
        with self.database.snapshot() as work:
            rows = [record_of(each) for each in work.frameworks.latest_rows(codec).values()]
        written = io.StringIO(newline="")
        writer = csv.DictWriter(written, columns, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows({name: _cell(row[name]) for name in columns} for row in rows)
        return written.getvalue()

    def registry_linked_data(self) -> JsonObject:
        """Return frameworks, editions, levels, statements and sources as JSON-LD."""
        with self.database.snapshot() as work:
            return linked_data(work.frameworks.content(), work.registry().registry)

    def export_bundle(self) -> bytes:
        """Return the registry as a bundle that this service has signed.

        Raises: NoSigningKey
        """
        with self.database.snapshot() as work:
            now = self.clock.now()
            return write_bundle(
                dict(_tables(work)),
                version=work.frameworks.version(),
                issuer_name=ISSUER_NAME,
                active=work.signing_keys.active(SERVICE, now),
                now=now,
            )

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

    def registry_diff(self, old: int, new: int | None = None) -> RegistryDiff:
        """Return what differs between two versions: what was added, and what says something else.

        new: the newest version where it is left out
        Raises: VersionUnknown
        """
        with self.database.snapshot() as work:
            newest = work.frameworks.version()
            until = newest if new is None else new
            if not 0 <= old <= until <= newest:
                raise VersionUnknown(newest)
            tables = {name: _differences(work, codec, old, until) for name, codec in PARTS.items()}
        return RegistryDiff(
            old=old, new=until, tables={name: each for name, each in tables.items() if each}
        )


def _tables(work: UnitOfWork) -> Iterator[tuple[str, list[Record]]]:
    for name, codec in PARTS.items():
        rows = work.frameworks.latest_rows(codec)
        yield name, [record_of(rows[key]) for key in sorted(rows, key=str)]


def _cell(value: object) -> str:
    text = _uncalled(value) if isinstance(value, str) else ""
    if value is None or isinstance(value, str):
        return text
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _uncalled(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "@", "\t", "\r")) else text


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


def _differences(work: UnitOfWork, codec: Codec[Any], old: int, new: int) -> tuple[Difference, ...]:
    before = work.frameworks.latest_rows(codec, old)
    after = work.frameworks.latest_rows(codec, new)
    return tuple(
        Difference(
            name=" ".join(map(str, key)),
            before=record_of(before[key]) if key in before else None,
            after=record_of(row),
            origin=row["origin"],
        )
        for key, row in sorted(after.items(), key=lambda each: str(each[0]))
        if key not in before or before[key]["revision"] != row["revision"]
    )
