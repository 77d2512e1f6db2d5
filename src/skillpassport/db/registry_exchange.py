"""Taking the registry out, bringing another's in, and telling versions apart.

The tables leave as their rows stand, without `revision`, `origin` and `change`: those say how a row
came into this instance, and are made anew where it comes in.
"""

import csv
import io
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Date, RowMapping, Table, select

from skillpassport.clock import rfc3339
from skillpassport.db.framework_rows import (
    AUTHORITIES,
    EDITIONS,
    FRAMEWORKS,
    LEVELS,
    MAPPINGS,
    SOURCES,
    Codec,
)
from skillpassport.db.log_keeping import LogKeeping
from skillpassport.db.rule_rows import AGREEMENTS, PRECEDENTS, PROFESSIONS, RULES
from skillpassport.db.standard_rows import STANDARDS, UNIT_LINKS
from skillpassport.db.tables.frameworks import registry_changes
from skillpassport.db.unit_of_work import UnitOfWork
from skillpassport.equivalence.exchange.bundle import Record, read_bundle, write_bundle
from skillpassport.equivalence.exchange.errors import RowsMalformed, TableUnknown, VersionUnknown
from skillpassport.equivalence.exchange.linked_data import linked_data
from skillpassport.equivalence.snapshot import RegistryContent
from skillpassport.equivalence.statements.document import ISSUER_NAME
from skillpassport.equivalence.statements.stating import review
from skillpassport.frameworks.registry import FrameworkRows
from skillpassport.organisations.model import SERVICE
from skillpassport.vc.strict_json import JsonObject

PARTS: Final[Mapping[str, Codec[Any]]] = {
    "sources": SOURCES,
    "frameworks": FRAMEWORKS,
    "framework_editions": EDITIONS,
    "framework_levels": LEVELS,
    "competent_authorities": AUTHORITIES,
    "occupational_standards": STANDARDS,
    "unit_links": UNIT_LINKS,
    "level_mappings": MAPPINGS,
    "recognition_rules": RULES,
    "agreements": AGREEMENTS,
    "precedents": PRECEDENTS,
    "regulated_professions": PROFESSIONS,
}
"""What is exchanged, by the name of its table; taxonomies come from their publishers instead."""

_HERE: Final = frozenset({"revision", "origin", "change"})


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
        columns = [each.key for each in codec.table.columns if each.key not in _HERE]
        with self.database.snapshot() as work:
            rows = [_record(each) for each in work.frameworks.latest_rows(codec).values()]
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
        values = {name: list(_values(name, rows)) for name, rows in bundle.tables.items()}
        with self._writing() as work:
            waiting, taken = _compared(work, values, frozenset(approved))
            change = work.frameworks.revise(_content(taken), origin=origin, now=work.now)
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
        yield name, [_record(rows[key]) for key in sorted(rows, key=str)]


def _record(row: Mapping[str, Any]) -> Record:
    return {name: _plain(value) for name, value in row.items() if name not in _HERE}


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON
    return value.isoformat() if isinstance(value, date | datetime) else value


def _cell(value: object) -> str:
    text = _uncalled(value) if isinstance(value, str) else ""
    if value is None or isinstance(value, str):
        return text
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _uncalled(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "@", "\t", "\r")) else text


def _values(table: str, rows: Sequence[Record]) -> Iterator[Any]:
    """Return the values of rows from outside; a row is written as it would be here.

    Raises: RowsMalformed
    """
    codec = PARTS[table]
    for line, row in enumerate(rows, start=1):
        try:
            value = codec.decode(_row(codec.table, row))
            if _record(codec.encode(value)) != row:
                raise RowsMalformed(table, line)
        except (KeyError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
            raise RowsMalformed(table, line) from error
        yield value


def _row(table: Table, record: Record) -> Record:
    days = {each.key for each in table.columns if isinstance(each.type, Date)}
    return {
        name: date.fromisoformat(value) if name in days and value is not None else value
        for name, value in record.items()
    }


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


def _content(values: Mapping[str, list[Any]]) -> RegistryContent:
    def of(table: str) -> tuple[Any, ...]:
        return tuple(values.get(table, ()))

    return RegistryContent(
        rows=FrameworkRows(
            sources=of("sources"),
            frameworks=of("frameworks"),
            editions=of("framework_editions"),
            levels=of("framework_levels"),
            authorities=of("competent_authorities"),
            standards=of("occupational_standards"),
            unit_links=of("unit_links"),
        ),
        mappings=of("level_mappings"),
        rules=of("recognition_rules"),
        agreements=of("agreements"),
        precedents=of("precedents"),
        professions=of("regulated_professions"),
    )


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
            before=_record(before[key]) if key in before else None,
            after=_record(row),
            origin=row["origin"],
        )
        for key, row in sorted(after.items(), key=lambda each: str(each[0]))
        if key not in before or before[key]["revision"] != row["revision"]
    )
