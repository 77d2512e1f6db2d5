"""Comparing the search tokens with the names that they must follow from."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress

from sqlalchemy import Connection, RowMapping, select

from skillpassport.credentials.model import Subject
from skillpassport.credentials.searching import search_terms
from skillpassport.custody.master import MasterKeyUnknown
from skillpassport.custody.sealing import SealBroken
from skillpassport.custody.subjects import SubjectKey
from skillpassport.db.audit.findings import contradiction
from skillpassport.db.kept_values import as_kept, batches
from skillpassport.db.organisation_keys import OrganisationKeyMissing, OrganisationKeys
from skillpassport.db.search_tokens import SearchTokens
from skillpassport.db.subject_keys import SubjectKeys
from skillpassport.db.tables.credentials import credentials, search_tokens
from skillpassport.transparency.audit import Finding

_UNOPENED = (SealBroken, MasterKeyUnknown, OrganisationKeyMissing, ValueError, TypeError, KeyError)
"""Of what was mangled; the row itself, or its key, is named as changed."""


def search_findings(
    connection: Connection, keys: OrganisationKeys, subject_keys: SubjectKeys
) -> list[Finding]:
    """Return every award whose tokens do not follow from its name, an erased one's among them."""
    tokens = SearchTokens(connection, keys)
    found = list(_ownerless(connection))
    for batch in batches(connection, credentials):
        held = _held(connection, [row["id"] for row in batch])
        opened = _keys(subject_keys, {str(row["subject"]) for row in batch})
        for row in batch:
            with suppress(*_UNOPENED):
                expected = _expected(tokens, row, opened.get(row["subject"]))
                if held.get(row["id"], set()) != expected:
                    found.append(_differing(row["id"], held.get(row["id"], set()), expected))
    return found


def _expected(tokens: SearchTokens, row: RowMapping, key: SubjectKey | None) -> set[str]:
    if key is None:
        return set()
    opened = json.loads(key.open(row["sealed"], context=f"credential:{row['id']}"))
    subject = Subject(name=opened["subject"]["name"], name_in_mrz=opened["subject"]["name_in_mrz"])
    return tokens.tokens_of(row["organisation"], search_terms(subject))


def _keys(subject_keys: SubjectKeys, ids: set[str]) -> Mapping[str, SubjectKey]:
    found: dict[str, SubjectKey] = {}
    for each in ids:  # one by one, since a key that was altered must not hide the others
        with suppress(SealBroken, MasterKeyUnknown):
            found.update(subject_keys.get_many([each]))
    return found


def _held(connection: Connection, ids: list[str]) -> dict[str, set[str]]:
    query = select(search_tokens).where(search_tokens.c.credential.in_(ids))
    found: dict[str, set[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.credential, set()).add(row.token)
    return found


def _ownerless(connection: Connection) -> Iterator[Finding]:
    known = select(credentials.c.id)
    query = as_kept(search_tokens).where(search_tokens.c.credential.not_in(known))
    for row in connection.execute(query).mappings():
        subject = f"search_tokens/{row['token']}"
        yield contradiction(subject, "its award", found=row["credential"], expected="a known one")


def _differing(credential: str, held: set[str], expected: set[str]) -> Finding:
    return contradiction(
        f"search_tokens/{credential}",
        "the set of its tokens",
        found=f"{len(held)} tokens",
        expected=f"another set of {len(expected)}",
    )
