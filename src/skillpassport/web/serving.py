"""How the application is put on a socket, the same for `serve` and for tests."""

import socket
import sys
from collections.abc import Mapping
from typing import Any, Final

from skillpassport.web.connections import BoundedConnection

SERVER_OPTIONS: Mapping[str, Any] = {
    # The server's own access log writes whole paths, in which verification codes lie;
    # `middleware.Observed` writes one line with the route's template instead.
    "access_log": False,
    "log_config": None,
    "server_header": False,
    "http": BoundedConnection,
    "ws": "none",
    "lifespan": "on",
    "timeout_keep_alive": 12,  # and a moment for the end, as `connections.LINGER_SECONDS` says
    "timeout_graceful_shutdown": 10,
    # Only a proxy that the operator names may say whom it speaks for: limits count addresses.
    "proxy_headers": False,
}
"""For `uvicorn.run` or `uvicorn.Config`."""

ACCEPTED_A_TURN: Final = 8


def by_several_names(listening: socket.socket) -> list[socket.socket]:
    """Return one listening socket by so many descriptors that a crowd is let in that much sooner.

    uvloop accepts one connection of a descriptor in a turn of the loop. Among thousands of slow
    clients a turn has much else to do, and who asks for the server's health waits behind the queue.
    """
    if sys.platform == "win32":  # there is no uvloop, and asyncio takes a socket once
        return [listening]
    return [listening, *(listening.dup() for _ in range(ACCEPTED_A_TURN - 1))]
