"""Fuzz target: what other hosts answer: lists in any form, how long to keep them, compressed bodies."""

from contextlib import suppress
from datetime import timedelta

from skillpassport.net import client
from skillpassport.net.errors import FetchError
from skillpassport.net.resolvers import LONGEST_STATUS_KEPT_FOR, status_lifetime

LIMIT = 65_536


def check(data: bytes) -> None:
    """Fail for a foreign exception, for a list that is kept too long, and for a body too large.

    data: a body, or a `Cache-Control`
    """
    said = client._fresh_for(data.decode("latin-1"))
    assert said is None or said >= timedelta(0)
    assert timedelta(0) <= status_lifetime(data, said) <= LONGEST_STATUS_KEPT_FOR
    for encoding in ("identity", "gzip"):
        with suppress(FetchError):
            pieces = (data[start : start + 997] for start in range(0, len(data), 997))
            body = client._read(pieces, {"content-encoding": encoding}, "a host", LIMIT)
            assert len(body) <= LIMIT
