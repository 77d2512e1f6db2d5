"""What issuing cannot be cheaper than: its rows by SQLAlchemy Core, as durable, and one signature.

A process of its own: each line on its input asks for a burst of so many seconds, each line of its
output says how many awards' rows were committed, in what time and with how much CPU time.
"""

import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, MetaData, Table, insert, select, update

from bench.load import Burst
from bench.serving import SERVER_CORE, stay_on
from skillpassport.db.engine import Transactions, create_database_engine
from skillpassport.db.key_blocks import MAX_BLOCK

SIGNED_BYTES = 3_500


@dataclass(frozen=True, slots=True)
class Inserter:
    """The child process."""

    process: "subprocess.Popen[str]"

    def burst(self, seconds: float) -> Burst:
        """Return what was done in some seconds."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()
        requests, elapsed, cpu = self.process.stdout.readline().split()
        return Burst(requests=int(requests), seconds=float(elapsed), cpu_seconds=float(cpu))


@contextmanager
def inserting(folder: Path) -> Iterator[Inserter]:
    """Insert into a copy of an instance's data folder until the end of the block."""
    command = [sys.executable, "-m", "bench.inserting", str(folder)]
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Inserter(process)
        assert process.stdin is not None
        process.stdin.close()


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
            with self._keys.write() as connection:
                keys = [{**self._key, "id": secrets.token_hex(16)} for _ in range(MAX_BLOCK)]
                connection.execute(insert(self._subject_keys), keys)
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


def _tables(engine: Engine) -> Mapping[str, Table]:
    found = MetaData()
    found.reflect(engine)
    return found.tables


def _newest(connection: Connection, table: Table, column: str) -> dict[str, Any]:
    query = select(table).order_by(table.c[column].desc()).limit(1)
    return dict(connection.execute(query).mappings().one())


def _serve(folder: Path) -> None:
    stay_on(SERVER_CORE)
    awards, number = _Awards(folder), 0
    for line in sys.stdin:
        done, start, cpu = 0, time.perf_counter(), time.process_time()
        while time.perf_counter() - start < float(line):
            awards.add(number)
            number, done = number + 1, done + 1
        elapsed, used = time.perf_counter() - start, time.process_time() - cpu
        print(done, elapsed, used, flush=True)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
