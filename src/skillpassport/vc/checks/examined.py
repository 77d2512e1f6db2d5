"""What octets showed that were verified before: their form, proof and shape.

Remembered is what follows from the octets, the caller's policy and the DID documents of the keys, and
from nothing else. It is used again only while the very same documents are resolved and none of them
gives a key an end; the period, the status and the schemas are judged for each verification. Only what
passed is remembered.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import orjson

from skillpassport.vc.checks.securing import Secured
from skillpassport.vc.checks.session import Policy, Session
from skillpassport.vc.did import DidError
from skillpassport.vc.recognition import Recognised
from skillpassport.vc.report import Check, Outcome
from skillpassport.vc.strict_json import JsonObject, JsonValue, one_or_many
from skillpassport.vc.suites.protocol import ProofMalformed

MAX_REMEMBERED: Final = 512
MAX_REMEMBERED_BYTES: Final = 32 * 1024
"""A credential of ten outcomes takes 5 KiB, a list of 131,072 entries at most 22 KiB."""

_ENDS = (b'"revoked"', b'"expires"')


@dataclass(frozen=True, slots=True)
class Examined:
    """A credential as far as it can be judged without a clock.

    model: whether the document that was signed follows the data model
    """

    recognised: Recognised
    secured: Secured
    model: Check


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    examined: Examined
    policy: Policy
    documents: tuple[tuple[str, JsonObject], ...]
    proofs: int


class Memory:
    """A bounded memory of credentials and lists, for as many threads as like.

    What it gives is shared: a caller who brings a memory changes no document that comes back.
    """

    def __init__(self, max_entries: int = MAX_REMEMBERED) -> None:
        self._max_entries = max_entries
        self._lock = threading.Lock()
        self._kept: OrderedDict[bytes | str, _Kept] = OrderedDict()
        self._held: tuple[bytes | str, Recognised] | None = None

    def recall(self, raw: bytes | str, session: Session) -> Examined | None:
        """Return what these octets showed before, if they would show the same now."""
        with self._lock:
            kept = self._kept.get(raw) if len(raw) <= MAX_REMEMBERED_BYTES else None
            if kept is None or kept.policy is not session.policy:
                return None
            self._kept.move_to_end(raw)
        try:
            for did, document in kept.documents:
                if session.did_document(did) is not document:
                    return None
            session.count_proofs(kept.proofs)
        except (DidError, ProofMalformed):
            return None
        return kept.examined

    def seen(self, raw: bytes | str) -> JsonObject | None:
        """Return what these octets said when they were verified before, whether or not it still holds."""
        with self._lock:
            kept = self._kept.get(raw)
        return kept.examined.secured.document if kept is not None else None

    def hold(self, raw: bytes | str, recognised: Recognised) -> None:
        """Keep what these octets were recognised as, for whoever verifies them next."""
        self._held = raw, recognised

    def take(self, raw: bytes | str) -> Recognised | None:
        """Return what this very text was recognised as just before, once."""
        held, self._held = self._held, None
        return held[1] if held is not None and held[0] is raw else None

    def remember(self, raw: bytes | str, examined: Examined, session: Session) -> None:
        """Keep what octets showed, if it passed and time cannot change it."""
        documents = session.documents
        proofs = _proofs_of(examined.recognised)
        if len(raw) > MAX_REMEMBERED_BYTES or not _passed(examined):
            return
        if documents is None or any(_ends(document) for _, document in documents):
            return
        if any(isinstance(proof, dict) and "expires" in proof for proof in proofs):
            return
        kept = _Kept(
            examined=examined, policy=session.policy, documents=documents, proofs=len(proofs)
        )
        with self._lock:
            self._kept[raw] = kept
            self._kept.move_to_end(raw)
            if len(self._kept) > self._max_entries:
                self._kept.popitem(last=False)


def _passed(examined: Examined) -> bool:
    checks = (*examined.secured.checks, examined.model)
    return all(check.outcome is Outcome.PASSED for check in checks)


def _proofs_of(recognised: Recognised) -> list[JsonValue]:
    if recognised.jws is not None or recognised.document is None:
        return []
    return one_or_many(recognised.document.get("proof"))


def _ends(document: JsonObject) -> bool:
    """Return whether a DID document may say of any key that it ends."""
    written = orjson.dumps(document)
    return any(member in written for member in _ENDS)
