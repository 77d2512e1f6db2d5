"""Fuzz target: the token of a Token Status List in JWT format, or the JSON of its claims."""

from contextlib import suppress
from datetime import UTC, datetime
from time import process_time
from typing import Final

from skillpassport.vc.jose import JoseError, Jws, parse_jws
from skillpassport.vc.multibase import encode_base64url
from skillpassport.vc.status_refusals import StatusListError
from skillpassport.vc.strict_json import JsonObject, StrictJsonError, parse_object
from skillpassport.vc.token_status import (
    StatusReference,
    check_status_list_header,
    read_status_list_token,
)

LONGEST: Final = 5.0
NOW: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
_HEADER: Final = encode_base64url(b'{"alg":"ES256","typ":"statuslist+jwt"}')


def check(data: bytes) -> None:
    """Fail for a foreign exception, for a value that does not fit, and for an input that takes long.

    data: a compact JWS; or the claims of one, which is then made of them
    """
    start = process_time()
    text = data.decode("latin-1")
    made = f"{_HEADER}.{encode_base64url(data)}." if data.startswith(b"{") else text
    with suppress(JoseError, StrictJsonError, StatusListError):
        _read(parse_jws(made))
    with suppress(StrictJsonError, StatusListError):
        _refer(parse_object(data))
    assert process_time() - start < LONGEST


def _read(jws: Jws) -> None:
    check_status_list_header(jws)
    token = read_status_list_token(jws.payload)
    again = read_status_list_token(token.as_claims())
    assert (again.uri, again.statuses) == (token.uri, token.statuses)
    token.check_answers(StatusReference(uri=token.uri, index=0), now=NOW)
    for index in (0, 7, 1000):
        assert 0 <= token.statuses.status(index) < 2**token.statuses.bits


def _refer(claims: JsonObject) -> None:
    reference = StatusReference.from_claim(claims.get("status"))
    assert reference is None or StatusReference.from_claim(reference.as_claim()) == reference
