"""What the routes about frameworks and comparisons share: the registry, and strict query texts."""

import datetime as dt
from typing import Annotated, Protocol

from fastapi import Depends
from pydantic.config import JsonDict
from starlette.requests import Request

from skillpassport.clock import Clock
from skillpassport.equivalence.catalogue import QualificationCatalogue
from skillpassport.equivalence.questions import QuestionMalformed
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.web.texts import READABLE_PATTERN, is_readable

MAX_TEXT = 200
"""Characters of an id, a level or a free text in a query; none that is published comes near."""


READABLE: JsonDict = {"minLength": 1, "pattern": READABLE_PATTERN}
"""What `read_text` takes, for the description of the API."""

CALENDAR_DAY: JsonDict = {"format": "date"}
"""What `read_day` takes, for the description of the API."""


class RegistryServices(Protocol):
    """The members of the services that these routes use."""

    clock: Clock

    def registry(self) -> RegistrySnapshot:
        """Return the registry as it stands now; cheap, since a snapshot is kept by its version."""
        ...

    def qualification_catalogue(self) -> QualificationCatalogue:
        """Return the registered qualifications, looked up by title where they are stored."""
        ...


def _services(request: Request) -> RegistryServices:
    services: RegistryServices = request.app.state.services
    return services


def current_registry(request: Request) -> RegistrySnapshot:
    """Return the registry as it stands now."""
    return _services(request).registry()


def current_day(request: Request) -> dt.date:
    """Return today, in UTC."""
    return _services(request).clock.now().date()


def current_catalogue(request: Request) -> QualificationCatalogue:
    """Return the registered qualifications."""
    return _services(request).qualification_catalogue()


CurrentCatalogue = Annotated[QualificationCatalogue, Depends(current_catalogue)]
"""A handler's parameter for the registered qualifications."""

CurrentRegistry = Annotated[RegistrySnapshot, Depends(current_registry)]
"""A handler's parameter for the registry."""

Today = Annotated[dt.date, Depends(current_day)]
"""A handler's parameter for today."""


def read_text(text: str, parameter: str, longest: int = MAX_TEXT) -> str:
    """Return a text of a query as it is, if it is one that can be read on a screen.

    Raises: QuestionMalformed
    """
    if not text or len(text) > longest or not is_readable(text):
        expected = f"a text of 1 to {longest} printable characters"
        raise QuestionMalformed(parameter, expected)
    return text
