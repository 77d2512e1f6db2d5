"""Fuzz target: signed heads of the log, as an auditor brings them."""

from contextlib import suppress

from skillpassport.transparency.checkpoint import HeadInvalid, open_checkpoint, read_checkpoint
from tests.support.credentials import ISSUER, STRANGER


def check(data: bytes) -> None:
    """Fail for a foreign exception, and for a head that holds under another's key."""
    text = data.decode("utf-8", "replace")
    with suppress(HeadInvalid):
        head = read_checkpoint(text)
        assert len(head.root) == 32
        assert head.size >= 0
    for signer in (ISSUER, STRANGER):
        with suppress(HeadInvalid):
            open_checkpoint(text, origin="passport.example/log", public_key=signer.public_key)
            assert signer is ISSUER
