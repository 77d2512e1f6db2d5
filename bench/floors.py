"""What the work cannot be cheaper than: bare ASGI around one signature check.

Started by `bench.serving`; the keys are in the environment, the request is that of the product.
"""

import json
import os
from base64 import urlsafe_b64decode
from typing import Any

from starlette.types import Receive, Scope, Send

from skillpassport.vc.keys import ED25519, PublicKey

PUBLIC_KEY = "BENCH_PUBLIC_KEY"
"""Environment variable with the Ed25519 public key in hexadecimal."""

_ANSWER = b'{"verified":true}'


class SignatureCheck:
    """Reads `{"document": "<compact JWS>"}`, checks the signature, and says so."""

    def __init__(self) -> None:
        self._key = PublicKey(ED25519, bytes.fromhex(os.environ[PUBLIC_KEY]))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        token = json.loads(await _body(receive))["document"]
        signing_input, _, signature = token.rpartition(".")
        if not self._key.verify(urlsafe_b64decode(signature + "=="), signing_input.encode()):
            raise ValueError("a signature that does not hold")
        json.loads(_decoded(signing_input.partition(".")[2]))
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(_ANSWER)).encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": _ANSWER})


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message: Any = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def application() -> SignatureCheck:
    """Return the application of one server process."""
    return SignatureCheck()
