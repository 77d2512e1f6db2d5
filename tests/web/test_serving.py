"""How a socket is listened to."""

import asyncio
import socket
from contextlib import ExitStack

import pytest

from skillpassport.web.serving import by_several_names

uvloop = pytest.importorskip("uvloop")
CROWD = 24


def test_a_crowd_is_accepted_in_a_few_turns_of_the_loop() -> None:
    with ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=CROWD))
        loop = uvloop.new_event_loop()
        stack.callback(loop.close)
        assert loop.run_until_complete(_turns_to_accept(listening, stack)) <= CROWD / 2


async def _turns_to_accept(listening: socket.socket, stack: ExitStack) -> int:
    """Let a crowd queue up while the loop stands still, and count its turns until all are in."""
    accepted: list[asyncio.BaseTransport] = []

    class Counted(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            accepted.append(transport)

    loop, turns = asyncio.get_running_loop(), 0
    servers = [
        await loop.create_server(Counted, sock=each, backlog=CROWD)
        for each in by_several_names(listening)
    ]
    for _ in range(CROWD):
        stack.enter_context(socket.create_connection(listening.getsockname()))
    while len(accepted) < CROWD:
        await asyncio.sleep(0)
        turns += 1
    for transport in accepted:
        transport.close()
    for server in servers:
        server.close()
        await server.wait_closed()
    return turns
