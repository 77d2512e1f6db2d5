"""Looking at the store of subject keys, which the log does not vouch for row by row.

What its keys seal is vouched for. Beyond that, a key opens in its own place alone, and one that is
gone was erased, which the log says.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping

from skillpassport.db.audit.findings import contradiction
from skillpassport.db.kept_values import as_kept, batches
from skillpassport.db.subject_keys import STORE_VERSION, SubjectKeys
from skillpassport.db.tables.custody import store_keys, subject_keys
from skillpassport.db.tables.log import subject_erasures
from skillpassport.transparency.audit import Finding


def subject_key_findings(connection: Connection, store: SubjectKeys) -> list[Finding]:
    """Return every kept key that does not open, and every erasure that is only half there."""
    rows = connection.execute(as_kept(subject_erasures)).mappings()
    erased = {str(row["subject_key_id"]): row["erased_at"] for row in rows}
    with store.reading() as kept:
        return [*_store_findings(kept), *_key_findings(kept, store, erased)]


def _store_findings(kept: Connection) -> Iterator[Finding]:
    versions = [row["version"] for row in kept.execute(as_kept(store_keys)).mappings()]
    if versions != [STORE_VERSION]:
        yield contradiction(
            "store_keys", "the set of its keys", found=versions, expected=[STORE_VERSION]
        )


def _key_findings(
    kept: Connection, store: SubjectKeys, erased: Mapping[str, Any]
) -> Iterator[Finding]:
    traceless = set(erased)
    for batch in batches(kept, subject_keys):
        for row in batch:
            traceless.discard(row["id"])
            at = erased.get(row["id"])
            state, expected = _state(store, row, at), "kept" if at is None else "erased"
            if state != expected:
                yield contradiction(
                    f"subject_keys/{row['id']}", "the key", found=state, expected=expected
                )
    for key_id in sorted(traceless):
        yield contradiction(f"subject_keys/{key_id}", "the key", found="nothing", expected="erased")


def _state(store: SubjectKeys, row: RowMapping, erased_at: object) -> str:
    if row["wrapped"] is None:
        told = row["erased_at"] is not None and row["erased_at"] == erased_at
        return "erased" if told else "gone without a word, or at another time"
    if row["erased_at"] is not None or row["parent_version"] != STORE_VERSION:
        return "kept and called otherwise"
    return "kept" if store.opens(str(row["id"]), row["wrapped"]) else "not one that opens"
