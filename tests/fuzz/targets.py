"""The fuzz targets by name, and the time that one input may take in any of them."""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Final

CORPUS: Final = Path(__file__).parent / "corpus"

SECONDS: Final = 1.0
"""Of processor time for one input, the whole of a target's work on it."""

NAMES: Final = (
    "answers_of_hosts",
    "badges",
    "bitstring_status",
    "brought",
    "bundles",
    "canonicalising",
    "certificates",
    "checkpoints",
    "conditions",
    "data_integrity",
    "dids",
    "ecdsa_sd",
    "foreign_tokens",
    "jades",
    "jose",
    "public_keys",
    "pictures",
    "presentations",
    "published",
    "questions",
    "http_requests",
    "json_schemas",
    "registry_records",
    "registry_tables",
    "sd_jwt",
    "searches",
    "strict_json",
    "taxonomies",
    "token_status_cwt",
    "token_status_jwt",
)


class TooSlow(AssertionError):
    """An input took longer than one input may."""


def target(name: str, *, slowness: float = 1.0) -> Callable[[bytes], float]:
    """Return a target; called, it gives the seconds that an input took.

    slowness: by how much more an input may take, where every branch is counted
    Raises: (when called) TooSlow, and whatever the target fails with
    """
    check: Callable[[bytes], None] = importlib.import_module(f"tests.fuzz.{name}").check

    def measured(data: bytes) -> float:
        start = process_time()
        check(data)
        took = process_time() - start
        if took > SECONDS * slowness:
            raise TooSlow(f"{name}: {took:.2f} s for {len(data)} octets")
        return took

    return measured


if __name__ == "__main__":
    sys.stdout.write(" ".join(NAMES) + "\n")
