"""Ports for servers of tests that are told which one to listen on."""

import random
import socket

# Above these the system gives a port to everybody who connects somewhere, as tests do all the time:
# a port of there may be gone before the server listens that it was chosen for.
_CHOICE = range(12_000, 32_000)
_ATTEMPTS = 100
_dice = random.SystemRandom()


def free_port() -> int:
    """Return a port that nobody listens on."""
    for _ in range(_ATTEMPTS):
        port = _dice.choice(_CHOICE)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port
    raise RuntimeError(f"Expected a free port among {_CHOICE}, found none in {_ATTEMPTS} attempts.")
