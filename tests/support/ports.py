"""Ports for servers of tests that are told which one to listen on."""

import random
import socket

# Above these the system gives a port to everybody who connects somewhere, as tests do all the time:
# a port of there may be gone before the server listens that it was chosen for.
_CHOICE = range(12_000, 32_000)
_ATTEMPTS = 100
_dice = random.SystemRandom()
_claims: list[socket.socket] = []


def free_port() -> int:
    """Return a port that nobody listens on, and that no other test of this machine is given.

    It takes a server seconds to listen, in which another process may draw the same number. The UDP
    port of that number, which nobody here uses, is kept until this process ends: it is the claim.
    """
    for _ in range(_ATTEMPTS):
        port = _dice.choice(_CHOICE)
        claim = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            claim.bind(("127.0.0.1", port))
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            claim.close()
            continue
        _claims.append(claim)
        return port
    raise RuntimeError(f"Expected a free port among {_CHOICE}, found none in {_ATTEMPTS} attempts.")
