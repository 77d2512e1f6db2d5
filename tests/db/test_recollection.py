"""A verification that runs while a signing key is rotated."""

from contextlib import ExitStack
from typing import Any

import pytest

from skillpassport.clock import SystemClock
from skillpassport.db.facts import Facts, Page
from skillpassport.db.recollection import NotAtHand, ReadingRecollection, only_at_hand

DID = "did:web:passport.example:orgs:centre"


class Rotating:
    """Publications whose key is rotated when the list is read, and signs that list already."""

    def __init__(self) -> None:
        self.keys = ["old"]

    def did_document(self, did: str) -> dict[str, object]:
        return {"id": did, "verificationMethod": list(self.keys)}

    def published_at(self, url: str) -> None:
        self.keys.append("new")


def test_a_document_is_read_again_once_a_list_was_read() -> None:
    """The page or this verification may hold the document of a moment before the rotation."""
    publications: Any = Rotating()
    register: Any = None  # not asked
    with ExitStack() as opened:
        known = ReadingRecollection(
            Page(None), SystemClock(), register=register, publications=publications, opened=opened
        )
        before = known.did_document(DID)
        assert known.did_document(DID) is before
        known.status_list("https://passport.example/status/1")
        after = known.did_document(DID)
    assert before is not None
    assert after is not None
    assert (before["verificationMethod"], after["verificationMethod"]) == (["old"], ["old", "new"])
    assert known.found["did-document", DID] is after


@pytest.mark.parametrize(
    ("is_immediate", "is_known", "answer"),
    [(True, True, "known"), (True, False, None), (False, True, None)],
)
def test_what_may_not_wait_is_answered_from_memory_alone(
    is_immediate: bool, is_known: bool, answer: str | None
) -> None:
    def ask(fact: str, *, is_known: bool) -> str:
        if not is_known:
            raise NotAtHand
        return fact

    facts = Facts(())
    facts.immediate = is_immediate
    assert only_at_hand(facts, ask)("known", is_known=is_known) == answer
