"""Taking the registry out, and telling versions apart.

A version never changes, and the same version gives the same bytes in every worker: what was made of
it is kept, and an ETag means something.

An agreement that is not public does not leave, nor do the rules that it switches on: they would come
in nowhere without it.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from skillpassport.db.framework_rows import Codec, Row
from skillpassport.db.kept_artefacts import KeptArtefacts
from skillpassport.db.log_keeping import LogKeeping
from skillpassport.db.registry_parts import PARTS
from skillpassport.db.registry_records import HERE, record_of
from skillpassport.db.rule_rows import AGREEMENTS, RULES
from skillpassport.db.unit_of_work import UnitOfWork
from skillpassport.equivalence.exchange.bundle import Record, write_bundle
from skillpassport.equivalence.exchange.errors import TableUnknown, VersionUnknown
from skillpassport.equivalence.exchange.linked_data import linked_data
from skillpassport.equivalence.statements.document import ISSUER_NAME
from skillpassport.organisations.model import SERVICE
from skillpassport.organisations.signing_keys import ActiveSigner


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


class RegistryExports(LogKeeping):
    """Exports and differences of the registry of one instance."""

    _artefacts: KeptArtefacts

    def registry_json(self) -> bytes:
        """Return the registry's version, and the newest revision of everything, by table."""
        with self.database.snapshot() as work:
            version, made_at = _newest(work)

            def make() -> bytes:
                return _encoded({"version": version, "tables": dict(_tables(work))})

            return self._artefacts.get(("json", version, made_at), make)

    def registry_parts(self) -> Sequence[str]:
        """Return the names of the tables that are exported."""
        return tuple(PARTS)

    def registry_csv(self, table: str) -> bytes:
        """Return one table as CSV in UTF-8; members that are not text are JSON.

        Raises: TableUnknown
        """
        codec = PARTS.get(table)
        if codec is None:
            raise TableUnknown(PARTS)
        with self.database.snapshot() as work:
            return self._artefacts.get(("csv", table, _newest(work)), lambda: _csv(work, codec))

    def registry_linked_data(self) -> bytes:
        """Return frameworks, editions, levels, statements and sources as JSON-LD."""
        with self.database.snapshot() as work:

            def make() -> bytes:
                return _encoded(linked_data(work.frameworks.content(), work.registry().registry))

            return self._artefacts.get(("jsonld", _newest(work)), make)

    def export_bundle(self) -> bytes:
        """Return the registry as a bundle that this service has signed.

        It is dated with the version, or with the key where that is younger, and not with the day:
        the same version under the same key is one bundle, whoever asks for it and when.

        Raises: NoSigningKey
        """
        with self.database.snapshot() as work:
            active = work.signing_keys.active(SERVICE, self.clock.now())
            newest = _newest(work)
            return self._artefacts.get(
                ("bundle", newest, active.key.id), lambda: _bundle(work, newest, active)
            )

    def registry_diff(self, old: int, new: int | None = None) -> RegistryDiff:
        """Return all that differs between two versions: what was added, and what says something else.

        new: the newest version where it is left out
        Raises: VersionUnknown
        """
        with self.database.snapshot() as work:
            return _diff(work, old, _until(work, old, new), _everything)

    def registry_diff_json(self, old: int, new: int | None = None) -> bytes:
        """Return the same as JSON, of what may leave.

        Raises: VersionUnknown
        """
        with self.database.snapshot() as work:
            until = _until(work, old, new)
            name = ("diff", old, until, work.frameworks.made_at(until))
            return self._artefacts.get(
                name, lambda: _encoded(_diff(work, old, until, _leaving).to_json())
            )


def _newest(work: UnitOfWork) -> tuple[int, datetime | None]:
    """Return number and instant of the last change.

    The instant too: a restored backup may come to the same number by another way.
    """
    version = work.frameworks.version()
    return version, work.frameworks.made_at(version)


def _until(work: UnitOfWork, old: int, new: int | None) -> int:
    newest = work.frameworks.version()
    until = newest if new is None else new
    if not 0 <= old <= until <= newest:
        raise VersionUnknown(newest)
    return until


_Key = tuple[Any, ...]
_Reading = Callable[[UnitOfWork, Codec[Any], int | None], Mapping[_Key, Row]]


def _everything(work: UnitOfWork, codec: Codec[Any], version: int | None) -> Mapping[_Key, Row]:
    return work.frameworks.latest_rows(codec, version)


def _leaving(work: UnitOfWork, codec: Codec[Any], version: int | None = None) -> Mapping[_Key, Row]:
    rows = work.frameworks.latest_rows(codec, version)
    if codec is AGREEMENTS:
        return {key: row for key, row in rows.items() if row["is_public"]}
    if codec is RULES:
        agreements = work.frameworks.latest_rows(AGREEMENTS, version).values()
        hidden = {each["slug"] for each in agreements if not each["is_public"]}
        return {key: row for key, row in rows.items() if row["agreement"] not in hidden}
    return rows


def _diff(work: UnitOfWork, old: int, until: int, read: _Reading) -> RegistryDiff:
    tables = {
        name: _differences(read(work, codec, old), read(work, codec, until))
        for name, codec in PARTS.items()
    }
    return RegistryDiff(
        old=old, new=until, tables={name: each for name, each in tables.items() if each}
    )


def _bundle(work: UnitOfWork, newest: tuple[int, datetime | None], active: ActiveSigner) -> bytes:
    version, made_at = newest
    key_made_at = active.key.created_at
    return write_bundle(
        dict(_tables(work)),
        version=version,
        issuer_name=ISSUER_NAME,
        active=active,
        now=key_made_at if made_at is None else max(made_at, key_made_at),
    )


def _encoded(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _csv(work: UnitOfWork, codec: Codec[Any]) -> bytes:
    columns = [each.key for each in codec.table.columns if each.key not in HERE]
    rows = [record_of(each) for each in _leaving(work, codec).values()]
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _cell(row[name]) for name in columns} for row in rows)
    return written.getvalue().encode()


def _tables(work: UnitOfWork) -> Iterator[tuple[str, list[Record]]]:
    for name, codec in PARTS.items():
        rows = _leaving(work, codec)
        yield name, [record_of(rows[key]) for key in sorted(rows, key=str)]


def _cell(value: object) -> str:
    text = _uncalled(value) if isinstance(value, str) else ""
    if value is None or isinstance(value, str):
        return text
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _uncalled(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "@", "\t", "\r")) else text


def _differences(before: Mapping[_Key, Row], after: Mapping[_Key, Row]) -> tuple[Difference, ...]:
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
