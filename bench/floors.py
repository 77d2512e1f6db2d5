"""What the work cannot be cheaper than: bare ASGI around one signature, or one signature check.

Started by `bench.serving`; the keys are in the environment, the request is that of the product.
"""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from starlette.types import Receive, Scope, Send

from skillpassport.vc.keys import ED25519, Ed25519Signer, PublicKey

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


class Signing:
    """Reads `{"credential": {…}}`, signs it as a compact JWS, and hands that out."""

    def __init__(self) -> None:
        self._signer = Ed25519Signer.generate()
        self._header = urlsafe_b64encode(b'{"alg":"EdDSA","typ":"vc+jwt"}').rstrip(b"=")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        credential = json.loads(await _body(receive))["credential"]
        payload = urlsafe_b64encode(json.dumps(credential).encode()).rstrip(b"=")
        signing_input = self._header + b"." + payload
        signature = urlsafe_b64encode(self._signer.sign(signing_input)).rstrip(b"=")
        answer = b'{"verifiableCredential":"%b.%b"}' % (signing_input, signature)
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(answer)).encode()),
        ]
        await send({"type": "http.response.start", "status": 201, "headers": headers})
        await send({"type": "http.response.body", "body": answer})


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
    """Return the floor of verifying, as one server process."""
    return SignatureCheck()


def signing() -> Signing:
    """Return the floor of issuing without a record, as one server process."""
    return Signing()
