"""What fuzzing found, and where it starts from, is replayed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fuzz import (
    badges,
    bitstring_status,
    canonicalising,
    foreign_tokens,
    token_status_cwt,
    token_status_jwt,
)

CORPUS = Path(__file__).parent / "corpus"
TARGETS: dict[str, Callable[[bytes], None]] = {
    "badges": badges.check,
    "bitstring_status": bitstring_status.check,
    "canonicalising": canonicalising.check,
    "foreign_tokens": foreign_tokens.check,
    "token_status_cwt": token_status_cwt.check,
    "token_status_jwt": token_status_jwt.check,
}


def test_each_corpus_has_a_target() -> None:
    assert {folder.name for folder in CORPUS.iterdir()} == TARGETS.keys()


@pytest.mark.parametrize("name", TARGETS)
def test_no_kept_input_breaks_its_target(name: str) -> None:
    kept = sorted((CORPUS / name).iterdir())
    assert kept
    for path in kept:
        TARGETS[name](path.read_bytes())
