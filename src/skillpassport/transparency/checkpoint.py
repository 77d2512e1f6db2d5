"""Signed heads of the log: C2SP tlog-checkpoint in a C2SP signed-note.

A head is a short text that a person can read, mail or print, and that existing tools for witnesses
can read and countersign:

    skills.example.org/log
    42
    qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=
    time 2026-11-22T09:30:00Z

    — skills.example.org/log Az3grlgtzPICa5OS8npVmf1Myq…

First line: the log's origin. Second: number of entries. Third: root, in base64. Then one extension
line of our own with the time, since a head without one could be an old head shown again. After the
blank line: the signature by a key that bears the origin as its name.

Sources: c2sp.org/tlog-checkpoint (note text), c2sp.org/signed-note (format, signatures, key ids)
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from skillpassport.clock import rfc3339
from skillpassport.errors import SkillPassportError
from skillpassport.transparency.merkle import HASH_BYTES
from skillpassport.vc.keys import PublicKey, Signer

MAX_HEAD_CHARACTERS: Final = 16_384
"""Far above a head with dozens of countersignatures."""

_ED25519_NOTE_TYPE = b"\x01"  # signed-note, "Signature types": Ed25519 as in RFC 8032
_KEY_ID_BYTES = 4
_SIGNATURE_PREFIX = "— "  # U+2014 and a space
_TIME_PREFIX = "time "
_SIZE = re.compile(r"(?:0|[1-9][0-9]{0,18})\Z")
_ORIGIN = re.compile(r"[^\s+]{1,256}\Z")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")  # all but the newline
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z", re.ASCII)


class HeadInvalid(SkillPassportError):
    """A text is not a signed head of this log."""

    code = "head-invalid"

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(
            f"Expected a signed head with {expected}, found {found}; give a head as this log "
            "published it."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The state of a log at one time.

    origin: name of the log, an address without scheme; never changes
    size: number of entries
    root: Merkle root over them, 32 octets
    time: when the head was made, in whole seconds
    """

    origin: str
    size: int
    root: bytes
    time: datetime

    def text(self) -> str:
        """Return the note's text: what is signed, with its final newline."""
        root = base64.b64encode(self.root).decode("ascii")
        return f"{self.origin}\n{self.size}\n{root}\n{_TIME_PREFIX}{rfc3339(self.time)}\n"


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """Return the signed head as text.

    signer: an Ed25519 key
    Raises: HeadInvalid when the origin cannot be a key name
    """
    if not _ORIGIN.match(checkpoint.origin):
        raise HeadInvalid("an origin without white space and '+'", repr(checkpoint.origin))
    text = checkpoint.text()
    name = checkpoint.origin
    stamped = _key_id(name, signer.public_key) + signer.sign(text.encode())
    return f"{text}\n{_SIGNATURE_PREFIX}{name} {base64.b64encode(stamped).decode('ascii')}\n"


def read_checkpoint(note: str) -> Checkpoint:
    """Return what a head says, without looking at its signatures.

    Raises: HeadInvalid
    """
    return _parse(_text_and_signatures(note)[0])


def open_checkpoint(note: str, *, origin: str, public_key: PublicKey) -> Checkpoint:
    """Return what a head says, when this log's key signed it.

    Signatures by other keys, of witnesses for instance, are left aside.

    Raises: HeadInvalid
    Source: c2sp.org/signed-note, "Verifying"
    """
    text, signatures = _text_and_signatures(note)
    checkpoint = _parse(text)
    if checkpoint.origin != origin:
        raise HeadInvalid(f"origin '{origin}'", f"origin '{checkpoint.origin}'")
    key_id = _key_id(origin, public_key)
    for name, stamped in signatures:
        if name == origin and stamped[:_KEY_ID_BYTES] == key_id:
            if public_key.verify(stamped[_KEY_ID_BYTES:], text.encode()):
                return checkpoint
            raise HeadInvalid("a signature that holds", "one that does not")
    raise HeadInvalid("a signature by this log's key", "none")


def verifier_key(origin: str, public_key: PublicKey) -> str:
    """Return the log's public key as tools for signed notes take it: `name+id+key`.

    Source: c2sp.org/signed-note, "Verifier keys"
    """
    encoded = base64.b64encode(_ED25519_NOTE_TYPE + public_key.raw).decode("ascii")
    return f"{origin}+{_key_id(origin, public_key).hex()}+{encoded}"


def _key_id(name: str, public_key: PublicKey) -> bytes:
    data = name.encode() + b"\n" + _ED25519_NOTE_TYPE + public_key.raw
    return hashlib.sha256(data).digest()[:_KEY_ID_BYTES]


def _text_and_signatures(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    if len(note) > MAX_HEAD_CHARACTERS:
        raise HeadInvalid(f"at most {MAX_HEAD_CHARACTERS} characters", str(len(note)))
    if _CONTROL.search(note):
        raise HeadInvalid("no control characters", "some")
    # The last blank line divides: the text itself may hold blank lines.
    text, blank_line, block = note.rpartition("\n\n")
    if not blank_line or not block.endswith("\n"):
        raise HeadInvalid("a blank line and signature lines after its text", "no such part")
    return text + "\n", [_signature(line) for line in block[:-1].split("\n")]


def _signature(line: str) -> tuple[str, bytes]:
    name, _, encoded = line.removeprefix(_SIGNATURE_PREFIX).partition(" ")
    stamped = _base64(encoded)
    if not line.startswith(_SIGNATURE_PREFIX) or not name or len(stamped) <= _KEY_ID_BYTES:
        raise HeadInvalid("signature lines '— name base64'", "another line")
    return name, stamped


def _parse(text: str) -> Checkpoint:
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):  # noqa: PLR2004 - origin, size, root
        raise HeadInvalid("the lines origin, size and root", f"{len(lines)} lines")
    origin, size, root, *extensions = lines
    if not _ORIGIN.match(origin) or not _SIZE.match(size):
        raise HeadInvalid("an origin and a decimal size", "other lines")
    if len(_base64(root)) != HASH_BYTES:
        raise HeadInvalid("a root of 32 octets in base64", "another root")
    times = [line.removeprefix(_TIME_PREFIX) for line in extensions if _is_time(line)]
    if len(times) != 1:
        raise HeadInvalid("one line 'time' with an RFC 3339 instant in UTC", f"{len(times)}")
    return Checkpoint(origin=origin, size=int(size), root=_base64(root), time=_instant(times[0]))


def _is_time(line: str) -> bool:
    return line.startswith(_TIME_PREFIX)


def _instant(text: str) -> datetime:
    try:
        if not _TIME.match(text):
            raise ValueError
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise HeadInvalid("an RFC 3339 instant in whole seconds, UTC", "another time") from error


def _base64(text: str) -> bytes:
    """Return the bytes of canonical base64, so that one head has one spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise HeadInvalid("standard base64 with padding", "another text") from error
    if base64.b64encode(data).decode("ascii") != text:
        raise HeadInvalid("canonical base64", "a second spelling")
    return data
