"""Fuzz target: the octets of HTTP requests, as a connection of the service reads them."""

import asyncio
from typing import Any, Final, cast

from starlette.types import Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.server import ServerState

from skillpassport.web.bodies import is_json
from skillpassport.web.connections import BoundedConnection
from skillpassport.web.preferences import preferred_languages

PIECE: Final = 97
"""Octets that arrive at once."""


class _Transport:
    """Keeps what is written to it."""

    def __init__(self) -> None:
        self.written = b""
        self.closing = False

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.closing = True

    abort = pause_reading = resume_reading = close

    def is_closing(self) -> bool:
        return self.closing

    def get_write_buffer_size(self) -> int:
        return 0

    def get_extra_info(self, _name: str) -> None:
        return None


async def _application(scope: Scope, receive: Receive, send: Send) -> None:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    is_json(headers.get("content-type", ""))
    preferred_languages(None, headers.get("accept-language"))
    while (await receive()).get("more_body", False):
        pass
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


_CONFIG = Config(
    app=_application, http=BoundedConnection, ws="none", lifespan="off", log_config=None
)
_CONFIG.load()


def check(data: bytes) -> None:
    """Fail for a foreign exception, and for an answer that is no HTTP."""
    asyncio.run(_connect(data))


async def _connect(data: bytes) -> None:
    transport = _Transport()
    connection = BoundedConnection(config=_CONFIG, server_state=ServerState(), app_state={})
    connection.connection_made(cast("asyncio.Transport", transport))
    for start in range(0, len(data), PIECE):
        if not transport.is_closing():
            connection.data_received(data[start : start + PIECE])
        await asyncio.sleep(0)
    connection.connection_lost(None)
    await _all_done()
    assert transport.written.startswith(b"HTTP/1.1 ") or not transport.written


async def _all_done() -> None:
    others: set[asyncio.Task[Any]] = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
