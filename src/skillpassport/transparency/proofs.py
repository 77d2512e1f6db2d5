"""What the log proves to somebody who holds a head of it: that an entry is in, that it only grew.

Follows RFC 6962, sections 2.1.1 (audit paths) and 2.1.2 (consistency proofs).
"""

import hashlib
from dataclasses import dataclass

from skillpassport.errors import SkillPassportError
from skillpassport.transparency.entries import SALT_BYTES, Entry, Facts
from skillpassport.vc.multibase import encode_base64url


@dataclass(frozen=True, slots=True, kw_only=True)
class InclusionProof:
    """That a leaf stands at a position of the tree with this size and root.

    position: counted from zero
    path: hashes of 32 octets, nearest sibling first
    """

    position: int
    size: int
    leaf: bytes
    root: bytes
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsistencyProof:
    """That the tree of the old size is the beginning of the tree of the new one.

    path: hashes of 32 octets, in the order of RFC 6962
    """

    old_size: int
    old_root: bytes
    size: int
    root: bytes
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """All that its owner needs to show that the log committed to a row and its document.

    position: None until the entry has its place
    salt: of the entry's commitment to the facts
    document_salt: of the fact `document_commitment`
    document: the one that was committed to, as it was signed
    """

    entry: Entry
    position: int | None
    facts: Facts
    salt: bytes
    document_salt: bytes
    document: str


def commit_to_document(document: bytes, salt: bytes) -> str:
    """Return the commitment to a document: base64url(SHA-256(salt ‖ document)).

    document: canonical JSON of a document, or the octets of a token
    salt: 16 random octets, a new one for each document
    Raises: ValueError for a salt of another length
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"A salt has {SALT_BYTES} octets, found {len(salt)}.")
    return encode_base64url(hashlib.sha256(salt + document).digest())


class EntryUnknown(SkillPassportError):
    """The log has no entry at this position, or none about this row, that is under a head yet."""

    code = "log-entry-unknown"

    def __init__(self) -> None:
        super().__init__(
            "Expected a position or a row of which the log has an entry under a signed head, "
            "found none; an entry gets its place within a second or so."
        )


class TreeSizeUnknown(SkillPassportError):
    """A proof was asked for a tree that the log never had, or that does not hold the entry."""

    code = "log-size-unknown"
    public = ("size",)

    def __init__(self, size: int) -> None:
        super().__init__(
            f"Expected sizes from 1 to {size}, the older one first and above the entry's position; "
            "take them from heads of this log."
        )
        self.size = size
