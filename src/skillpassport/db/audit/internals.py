"""Looking at what only the program itself reads: wrapped keys, and the tree as the log keeps it.

No row of these is a fact that the log vouches for. A seal, or a signed head, tells that they were
altered.
"""

from collections.abc import Iterator

from sqlalchemy import Column, Connection, select

from skillpassport.custody.master import MasterKeyUnknown
from skillpassport.custody.sealing import SealBroken
from skillpassport.db.entry_macs import KEY_VERSION
from skillpassport.db.log_state import LogStateBroken, require_whole
from skillpassport.db.organisation_keys import OrganisationKeyMissing, OrganisationKeys
from skillpassport.db.tables.credentials import status_lists
from skillpassport.db.tables.custody import organisation_keys
from skillpassport.db.tables.log import log_heads, log_leaves
from skillpassport.db.tables.organisations import signing_keys
from skillpassport.organisations.model import SERVICE
from skillpassport.transparency.audit import Finding, FindingCode
from skillpassport.transparency.checkpoint import HeadInvalid


def internal_findings(connection: Connection, keys: OrganisationKeys) -> list[Finding]:
    """Return what was altered of wrapped keys, stored subtrees and the numbering of leaves."""
    return [
        *_key_findings(connection, keys),
        *_tree_findings(connection),
        *_numbering_findings(connection),
    ]


def _key_findings(connection: Connection, keys: OrganisationKeys) -> Iterator[Finding]:
    """Name keys that do not open, and those that something was made with but are gone."""
    held = set(_pairs(connection, organisation_keys.c.owner, organisation_keys.c.version))
    for owner, version in sorted(held, key=str):
        try:
            keys.get(owner, version)
        except (SealBroken, MasterKeyUnknown) as error:
            yield _altered(f"organisation_keys/{owner}/{version}", error.message)
    needed = {
        (SERVICE, KEY_VERSION),
        *_pairs(connection, signing_keys.c.owner, signing_keys.c.parent_version),
        *_pairs(connection, status_lists.c.owner, status_lists.c.parent_version),
    }
    for owner, version in sorted(needed - held, key=str):
        missing = OrganisationKeyMissing(owner)
        yield _altered(f"organisation_keys/{owner}/{version}", missing.message)


def _pairs(
    connection: Connection, owner: Column[str], version: Column[int]
) -> Iterator[tuple[str, int]]:
    for row in connection.execute(select(owner, version).distinct()):
        yield row[0], row[1]


def _tree_findings(connection: Connection) -> Iterator[Finding]:
    for row in connection.execute(select(log_heads)):
        try:
            require_whole(row.size, row.note, row.compact_range)
        except LogStateBroken as error:
            yield _altered(f"log_heads/{row.size}", error.message)
        except HeadInvalid:
            continue  # named with the heads


def _numbering_findings(connection: Connection) -> Iterator[Finding]:
    """Name the first place at which the leaves are not numbered one by one up to the head."""
    size = connection.scalar(select(log_heads.c.size).order_by(log_heads.c.size.desc()).limit(1))
    positions = connection.scalars(select(log_leaves.c.position).order_by(log_leaves.c.position))
    found = list(positions)
    for number in range(max(len(found), size or 0)):
        if number >= len(found) or found[number] != number:
            yield Finding(
                code=FindingCode.LEAVES_CHANGED,
                subject="log_leaves",
                position=number,
                message=f"The leaves in log_leaves are not whole: see place {number}.",
            )
            return


def _altered(subject: str, message: str) -> Finding:
    return Finding(code=FindingCode.STATE_CHANGED, subject=subject, message=message)
