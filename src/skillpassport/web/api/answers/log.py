"""Answers about the log: its head, its lines and its proofs."""

from typing import Literal

from pydantic import BaseModel

from skillpassport.web.api.answers.texts import Instant


class EntryOut(BaseModel):
    """One line of the log: the input of its leaf is the canonical JSON of these members."""

    kind: str
    subject: str
    time: Instant
    commitment: str


class LogHeadOut(BaseModel):
    """The newest signed head; `note` is what was signed."""

    origin: str
    size: int
    root: str
    time: Instant
    note: str


class LogEntryOut(BaseModel):
    """A line of the log, and its leaf hash in hexadecimal."""

    position: int
    entry: EntryOut
    leaf: str


class LogProofOut(BaseModel):
    """A proof; hashes are hexadecimal, in the order of RFC 6962.

    Of inclusion: `position` and `leaf`. Of consistency: `old_size` and `old_root`.
    """

    kind: Literal["inclusion", "consistency"]
    size: int
    root: str
    path: list[str]
    position: int | None = None
    leaf: str | None = None
    old_size: int | None = None
    old_root: str | None = None
