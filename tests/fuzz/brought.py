"""Fuzz target: what people type, paste or scan: codes, addresses, and the form that carries them."""

import asyncio
import warnings
from contextlib import suppress
from typing import Final

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from skillpassport.credentials.code import CodeMalformed, CodeMistyped, grouped, parse_code
from skillpassport.db.publications import is_own_address
from skillpassport.web.api.verifications import code_in_address

BASES: Final = ("https://passport.example", "https://other.example/under")
_BOUNDARY = b"multipart/form-data; boundary=x"


def check(data: bytes) -> None:
    """Fail for a foreign exception, and for a code that is another once it was printed."""
    text = data.decode("utf-8", "replace")
    with suppress(CodeMalformed, CodeMistyped):
        code = parse_code(text)
        assert parse_code(grouped(code)) == code
    if is_own_address(text, BASES):
        code_in_address(text)
    with warnings.catch_warnings():
        # A form that is cut off in a file leaves it to be closed with the last reference to it.
        warnings.simplefilter("ignore", ResourceWarning)
        asyncio.run(_read_form(data))


async def _read_form(body: bytes) -> None:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", _BOUNDARY)]}
    with suppress(HTTPException):
        # As the page of the verifier reads it.
        async with Request({**scope, "app": None}, receive).form(max_files=1, max_fields=8) as form:
            for value in form.values():
                assert isinstance(value, str | UploadFile)
