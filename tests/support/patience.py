"""The product's limits in seconds, lengthened: on a busy machine only what is wrong fails.

A machine that runs tests may stand still for seconds. A test of such a limit sets its own, short
where it is to be reached; what must not happen within it is then far away.
"""

from collections.abc import Callable, Iterator
from time import monotonic, sleep

import pytest

from skillpassport.db import engine
from skillpassport.net import budget, client
from skillpassport.web import admission

PATIENCE = 60
"""Seconds within which a healthy machine does whatever a test asks of it, however busy it is."""


@pytest.fixture(scope="session", autouse=True)
def patient() -> Iterator[None]:
    """Let writes wait long for each other, hosts be slow in answering, turns of the loop last."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "LOCK_TIMEOUT_SECONDS", PATIENCE)
        patch.setattr(engine, "STATEMENT_TIMEOUT_SECONDS", 2 * PATIENCE)
        patch.setattr(client, "HEAD_SECONDS", float(PATIENCE))
        patch.setattr(budget, "MAX_SECONDS", float(PATIENCE))
        patch.setattr(budget, "MAX_LOST_SECONDS", float(PATIENCE))
        patch.setattr(admission, "TURN_SECONDS", float(PATIENCE))
        yield


def comes_true(condition: Callable[[], object], *, seconds: float = PATIENCE) -> bool:
    """Wait until a condition holds; return whether it came to that."""
    ends = monotonic() + seconds
    while not condition():
        if monotonic() > ends:
            return False
        sleep(0.01)
    return True
