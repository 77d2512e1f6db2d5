"""What issuing cannot be cheaper than: its rows by SQLAlchemy Core, as durable, and one signature.

A batch has two limits: its rows, inserted together in one transaction, and its signatures. The rows
take several times as long as the signatures, so the floor of a batch is its rows alone.
"""

import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, MetaData, Table, insert, select, update

from bench.bursts import serve
from skillpassport.db.engine import Transactions, create_database_engine
from skillpassport.db.key_blocks import MAX_BLOCK

SIGNED_BYTES = 3_500

BATCH = 100


class _Awards:
    """Writes again and again the rows of the newest award, under new ids."""

    def __init__(self, folder: Path) -> None:
        engine = create_database_engine(f"sqlite:///{folder / 'skillpassport.db'}")
        keys_engine = create_database_engine(f"sqlite:///{folder / 'subject-keys.db'}")
        self._transactions, self._keys = Transactions(engine), Transactions(keys_engine)
        tables = _tables(engine)
        self._credentials = tables["credentials"]
        self._entries, self._lists = tables["status_entries"], tables["status_lists"]
        self._log, self._tokens = tables["log_entries"], tables["search_tokens"]
        self._subject_keys = _tables(keys_engine)["subject_keys"]
        self._signing_key = Ed25519PrivateKey.generate()
        with self._transactions.read() as connection:
            self._credential = _newest(connection, self._credentials, "issued_at")
            self._entry_of_log = _newest(connection, self._log, "time")
            self._places = [
                dict(row)
                for row in connection.execute(
                    select(self._entries).where(self._entries.c.subject == self._credential["id"])
                ).mappings()
            ]
            found = select(self._tokens.c.token).where(
                self._tokens.c.credential == self._credential["id"]
            )
            self._names = connection.scalars(found).all()
        with self._keys.read() as connection:
            self._key = _newest(connection, self._subject_keys, "created_at")

    def add(self, number: int) -> None:
        """Write one award as the product does: keys ahead in blocks, all else in one commit."""
        new = secrets.token_hex(16)
        if number % MAX_BLOCK == 0:
            self._insert_keys(MAX_BLOCK)
        with self._transactions.write() as connection:
            for place in self._places:
                connection.execute(
                    update(self._lists)
                    .where(self._lists.c.id == place["list"])
                    .values(reserved=number + 100)
                )
                entry = {**place, "index": 1_000_000 + number, "subject": new}
                connection.execute(insert(self._entries), entry)
            self._signing_key.sign(self._credential["sealed"][:SIGNED_BYTES])
            tags = {"id": new, "subject": new, "content_tag": new, "code_tag": new}
            connection.execute(insert(self._credentials), {**self._credential, **tags})
            names = [{"token": token, "credential": new} for token in self._names]
            connection.execute(insert(self._tokens), names)
            entry_of_log = {**self._entry_of_log, "id": new, "row_id": new, "position": None}
            connection.execute(insert(self._log), entry_of_log)

    def add_batch(self, number: int) -> None:
        """Write the rows of a hundred awards, all in one transaction."""
        new = [secrets.token_hex(16) for _ in range(BATCH)]
        self._insert_keys(BATCH)
        with self._transactions.write() as connection:
            for place in self._places:
                first = 2_000_000 + number * BATCH
                connection.execute(
                    update(self._lists)
                    .where(self._lists.c.id == place["list"])
                    .values(reserved=number + 100)
                )
                entries = [
                    {**place, "index": first + count, "subject": id_}
                    for count, id_ in enumerate(new)
                ]
                connection.execute(insert(self._entries), entries)
            own = ("id", "subject", "content_tag", "code_tag")
            rows = [{**self._credential, **dict.fromkeys(own, id_)} for id_ in new]
            connection.execute(insert(self._credentials), rows)
            names = [{"token": token, "credential": id_} for id_ in new for token in self._names]
            connection.execute(insert(self._tokens), names)
            entries = [
                {**self._entry_of_log, "id": id_, "row_id": id_, "position": None} for id_ in new
            ]
            connection.execute(insert(self._log), entries)

    def _insert_keys(self, number: int) -> None:
        with self._keys.write() as connection:
            keys = [{**self._key, "id": secrets.token_hex(16)} for _ in range(number)]
            connection.execute(insert(self._subject_keys), keys)


def _tables(engine: Engine) -> Mapping[str, Table]:
    found = MetaData()
    found.reflect(engine)
    return found.tables


def _newest(connection: Connection, table: Table, column: str) -> dict[str, Any]:
    query = select(table).order_by(table.c[column].desc()).limit(1)
    return dict(connection.execute(query).mappings().one())


def _serve(folder: Path, *, batches: bool) -> None:
    awards = _Awards(folder)
    if batches:
        serve(awards.add_batch, BATCH)
    else:
        serve(awards.add, 1)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), batches="batches" in sys.argv[2:])
