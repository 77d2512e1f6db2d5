"""A web application around fakes: known keys, a few routes, no database."""

import re
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import uvicorn
from fastapi import APIRouter, Depends, FastAPI
from pydantic import Field

from skillpassport.organisations.access import ADMINISTRATOR_SCOPES, Principal, Scope
from skillpassport.organisations.model import OrganisationId
from skillpassport.settings import load_settings
from skillpassport.web.app import ROUTERS, create_app
from skillpassport.web.auth import principal, require
from skillpassport.web.bodies import Day, Payload
from skillpassport.web.limits import limited
from skillpassport.web.preferences import Languages
from skillpassport.web.routing import ApiRoute
from skillpassport.web.serving import SERVER_OPTIONS

PUBLIC_URL = "https://passport.example"
PROVIDER_KEY = {"Authorization": "Bearer sp_provider"}
ADMINISTRATOR_KEY = {"Authorization": "Bearer sp_administrator"}

PROVIDER = Principal(
    organisation=OrganisationId("org_provider"),
    scopes=frozenset({Scope.CREDENTIALS_WRITE}),
    key_id="key_provider",
)
ADMINISTRATOR = Principal(organisation=None, scopes=ADMINISTRATOR_SCOPES, key_id="key_admin")


class FakeServices:
    """Two known keys, a life that is recorded, and checks that a test sets."""

    def __init__(self) -> None:
        self.life: list[str] = []
        self.checks: list[tuple[str, bool, str]] = [("database", True, "answers")]
        self.looked_up: list[str] = []

    def start(self) -> None:
        self.life.append("started")

    def stop(self) -> None:
        self.life.append("stopped")

    def authenticate(self, token: str) -> Principal | None:
        self.looked_up.append(token)
        return {"sp_provider": PROVIDER, "sp_administrator": ADMINISTRATOR}.get(token)

    def readiness(self) -> Sequence[tuple[str, bool, str]]:
        return self.checks


class NewAward(Payload):
    """A body with a text, a day, a nested list, and a document that is passed on untouched."""

    verbatim = frozenset({"document"})

    name: str
    awarded_on: Day | None = None
    results: list[dict[str, str]] = Field(default_factory=list)
    document: object = None


sample_router = APIRouter(prefix="/sample", route_class=ApiRoute)


@sample_router.post("/awards", status_code=201)
def add_award(
    award: NewAward, who: Annotated[Principal, Depends(require(Scope.CREDENTIALS_WRITE))]
) -> dict[str, object]:
    return {"name": award.name, "owner": who.owner, "document": award.document}


@sample_router.post("/open")
def read_anything(award: NewAward) -> dict[str, str]:
    return {"name": award.name}


@sample_router.get("/mine")
def mine(who: Annotated[Principal, Depends(principal)]) -> dict[str, str]:
    return {"owner": who.owner}


@sample_router.get("/checked/{code}", dependencies=[Depends(limited("verification"))])
def checked(code: str, limit: int = 5) -> dict[str, int]:
    return {"limit": limit}


@sample_router.get("/broken/{code}")
def broken(code: str) -> dict[str, str]:
    raise RuntimeError(f"row of {code}")


@sample_router.get("/languages")
def spoken(languages: Languages) -> list[str]:
    return list(languages)


def a_web_app(
    services: FakeServices | None = None, *routers: APIRouter, rate_limits: str = "off"
) -> FastAPI:
    """Return the application with the sample routes beside its own."""
    settings = load_settings(public_url=PUBLIC_URL, rate_limits=rate_limits)
    further = [router for router in (sample_router, *routers) if router not in ROUTERS]
    return create_app(services or FakeServices(), settings, (*ROUTERS, *further))


def is_whole(answer: bytes) -> bool:
    """Return whether bytes hold all that the head of an answer announces.

    Head and body are written one after the other: whoever reads once may get the first alone.
    """
    head, _, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head.lower())
    return length is not None and len(body) >= int(length[1])


@contextmanager
def served(app: FastAPI) -> Iterator[int]:
    """Serve an application on a free port of this machine, as it is served in earnest."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, **SERVER_OPTIONS)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.01)
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()
