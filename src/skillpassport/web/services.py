"""What the web edge needs of the rest, wired by `skillpassport.bootstrap`."""

from collections.abc import Sequence
from typing import Protocol

from skillpassport.organisations.access import Principal


class Services(Protocol):
    """The use cases behind the routes.

    Each router names the further members that it uses in a Protocol of its own.
    """

    def start(self) -> None:
        """Begin background work; called once in each worker."""
        ...

    def stop(self) -> None:
        """End background work and release what is held."""
        ...

    def authenticate(self, token: str) -> Principal | None:
        """Return who stands behind an API key, or None when it is not a valid one."""
        ...

    def readiness(self) -> Sequence[tuple[str, bool, str]]:
        """Return name, whether it is ready, and a short detail, for each thing needed to serve."""
        ...
