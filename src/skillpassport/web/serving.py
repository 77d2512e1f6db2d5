"""How the application is put on a socket, the same for `serve` and for tests."""

from collections.abc import Mapping
from typing import Any

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
