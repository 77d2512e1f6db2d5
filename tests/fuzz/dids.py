"""Fuzz target: DID URLs, DIDs that are their own document, and the documents of others."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

import httpx

from skillpassport.vc.checks.session import Offline
from skillpassport.vc.controllers import ASSERTION, MethodError, resolve_verification_method
from skillpassport.vc.did import DidError, did_web_url, parse_did, parse_did_url, resolve_did
from skillpassport.vc.strict_json import StrictJsonError, parse_object

NOW: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def check(data: bytes) -> None:
    """Fail for a foreign exception, and for a DID that leads elsewhere than it says.

    data: a DID URL, or a DID document with the DID URL to look up as a further member, `wanted`
    """
    text = data.decode("utf-8", "replace")
    with suppress(DidError):
        assert str(parse_did_url(text)) == text
    with suppress(DidError):
        url = httpx.URL(did_web_url(text))
        named = parse_did(text).did.removeprefix("did:web:").partition(":")[0]
        assert url.host.lower() == named.lower().partition("%3a")[0]
        assert (url.query, url.fragment, url.userinfo) == (b"", "", b"")
    with suppress(DidError):
        assert resolve_did(text, Offline())["id"] == text
    with suppress(StrictJsonError):
        document = parse_object(data)
        wanted = document.get("wanted")
        with suppress(MethodError, DidError):
            found = resolve_verification_method(document, str(wanted), ASSERTION, now=NOW)
            assert not found.public_key.verify(bytes(64), data)
