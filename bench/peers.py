"""A peer's library as a plain service would use it, and a route that does nothing: FastAPI.

Started by `bench.serving`.
"""

from fastapi import FastAPI
from openvc import verify_credential
from openvc.verify import default_resolver
from pydantic import BaseModel


class TokenIn(BaseModel):
    """What to verify."""

    document: str


def application() -> FastAPI:
    """Return the application of one server process."""
    app = FastAPI()
    resolver = default_resolver()

    @app.post("/verify")
    def verify(body: TokenIn) -> dict[str, object]:
        found = verify_credential(body.document, resolver=resolver)
        return {"verified": True, "issuer": found.issuer}

    @app.post("/nothing")
    async def nothing() -> dict[str, bool]:
        return {"verified": True}

    @app.post("/read")
    async def read(body: TokenIn) -> dict[str, bool]:
        return {"verified": bool(body.document)}

    return app
