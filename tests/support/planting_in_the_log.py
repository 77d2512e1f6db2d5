"""Planting edits in the log itself, and in rows together with their entries.

The intruder knows the program: which index keeps a row to one entry, how an entry commits to its
row, that the sequencer gives a place to whatever waits for one, and that an erased person's rows
may be gone. Each edit is one of the main database's file; some touch the store of subject keys.
"""

import random
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from skillpassport.db.log_facts import is_logged, row_id, stored_facts_of
from skillpassport.db.tables import metadata
from skillpassport.transparency.entries import SALT_BYTES, commit_to

KEYS: Final = "subject-keys.db"

# Of an entry that waits for its place; the code is what the intruder cannot make.
_COLUMNS: Final = ("kind", "table_name", "row_id", "time", "commitment", "salt")
_INSTANT: Final = "2026-0{}-1{}T0{}:00:00.000000Z"


@dataclass(frozen=True, slots=True)
class Log:
    """The main database in somebody's hands, and the data folder around it."""

    hands: sqlite3.Connection
    folder: Path

    def do(self, *statements: str) -> None:
        for each in statements:
            self.hands.execute(each)

    def all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self.hands.execute(query, values).fetchall()

    def entry(self, identifier: str) -> dict[str, Any]:
        found = self.hands.execute("SELECT * FROM log_entries WHERE id = ?", (identifier,))
        return dict(zip((each[0] for each in found.description), found.fetchone(), strict=True))

    def add(self, table: str, row: Mapping[str, object]) -> None:
        names, marks = ", ".join(f'"{each}"' for each in row), ", ".join("?" for _ in row)
        self.hands.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", [*row.values()])

    def allow_copies(self) -> None:
        self.do("DROP INDEX ix_log_entries_row")

    def waiting(self) -> list[str]:
        return [each[0] for each in self.all("SELECT id FROM log_entries WHERE position IS NULL")]

    def any_entry(self, chance: random.Random) -> dict[str, Any]:
        return self.entry(chance.choice(self.all("SELECT id FROM log_entries ORDER BY id"))[0])


LogEdit = Callable[[Log, random.Random], str | None]
"""Makes one edit and says what it did; None where this log leaves nothing to do."""


def drop_tail(log: Log, chance: random.Random) -> str | None:
    """Drop the newest entries with their leaves, rows and heads, as an older backup would."""
    if chance.random() < 0.5:  # with every head of the folder: the kept one is left
        for each in (log.folder / "heads").glob("*.checkpoint"):
            each.unlink()
    sizes = sorted(row[0] for row in log.all("SELECT size FROM log_heads"))
    if len(sizes) < 2:
        return None
    size = chance.choice(sizes[:-1])
    log.do(
        f"DELETE FROM log_heads WHERE size > {size}",
        f"DELETE FROM log_entries WHERE position >= {size}",
        f"DELETE FROM log_leaves WHERE position >= {size}",
    )
    return f"everything above {size} entries"


def copy_entry(log: Log, chance: random.Random) -> str | None:
    """Copy an entry as if it still waited for its place, at times with another instant."""
    entry = log.any_entry(chance)
    log.allow_copies()
    changed = {"id": f"{chance.getrandbits(120):030x}", "position": None}
    if chance.random() < 0.5:
        changed["time"] = _some_time(chance)
    log.add("log_entries", entry | changed)
    return f"of {entry['table_name']}/{entry['row_id']}"


def plant_entry(log: Log, chance: random.Random) -> str | None:
    """Put in an entry that waits, with the content of one row and the name of another, or of none."""
    entry, other = log.any_entry(chance), log.any_entry(chance)
    log.allow_copies()
    name = other["row_id"] if chance.random() < 0.5 else "nowhere"
    changed = {"id": f"{chance.getrandbits(120):030x}", "row_id": name, "position": None}
    log.add("log_entries", entry | changed)
    return f"{entry['table_name']}/{name}"


def forge_row(log: Log, chance: random.Random) -> str | None:
    """Put in a row under another key, and an entry that commits to it, to be sequenced."""
    table = chance.choice([each for each in _logged(log) if each != "registry_changes"])
    row = chance.choice(_rows(log, table))
    for column in _names(table):
        if isinstance(row[column], str):
            row[column] += chance.choice("x70")
        else:
            row[column] += 1000
    for unique in _unique(log, table) - set(_names(table)):
        row[unique] = f"{row[unique]}x" if isinstance(row[unique], str) else None
    log.add(table, row)
    _record(log, table, row, chance)
    return f"{table}/{row_id(metadata.tables[table], row)}"


def change_waiting_row(log: Log, chance: random.Random) -> str | None:
    """Change a row whose entry waits, and let the entry commit to what it says now."""
    found = log.all(
        "SELECT id, table_name FROM log_entries WHERE position IS NULL AND salt IS NOT NULL "
        "ORDER BY id"
    )
    if not found:
        return None
    identifier, table = chance.choice(found)
    entry = log.entry(identifier)
    row = next(each for each in _rows(log, table) if _named(table, each) == entry["row_id"])
    texts = [
        name
        for name, value in row.items()
        if isinstance(value, str) and name not in _names(table) and value[:1] not in "[{"
    ]
    column = chance.choice(texts)
    row[column] += "x"
    key = " AND ".join(f'"{each}" = ?' for each in _names(table))
    log.hands.execute(
        f'UPDATE {table} SET "{column}" = ? WHERE {key}',
        (row[column], *(row[each] for each in _names(table))),
    )
    commitment = commit_to(stored_facts_of(metadata.tables[table], row), entry["salt"])
    log.hands.execute(
        "UPDATE log_entries SET commitment = ? WHERE id = ?", (commitment, identifier)
    )
    return f"{column} of {table}/{entry['row_id']}"


def change_waiting(log: Log, chance: random.Random) -> str | None:
    """Change one value of an entry that waits for its place."""
    waiting = log.waiting()
    if not waiting:
        return None
    identifier, column = chance.choice(waiting), chance.choice(_COLUMNS)
    old = log.entry(identifier)[column]
    others: list[object] = [f"{old}x", chance.randbytes(SALT_BYTES), chance.getrandbits(9)]
    new = _some_time(chance) if column == "time" else chance.choice(others)
    if chance.random() < 0.2:
        new = chance.choice(("mangled", b"mangled", -1))  # SQLite keeps anything in any column
    log.hands.execute(f"UPDATE log_entries SET {column} = ? WHERE id = ?", (new, identifier))
    return f"{column} of {identifier}"


def exchange_waiting(log: Log, chance: random.Random) -> str | None:
    """Exchange values between two entries that wait for their places."""
    waiting = log.waiting()
    if len(waiting) < 2:
        return None
    one, other = (log.entry(each) for each in chance.sample(waiting, 2))
    columns = chance.choice(
        (
            ("time",),
            ("kind",),
            ("commitment", "salt", "sealed_salt", "subject_key_id"),
            ("mac",),
            ("facts_mac",),
        )
    )
    if all(one[each] == other[each] for each in columns):
        return None
    setting = ", ".join(f"{each} = ?" for each in columns)
    for mine, theirs in ((one, other), (other, one)):
        log.hands.execute(
            f"UPDATE log_entries SET {setting} WHERE id = ?",
            (*(theirs[each] for each in columns), mine["id"]),
        )
    return f"{', '.join(columns)} of {one['id']} and {other['id']}"


def lose_waiting(log: Log, chance: random.Random) -> str | None:
    """Delete an entry that waits and leave its row, or the row and leave the entry."""
    waiting = log.waiting()
    if not waiting:
        return None
    entry = log.entry(chance.choice(waiting))
    if chance.random() < 0.5:
        log.hands.execute("DELETE FROM log_entries WHERE id = ?", (entry["id"],))
        return f"entry of {entry['table_name']}/{entry['row_id']}"
    _delete(log, entry["table_name"], entry["row_id"])
    return f"{entry['table_name']}/{entry['row_id']}"


def insert_before_tail(log: Log, chance: random.Random) -> str | None:
    """Put in a copy of an entry at an earlier place, and move all later ones, leaves too."""
    size = log.all("SELECT count(*) FROM log_leaves")[0][0]
    place, entry = chance.randrange(size), log.any_entry(chance)
    log.allow_copies()
    for table in ("log_entries", "log_leaves"):
        log.do(
            f"UPDATE {table} SET position = position + 100001 WHERE position >= {place}",
            f"UPDATE {table} SET position = position - 100000 WHERE position > 100000",
        )
    log.add("log_entries", entry | {"id": f"{chance.getrandbits(120):030x}", "position": place})
    log.add("log_leaves", {"position": place, "leaf": chance.randbytes(32)})
    return f"{entry['table_name']}/{entry['row_id']} at {place}"


def exchange_heads(log: Log, chance: random.Random) -> str | None:
    """Put one signed head in the place of another: the note alone, or with its subtrees."""
    sizes = [each[0] for each in log.all("SELECT size FROM log_heads ORDER BY size")]
    if len(sizes) < 2:
        return None
    one, other = chance.sample(sizes, 2)
    columns = chance.choice(("note", "note, compact_range"))
    log.do(
        f"UPDATE log_heads SET ({columns}) = "
        f"(SELECT {columns} FROM log_heads WHERE size = {other}) WHERE size = {one}"
    )
    return f"{columns} of {other} at {one}"


def forge_erasure(log: Log, chance: random.Random) -> str | None:
    """Record an erasure that nobody ordered, so that a credential's row may be gone."""
    subjects = log.all(
        "SELECT id, subject FROM credentials WHERE subject NOT IN "
        "(SELECT subject_key_id FROM subject_erasures) ORDER BY id"
    )
    credential, subject = chance.choice(subjects)
    now = _some_time(chance)
    covered = log.all(
        "SELECT table_name || '/' || row_id FROM log_entries WHERE subject_key_id = ?", subject
    )
    names = ",".join(f'"{each[0]}"' for each in sorted(covered))
    row = {"subject_key_id": subject, "erased_at": now, "reason": "x", "covers": f"[{names}]"}
    log.add("subject_erasures", row)
    _record(log, "subject_erasures", row, chance, now)
    log.hands.execute("DELETE FROM search_tokens WHERE credential = ?", (credential,))
    with closing(sqlite3.connect(log.folder / KEYS)) as keys, keys:
        wipe = "UPDATE subject_keys SET wrapped = NULL, erased_at = ? WHERE id = ?"
        keys.execute(wipe, (now, subject))
    return f"of {subject}"


def change_erased(log: Log, chance: random.Random) -> str | None:
    """Change what the row of an erased person still says, or delete it with all that names it."""
    erased = log.all(
        "SELECT id FROM credentials WHERE subject IN (SELECT subject_key_id FROM subject_erasures)"
    )
    if not erased:
        return None
    identifier = erased[0][0]
    if chance.random() < 0.2:
        log.hands.execute("DELETE FROM credentials WHERE id = ?", (identifier,))
        log.hands.execute("DELETE FROM status_entries WHERE subject = ?", (identifier,))
        return f"credentials/{identifier}"
    names = [each[1] for each in log.all("PRAGMA table_info(credentials)") if each[1] != "id"]
    column = chance.choice(names)
    log.hands.execute(f"UPDATE credentials SET {column} = ? WHERE id = ?", ("x", identifier))
    return f"{column} of credentials/{identifier}"


def lose_key(log: Log, chance: random.Random) -> str | None:
    """Take away the key of a person who was not erased, as if it had been or never was."""
    erased = "SELECT subject_key_id FROM subject_erasures"
    query = f"SELECT DISTINCT subject FROM credentials WHERE subject NOT IN ({erased})"
    subject = chance.choice(sorted(each[0] for each in log.all(query)))
    with closing(sqlite3.connect(log.folder / KEYS)) as keys, keys:
        if chance.random() < 0.5:
            keys.execute("DELETE FROM subject_keys WHERE id = ?", (subject,))
        else:
            wipe = "UPDATE subject_keys SET wrapped = NULL, erased_at = ? WHERE id = ?"
            keys.execute(wipe, (_some_time(chance), subject))
    return f"of {subject}"


LOG_EDITS: Final[Mapping[str, LogEdit]] = {
    each.__name__: each
    for each in (
        drop_tail,
        copy_entry,
        plant_entry,
        forge_row,
        change_waiting_row,
        change_waiting,
        exchange_waiting,
        lose_waiting,
        insert_before_tail,
        exchange_heads,
        forge_erasure,
        change_erased,
        lose_key,
    )
}


def _record(
    log: Log, table: str, row: Mapping[str, Any], chance: random.Random, time: str | None = None
) -> None:
    """Write an entry as the program would, but for the code, of which a like one is taken."""
    like = next(
        (each[0] for each in log.all("SELECT id FROM log_entries WHERE table_name = ?", table)),
        log.all("SELECT id FROM log_entries")[0][0],
    )
    declared, salt = metadata.tables[table], chance.randbytes(SALT_BYTES)
    entry = log.entry(like) | {
        "id": f"{chance.getrandbits(120):030x}",
        "table_name": table,
        "row_id": row_id(declared, row),
        "time": time or log.entry(like)["time"],
        "commitment": commit_to(stored_facts_of(declared, row), salt),
        "salt": salt,
        "facts_mac": None,
        "sealed_salt": None,
        "subject_key_id": None,
        "position": None,
    }
    log.add("log_entries", entry)


def _logged(log: Log) -> Sequence[str]:
    return [
        table.name
        for table in metadata.sorted_tables
        if is_logged(table) and log.all(f"SELECT 1 FROM {table.name} LIMIT 1")
    ]


def _rows(log: Log, table: str) -> list[dict[str, Any]]:
    found = log.hands.execute(f"SELECT * FROM {table}")
    names = [each[0] for each in found.description]
    return [dict(zip(names, each, strict=True)) for each in found]


def _names(table: str) -> list[str]:
    return [column.name for column in metadata.tables[table].primary_key]


def _named(table: str, row: Mapping[str, Any]) -> str:
    return row_id(metadata.tables[table], row)


def _unique(log: Log, table: str) -> set[str]:
    found: set[str] = set()
    for index in log.all(f"PRAGMA index_list({table})"):
        if index[2]:
            found |= {each[2] for each in log.all(f'PRAGMA index_info("{index[1]}")')}
    return found


def _delete(log: Log, table: str, name: str) -> None:
    row = next(each for each in _rows(log, table) if _named(table, each) == name)
    key = " AND ".join(f'"{each}" = ?' for each in _names(table))
    log.hands.execute(f"DELETE FROM {table} WHERE {key}", [row[each] for each in _names(table)])


def _some_time(chance: random.Random) -> str:
    return _INSTANT.format(chance.randint(1, 9), chance.randint(0, 9), chance.randint(0, 9))
