"""Signed heads: what another implementation of signed notes would read and refuse."""

import base64
import hashlib
from datetime import UTC, datetime

import pytest

from skillpassport.transparency.checkpoint import (
    Checkpoint,
    HeadInvalid,
    open_checkpoint,
    read_checkpoint,
    sign_checkpoint,
    verifier_key,
)
from skillpassport.transparency.merkle import EMPTY_ROOT
from skillpassport.vc.keys import Ed25519Signer

ORIGIN = "skills.example.org/log"
SIGNER = Ed25519Signer.from_private_bytes(bytes(range(32)))
OTHER = Ed25519Signer.from_private_bytes(bytes(range(1, 33)))
CHECKPOINT = Checkpoint(
    origin=ORIGIN, size=42, root=EMPTY_ROOT, time=datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
)
NOTE = sign_checkpoint(CHECKPOINT, SIGNER)


def test_a_signed_head_reads_back_as_it_was() -> None:
    assert open_checkpoint(NOTE, origin=ORIGIN, public_key=SIGNER.public_key) == CHECKPOINT


def test_the_note_is_laid_out_as_the_specification_says() -> None:
    """Built here by hand from c2sp.org/signed-note and c2sp.org/tlog-checkpoint."""
    root = base64.b64encode(EMPTY_ROOT).decode()
    text = f"{ORIGIN}\n42\n{root}\ntime 2026-11-22T09:30:00Z\n"
    raw = SIGNER.public_key.raw
    key_id = hashlib.sha256(ORIGIN.encode() + b"\n\x01" + raw).digest()[:4]
    signature = base64.b64encode(key_id + SIGNER.sign(text.encode())).decode()
    assert f"{text}\n\u2014 {ORIGIN} {signature}\n" == NOTE
    encoded = base64.b64encode(b"\x01" + raw).decode()
    assert verifier_key(ORIGIN, SIGNER.public_key) == f"{ORIGIN}+{key_id.hex()}+{encoded}"


def test_the_signature_of_a_witness_is_left_aside() -> None:
    witness = base64.b64encode(b"wxyz" + bytes(72)).decode()
    countersigned = f"{NOTE}\u2014 witness.example {witness}\n"
    opened = open_checkpoint(countersigned, origin=ORIGIN, public_key=SIGNER.public_key)
    assert opened == CHECKPOINT


def test_a_head_by_another_key_is_refused() -> None:
    with pytest.raises(HeadInvalid, match="signature by this log's key"):
        open_checkpoint(NOTE, origin=ORIGIN, public_key=OTHER.public_key)


def test_a_head_of_another_log_by_the_same_key_is_refused() -> None:
    with pytest.raises(HeadInvalid, match="origin"):
        open_checkpoint(NOTE, origin="another.example/log", public_key=SIGNER.public_key)


def test_every_single_changed_character_is_refused() -> None:
    data = NOTE.encode()
    for place in range(len(data)):
        for flip in (0x01, 0x20, 0x80):
            changed = bytearray(data)
            changed[place] ^= flip
            note = changed.decode("utf-8", errors="replace")
            with pytest.raises(HeadInvalid):
                open_checkpoint(note, origin=ORIGIN, public_key=SIGNER.public_key)


ROOT = base64.b64encode(EMPTY_ROOT).decode()
SIGNATURE = NOTE.rpartition("\n\n")[2]
HOSTILE = {
    "nothing": "",
    "text only": f"{ORIGIN}\n42\n{ROOT}\ntime 2026-11-22T09:30:00Z\n",
    "no signature": f"{ORIGIN}\n42\n{ROOT}\ntime 2026-11-22T09:30:00Z\n\n",
    "no final newline": NOTE[:-1],
    "carriage returns": NOTE.replace("\n", "\r\n"),
    "a null character": NOTE.replace("42", "4\x002"),
    "a negative size": f"{ORIGIN}\n-1\n{ROOT}\ntime 2026-11-22T09:30:00Z\n\n{SIGNATURE}",
    "a size with a leading zero": (
        f"{ORIGIN}\n042\n{ROOT}\ntime 2026-11-22T09:30:00Z\n\n{SIGNATURE}"
    ),
    "a size in other digits": f"{ORIGIN}\n\u0664\u0662\n{ROOT}\ntime 2026-11-22T09:30:00Z\n\n{SIGNATURE}",
    "an enormous size": f"{ORIGIN}\n{'9' * 5000}\n{ROOT}\ntime 2026-11-22T09:30:00Z\n\n{SIGNATURE}",
    "a short root": f"{ORIGIN}\n42\nAAAA\ntime 2026-11-22T09:30:00Z\n\n{SIGNATURE}",
    "an unpadded root": f"{ORIGIN}\n42\n{ROOT[:-1]}\ntime 2026-11-22T09:30:00Z\n\n{SIGNATURE}",
    "a root with spare bits": (
        f"{ORIGIN}\n42\n{ROOT[:-2]}V=\ntime 2026-11-22T09:30:00Z\n\n{SIGNATURE}"
    ),
    "no time": f"{ORIGIN}\n42\n{ROOT}\n\n{SIGNATURE}",
    "two times": f"{ORIGIN}\n42\n{ROOT}\n{2 * f'time 2026-11-22T09:30:00Z{chr(10)}'}\n{SIGNATURE}",
    "a time with another zone": (
        f"{ORIGIN}\n42\n{ROOT}\ntime 2026-11-22T09:30:00+01:00\n\n{SIGNATURE}"
    ),
    "a day that does not exist": f"{ORIGIN}\n42\n{ROOT}\ntime 2026-02-30T09:30:00Z\n\n{SIGNATURE}",
    "a blank line within": f"{ORIGIN}\n42\n{ROOT}\n\ntime 2026-11-22T09:30:00Z\n\n{SIGNATURE}",
    "an empty origin": f"\n42\n{ROOT}\ntime 2026-11-22T09:30:00Z\n\n{SIGNATURE}",
    "a signature line without name": NOTE.replace(f"\u2014 {ORIGIN}", "\u2014"),
    "a hyphen for the dash": NOTE.replace("\u2014", "-"),
    "far too long": NOTE + "\u2014 a AAAAAAAA\n" * 5000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_malformed_head_is_refused(name: str) -> None:
    with pytest.raises(HeadInvalid):
        open_checkpoint(HOSTILE[name], origin=ORIGIN, public_key=SIGNER.public_key)


def test_reading_alone_looks_at_no_signature() -> None:
    assert read_checkpoint(NOTE.replace("\n42\n", "\n43\n")).size == 43


@pytest.mark.parametrize("origin", ["", "with space", "with+plus", "with\nnewline", "x" * 257])
def test_an_origin_that_cannot_name_a_key_is_refused(origin: str) -> None:
    head = Checkpoint(origin=origin, size=0, root=EMPTY_ROOT, time=CHECKPOINT.time)
    with pytest.raises(HeadInvalid):
        sign_checkpoint(head, SIGNER)
