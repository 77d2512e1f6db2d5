"""Fuzz target: CBOR of strangers, as the token of a Token Status List or a token that points to one."""

from contextlib import suppress
from time import process_time
from typing import Final

from skillpassport.vc.status_refusals import StatusListError
from skillpassport.vc.strict_cbor import CborRefused, parse
from skillpassport.vc.token_status import (
    read_referenced_cwt,
    read_status_list_cwt,
    read_status_list_token,
)

LONGEST: Final = 5.0


def check(data: bytes) -> None:
    """Fail for a foreign exception, for a value that does not fit, and for an input that takes long."""
    start = process_time()
    with suppress(CborRefused):
        parse(data)
    with suppress(StatusListError):
        read_referenced_cwt(data)
    with suppress(StatusListError):
        jws = read_status_list_cwt(data)
        assert isinstance(jws.algorithm, str)
        token = read_status_list_token(jws.payload)
        assert 0 <= token.statuses.status(0) < 2**token.statuses.bits
    assert process_time() - start < LONGEST
