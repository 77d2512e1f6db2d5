"""The registry of frameworks and mappings, as rows that are added and never changed."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, func, insert, select

from skillpassport.db.framework_rows import Codec
from skillpassport.db.log import Recorder
from skillpassport.db.registry_parts import PARTS, content_of, parts_of
from skillpassport.db.tables.frameworks import registry_changes
from skillpassport.equivalence.seeding import RegistrySeed
from skillpassport.equivalence.snapshot import RegistryContent, RegistrySnapshot
from skillpassport.transparency.entries import Kind

V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryChange:
    """What adding to the registry did.

    added: number of new rows by table
    kept: names of things that were there already and differ; they were left as they are
    changed: how many of the new rows are further revisions of things that were there, by table
    """

    added: Mapping[str, int]
    kept: tuple[str, ...]
    changed: Mapping[str, int] = dataclasses.field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many rows were added."""
        return sum(self.added.values())

    def new_in(self, table: str) -> int:
        """Return how many things of a table were not there before."""
        return self.added.get(table, 0) - self.changed.get(table, 0)

    def __str__(self) -> str:
        """Say it in a sentence."""
        counts = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in self.added.items() if n)
        kept = f"; left {len(self.kept)} as they are, since they differ" if self.kept else ""
        return f"Added {counts or 'nothing'}{kept}."


# Built once: each award and each comparison asks whether the registry has changed.
_NEWEST_CHANGE = select(func.max(registry_changes.c.number))


class FrameworkStore:
    """The registry within one transaction."""

    def __init__(self, connection: Connection, record: Recorder) -> None:
        self._connection = connection
        self._record = record

    def version(self) -> int:
        """Return the number of the last change; 0 where nothing was ever added.

        One small query: equal versions are equal content, so a snapshot can be kept by it.
        """
        return self._connection.execute(_NEWEST_CHANGE).scalar() or 0

    def made_at(self, version: int) -> datetime | None:
        """Return when a change was made; None where there is none of that number."""
        made = select(registry_changes.c.made_at).where(registry_changes.c.number == version)
        return self._connection.execute(made).scalar()

    def load(self, version: int | None = None) -> RegistrySnapshot:
        """Return the registry as it is in this transaction, ready to answer questions.

        version: number of a change: the registry as it stood after it
        Raises: RegistryInconsistent
        """
        known = self.version() if version is None else version
        return RegistrySnapshot.of_content(self.content(version), revision=str(known))

    def content(self, version: int | None = None) -> RegistryContent:
        """Return the values of every table, each in its latest revision.

        version: number of a change: later ones are passed over
        """
        return content_of({table: self._latest(codec, version) for table, codec in PARTS.items()})

    def has_origin(self, origin: str) -> bool:
        """Return whether a change of this origin was made."""
        made = select(registry_changes.c.number).where(registry_changes.c.origin == origin)
        return self._connection.execute(made.limit(1)).first() is not None

    def apply_seed(self, seed: RegistrySeed, *, now: datetime) -> RegistryChange | None:
        """Add what a seed has and the registry lacks; None where this version was applied before.

        What an earlier version of the seed put there, and nobody has touched since, gets a further
        revision where the seed says more now. Whatever somebody put or touched stays as it is.

        Raises: RegistryInconsistent
        """
        if self.has_origin(seed.origin):
            return None
        mine = f"seed {seed.name} "
        return self._change(
            seed.content, origin=seed.origin, now=now, revises=lambda by: by.startswith(mine)
        )

    def add(self, content: RegistryContent, *, origin: str, now: datetime) -> RegistryChange:
        """Add the things that are not there yet; leave the others as they are.

        origin: how the rows came in, in words; kept with every row
        Raises: RegistryInconsistent
        """
        return self._change(content, origin=origin, now=now, revises=lambda _: False)

    def revise(self, content: RegistryContent, *, origin: str, now: datetime) -> RegistryChange:
        """Add the things that are not there yet, and a new revision of those that differ.

        Where nothing is new, nothing is written: the registry's revision stays.

        Raises: RegistryInconsistent
        """
        return self._change(content, origin=origin, now=now, revises=lambda _: True, marks=False)

    def _change(
        self,
        content: RegistryContent,
        *,
        origin: str,
        now: datetime,
        revises: Callable[[str], bool],
        marks: bool = True,
    ) -> RegistryChange:
        """Write a change.

        revises: tells by the origin of a row that is there whether one that differs replaces it
        marks: whether a change that adds nothing is recorded too, so that it is known to be made
        """
        number = self.version() + 1
        writer = _Writer(self, origin, number, revises=revises)
        for codec, values in parts_of(content):
            writer.write(codec, values)
        change = RegistryChange(added=writer.added, kept=tuple(writer.kept), changed=writer.changed)
        if not change.total and not marks:
            return change
        self.insert(
            registry_changes,
            [{"number": number, "origin": origin, "rows_added": change.total, "made_at": now}],
        )
        if change.total:
            self.load()  # refuses rows that name what is not there, before anything is committed
        return change

    def insert(self, table: Table, rows: list[dict[str, Any]]) -> None:
        """Write rows and record each in the log."""
        if rows:
            self._connection.execute(insert(table), rows)
        for row in rows:
            self._record(Kind.REGISTRY_EDITED, table, row)

    def latest_rows(
        self, codec: Codec[V], version: int | None = None
    ) -> dict[tuple[Any, ...], Mapping[str, Any]]:
        """Return the latest revision of each thing of a table, by what names it."""
        query = select(codec.table).order_by(codec.table.c.revision)
        if version is not None:
            query = query.where(codec.table.c.change <= version)
        rows = [dict(row) for row in self._connection.execute(query).mappings()]
        return {codec.key_of(row): row for row in rows}

    def _latest(self, codec: Codec[V], version: int | None) -> tuple[V, ...]:
        return tuple(codec.decode(row) for row in self.latest_rows(codec, version).values())


@dataclass(slots=True)
class _Writer:
    """Writes the new rows of one change, and counts them."""

    store: FrameworkStore
    origin: str
    change: int
    revises: Callable[[str], bool] = dataclasses.field(kw_only=True)
    added: dict[str, int] = dataclasses.field(default_factory=dict)
    kept: list[str] = dataclasses.field(default_factory=list)
    changed: dict[str, int] = dataclasses.field(default_factory=dict)

    def write(self, codec: Codec[V], values: Iterable[V]) -> None:
        """Write those of the values that are new, or differ when differing ones are revised."""
        there = self.store.latest_rows(codec)
        new = []
        changed = 0
        for value in values:
            row = codec.encode(value)
            key = codec.key_of(row)
            old = there.get(key)
            if old is not None and codec.decode(old) == value:
                continue
            if old is not None and not self.revises(old["origin"]):
                self.kept.append(" ".join(map(str, key)))
                continue
            revision = 1 if old is None else old["revision"] + 1
            changed += old is not None
            new.append({**row, "revision": revision, "origin": self.origin, "change": self.change})
            there[key] = new[-1]
        self.store.insert(codec.table, new)
        self.added[codec.table.name] = len(new)
        self.changed[codec.table.name] = changed
