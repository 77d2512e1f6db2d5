"""Planting edits in copies of a database with a past, and asking the audit what it finds.

An intruder with all rights on the files changes cells, deletes, copies and exchanges rows, moves
times, and drops the newest part together with the head that vouches for it. Tables and columns are
read from the files themselves, so that what is added later is edited too.
"""

import datetime as dt
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from skillpassport.errors import SkillPassportError
from tests.support.lived_in import LivedIn, reopen
from tests.support.planting_in_the_log import KEYS, LOG_EDITS, Log

MAIN: Final = "skillpassport.db"

HARMLESS: Final[Mapping[str, str]] = {
    "idempotency_keys": (
        "Kept for seven days to answer a repeated request with what the first one made; decides "
        "nothing about an award, and what it names is logged itself."
    ),
    "organisation_keys.created_at": "For the operator's eyes; nothing is decided by it.",
    "log_heads: a head deleted that is not the newest": (
        "Every later head vouches for what an earlier one did. It is named while its file is in "
        "the folder of heads; an accepted restore puts the earlier files aside."
    ),
    "alembic_version": "The revision of the tables; a wrong one stops the program at its start.",
    "store_keys.created_at": "For the operator's eyes; nothing is decided by it.",
    "subject_keys: a key that nothing names": "Made ahead of the award that would have used it.",
    "subject_keys.created_at": "Says when a key without data may be swept away, no more.",
}
"""Tables and columns that may be edited unnoticed, each with the reason why that harms nobody."""

_INSTANT: Final = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """One edit: its kind, what it did, and the codes by which it was found."""

    kind: str
    what: str
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """A table of one of the two files, in somebody's hands."""

    hands: sqlite3.Connection
    table: str
    left_out: frozenset[int] = frozenset()

    def columns(self) -> list[str]:
        """Return the columns whose edits must be found."""
        names = [row[1] for row in self.hands.execute(f"PRAGMA table_info({self.table})")]
        return [name for name in names if f"{self.table}.{name}" not in HARMLESS]

    def unique(self) -> list[str]:
        """Return the columns by which rows differ."""
        found = [row[1] for row in self.hands.execute(f"PRAGMA table_info({self.table})") if row[5]]
        for index in self.hands.execute(f"PRAGMA index_list({self.table})").fetchall():
            if index[2]:
                found += [
                    row[2]
                    for row in self.hands.execute(f'PRAGMA index_info("{index[1]}")')
                    if row[2] not in found
                ]
        return found

    def rows(self) -> list[int]:
        found = [row[0] for row in self.hands.execute(f"SELECT rowid FROM {self.table}")]
        return [row for row in found if row not in self.left_out]

    def value(self, row: int, column: str) -> Any:  # noqa: ANN401 (as the driver gives it)
        query = f'SELECT "{column}" FROM {self.table} WHERE rowid = ?'
        return self.hands.execute(query, (row,)).fetchone()[0]

    def set(self, row: int, column: str, value: object) -> None:
        change = f'UPDATE {self.table} SET "{column}" = ? WHERE rowid = ?'
        self.hands.execute(change, (value, row))


Edit = Callable[[_Place, random.Random], str | None]
"""Makes one edit and says what it did; None where this table leaves nothing to do."""


def change_cell(place: _Place, chance: random.Random) -> str | None:
    """Change one value, within what its column could hold."""
    row, column = chance.choice(place.rows()), chance.choice(place.columns())
    place.set(row, column, _other(place.value(row, column), chance))
    return f"{column} of row {row}"


def delete_row(place: _Place, chance: random.Random) -> str | None:
    """Delete one row."""
    rows = place.rows()
    row = rows[-1] if place.table == "log_heads" else chance.choice(rows)
    place.hands.execute(f"DELETE FROM {place.table} WHERE rowid = ?", (row,))
    return f"row {row}"


def copy_row(place: _Place, chance: random.Random) -> str | None:
    """Put in a copy of a row under another key, so that every other value looks right."""
    row, names = chance.choice(place.rows()), place.unique()
    found = place.hands.execute(f"SELECT * FROM {place.table} WHERE rowid = ?", (row,))
    columns = [each[0] for each in found.description]
    values = dict(zip(columns, found.fetchone(), strict=True))
    changed = {name: _other(values[name], chance) for name in names if values[name] is not None}
    marks = ", ".join("?" for _ in columns)
    place.hands.execute(
        f"INSERT INTO {place.table} VALUES ({marks})", list((values | changed).values())
    )
    return f"of row {row}"


def exchange_cells(place: _Place, chance: random.Random) -> str | None:
    """Exchange the values of one column between two rows."""
    rows, column = place.rows(), chance.choice(place.columns())
    if len(rows) < 2:
        return None
    one, other = chance.sample(rows, 2)
    return _exchange(place, (one, other), [column])


def exchange_sealed(place: _Place, chance: random.Random) -> str | None:
    """Exchange everything that is sealed between two rows."""
    rows = place.rows()
    sealed = [name for name in place.columns() if "seal" in name or name == "wrapped"]
    if len(rows) < 2 or not sealed:
        return None
    one, other = chance.sample(rows, 2)
    return _exchange(place, (one, other), sealed)


def move_time(place: _Place, chance: random.Random) -> str | None:
    """Move one time by up to ten days, or set one that was not set."""
    times = [name for name in place.columns() if name.endswith(("_at", "_on", "_from", "time"))]
    if not times:
        return None
    row, column = chance.choice(place.rows()), chance.choice(times)
    value = place.value(row, column)
    if not isinstance(value, str) or "T" not in value:
        return None
    moved = dt.datetime.strptime(value, _INSTANT).replace(tzinfo=dt.UTC)
    moved += dt.timedelta(seconds=chance.choice((-1, 1)) * chance.randint(1, 864_000))
    place.set(row, column, moved.strftime(_INSTANT))
    return f"{column} of row {row}"


def empty_cell(place: _Place, chance: random.Random) -> str | None:
    """Take a value away."""
    row, column = chance.choice(place.rows()), chance.choice(place.columns())
    if place.value(row, column) is None:
        return None
    place.set(row, column, None)
    return f"{column} of row {row}"


KINDS: Final[Mapping[str, Edit]] = {
    each.__name__: each
    for each in (
        change_cell,
        delete_row,
        copy_row,
        exchange_cells,
        exchange_sealed,
        move_time,
        empty_cell,
    )
}

ALL_KINDS: Final = (*KINDS, *LOG_EDITS)

# Half of the kinds do nothing to most tables, or at most ages, and are drawn again.
_WEIGHTS: Final = (
    4,
    2,
    2,
    4,
    4,
    4,
    8,
    *(4 if each.split("_")[-1] in {"waiting", "row", "erased"} else 1 for each in LOG_EDITS),
)


def plant(source: LivedIn, copy: Path, seed: int) -> Planted:
    """Plant one edit in a fresh copy of a data folder, and tell what `log verify --head` finds."""
    chance = random.Random(seed)
    while True:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(source.folder, copy)
        (kind,) = chance.choices(ALL_KINDS, weights=_WEIGHTS)
        what = _edit_log(copy, kind, chance) if kind in LOG_EDITS else _edit(copy, kind, chance)
        if what is not None:
            return _audited(copy, kind, what, source.head.read_text())


def _audited(copy: Path, kind: str, what: str, head: str) -> Planted:
    try:
        found = audit(copy, head)
    except Exception as error:  # noqa: BLE001 (a command that breaks has found nothing)
        return Planted(kind=kind, what=f"{what}; broke: {error!r}"[:300], found=())
    finally:
        shutil.rmtree(copy, ignore_errors=True)
    return Planted(kind=kind, what=what, found=found)


def audit(folder: Path, head: str) -> tuple[str, ...]:
    """Return code and subject of all that `log verify --head` names."""
    instance = reopen(LivedIn(folder, {}))
    try:
        found = instance.verify_log(head).findings
    finally:
        instance.close()
    return tuple(f"{each.code.value} {each.subject}" for each in found)


def tables_of(hands: sqlite3.Connection) -> list[str]:
    """Return the tables that have rows and whose edits must be found."""
    names = [
        row[0]
        for row in hands.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
    ]
    return [
        name
        for name in sorted(names)
        if name not in HARMLESS and hands.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone()
    ]


def _edit(folder: Path, kind: str, chance: random.Random) -> str | None:
    file = chance.choices((MAIN, KEYS), weights=(9, 1))[0]
    with _opened(folder / file) as hands:
        table = chance.choice(tables_of(hands))
        before = _contents(hands, table)
        try:
            what = KINDS[kind](_Place(hands, table, _left_out(folder, hands, table)), chance)
        except sqlite3.IntegrityError:
            return None  # the database itself refused
        if _contents(hands, table) == before:
            return None  # such as one person's word exchanged for the same word of another
    return what and f"{table}: {what}"


def _edit_log(folder: Path, kind: str, chance: random.Random) -> str | None:
    with _opened(folder / MAIN) as hands:
        try:
            what = LOG_EDITS[kind](Log(hands, folder), chance)
        except sqlite3.IntegrityError:
            return None  # the database itself refused
    if what is None or chance.random() < 0.5:
        return what
    return f"{what}, then sequenced{_sequenced(folder)}"


def _sequenced(folder: Path) -> str:
    """Let the server do its work over what was edited; return what kept it from that."""
    instance = reopen(LivedIn(folder, {}))
    try:
        instance.sequencer().sequence_once()
    except SkillPassportError as refusal:
        return f" ({refusal.code})"
    finally:
        instance.close()
    return ""


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, isolation_level=None)) as hands:
        hands.execute("PRAGMA foreign_keys = OFF")
        yield hands


def _left_out(folder: Path, hands: sqlite3.Connection, table: str) -> frozenset[int]:
    """Return the rows of keys that were made ahead: how many there are depends on the machine."""
    if table != "subject_keys":
        return frozenset()
    with closing(sqlite3.connect(folder / MAIN)) as main:
        query = "SELECT subject_key_id FROM log_entries UNION SELECT subject FROM credentials"
        named = {row[0] for row in main.execute(query)}
    return frozenset(
        row for row, key in hands.execute("SELECT rowid, id FROM subject_keys") if key not in named
    )


def _contents(hands: sqlite3.Connection, table: str) -> list[str]:
    return sorted(repr(row) for row in hands.execute(f"SELECT * FROM {table}"))


def _exchange(place: _Place, rows: tuple[int, int], columns: Sequence[str]) -> str | None:
    one, other = rows
    values = {name: (place.value(one, name), place.value(other, name)) for name in columns}
    if all(mine == theirs for mine, theirs in values.values()):
        return None
    for name, (mine, theirs) in values.items():
        place.set(one, name, f"put aside {one}")
        place.set(other, name, mine)
        place.set(one, name, theirs)
    return f"{', '.join(columns)} of rows {one} and {other}"


def _other(value: Any, chance: random.Random) -> object:  # noqa: ANN401 (as the driver gives it)
    if value is None:
        return chance.choice(("2026-03-01T00:00:00.000000Z", 1, "x"))
    if isinstance(value, bytes):
        at = chance.randrange(len(value)) if value else 0
        return value[:at] + bytes([value[at] ^ (1 << chance.randrange(8))]) + value[at + 1 :]
    if isinstance(value, int):
        return value + chance.choice((-1, 1, 1000))
    at = chance.randrange(len(value) + 1)
    return value[:at] + chance.choice("x70-") + value[at + 1 :]
