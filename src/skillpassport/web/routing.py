"""Routes that judge a request in a safe order: limits and key first, then the body.

FastAPI reads and parses the body before any dependency runs, so a stranger could make the server
read a megabyte for nothing, and would hear about a comma before hearing that the key is wrong.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from fastapi import params
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from skillpassport.web.bodies import read_json_body


class Guard(ABC):
    """A dependency that must admit a request before its body is read."""

    @abstractmethod
    async def admit(self, request: Request) -> None:
        """Return when the request may go on.

        Raises: a SkillPassportError
        """


class ApiRoute(APIRoute):
    """A route whose guards run first and whose JSON body is read by the strict parser."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return FastAPI's handler with the guards and the strict body in front of it."""
        handle = super().get_route_handler()
        guards = tuple(guards_of(self.dependant))
        field = self.body_field
        takes_json = field is not None and not isinstance(field.field_info, params.Form)

        async def handle_in_order(request: Request) -> Response:
            for guard in guards:
                await guard.admit(request)
            return await handle(await read_json_body(request) if takes_json else request)

        return handle_in_order


def guards_of(dependant: Dependant) -> Iterator[Guard]:
    """Return the guards among a route's dependencies, in their order."""
    for dependency in dependant.dependencies:
        call: object = dependency.call
        if isinstance(call, Guard):
            yield call
        yield from guards_of(dependency)
